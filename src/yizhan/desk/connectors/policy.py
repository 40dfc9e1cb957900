"""When a connector is asked again, when people are told, and how a look-up stands. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

import msgspec

from yizhan.desk.connectors.documents import Connector, Pull
from yizhan.desk.connectors.model import PASSING, CallFailed, Freshness, State

LOOK_SECONDS = 3.0
PULL_SECONDS = 30.0
RESTS = (timedelta(seconds=2), timedelta(seconds=5), timedelta(seconds=10), timedelta(seconds=20))
"""So long one that does not answer is left alone, longer each time: agents see what is known at once instead of waiting
again, and one that is back after a moment is asked soon."""
TOLD_AFTER = timedelta(seconds=20)
"""A hiccup is nobody's business."""
AGAIN = (timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=5), timedelta(minutes=10))
OVERLAP = timedelta(minutes=5)
"""Clocks differ: what changed shortly before the last pull is asked for once more, and changes nothing."""
LOST_AFTER = timedelta(hours=1)
IN_HAND = timedelta(seconds=5)
"""A look-up of one customer that is under way is not begun twice."""


def subject_of(name: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"connector:{name}")


def failed(state: State, failure: CallFailed, now: datetime) -> tuple[State, bool]:
    """And whether people are told now: once an outage, at once where waiting mends nothing."""
    failures, since = state.failures + 1, state.failing_since or now
    tells = not state.told and (now >= since + TOLD_AFTER or failure.cause not in PASSING)
    return msgspec.structs.replace(
        state, failures=failures, cause=failure.cause, detail=failure.detail[:500], tried_at=now,
        failing_since=since, told=state.told or tells,
    ), tells  # fmt: skip


def answered(state: State, now: datetime) -> tuple[State, bool]:
    """And whether people are told that it is over."""
    return msgspec.structs.replace(
        state, failures=0, cause=None, detail="", failing_since=None, told=False, tried_at=now, succeeded_at=now
    ), state.told


def next_pull(pull: Pull, failures: int, now: datetime) -> datetime:
    every = timedelta(minutes=pull.every_minutes)
    return now + (min(every, AGAIN[min(failures, len(AGAIN)) - 1]) if failures else every)


def rests(state: State, now: datetime) -> bool:
    rest = RESTS[min(state.failures, len(RESTS)) - 1]
    return state.failures > 0 and state.tried_at is not None and now < state.tried_at + rest


def as_of(connector: Connector, looked_at: datetime | None, state: State) -> datetime | None:
    """A pull that came after the look-up told newer things."""
    pulled = state.pulled_since if connector.pull is not None else None
    return max((at for at in (looked_at, pulled) if at is not None), default=None)


def awaited(state: State) -> Freshness:
    """While it is asked: of one that did not answer the last time nothing is promised."""
    return Freshness.STALE if state.failures else Freshness.LOOKING


def freshness(connector: Connector, looked_at: datetime | None, state: State, now: datetime) -> Freshness | None:
    """None: it must be asked."""
    assert connector.look_up is not None
    if looked_at is not None and now < looked_at + timedelta(minutes=connector.look_up.cache_minutes):
        return Freshness.STALE if state.failures and looked_at < (state.failing_since or now) else Freshness.FRESH
    return Freshness.STALE if rests(state, now) else None
