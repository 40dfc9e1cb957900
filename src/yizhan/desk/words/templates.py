"""What the house itself wrote for customers, before it is kept: templates, greetings, announcements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from yizhan.desk.words.book import WORDS
from yizhan.desk.words.model import Level
from yizhan.desk.words.policy import WordRules, compile_words, screen
from yizhan.desk.words.shipped import SHIPPED
from yizhan.foundation.errors import Invalid
from yizhan.records.config import DEFAULT, Published

Text = tuple[str, str]
"""Its place, and what it says."""


def ensure_sayable(texts: Iterable[Text], rules: WordRules, *, approves: bool = True) -> None:
    """Raises Invalid at the place of a word that may not leave the house, or that somebody else has to agree to."""
    for path, text in texts:
        for hit in screen(text, rules):
            if hit.level is Level.BLOCK:
                raise Invalid(f"{hit.word} may not be said to customers ({hit.title}): write it differently", path)
            if hit.level is Level.REVIEW and not approves:
                raise Invalid(f"{hit.word} needs the yes of somebody who approves replies ({hit.title})", path)


def ensure_fits(texts: Iterable[Text], among: Published) -> None:
    """The same by the lists that would be in force together with a document."""
    ensure_sayable(texts, compile_words([among.find(WORDS, DEFAULT) or SHIPPED], "preview"))


def texts_in(value: Any, path: str = "") -> Iterator[Text]:
    """Every text of a document, however deep."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from texts_in(each, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list | tuple):
        for place, each in enumerate(value):
            yield from texts_in(each, f"{path}[{place}]")
