"""Text as customers write it: decoded, cleaned, cut into words, freed of quotes, masked, understood in the small.

Everything here is pure. Heavy imports (rjieba, nh3, charset-normalizer) happen on first use.
"""

from yizhan.foundation.text import charset, html, pii, quotes, thanks, tokens
from yizhan.foundation.text.automaton import Automaton
from yizhan.foundation.text.cells import plain_cell, unmarked_cell
from yizhan.foundation.text.charset import decode, decode_header
from yizhan.foundation.text.clean import clean
from yizhan.foundation.text.fold import DISGUISES, Folded, fold, simplify, squeezed
from yizhan.foundation.text.human import asks_human
from yizhan.foundation.text.naming import name_sounds
from yizhan.foundation.text.pii import Kind, Span, mask_email, mask_name, mask_phone
from yizhan.foundation.text.pinyin import Sounded, sound
from yizhan.foundation.text.quotes import Visible, strip_quoted, strip_quoted_html
from yizhan.foundation.text.thanks import is_thanks_only
from yizhan.foundation.text.tokens import query_words, tsquery_literal, tsvector_literal, words

__all__ = [
    "DISGUISES",
    "Automaton",
    "Folded",
    "Kind",
    "Sounded",
    "Span",
    "Visible",
    "asks_human",
    "charset",
    "clean",
    "decode",
    "decode_header",
    "fold",
    "html",
    "is_thanks_only",
    "mask_email",
    "mask_name",
    "mask_phone",
    "name_sounds",
    "pii",
    "plain_cell",
    "query_words",
    "quotes",
    "simplify",
    "sound",
    "squeezed",
    "strip_quoted",
    "strip_quoted_html",
    "thanks",
    "tokens",
    "tsquery_literal",
    "tsvector_literal",
    "unmarked_cell",
    "words",
]
