"""The kind of document, and the rules in force by inbox and team."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from yizhan.desk.triage.rules import (
    FIELDS,
    TriageDocument,
    TriageRules,
    advise,
    check,
    compile_triage,
    fits,
    verify,
)
from yizhan.desk.triage.shipped import SHIPPED
from yizhan.records.config import Kind, Rulings, check_rulings

TriageBook: TypeAlias = Rulings[TriageDocument, TriageRules]


def triage_book() -> TriageBook:
    """What ships, until it takes a release."""
    return Rulings(TRIAGE, _compile)


def _compile(documents: Sequence[TriageDocument], source: str) -> TriageRules:
    """A place's own rules stand over the house's, and over what ships where the house has none."""
    house = documents and not (documents[0].inboxes or documents[0].teams)
    return compile_triage(documents if house else [SHIPPED, *documents], source)


def _check_together(documents: Mapping[str, TriageDocument]) -> None:
    check_rulings("triage", documents, _compile)


TRIAGE = Kind(
    "triage", TriageDocument, check, check_together=_check_together, verify=verify, title=("问题识别", "Triage"),
    fields=FIELDS, default=SHIPPED, fits=fits, advise=advise,
)  # fmt: skip
