"""The one who deals out work: exactly one in the whole product, under the lease `router`."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from yizhan.desk.routing import service, store
from yizhan.desk.routing.arrivals import Arrivals
from yizhan.desk.routing.board import Board
from yizhan.desk.routing.model import (
    Action,
    Chain,
    Decision,
    Gift,
    Reason,
    Refused,
    Retired,
    Seat,
    Seated,
    Settled,
    Spill,
    Waiting,
)
from yizhan.desk.routing.rules import RoutingBook, routing_book
from yizhan.foundation.clock import Clock
from yizhan.foundation.db import DATABASE_TROUBLE, Database, Tx
from yizhan.foundation.journal import Entry, Event, Feed, Wake, emit
from yizhan.foundation.lease import Lease, LeaseLost
from yizhan.foundation.log import get_logger
from yizhan.records import agents, conversations
from yizhan.records.agents import PresenceState
from yizhan.records.rosters import Duty

log = get_logger(__name__)

_NET_SECONDS = 1.0
_TELL_OF_ANOTHER = frozenset({"conversation.attached", "ticket.joined", "ticket.unjoined"})
_MOST_IN_WRITE = 250
_MOST_ROUNDS = 20
_LONGEST_PAUSE = 0.15
_HANDLED_SINCE = timedelta(days=7)
_ROSTER = ("shift.", "leave.")
_NO_WORK = ("message.noted", "message.delivery", "contact.", "sla.", "notice.")
_RECONCILE_EVERY = timedelta(hours=1)


DutyNow = Callable[[Tx, datetime], Awaitable[Duty]]
"""What the roster says of everybody; asked when a shift begins, winds down or ends, or the roster changes."""


async def _as_they_say(tx: Tx, now: datetime) -> Duty:
    return Duty()


class Router:
    """Events only say what to look at again: the tables are the truth, so one told twice or late does no harm.

    The board is rebuilt whenever the lease comes (a start, a takeover); every write checks the lease's term.
    """

    def __init__(
        self, db: Database, clock: Clock, lease: Lease, feed: Feed, book: RoutingBook | None = None,
        chains: Callable[[], Sequence[Chain]] = tuple, duty: DutyNow = _as_they_say,
    ) -> None:  # fmt: skip
        self.wake = Wake()
        self.board = Board()
        self._book = book or routing_book()
        self._chains = chains
        self._ask_duty = duty
        self._duty = Duty()
        self._other_duty = False
        self._spills: dict[UUID, Spill] = {}
        self._arrivals = Arrivals()
        self._handling: Mapping[UUID, int] = {}
        self._db = db
        self._clock = clock
        self._lease = lease
        self._built_term = 0
        self._leading = False
        self._works: set[UUID] = set()
        self._weighing: set[UUID | None] = set()
        self._changed: set[UUID] = set()
        self._reweighed: set[UUID] = set()
        self._agents: set[UUID] = set()
        self._all_agents = False
        self._reconciled_at: datetime | None = None
        feed.listen(self.hear)

    async def hear(self, entries: Sequence[Entry]) -> None:
        """Notes what may have changed; the work is done in `turn`. Who only stands by will read everything anyway."""
        if not self._leading:
            return
        for e in entries:
            if e.kind.startswith("agent.") or e.kind == "load.changed":
                self._agents.add(e.subject)
            elif e.kind.startswith("team."):
                self._all_agents = True
            elif e.kind.startswith(_ROSTER):
                self._all_agents = self._other_duty = True
            elif e.kind == "ticket.changed":
                self._changed.add(e.subject)
            elif not e.kind.startswith(_NO_WORK) and not self._goes_on(e):
                self._works.update(i for i in (e.conversation_id, e.ticket_id) if i is not None)
                if e.kind in _TELL_OF_ANOTHER:
                    self._works.update(UUID(i) for i in (e.data.get("from"), e.data.get("into")) if i)
                    self._reweighed.update(i for i in (e.conversation_id, e.ticket_id) if i is not None)
                elif e.kind == "work.ready" and e.agent_id is not None:
                    self._reweighed.add(e.subject)  # somebody took it before it was judged
        self.wake.ring()

    def _goes_on(self, e: Entry) -> bool:
        """More words about what somebody is at, or what waits already: nothing is lighter or heavier by them."""
        if e.kind != "message.received" or e.data.get("effect") != "continue":
            return False
        known = (e.conversation_id, e.ticket_id)
        return any(id in self._weighing or (id is not None and self.board.awaits(id)) for id in known)

    def reconsider(self) -> None:
        """Other rules are in force: every work and seat is read anew."""
        self._built_term = 0
        self.wake.ring()

    async def run(self) -> None:
        """Until cancelled; a lost lease or a lost server is waited for."""
        loop = asyncio.get_running_loop()
        async with self._lease:
            while True:
                await self._lease.acquired()
                began = loop.time()
                try:
                    await self.turn()
                except LeaseLost:
                    log.warning("router.lease_lost", term=self._built_term)
                    self._built_term, self._leading = 0, False
                except DATABASE_TROUBLE as error:
                    log.error("router.turn_failed", error=repr(error))
                    self._built_term = 0
                # In a rush more is dealt out in one turn: nobody notices the moment, everybody the work it saves.
                await asyncio.sleep(min(_LONGEST_PAUSE, 3 * (loop.time() - began)))
                await self.wake.wait(_NET_SECONDS)

    async def turn(self) -> int:
        """Brings the board up to date and deals out all that can be dealt out; returns how much was given."""
        if self._lease.term != self._built_term:
            await self._rebuild()
        await self._free_of_the_absent()
        self._agents |= self._arrivals.settled(self._book.of().arrival, self._clock.now())
        given = 0
        for _ in range(_MOST_ROUNDS):
            await self._refresh()
            decisions = self.board.decide(self._clock.now())
            await self._tell_of_overflow()
            if not decisions:
                break
            for start in range(0, len(decisions), _MOST_IN_WRITE):
                given += await self._write(decisions[start : start + _MOST_IN_WRITE])
        return given

    async def _rebuild(self) -> None:
        term, now = self._lease.term, self._clock.now()
        self._leading = True  # from before the tables are read: nothing falls between
        self._works.clear()
        self._weighing.clear()
        self._changed.clear()
        self._reweighed.clear()
        self._agents.clear()
        self._all_agents = self._other_duty = False
        await self._compare(now)
        board = Board()
        async with self._db.read() as tx:
            self._handling = await store.handling_times(tx, now - _HANDLED_SINCE)
            self._spills = await store.overflows(tx)
            board.follow(self._chains(), {team: spill.steps for team, spill in self._spills.items()})
            self._duty = await self._ask_duty(tx, now)
            seats = await store.seats(tx, self._book, None, self._handling, self._duty)
            self._restrain(seats, now)
            for seat in seats:
                board.apply(Seated(seat))
            for work in await store.waiting(tx, self._book):
                board.apply(Waiting(work))
        self.board, self._built_term = board, term
        log.info("router.built", term=term, waiting=sum(1 for _ in board.waiting()))

    async def _compare(self, now: datetime) -> None:
        """The counters beside the assignments they count, the assignments beside their works."""
        async with self._db.transaction() as tx:
            await self._lease.check(tx)
            await service.settle(tx, None, now=now)
            await service.reweigh(tx, None, self._book, now=now)
            drift = await service.reconcile(tx, now=now)
        if drift:
            log.warning("router.load_drift", agents=[str(a) for a in drift])
        self._reconciled_at = now

    async def _refresh(self) -> None:
        """Looks again at what events named. Taken before reading: what is named meanwhile is looked at next time."""
        if self._reconciled_at and self._clock.now() - self._reconciled_at >= _RECONCILE_EVERY:
            await self._compare(self._clock.now())
            async with self._db.read() as tx:
                self._handling = await store.handling_times(tx, self._clock.now() - _HANDLED_SINCE)
            self._all_agents = True
        await self._name_changed()
        works, self._works = sorted(self._works), set()
        other, self._reweighed = sorted(self._reweighed), set()
        named, self._agents = self._agents, set()
        everybody, self._all_agents = self._all_agents, False
        if not works and not named and not everybody:
            return
        try:
            if works:
                async with self._db.transaction() as tx:
                    await self._lease.check(tx)
                    shifted, weighing = await service.settle(tx, works, now=self._clock.now())
                    if other:
                        shifted |= await service.reweigh(tx, other, self._book, now=self._clock.now())
                named |= shifted
                self._weighing.difference_update(works)
                self._weighing.update(weighing)
            await self._read(works, named, everybody)
        except BaseException:
            self._works.update(works)
            self._reweighed.update(other)
            self._agents |= named
            self._all_agents |= everybody
            raise

    async def _name_changed(self) -> None:
        """A changed ticket is another work, and so are the live conversations in which it is spoken of."""
        changed = set(self._changed)
        if changed:
            async with self._db.read() as tx:
                changed.update(await store.live_of_tickets(tx, changed))
            self._works |= changed
            self._reweighed |= changed
            self._changed -= changed

    async def _read(self, works: Sequence[UUID], named: set[UUID], everybody: bool) -> None:
        async with self._db.read() as tx:
            if self._other_duty:
                self._other_duty = False
                self._duty = await self._ask_duty(tx, self._clock.now())
            who = None if everybody else sorted(named)
            seats = await store.seats(tx, self._book, who, self._handling, self._duty)
            waiting = await store.waiting(tx, self._book, works)
        self._restrain(seats, self._clock.now())
        found = {seat.agent_id for seat in seats}
        gone = {s.agent_id for s in self.board.seats()} - found if everybody else named - found
        for agent_id in gone:
            self.board.apply(Retired(agent_id))
        for seat in seats:
            self.board.apply(Seated(seat))
        for work_id in set(works) - {w.id for w in waiting}:
            self.board.apply(Settled(work_id))
        for work in waiting:
            self.board.apply(Waiting(work))

    def _restrain(self, seats: Sequence[Seat], now: datetime) -> None:
        rules = self._book.of()
        self._arrivals.restrain(seats, span=rules.arrival, cap=rules.arrival_cap, now=now)

    async def _write(self, decisions: Sequence[Decision]) -> int:
        """What no longer fits is looked at again in the next round, with the agent it was meant for."""
        now = self._clock.now()
        gifts = [gift for d in decisions if (gift := _gift(d)) is not None]
        try:
            await self._bring_up([d.work.id for d in decisions if d.action is Action.FRONT], now)
            async with self._db.transaction() as tx:
                await self._lease.check(tx)
                refused = await self._give(tx, gifts, now) if gifts else {}
        except BaseException:
            self._built_term = 0  # the board has let go of what was not written: build it anew
            raise
        for decision in decisions:
            if decision.work.id in refused and decision.agent_id is not None:
                self._works.add(decision.work.id)
                self._agents.add(decision.agent_id)
        return len(gifts) - len(refused)

    async def _bring_up(self, fronted: Sequence[UUID], now: datetime) -> None:
        """By itself: rooms are locked last, and the gifts of the same round begin with conversations again."""
        if not fronted:
            return
        async with self._db.transaction() as tx:
            await self._lease.check(tx)
            held = await conversations.lock_many(tx, fronted)
            await service.requeue(tx, held, reason="returned_late", by=service.ROUTER, now=now, front=True)

    async def _tell_of_overflow(self) -> None:
        """Where others began to help, or more of them, or where a team manages alone again."""
        running = {spill.team_id: spill for spill in self.board.spills()}
        changed = [s for team, s in running.items() if self._steps(team) != s.steps]
        ended = [spill for team, spill in self._spills.items() if team not in running]
        if not changed and not ended:
            return
        now = self._clock.now()
        async with self._db.transaction() as tx:
            await self._lease.check(tx)
            for spill in changed:
                await store.put_overflow(tx, spill, now)
            for spill in ended:
                await store.end_overflow(tx, spill.team_id)
            moved = [("overflow.moved" if self._steps(s.team_id) else "overflow.began", s) for s in changed]
            told = [*moved, *(("overflow.ended", s) for s in ended)]
            await emit(tx, [_overflow_event(kind, spill, now) for kind, spill in told])
        self._spills = running

    def _steps(self, team_id: UUID) -> int:
        spill = self._spills.get(team_id)
        return spill.steps if spill else 0

    async def _give(self, tx: Tx, gifts: Sequence[Gift], now: datetime) -> Mapping[UUID, Refused]:
        return await service.give(tx, gifts, by=service.ROUTER, now=now, book=self._book)

    async def _free_of_the_absent(self) -> None:
        """Whoever is 离线 or unreachable for longer than the grace no longer keeps people waiting."""
        now = self._clock.now()
        for seat in self.board.away(now, self._book.of().away_grace):
            async with self._db.transaction() as tx:
                await self._lease.check(tx)
                held = await conversations.lock_many(tx, await store.serving_of_agent(tx, seat.agent_id))
                waited_for = [c for c in held if c.agent_id == seat.agent_id and not c.asleep]
                await service.requeue(tx, waited_for, reason="lost", by=service.ROUTER, now=now, front=True)
                if seat.lost:
                    await agents.set_presence(tx, seat.agent_id, PresenceState.OFFLINE, "lost", now, "router")
            self._agents.add(seat.agent_id)
            self._works.update(c.id for c in waited_for)


def _overflow_event(kind: str, spill: Spill, now: datetime) -> Event:
    return Event(
        kind=kind, subject=spill.team_id, subject_version=spill.steps, at=now, actor="router", team_id=spill.team_id,
        data={"helpers": spill.helpers, "waiting": spill.length, "seconds": spill.waited},
    )  # fmt: skip


def _gift(decision: Decision) -> Gift | None:
    if decision.agent_id is None or decision.explanation is None or decision.action is Action.FRONT:
        return None
    reason = decision.explanation.reason
    work = decision.work
    over = {Reason.RETURNING: work.over, Reason.TOPIC: work.over, Reason.ADOPTED: None}.get(reason, 0)
    return Gift(
        kind=work.kind, work_id=work.id, agent_id=decision.agent_id, explanation=decision.explanation, over=over,
        weight=work.weight, alone=work.alone,
    )  # fmt: skip
