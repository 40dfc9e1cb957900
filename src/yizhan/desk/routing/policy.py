"""The rules of routing one by one, pure (floor rules 1.2, 2.5, 2.8, 2.17)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from yizhan.desk.routing.model import Excluded, Explanation, Judged, LoadKind, Reach, Reason, Seat, Term, Work
from yizhan.desk.routing.pools import Need, Pool, busy, is_senior, lacking, unfit, wished
from yizhan.desk.routing.reach import Sight

_MOST_JUDGED = 20


def may_return(work: Work, seat: Seat, until: datetime | None, now: datetime) -> bool:
    """For a while to the same agent, who may carry one more than the cap for it."""
    if not seat.online or seat.lost or seat.off_duty or seat.alone or until is None or now > until:
        return False
    return seat.room(LoadKind.LIVE) + work.over >= work.weight


def resting(work: Work, in_house: Collection[UUID], now: datetime) -> frozenset[UUID]:
    """Who has just given it back, while somebody else is in the house who could take it."""
    rest = frozenset(agent for agent, until in work.returned.items() if now < until)
    return rest if any(agent not in rest for agent in in_house) else frozenset()


def to_front(work: Work) -> Work:
    return msgspec.structs.replace(work, back_to=None, back_until=None, front=True)


def judge_all(
    work: Work, seats: Iterable[Seat], sight: Sight, chosen: Seat | None, most: int = _MOST_JUDGED
) -> tuple[list[Judged], Counter[Excluded]]:  # fmt: skip
    """Everybody looked at, best first and the excluded after; those beyond `most` are only counted."""
    first = chosen.agent_id if chosen else None

    def best_first(one: Judged) -> tuple[bool, bool, bool, int, int, UUID]:
        return one.agent != first, one.excluded is not None, not one.preferred, -one.room, -one.idle, one.agent

    def look(seat: Seat) -> Judged:
        excluded = None if seat is chosen else sight.exclusion(work, seat)
        return judged(work, sight.need(work), seat, excluded, sight.now)

    found = sorted((look(seat) for seat in seats), key=best_first)
    rest: Counter[Excluded] = Counter(j.excluded for j in found[most:] if j.excluded is not None)
    return found[:most], rest


def judge_pool(
    work: Work, pool: Pool, seats: Mapping[UUID, Seat], chosen: Seat, rest: Collection[UUID], now: datetime,
    most: int = _MOST_JUDGED,
) -> tuple[tuple[Judged, ...], dict[Excluded, int]]:  # fmt: skip
    """As `judge_all` tells it, out of what the pool knows: on a large floor nobody is looked at beyond those told."""
    told = [judged(work, pool.need, chosen, None, now)]
    seen = {chosen.agent_id}
    counts = Counter(pool.hindered)
    counts.subtract({why: 1 for why in [pool.fit.get(chosen.agent_id)] if why is not None})
    able = [a for a in (each[-1] for each in pool.able[: most + len(rest)]) if a not in seen]
    aside = {**dict.fromkeys(rest, Excluded.RETURNED), **dict.fromkeys(work.barred, Excluded.RATED)}
    named: list[tuple[UUID, Excluded | None]] = [(a, aside.get(a)) for a in able]
    if len(named) < most:
        named += [(a, why) for a, why in pool.fit.items() if why is not None and a not in seen]
    if len(named) < most:
        named += [(a, unfit(pool.need, s)) for a, s in seats.items() if a not in pool.fit and a not in seen][:most]
    for agent, why in named[: most - 1]:
        told.append(judged(work, pool.need, seats[agent], why, now))
        if why not in (None, Excluded.RETURNED, Excluded.RATED):
            counts[why] -= 1
    strangers = len(seats) - len(pool.fit) - sum(t.agent not in pool.fit for t in told)
    if strangers > 0:
        counts[Excluded.TEAM if pool.need.teams else Excluded.SKILL] += strangers
    return tuple(told), {why: count for why, count in counts.items() if count > 0}


def explain(
    reason: Reason, work: Work, seat: Seat, looked_at: Iterable[Judged], others: Mapping[Excluded, int], reach: Reach,
    now: datetime,
) -> Explanation:  # fmt: skip
    cap = seat.live_cap if work.load is LoadKind.LIVE else seat.async_cap
    return Explanation(
        reason, seconds(now - work.since), seat.carried(work.load), cap, tuple(looked_at), dict(others),
        work.weight, reach, work.rules, team=work.team_id, asked={s: work.levels.get(s, 1) for s in work.skills},
        wishes=tuple(sorted(work.wishes)), senior=work.senior,
    )  # fmt: skip


def seconds(span: timedelta) -> int:
    return max(0, int(span.total_seconds()))


def judged(work: Work, need: Need, seat: Seat, excluded: Excluded | None, now: datetime) -> Judged:
    lacks = lacking(need.must, seat)
    return Judged(
        seat.agent_id, excluded, max(0, seat.room(work.load)), seconds(now - seat.idle_since),
        seat.agent_id in work.prefer, seat.agent_id in work.missed, bool(lacks),
        seat.agent_id in work.returned, wished(need, seat), need.senior and is_senior(need, seat),
        seat.carried(work.load), seat.live_cap if work.load is LoadKind.LIVE else seat.async_cap, busy(work.load, seat),
        min((seat.level(skill) for skill, _ in need.must), default=0), lacks,
    )  # fmt: skip


def terms(one: Judged) -> list[tuple[Term, int]]:
    """What candidates are compared by, in this order; the smaller comes first. As `pools.place` and `Pool.first`."""
    return [
        (Term.MISSED, one.missed), (Term.LACKS, one.lacks), (Term.RETURNED, one.returned),
        (Term.KNOWS, not one.preferred), (Term.WISHED, -one.wished), (Term.SENIOR, not one.senior),
        (Term.ROOM, -one.room), (Term.BUSY, one.busy), (Term.IDLE, -one.idle),
    ]  # fmt: skip


def behind(first: Judged, other: Judged) -> Term:
    """By what one candidate stands behind another: the first thing in which they differ."""
    pairs = zip(terms(first), terms(other), strict=True)
    return next((term for (term, mine), (_, his) in pairs if mine != his), Term.LOT)
