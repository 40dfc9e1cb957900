"""The cast of the demo: what is said, by whom, and how a story of service goes. Pure; chance is passed in."""

from yizhan.app.demo.cast import day, words
from yizhan.app.demo.cast.corpus import CHATS, Article, Corpus, Said, load_corpus, load_picture
from yizhan.app.demo.cast.customers import (
    MEMBER_PREFIX,
    SENDER_PREFIX,
    Customer,
    anybody,
    is_played,
    order_number,
    phone,
)
from yizhan.app.demo.cast.shop import HOME, PAGES, Page, a_walk
from yizhan.app.demo.cast.story import Ending, Line, Story
from yizhan.app.demo.cast.words import Words, load_words

__all__ = [
    "CHATS",
    "HOME",
    "MEMBER_PREFIX",
    "PAGES",
    "SENDER_PREFIX",
    "Article",
    "Corpus",
    "Customer",
    "Ending",
    "Line",
    "Page",
    "Said",
    "Story",
    "Words",
    "a_walk",
    "anybody",
    "day",
    "is_played",
    "load_corpus",
    "load_picture",
    "load_words",
    "order_number",
    "phone",
    "words",
]
