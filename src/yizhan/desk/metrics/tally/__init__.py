"""The fold: one entry of the journal after the other, each in a moment. Pure but for the state it is given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from yizhan.desk.metrics.model import State
from yizhan.desk.metrics.tally.chats import CHATS
from yizhan.desk.metrics.tally.ledger import Act
from yizhan.desk.metrics.tally.people import PEOPLE
from yizhan.desk.metrics.tally.tickets import TICKETS
from yizhan.foundation.journal import Entry

__all__ = ["KINDS", "apply"]


def apply(state: State, entries: Sequence[Entry]) -> None:
    """Entries follow on from `state.pos`; kinds nobody counts may be left out."""
    for entry in entries:
        act = _ACTS.get(entry.kind)
        if act is not None:
            act(state, entry)
    if entries:
        state.pos = entries[-1].pos


def _anew(state: State, e: Entry) -> None:
    """The demo begins again: what customers left is gone, and so is what was counted of it."""
    for kept in (
        state.spells, state.quarters, state.done, state.late, state.ratings, state.loads,
        state.marks, state.unassigned,
    ):  # fmt: skip
        kept.clear()


_ACTS: Mapping[str, Act] = {**CHATS, **TICKETS, **PEOPLE, "demo.reset": _anew}
KINDS = frozenset(_ACTS)
