"""Writing what was decided: each verb locks conversation, ticket, room in that order and changes what still fits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from yizhan.desk.routing import store
from yizhan.desk.routing.admission import Ledger, Locked, locks_of
from yizhan.desk.routing.model import Explanation, Gift, LoadKind, Reason, Refused, WorkKind
from yizhan.desk.routing.rules import RoutingBook, routing_book
from yizhan.desk.routing.store import Burden, NewAssignment, Shift
from yizhan.foundation.db import Tx
from yizhan.foundation.journal import emitted_together
from yizhan.foundation.timer import NewTimer, set_timers
from yizhan.records import agents, conversations, tickets
from yizhan.records.agents import LoadShift
from yizhan.records.conversations import Conversation, Phase
from yizhan.records.tickets import By

ROUTER = By("router")
_ENDINGS = {"new": "returned"}  # a ticket back in 待分配 was given back, however that was done
FIRST_REPLY_TIMER = "routing.first_reply"


async def give(
    tx: Tx, gifts: Sequence[Gift], *, by: By, now: datetime, book: RoutingBook | None = None
) -> Mapping[UUID, Refused]:
    """Writes assignments with all that follows from them; returns the gifts that no longer fitted, by work.

    A fixed number of statements whatever the number of gifts.
    """
    rules = book or routing_book()
    locked = await _lock(tx, gifts)
    ledger = Ledger(locked, rules)
    for gift in gifts:
        ledger.admit(gift)
    async with emitted_together(tx):
        made = await _write(tx, ledger, by, now)
        await set_timers(tx, [_first_reply(locked.conversations[w], made[w], rules, now) for w in ledger.first_replies])
    return ledger.refused


async def _write(tx: Tx, ledger: Ledger, by: By, now: datetime) -> dict[UUID, UUID]:
    """The id of the new assignment of each work."""
    shifts = await store.end_assignments(tx, ledger.ends, now) if ledger.ends else []
    shifts += await store.recount(tx, ledger.recounts) if ledger.recounts else []
    made = await store.add_assignments(tx, ledger.news, now) if ledger.news else {}
    shifts += [Shift(n.agent_id, n.load, n.weight, int(n.alone)) for n in ledger.news if n.counted]
    for c in ledger.wakes:
        await conversations.wake_up(tx, c, actor=by.actor, now=now)
    if ledger.handings:
        await conversations.hand_to(tx, ledger.handings, actor=by.actor, now=now)
    if ledger.overs:
        await tickets.hand_over_many(tx, ledger.overs, by=by, now=now)
    await _shift(tx, shifts, by, now)
    return made


async def requeue(
    tx: Tx, held: Sequence[Conversation], *, reason: str, by: By, now: datetime, front: bool = False,
    team_id: UUID | None = None,
) -> None:  # fmt: skip
    """Locked conversations back to the queue, their agents' places free; seniority stays."""
    held = [c for c in held if c.phase is not Phase.ENDED]
    if not held:
        return
    current = await store.open_assignments(tx, [c.id for c in held])
    await agents.lock_rooms(tx, [a.agent_id for a in current.values()])
    shifts = await store.end_assignments(tx, {a.id: reason for a in current.values()}, now)
    await conversations.requeue(tx, held, reason=reason, actor=by.actor, now=now, front=front, team_id=team_id)
    await _shift(tx, shifts, by, now)


async def release(tx: Tx, work_ids: Sequence[UUID], *, reason: str, by: By, now: datetime) -> None:
    """Ends the assignments of locked works, whatever becomes of the works."""
    current = await store.open_assignments(tx, work_ids)
    await agents.lock_rooms(tx, [a.agent_id for a in current.values()])
    shifts = await store.end_assignments(tx, {a.id: reason for a in current.values()}, now)
    await _shift(tx, shifts, by, now)


async def take_aside(tx: Tx, member_id: UUID, agent_id: UUID, *, by: By, now: datetime) -> None:
    """Somebody came into a consultation 会诊: it weighs on him as asynchronous work until it is released, however much
    he carries, and is asked of nobody else."""
    rooms = await agents.lock_rooms(tx, [agent_id])
    room = rooms[agent_id]
    told = Explanation(Reason.CONSULTED, 0, room.async_ + 1, room.async_cap)
    new = NewAssignment(WorkKind.CONSULTATION, member_id, agent_id, LoadKind.ASYNC, True, told, 1, False)
    await store.add_assignments(tx, [new], now)
    await _shift(tx, [Shift(agent_id, LoadKind.ASYNC, 1)], by, now)


async def settle(tx: Tx, work_ids: Sequence[UUID] | None, *, now: datetime) -> tuple[set[UUID], set[UUID]]:
    """Makes assignments weigh what their works say, ends those whose work is over; returns whose load changed, and
    which works weigh.

    `None` looks at every open assignment: at a start and once an hour.
    """
    stances = await store.stances(tx, work_ids)
    over = {s.id: _ENDINGS.get(s.ending or "", s.ending or "over") for s in stances if s.stance == "over"}
    counted = {s.id: s.stance == "weighs" for s in stances if s.id not in over and s.counted != (s.stance == "weighs")}
    weighing = {s.work_id for s in stances if s.stance == "weighs"}
    if not over and not counted:
        return set(), weighing
    await agents.lock_rooms(tx, [s.agent_id for s in stances if s.id in over or s.id in counted])
    shifts = await store.end_assignments(tx, over, now) if over else []
    shifts += await store.recount(tx, counted) if counted else []
    await _shift(tx, shifts, ROUTER, now)
    return {s.agent_id for s in shifts}, weighing


async def reweigh(tx: Tx, work_ids: Sequence[UUID] | None, book: RoutingBook, *, now: datetime) -> set[UUID]:
    """What somebody has weighs what its priority says today, though it may lift him over his limit: he is given less
    then, and nothing is taken from him. Other rules alone change no weight. Returns whose load changed; `None` looks
    at everything whose priority changed since it was given.
    """

    stale = _misweighed(await store.burdens(tx, work_ids), book)
    if not stale:
        return set()
    rooms = await agents.lock_rooms(tx, [b.agent_id for b, _ in stale])
    stale = [each for each in _misweighed(await store.burdens(tx, work_ids), book) if each[0].agent_id in rooms]
    moved = await store.reweigh(tx, {b.id: weight for b, weight in stale})
    shifts = [Shift(b.agent_id, b.load, weight - b.weight) for b, weight in stale if b.counted and b.id in moved]
    await _shift(tx, shifts, ROUTER, now)
    return {shift.agent_id for shift in shifts}


async def reconcile(tx: Tx, *, now: datetime) -> dict[UUID, LoadShift]:
    """Compares every counter with the assignments behind it and puts it right; returns what was wrong."""
    await agents.lock_rooms(tx, await store.all_agents(tx))
    drift = await store.load_drift(tx)
    await agents.shift_loads(tx, drift, actor=ROUTER.actor, now=now)
    return drift


def _misweighed(found: Iterable[Burden], book: RoutingBook) -> list[tuple[Burden, int]]:
    """With what each should weigh."""
    due = ((b, book.of(b.inbox_id, b.team_id).weight(b.channel, b.priority).of(b.load)) for b in found)
    return [(b, weight) for b, weight in due if weight != b.weight]


def _first_reply(c: Conversation, assignment: UUID, rules: RoutingBook, now: datetime) -> NewTimer:
    due = now + rules.of(c.inbox_id, c.team_id).red
    return NewTimer(
        due=due, kind=FIRST_REPLY_TIMER, subject=c.id, subject_version=0,
        data={"assignment": assignment, "step": "red"},
    )  # fmt: skip


async def _lock(tx: Tx, gifts: Sequence[Gift]) -> Locked:
    conversation_ids, ticket_ids = locks_of(gifts)
    siblings = await store.tickets_of(tx, conversation_ids) if conversation_ids else []
    held = {c.id: c for c in await conversations.lock_many(tx, conversation_ids, [*ticket_ids, *siblings])}
    followed = [c.ticket_id for c in held.values() if c.ticket_id is not None]
    touched = {t.id: t for t in await tickets.lock_many(tx, sorted({*ticket_ids, *followed}))}
    current = await store.open_assignments(tx, [*held, *touched])
    rooms = await agents.lock_rooms(tx, [*(g.agent_id for g in gifts), *(a.agent_id for a in current.values())])
    return Locked(held, touched, current, rooms)


async def _shift(tx: Tx, shifts: Iterable[Shift], by: By, now: datetime) -> None:
    sums: dict[UUID, LoadShift] = defaultdict(LoadShift)
    for shift in shifts:
        live = shift.load is LoadKind.LIVE
        sums[shift.agent_id] += LoadShift(shift.by * live, shift.by * (not live), shift.alone)
    await agents.shift_loads(tx, sums, actor=by.actor, now=now)
