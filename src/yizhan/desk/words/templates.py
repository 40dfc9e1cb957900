"""What the house itself wrote for customers, before it is kept: templates, greetings, announcements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from yizhan.desk.words.book import WORDS, compile_lists
from yizhan.desk.words.model import Level
from yizhan.desk.words.policy import WordRules, screen
from yizhan.foundation.errors import Invalid
from yizhan.records.config import Placed, Published, chain

Text = tuple[str, str]
"""Its place, and what it says."""


def ensure_sayable(texts: Iterable[Text], rules: WordRules, *, approves: bool = True) -> None:
    """Raises Invalid at the place of a word that may not leave the house, or that somebody else has to agree to."""
    for path, text in texts:
        for hit in screen(text, rules):
            why = hit.title_en or hit.title
            if hit.level is Level.BLOCK:
                raise Invalid(f"{hit.word} may not be said to customers ({why}): write it differently", path)
            if hit.level is Level.REVIEW and not approves:
                raise Invalid(f"{hit.word} needs the yes of somebody who approves replies ({why})", path)


def ensure_fits(texts: Iterable[Text], among: Published, document: Placed | None = None) -> None:
    """The same by the lists that would be in force together with a document: those of the inboxes and teams it is for,
    else the house's own."""
    lists, said = among.all(WORDS) if among.knows(WORDS.name) else {}, list(texts)
    places: list[tuple[UUID | None, UUID | None]] = [(None, None)]
    if document is not None and (document.inboxes or document.teams):
        places = [*((each, None) for each in document.inboxes), *((None, each) for each in document.teams)]
    for names in dict.fromkeys(tuple(chain(lists, *place)) for place in places):
        ensure_sayable(said, compile_lists([lists[name] for name in names], "preview"))


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
