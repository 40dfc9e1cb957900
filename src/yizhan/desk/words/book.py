"""The kind of document, and the dictionaries in force by inbox and team."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from yizhan.desk.words.documents import WordsDocument, check
from yizhan.desk.words.policy import WordRules, compile_words
from yizhan.desk.words.shipped import SHIPPED
from yizhan.records.config import Kind, Rulings, check_places, check_rulings

WordBook: TypeAlias = Rulings[WordsDocument, WordRules]


def word_book() -> WordBook:
    """What ships, until it takes a release."""
    return Rulings(WORDS, compile_lists)


def compile_lists(documents: Sequence[WordsDocument], source: str) -> WordRules:
    """From the general to the special; without the house's own what ships lies below."""
    house = documents and not (documents[0].inboxes or documents[0].teams)
    return compile_words(documents if house else [SHIPPED, *documents], source)


def _check_together(documents: Mapping[str, WordsDocument]) -> None:
    check_rulings("words", documents, compile_lists)


WORDS = Kind(
    "words", WordsDocument, check, check_together=_check_together, verify=check_places, title=("敏感词", "Word lists"),
    default=SHIPPED,
)  # fmt: skip
