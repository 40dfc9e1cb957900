"""The rules of routing one by one, pure (floor rules 1.2, 2.5, 2.8, 2.17)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from yizhan.desk.routing.model import Excluded, Explanation, Judged, LoadKind, Reason, Seat, Work
from yizhan.desk.routing.reach import Sight

_MOST_JUDGED = 20


def rank(work: Work, seat: Seat) -> tuple[bool, bool, bool, int, int, datetime, UUID]:
    """Smallest first: has not missed it, has the skills, has not given it back, knows it already, most room, longest
    idle, then the id decides."""
    known = work.prefer.index(seat.agent_id) if seat.agent_id in work.prefer else len(work.prefer)
    return (
        seat.agent_id in work.missed, not work.skills <= seat.skills, seat.agent_id in work.returned, known,
        -seat.room(work.load), seat.idle_since, seat.agent_id,
    )  # fmt: skip


def may_return(work: Work, seat: Seat, now: datetime) -> bool:
    """For a while to the same agent, who may carry one more than the cap for it."""
    if not seat.online or seat.lost or seat.alone or work.back_until is None or now > work.back_until:
        return False
    return seat.room(LoadKind.LIVE) + work.over >= work.weight


def to_front(work: Work) -> Work:
    return msgspec.structs.replace(work, back_to=None, back_until=None, front=True)


def judge_all(
    work: Work, seats: Iterable[Seat], sight: Sight, chosen: Seat | None, most: int = _MOST_JUDGED
) -> tuple[list[Judged], Counter[Excluded]]:  # fmt: skip
    """Everybody looked at, best first and the excluded after; those beyond `most` are only counted."""
    first = chosen.agent_id if chosen else None

    def best_first(one: Judged) -> tuple[bool, bool, bool, int, int, UUID]:
        return one.agent != first, one.excluded is not None, not one.preferred, -one.room, -one.idle, one.agent

    judged = sorted((_judged(work, s, sight, chosen) for s in seats), key=best_first)
    rest: Counter[Excluded] = Counter(j.excluded for j in judged[most:] if j.excluded is not None)
    return judged[:most], rest


def explain(
    reason: Reason, work: Work, seat: Seat, judged: Iterable[Judged], others: Mapping[Excluded, int], sight: Sight
) -> Explanation:
    cap = seat.live_cap if work.load is LoadKind.LIVE else seat.async_cap
    return Explanation(
        reason, seconds(sight.now - work.since), seat.carried(work.load), cap, tuple(judged), dict(others),
        work.weight, sight.reach(work), work.rules,
    )  # fmt: skip


def seconds(span: timedelta) -> int:
    return max(0, int(span.total_seconds()))


def _judged(work: Work, seat: Seat, sight: Sight, chosen: Seat | None) -> Judged:
    excluded = None if seat is chosen else sight.exclusion(work, seat)
    return Judged(
        seat.agent_id, excluded, max(0, seat.room(work.load)), seconds(sight.now - seat.idle_since),
        seat.agent_id in work.prefer, seat.agent_id in work.missed, not work.skills <= seat.skills,
        seat.agent_id in work.returned,
    )  # fmt: skip
