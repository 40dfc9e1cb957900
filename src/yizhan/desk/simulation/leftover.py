"""What was not over when the day began: on somebody's desk, or still waiting with the seniority it has. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.desk.routing import WorkKind
from yizhan.desk.simulation.attendance import Handled
from yizhan.desk.simulation.day import Arrival

Usual = Mapping[tuple[WorkKind, str], int]


def of(handled: Handled, start: datetime, usual: Usual, otherwise: int) -> Arrival | None:
    """None for what was over by then, answered before, or asleep at that moment."""
    a = handled.arrival
    typical = usual.get((a.kind, a.channel), otherwise)
    began = [spell for spell in handled.by if spell[1] < start]
    if not began:
        return _waiting(handled, typical)
    if not handled.known and len(began) == len(handled.by):
        return _held(a, began[-1][0], typical)  # nobody knows when it was over
    agent, _, until = began[-1]
    if until <= start:
        return None
    rest = sum(int((end - max(begin, start)).total_seconds()) for _, begin, end in handled.by if end > start)
    return _held(a, agent, max(1, rest))


def _waiting(handled: Handled, typical: int) -> Arrival:
    """Nobody had it yet. Its promise began when it came."""
    return msgspec.structs.replace(
        handled.arrival, serve_s=handled.arrival.serve_s if handled.known else typical, promised=True
    )


def _held(a: Arrival, agent: UUID, serve_s: int) -> Arrival:
    return msgspec.structs.replace(
        a, serve_s=serve_s, holder=agent, promised=False, misses=0, turns=(), patience_s=None, reply_s=None
    )
