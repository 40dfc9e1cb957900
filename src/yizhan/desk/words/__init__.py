"""敏感词: what we may not say and what somebody must hear, however it is written.

Outgoing words are checked while somebody types and again before a reply leaves; incoming ones where triage reads them.
"""

from yizhan.desk.words.book import WORDS, WordBook, word_book
from yizhan.desk.words.documents import Incoming, Outgoing, WordsDocument
from yizhan.desk.words.listening import WordListener
from yizhan.desk.words.model import Heard, Held, HeldState, Hit, Level, WordsRefused
from yizhan.desk.words.policy import Lexicon, WordRules, compile_words, gravest, hear, screen, speaks_of_danger
from yizhan.desk.words.service import allows, approve, ask, refuse, withdraw
from yizhan.desk.words.shipped import SHIPPED
from yizhan.desk.words.store import WaitingReply, held, of_conversations, place, waiting
from yizhan.desk.words.templates import ensure_fits, ensure_sayable, texts_in

__all__ = [
    "SHIPPED",
    "WORDS",
    "Heard",
    "Held",
    "HeldState",
    "Hit",
    "Incoming",
    "Level",
    "Lexicon",
    "Outgoing",
    "WaitingReply",
    "WordBook",
    "WordListener",
    "WordRules",
    "WordsDocument",
    "WordsRefused",
    "allows",
    "approve",
    "ask",
    "compile_words",
    "ensure_fits",
    "ensure_sayable",
    "gravest",
    "hear",
    "held",
    "of_conversations",
    "place",
    "refuse",
    "screen",
    "speaks_of_danger",
    "texts_in",
    "waiting",
    "withdraw",
    "word_book",
]
