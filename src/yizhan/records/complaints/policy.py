"""What a complaint allows. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from yizhan.foundation.errors import Conflict, Invalid
from yizhan.records.complaints.model import Complaint, Grade, LadderStep

_GRAVITY = {Grade.ORDINARY: 0, Grade.MAJOR: 1, Grade.CRISIS: 2}
LADDER = tuple(LadderStep)


def graver(one: Grade, other: Grade) -> Grade:
    return one if _GRAVITY[one] >= _GRAVITY[other] else other


def is_graver(one: Grade, than: Grade) -> bool:
    return _GRAVITY[one] > _GRAVITY[than]


def ensure_open(complaint: Complaint) -> None:
    if not complaint.open:
        raise Conflict("the complaint is closed; reopen its ticket")


def next_step(at: LadderStep, there: Iterable[LadderStep]) -> LadderStep | None:
    """The next step upwards that the house has; None on the top."""
    known = frozenset(there)
    return next((step for step in LADDER[LADDER.index(at) + 1 :] if step in known), None)


def ensure_upwards(at: LadderStep, to: LadderStep) -> None:
    if LADDER.index(to) <= LADDER.index(at):
        raise Invalid("a complaint only climbs: choose a step above", "step")
