"""The rules of routing one by one, pure (floor rules 1.2, 2.5, 2.8, 2.17)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from yizhan.desk.routing.model import Excluded, Explanation, Judged, LoadKind, Reason, Seat, Work

RETURN_WINDOW = timedelta(minutes=30)
OVER_FOR_RETURNING = 1
AWAY_GRACE = timedelta(minutes=3)
FIRST_REPLY = timedelta(seconds=120)
MOST_MISSES = 2
OFFER_LIFE = timedelta(seconds=20)
TRANSFERS_BEFORE_LEAD = 2
_MOST_JUDGED = 20


def exclusion(work: Work, seat: Seat, team_sizes: Mapping[UUID, int]) -> Excluded | None:
    """Why this agent is no candidate. A team without members is everybody: nothing waits for an empty room."""
    if not seat.online:
        return Excluded.PRESENCE
    if seat.lost:
        return Excluded.LOST
    if work.team_id is not None and work.team_id not in seat.teams and team_sizes.get(work.team_id, 0) > 0:
        return Excluded.TEAM
    if not work.skills <= seat.skills:
        return Excluded.SKILL
    if seat.agent_id in work.returned:
        return Excluded.RETURNED
    if seat.room(work.load) <= 0:
        return Excluded.FULL
    return None


def rank(work: Work, seat: Seat) -> tuple[bool, int, int, datetime, UUID]:
    """Smallest first: has not missed it, knows it already, most room, longest idle, then the id decides."""
    known = work.prefer.index(seat.agent_id) if seat.agent_id in work.prefer else len(work.prefer)
    return seat.agent_id in work.missed, known, -seat.room(work.load), seat.idle_since, seat.agent_id


def may_return(work: Work, seat: Seat, now: datetime) -> bool:
    """Within half an hour to the same agent, who may carry one more than the cap for it."""
    if not seat.online or seat.lost or work.back_until is None or now > work.back_until:
        return False
    return seat.room(LoadKind.LIVE) + OVER_FOR_RETURNING > 0


def to_front(work: Work) -> Work:
    return msgspec.structs.replace(work, back_to=None, back_until=None, front=True)


def judge_all(
    work: Work, seats: Iterable[Seat], team_sizes: Mapping[UUID, int], chosen: Seat | None, now: datetime,
    most: int = _MOST_JUDGED,
) -> tuple[list[Judged], Counter[Excluded]]:  # fmt: skip
    """Everybody looked at, best first and the excluded after; those beyond `most` are only counted."""
    first = chosen.agent_id if chosen else None

    def best_first(one: Judged) -> tuple[bool, bool, bool, int, int, UUID]:
        return one.agent != first, one.excluded is not None, not one.preferred, -one.room, -one.idle, one.agent

    judged = sorted((_judged(work, s, team_sizes, chosen, now) for s in seats), key=best_first)
    rest: Counter[Excluded] = Counter(j.excluded for j in judged[most:] if j.excluded is not None)
    return judged[:most], rest


def explain(
    reason: Reason, work: Work, seat: Seat, judged: Iterable[Judged], others: Mapping[Excluded, int], now: datetime
) -> Explanation:
    cap = seat.live_cap if work.load is LoadKind.LIVE else seat.async_cap
    return Explanation(reason, seconds(now - work.since), seat.carried(work.load), cap, tuple(judged), dict(others))


def seconds(span: timedelta) -> int:
    return max(0, int(span.total_seconds()))


def _judged(work: Work, seat: Seat, team_sizes: Mapping[UUID, int], chosen: Seat | None, now: datetime) -> Judged:
    excluded = None if seat is chosen else exclusion(work, seat, team_sizes)
    return Judged(
        seat.agent_id, excluded, max(0, seat.room(work.load)), seconds(now - seat.idle_since),
        seat.agent_id in work.prefer, seat.agent_id in work.missed,
    )  # fmt: skip
