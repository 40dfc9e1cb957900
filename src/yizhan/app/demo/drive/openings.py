"""First words by what triage will make of them, so that they come where somebody can answer."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from random import Random
from uuid import UUID

from yizhan.app.demo.cast import Corpus, load_words, order_number, phone, words
from yizhan.desk.triage import Case, conclude, triage_book

_NOBODY = UUID(int=0)
_NORMAL = 2
_BOOK = triage_book()


class Openings:
    def __init__(self, corpus: Corpus, chance: Random) -> None:
        self._chance = chance
        self._of: dict[str, list[str]] = defaultdict(list)
        for text in corpus.chats():
            self._of[kind_of(text)].append(text)

    def lines(self, kind: str, now: datetime) -> list[str]:
        """A sentence as people send it: in pieces, with a slip, with what came to mind afterwards."""
        if kind == "consult":  # what triage makes nothing of needs nobody in particular either
            kind = self._chance.choice(("consult", "other"))
        text = self._chance.choice(self._of[kind])
        pieces = words.halves(self._chance, words.typo(self._chance, text))
        if len(pieces) > 1 and kind_of(pieces[0]) is not kind:
            pieces = [text]  # triage reads what has come so far
        if self._chance.random() < 0.3:
            aside = self._chance.choice(load_words().aside)
            pieces.append(aside.format(order=order_number(self._chance, now), phone=phone(self._chance)))
        return pieces


def kind_of(text: str) -> str:
    case = Case(ticket_id=_NOBODY, type="other", type_sure=False, priority=_NORMAL)
    return conclude(case, {"text": text}, _BOOK.of(), ()).type
