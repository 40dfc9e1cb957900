"""Calls 呼叫: an urgent notice that somebody has to acknowledge. It rings again until one does, the ticket is seen to,
or the next step of the chain begins. Pure; who is rung for is looked up anew at each ring."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from yizhan.desk.sla.documents import Step
from yizhan.desk.sla.model import Target
from yizhan.foundation.timer import NewTimer, Timer

CALL = "sla.call"
"""The kind of its timer, and the reason of its notice."""
AGAIN_MIN = 3


class Ring(msgspec.Struct, frozen=True):
    """`since` is when its step began to ring."""

    since: datetime
    number: int = 1


def next_ring(target: Target, place: int, step: Step, ring: Ring, now: datetime) -> NewTimer:
    due = now + timedelta(minutes=step.again_min or AGAIN_MIN)
    told: dict[str, object] = {"step": place, "since": ring.since.isoformat(), "ring": ring.number + 1}
    return NewTimer(due, CALL, target.id, target.version, told)


def ring_of(timer: Timer) -> Ring:
    return Ring(datetime.fromisoformat(str(timer.data["since"])), int(str(timer.data["ring"])))


def is_over(step: Step, steps: Sequence[Step], target: Target, now: datetime) -> bool:
    """Whether a later step of the chain has begun."""
    if target.breached_at is None:
        return False
    mine = -1 if step.minutes_after is None else step.minutes_after
    after = [each.minutes_after for each in steps if each.concerns(target.kind)]
    later = [minutes for minutes in after if minutes is not None and minutes > mine]
    return bool(later) and now >= target.breached_at + timedelta(minutes=min(later))
