"""为什么在等, and how long still: routing seen from outside, with the same rules that decide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from yizhan.desk.routing import overflow, policy, store
from yizhan.desk.routing.model import (
    Candidate,
    Chain,
    Excluded,
    LoadKind,
    QueueState,
    Seat,
    Spill,
    WaitsFor,
    Why,
    Work,
    WorkKind,
)
from yizhan.desk.routing.reach import Sight
from yizhan.desk.routing.rules import RoutingBook, routing_book
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import NotFound
from yizhan.records import conversations
from yizhan.records.rosters import Duty

_LOOK_BACK = timedelta(minutes=15)
_FEW = 3
_LINE_DROPPED = timedelta(minutes=2)
_GUESS_S = 90  # seconds of one turn where nothing was measured yet
_NEARNESS = (None, Excluded.FULL, Excluded.LEAVING, Excluded.LOST, Excluded.PRESENCE)
_STEP_S, _LONGEST_S = 10, 3600


async def why(
    tx: Tx, kind: WorkKind, work_id: UUID, *, now: datetime, book: RoutingBook | None = None, duty: Duty | None = None
) -> Why:
    """Who could take it and why nobody does, or who has it and why that one."""
    how = await store.waits(tx, work_id)
    if how is None:
        raise NotFound(f"{kind} {work_id}")
    assignment = await store.told(tx, work_id)
    rules = book or routing_book()
    waiting = await store.waiting(tx, rules, [work_id])
    if not waiting:
        state = "over" if how == "over" else "assigned" if assignment else "waiting"
        waits_for = {"triage": WaitsFor.TRIAGE, "live": WaitsFor.LIVE}.get(how, WaitsFor.NOTHING)
        return Why(state, assignment, [], WaitsFor.NOTHING if assignment else waits_for)
    work = waiting[0]
    seats = await store.seats(tx, rules, duty=duty or Duty())
    spills = await store.overflows(tx)
    sight = Sight(
        seats, Counter(team for seat in seats for team in seat.teams), now, lambda asked: overflow.helped(asked, spills)
    )
    candidates = weigh(work, seats, sight)
    wider = sight.widens_at(work)
    return Why(
        "waiting", assignment, candidates,
        WaitsFor.PULL if work.pulled else waits_for_what(c.excluded for c in candidates),
        policy.seconds(now - work.since), sight.reach(work), policy.seconds(wider - now) if wider else None, work.rules,
    )  # fmt: skip


async def queue_states(tx: Tx, ids: Sequence[UUID], *, now: datetime) -> dict[UUID, QueueState]:
    """The places to tell customers, which never rise, and the waits to expect; without those who do not queue."""
    found = await store.places(tx, ids)
    if not found:
        return {}
    told = await conversations.tell_positions(tx, {id: place for id, (place, _) in found.items()})
    paces = {team: await store.pace(tx, team, now - _LOOK_BACK) for team in {team for _, team in found.values()}}
    return {id: QueueState(place, expected_wait(place, *paces[found[id][1]])) for id, place in told.items()}


async def queue_state(tx: Tx, conversation_id: UUID, *, now: datetime) -> QueueState | None:
    """One place; None when the conversation does not queue."""
    return (await queue_states(tx, [conversation_id], now=now)).get(conversation_id)


async def can_take(
    tx: Tx, inbox_id: UUID, team_id: UUID | None, *, queue_cap: int, now: datetime, chains: Iterable[Chain] = ()
) -> bool:
    """Whether queueing in this inbox leads to somebody. A skill nobody has ends no queue: it is not needed for ever.

    `chains` are the teams that help each other: who helps this one counts too. `queue_cap` 0 is none. A line that
    dropped a moment ago is no absence: a page was loaded anew.
    """
    helpers = [step.team_id for chain in chains if chain.team_id == team_id for step in chain.steps]
    if not await store.on_duty(tx, team_id, now - _LINE_DROPPED, helpers):
        return False
    return queue_cap == 0 or await store.queue_length(tx, inbox_id) < queue_cap


async def spills(tx: Tx) -> list[Spill]:
    """Which teams others help just now."""
    return list((await store.overflows(tx)).values())


def weigh(work: Work, seats: Collection[Seat], sight: Sight) -> list[Candidate]:
    """Everybody: who could take it, then the full, the absent, and those who could not anyway."""
    judged, _ = policy.judge_all(work, seats, sight, None, most=len(seats))
    by_id = {seat.agent_id: seat for seat in seats}
    nearest = sorted(judged, key=lambda j: _NEARNESS.index(j.excluded) if j.excluded in _NEARNESS else len(_NEARNESS))
    return [_candidate(by_id[j.agent], j.excluded, work.load, sight.now) for j in nearest]


def waits_for_what(exclusions: Iterable[Excluded | None]) -> WaitsFor:
    found = set(exclusions)
    if None in found:
        return WaitsFor.TURN
    if Excluded.FULL in found:
        return WaitsFor.ROOM
    if found & {Excluded.PRESENCE, Excluded.LOST, Excluded.LEAVING, Excluded.DUTY}:
        return WaitsFor.PERSON
    return WaitsFor.SKILL


def expected_wait(position: int, served: int, people: int) -> int:
    """By the pace of the last quarter of an hour; a guess where too little was measured. Seconds, in tens."""
    turn = _LOOK_BACK.total_seconds() / served if served >= _FEW else _GUESS_S / max(1, people)
    wait = min(_LONGEST_S, position * turn)
    return max(_STEP_S, int(-(-wait // _STEP_S)) * _STEP_S)


def _candidate(seat: Seat, excluded: Excluded | None, load: LoadKind, now: datetime) -> Candidate:
    cap = seat.live_cap if load is LoadKind.LIVE else seat.async_cap
    since = policy.seconds(now - seat.state_since) if seat.state_since else 0
    return Candidate(
        seat.agent_id, seat.name, excluded, max(0, seat.room(load)), seat.carried(load), cap, seat.state, since
    )
