"""Every decision opened: who could take a work and by what they are compared, what excludes each, what comes next.

What waits is judged here by the very rules that decide, from the same tables; what was decided is told as it was kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from yizhan.desk.routing import arrivals, overflow, policy, store
from yizhan.desk.routing.answers import Candidate, Change, Coming, WaitsFor, Why
from yizhan.desk.routing.model import Chain, Excluded, Judged, LoadKind, Seat, Spill, Work, WorkKind
from yizhan.desk.routing.pools import place
from yizhan.desk.routing.reach import Sight, rank_of
from yizhan.desk.routing.rules import RoutingBook, routing_book
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import NotFound
from yizhan.records.rosters import Duty

_HANDLED_SINCE = timedelta(days=7)
_MOST_AHEAD = 5_000
_MOST_HEAVY = 20
_MOST_DECIDED = 20
_URGENT = 4
_NEARNESS = (
    None, Excluded.KEPT, Excluded.FULL, Excluded.ARRIVING, Excluded.RETURNED, Excluded.LEAVING, Excluded.LOST,
    Excluded.PRESENCE, Excluded.DUTY, Excluded.RATED, Excluded.SKILL, Excluded.TEAM,
)  # fmt: skip


async def why(
    tx: Tx, kind: WorkKind, work_id: UUID, *, now: datetime, book: RoutingBook | None = None,
    duty: Duty | None = None, chains: Iterable[Chain] = (),
) -> Why:  # fmt: skip
    """Who could take it and why nobody does, or who has it and why that one; and all that was decided before."""
    how = await store.waits(tx, work_id)
    if how is None:
        raise NotFound(f"{kind} {work_id}")
    assignment = await store.told(tx, work_id)
    decided = tuple(await store.decided(tx, work_id, _MOST_DECIDED))
    rules = book or routing_book()
    waiting = await store.waiting(tx, rules, [work_id])
    if not waiting:
        state = "over" if how == "over" else "assigned" if assignment else "waiting"
        waits_for = {"triage": WaitsFor.TRIAGE, "live": WaitsFor.LIVE}.get(how, WaitsFor.NOTHING)
        coming = await _first_word(tx, work_id, rules, now) if assignment else ()
        waits_for = WaitsFor.NOTHING if assignment else waits_for
        return Why(state, assignment, [], waits_for, coming=coming, decided=decided)
    work = waiting[0]
    seats = await _seats(tx, rules, duty or Duty(), now)
    spills = await store.overflows(tx)
    sight = Sight(
        seats, Counter(team for seat in seats for team in seat.teams), now, lambda asked: overflow.helped(asked, spills)
    )
    ahead = await _ahead(tx, work, rules, now)
    kept = await _kept(tx, ahead, seats, sight, rules) if ahead else frozenset()
    candidates = weigh(work, seats, sight, kept if work.weight == 1 else frozenset())
    wider = sight.widens_at(work)
    chain = next((each for each in chains if each.team_id == work.team_id), None)
    coming = (*_itself(work, sight, seats, now), *await _overflowing(tx, work, chain, spills))
    return Why(
        "waiting", assignment, candidates,
        WaitsFor.PULL if work.pulled else waits_for_what(c.excluded for c in candidates),
        policy.seconds(now - work.since), sight.reach(work), policy.seconds(wider - now) if wider else None, work.rules,
        work, len(ahead), in_order(coming), spills.get(work.team_id) if work.team_id else None, decided,
    )  # fmt: skip


async def names_in(tx: Tx, told: Why) -> dict[UUID, str]:
    """What everybody and everything is called of which an answer speaks."""
    ids: set[UUID | None] = {skill for c in told.candidates if c.judged for skill in c.judged.lacking}
    ids |= {id for each in told.coming for id in (each.team, each.agent)}
    if told.work is not None:
        ids |= {*told.work.skills, *told.work.wishes, told.work.team_id}
    if told.spill is not None:
        ids |= {told.spill.team_id, *told.spill.helpers}
    for past in told.decided:
        e = past.explanation
        ids |= {past.agent_id, *e.asked, *e.wishes, e.team, e.helped}
        ids |= {id for judged in e.judged for id in (judged.agent, *judged.lacking)}
    return await store.names(tx, [id for id in ids if id is not None])


def weigh(work: Work, seats: Collection[Seat], sight: Sight, kept: Collection[UUID] = ()) -> list[Candidate]:
    """Everybody: who could take it, then the full, the absent, and those who could not anyway."""
    judged, _ = policy.judge_all(work, seats, sight, None, most=len(seats))
    judged = [
        msgspec.structs.replace(j, excluded=Excluded.KEPT) if j.excluded is None and j.agent in kept else j
        for j in judged
    ]  # fmt: skip
    by_id = {seat.agent_id: seat for seat in seats}
    ordered = sorted(judged, key=lambda j: (_NEARNESS.index(j.excluded), *(value for _, value in policy.terms(j))))
    first = next((j for j in ordered if j.excluded is None), None)
    return [_candidate(by_id[j.agent], j, first, work, sight.now) for j in ordered]


def waits_for_what(exclusions: Iterable[Excluded | None]) -> WaitsFor:
    found = set(exclusions)
    if None in found:
        return WaitsFor.TURN
    if found & {Excluded.FULL, Excluded.ARRIVING, Excluded.KEPT}:
        return WaitsFor.ROOM
    if found & {Excluded.PRESENCE, Excluded.LOST, Excluded.LEAVING, Excluded.DUTY, Excluded.RATED}:
        return WaitsFor.PERSON
    return WaitsFor.SKILL


def in_order(coming: Iterable[Coming]) -> tuple[Coming, ...]:
    """The soonest first; what no time decides comes last."""
    return tuple(sorted(coming, key=lambda c: (c.at is None, c.at.timestamp() if c.at else 0.0)))


async def _seats(tx: Tx, book: RoutingBook, duty: Duty, now: datetime) -> list[Seat]:
    handling = await store.handling_times(tx, now - _HANDLED_SINCE)
    seats = await store.seats(tx, book, None, handling, duty)
    rules = book.of()
    for seat in seats:
        arrivals.restrain(seat, span=rules.arrival, cap=rules.arrival_cap, now=now)
    return seats


async def _ahead(tx: Tx, work: Work, book: RoutingBook, now: datetime) -> list[UUID]:
    """Of the same queue, those that are served before; at most some thousands are looked at, the oldest."""
    found: list[tuple[tuple[int, bool, datetime, UUID], UUID]] = []
    for row in await store.queue_of(tx, work.kind, work.team_id, _MOST_AHEAD):
        ageing = book.of(row["inbox_id"], work.team_id).ageing[work.load]
        each = Work(
            id=row["id"], kind=work.kind, priority=row["priority"], seniority=row["seniority"], since=row["since"],
            front=row["front"], ageing=ageing,
        )  # fmt: skip
        found.append(((-rank_of(each, now), not each.front, each.seniority, each.id), each.id))
    mine = (-rank_of(work, now), not work.front, work.seniority, work.id)
    return [id for key, id in sorted(found) if key < mine and id != work.id]


async def _kept(
    tx: Tx, ahead: Sequence[UUID], seats: Sequence[Seat], sight: Sight, book: RoutingBook
) -> frozenset[UUID]:
    """Whose room the board keeps for urgent heavy work that comes first and fits nowhere yet."""
    works = {w.id: w for w in await store.waiting(tx, book, ahead[:_MOST_HEAVY])}
    kept: set[UUID] = set()
    for id in ahead[:_MOST_HEAVY]:
        heavy = works.get(id)
        if heavy is None or heavy.weight == 1 or rank_of(heavy, sight.now) < _URGENT or heavy.pulled:
            continue
        hindrances = {seat.agent_id: sight.exclusion(heavy, seat) for seat in seats}
        if None in hindrances.values():
            continue
        light = sight.need(heavy)._replace(weight=1)
        roomy = [
            seat for seat in seats
            if hindrances[seat.agent_id] in (Excluded.FULL, Excluded.ARRIVING) and seat.room(heavy.load) >= 1
            and seat.agent_id not in kept
        ]  # fmt: skip
        if roomy:
            kept.add(min(roomy, key=lambda seat: place(light, seat)).agent_id)
    return frozenset(kept)


def _itself(work: Work, sight: Sight, seats: Iterable[Seat], now: datetime) -> Iterable[Coming]:
    """What time alone brings."""
    wider = sight.widens_at(work)
    if wider is not None:
        yield Coming(Change.HOUSE if wider == work.house_at and wider != work.should_at else Change.SHOULD, wider)
    if wider is not None and work.should_at is not None and work.should_at > wider:
        yield Coming(Change.SHOULD, work.should_at)
    rank = rank_of(work, now)
    if work.ageing is not None and not work.pulled and (at := _next_rank(work, rank, now)) is not None:
        yield Coming(Change.AGEING, at[0], priority=at[1])
    for agent, until in work.returned.items():
        if until > now:
            yield Coming(Change.RESTED, until, agent=agent)
    for seat in seats:
        arriving = work.load is LoadKind.ASYNC and sight.exclusion(work, seat) is Excluded.ARRIVING
        if arriving and seat.arrived_until is not None:
            yield Coming(Change.ARRIVED, seat.arrived_until, agent=seat.agent_id)


def _next_rank(work: Work, rank: int, now: datetime) -> tuple[datetime, int] | None:
    """When waiting lifts it past what it is ranked as now: not every span of waiting does."""
    if work.ageing is None:
        return None
    done = max(0, (now - work.since) // work.ageing)
    steps = ((work.since + work.ageing * n) for n in range(done + 1, done + 8))
    return next(((at, higher) for at in steps if (higher := rank_of(work, at)) > rank), None)


async def _overflowing(tx: Tx, work: Work, chain: Chain | None, spills: dict[UUID, Spill]) -> Sequence[Coming]:
    """The teams that would help next: by the wait of the first, or from so many waiting on."""
    if chain is None or work.priority > chain.most_priority:
        return ()
    length, first = await store.queue(tx, work.team_id, chain.counts)
    running = spills.get(chain.team_id)
    drawn = running.steps if running else 0
    return [
        Coming(
            Change.OVERFLOW, first + step.wait if step.wait is not None and first is not None else None, step.team_id,
            length=step.length, now=length,
        )
        for step in chain.steps[drawn:]
    ]  # fmt: skip


async def _first_word(tx: Tx, work_id: UUID, book: RoutingBook, now: datetime) -> tuple[Coming, ...]:
    """Given, and the customer waits for the first word: when it turns red, and when it moves on."""
    row = await store.unanswered(tx, work_id)
    if row is None:
        return ()
    rules = book.of(row["inbox_id"], row["team_id"])
    given: datetime = row["assigned_at"]
    coming = [Coming(Change.RED, given + rules.red)]
    if rules.move is not None and await store.missed_moves(tx, work_id) < rules.most_moves:
        coming.append(Coming(Change.MOVE, given + rules.move))
    return tuple(each for each in coming if each.at is not None and each.at > now)


def _candidate(seat: Seat, judged: Judged, first: Judged | None, work: Work, now: datetime) -> Candidate:
    since = policy.seconds(now - seat.state_since) if seat.state_since else 0
    ends: dict[Excluded | None, Callable[[], datetime | None]] = {
        Excluded.RETURNED: lambda: work.returned.get(seat.agent_id), Excluded.ARRIVING: lambda: seat.arrived_until,
    }  # fmt: skip
    until = ends[judged.excluded]() if judged.excluded in ends else None
    rival = judged.excluded is None and first is not None and first.agent != judged.agent
    return Candidate(
        seat.agent_id, seat.name, judged.excluded, judged.room, judged.carried, judged.cap, seat.state, since, judged,
        until, policy.behind(first, judged) if rival and first is not None else None,
    )  # fmt: skip
