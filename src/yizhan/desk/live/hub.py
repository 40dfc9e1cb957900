"""One hub a process: it follows the journal, reads what changed once a tick, and sends it to whoever may see it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Protocol, cast
from uuid import UUID

import msgspec

from yizhan.desk import views
from yizhan.desk.live import frames, store
from yizhan.desk.live.agents import AgentSocket, Audience
from yizhan.desk.live.dirty import Dirty, gather
from yizhan.desk.live.model import QueueState, Signal, Watch
from yizhan.desk.live.people import spread_people
from yizhan.desk.live.ring import Ring
from yizhan.desk.live.signals import Signals
from yizhan.desk.live.spread import KnownRows, Spread
from yizhan.desk.live.visitors import Visitor, Visitors, VisitorSocket
from yizhan.desk.live.welcome import Reception
from yizhan.desk.live.widget import FileLinks
from yizhan.foundation.bus import Bus
from yizhan.foundation.clock import Clock
from yizhan.foundation.db import DATABASE_TROUBLE, Database, Tx
from yizhan.foundation.journal import Entry, Feed, Head
from yizhan.foundation.log import get_logger

log = get_logger(__name__)

_SHORTEST_TICK = 0.002
_LONGEST_TICK = 0.02
_HEARTBEAT = 5.0
_MOST_PENDING = 50_000
_RETRY = 0.5


class PartRow(msgspec.Struct, frozen=True):
    """`row` None means gone; `agents` None means everybody. Supervisors get it too when `supervised`."""

    id: UUID
    version: int
    row: object | None
    agents: frozenset[UUID] | None = None
    supervised: bool = False
    alert: tuple[str, UUID | None, str] | None = None


class LivePart(Protocol):
    """Another capability's rows on the agents' sockets: offers, the demo's drive …"""

    entity: str

    def wants(self, entry: Entry) -> bool: ...

    async def rows(self, tx: Tx, entries: Sequence[Entry]) -> Sequence[PartRow]: ...


class Hub:
    """`queue_state` tells places in the queue better than counting does; without it they are counted."""

    def __init__(
        self, db: Database, feed: Feed, bus: Bus, clock: Clock, links: FileLinks, *,
        queue_state: QueueState | None = None, parts: Sequence[LivePart] = (),
    ) -> None:  # fmt: skip
        self.audience = Audience()
        self.visitors = Visitors()
        self.rows = KnownRows()
        self.inboxes_changed: list[Callable[[], None]] = []
        self.parts = list(parts)
        self._db = db
        self._feed = feed
        self._clock = clock
        self._links = links
        self._ring = Ring(0)
        self._at = Head(0, 0)
        self._begun = False
        self._pending: list[Entry] = []
        self._bell = asyncio.Event()
        self._regranted: dict[UUID, int] = {}
        self._signals = Signals(bus, self.audience, self.visitors, self.conversation)
        self._reception = Reception(db, clock, self.visitors, queue_state)
        feed.listen(self.take)

    @property
    def at(self) -> Head:
        """Up to here everything was sent."""
        self._begin(self._feed.pos)
        return self._at

    def use_queue_state(self, queue_state: QueueState) -> None:
        self._reception.queue_state = queue_state

    async def take(self, entries: Sequence[Entry]) -> None:
        """The feed's listener: only puts aside, so that the feed never waits for a socket."""
        if entries:
            self._begin(entries[0].pos - 1)
        self._pending.extend(entries)
        self._bell.set()

    async def run(self) -> None:
        """Until cancelled."""
        forget = self._signals.listen()
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._ticks())
                group.create_task(self._heartbeat())
        finally:
            forget()

    # --- agents

    def join(self, socket: AgentSocket, session: str, after: Head | None, watch: Watch) -> None:
        """Says hello, and what was missed since `after`; where that is no longer known, to read anew."""
        self._begin(self._feed.pos)
        socket.watch = watch
        self.audience.add(socket)
        socket.outlet.put([frames.text({"t": "hello", "pos": str(self._at), "session": session})])
        if after is not None:
            socket.outlet.put(self._missed(socket, after))
        self._signals.look(socket, frozenset(), watch.tickets)

    def watch(self, socket: AgentSocket, watch: Watch) -> None:
        before = socket.watch.tickets
        self.audience.watch(socket, watch)
        self._signals.look(socket, before, watch.tickets)

    def leave(self, socket: AgentSocket) -> bool:
        """True when it was the agent's last one here."""
        self._signals.look(socket, socket.watch.tickets, frozenset())
        self.audience.remove(socket)
        return not self.audience.of_agent(socket.agent_id)

    def _missed(self, socket: AgentSocket, after: Head) -> list[str]:
        changes = self._ring.since(after.pos) if after.epoch == self._at.epoch else None
        if changes is None or after.pos > self._at.pos or after.pos < self._regranted.get(socket.agent_id, 0):
            return ['{"t":"resync","reason":"gap"}']
        out = [frames.text({"t": "patch", "e": "reference", "id": socket.agent_id, "v": self._at.pos, "row": {}})]
        for change in changes:
            reaches = (change.reach, change.beside) if change.beside else (change.reach,)
            if self.audience.includes(socket, reaches):
                out.append(change.frame)
            elif change.entity != "message" and self.audience.includes(socket, change.earlier):
                out.append(frames.gone(change.entity, change.id, self._at))
        return out

    # --- visitors

    @asynccontextmanager
    async def visit(
        self, socket: VisitorSocket, blind: bytes, inbox_id: UUID, after: Head | None
    ) -> AsyncIterator[Visitor]:
        """While the block runs the visitor gets his frames; first of all those after `after` and a welcome."""
        self._begin(self._feed.pos)
        visitor = self.visitors.enter(socket, blind, inbox_id)
        try:
            met = await self._reception.meet(visitor)
            changes = self._ring.since(after.pos) if after and after.epoch == self._at.epoch else None
            if after is not None and (changes is None or after.pos > self._at.pos):
                socket.outlet.resync("gap")
            else:
                missed = [c.shown for c in changes or () if c.shown and c.identity_id == visitor.identity_id]
                socket.outlet.put([*missed, self._reception.welcome(met, self._at)])
                socket.ready = True
            yield visitor
        finally:
            self.visitors.leave(visitor, socket)

    # --- signals

    async def signal(self, signal: Signal) -> None:
        await self._signals.send(signal)

    async def conversation(self, id: UUID) -> views.ConversationRow | None:
        """From memory when it changed lately."""
        known = self.rows.conversation(id)
        if known is None:
            async with self._connected() as tx:
                found = await views.conversation_rows(tx, [id])
            known = found[0] if found else None
        return known

    # --- the work

    def _begin(self, pos: int) -> None:
        """What happened before is not known here: who comes back from then reads anew."""
        if not self._begun:
            self._begun = True
            self._at = Head(self._feed.epoch, pos)
            self._ring = Ring(pos)

    async def _ticks(self) -> None:
        loop = asyncio.get_running_loop()
        pause = _SHORTEST_TICK
        while True:
            await self._bell.wait()
            # Alone an event goes out at once; the longer the work of a tick, the more are read together in the next.
            await asyncio.sleep(pause)
            self._bell.clear()
            entries, self._pending = self._pending, []
            if len(entries) > _MOST_PENDING:
                self._all_anew(entries[-1])
                continue
            began = loop.time()
            try:
                await self._tick(entries, began)
            except DATABASE_TROUBLE as error:
                log.warning("live.tick_failed", error=repr(error), waiting=len(entries))
                self._pending = entries + self._pending
                self._bell.set()
                await asyncio.sleep(_RETRY)
            except Exception:  # one row that cannot be shown must not take the line from everybody
                log.exception("live.tick_broken", entries=len(entries))
                self._all_anew(entries[-1])
            pause = min(_LONGEST_TICK, max(_SHORTEST_TICK, 2 * (loop.time() - began)))

    async def _tick(self, entries: Sequence[Entry], seconds: float) -> None:
        if not entries:
            return
        dirty = gather(entries)
        if dirty.contacts:
            dirty.conversations |= dict.fromkeys(self.rows.of_contacts(dirty.contacts))
        at = Head(self._feed.epoch, dirty.pos)
        spread = Spread(at, seconds, self.rows, self.audience, self.visitors, self._ring, self._links)
        async with self._connected() as tx:
            await self._name_writers(tx, dirty)
            conversations = await views.conversation_rows(tx, list(dirty.conversations))
            tickets = await views.ticket_rows(tx, list(dirty.tickets))
            messages = await views.messages_by_id(tx, list(dirty.messages))
            parts = [(part, await _part_rows(part, tx, entries)) for part in self.parts]
            # No await from here to `finish`: a socket that joins sees all of a tick or nothing of it.
            for row in conversations:
                spread.row("conversation", row)
            for ticket in tickets:
                spread.row("ticket", ticket)
            for message in messages:
                spread.message(message)
            for part, rows in parts:
                _spread_part(spread, self.audience, part.entity, rows, at)
            self._at = at
            spread.finish()
            await spread_people(tx, dirty, self.rows, messages, self.audience, at)
        await self._reception.retell(spread.changed)
        await self._mind(dirty)

    async def _name_writers(self, tx: Tx, dirty: Dirty) -> None:
        """Somebody wrote for the first time: his open tabs are those with the blind index of the new identity."""
        unknown = [id for id in dirty.writers if self.visitors.of_identity(id) is None]
        if unknown and self.visitors.has_unnamed:
            for identity_id, blind in (await store.blinds_of(tx, unknown)).items():
                visitor = self.visitors.of_blind(blind)
                if visitor is not None:
                    self.visitors.name(visitor, identity_id)

    async def _mind(self, dirty: Dirty) -> None:
        """What changes who may listen at all."""
        if dirty.inboxes:
            for changed in self.inboxes_changed:
                changed()
        for agent_id in dirty.regranted:
            self._regranted[agent_id] = dirty.pos
        for socket in self._doubtful(dirty):
            if not await socket.recheck():
                socket.outlet.resync("grants")

    def _doubtful(self, dirty: Dirty) -> list[AgentSocket]:
        return [s for agent in dirty.regranted | dirty.signed_out | dirty.lost for s in self.audience.of_agent(agent)]

    def _all_anew(self, last: Entry) -> None:
        """Too far behind to tell each change."""
        self._at = Head(self._feed.epoch, last.pos)
        self._ring = Ring(last.pos)
        for agent in list(self.audience.sockets):
            agent.outlet.resync("behind")
        for visitor in list(self.visitors.sockets()):
            visitor.outlet.resync("behind")

    async def _heartbeat(self) -> None:
        while True:
            await asyncio.sleep(_HEARTBEAT)
            frame = [frames.position(self._at)]
            for agent in self.audience.sockets:
                agent.outlet.put(frame)
            for visitor in self.visitors.sockets():
                if visitor.ready:
                    visitor.outlet.put(frame)
            await self._signals.refresh()
            try:
                await self._reception.retell_queued()
            except DATABASE_TROUBLE as error:
                log.warning("live.queue_failed", error=repr(error))

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[Tx]:
        async with self._db.pool.acquire() as connection:  # single statements: a transaction is two round trips more
            yield cast(Tx, connection)


async def _part_rows(part: LivePart, tx: Tx, entries: Sequence[Entry]) -> Sequence[PartRow]:
    wanted = [entry for entry in entries if part.wants(entry)]
    return await part.rows(tx, wanted) if wanted else ()


def _spread_part(spread: Spread, audience: Audience, entity: str, rows: Sequence[PartRow], at: Head) -> None:
    for row in rows:
        if row.agents is None:
            sockets = set(audience.sockets)
        else:
            sockets = set().union(*(audience.of_agent(agent) for agent in row.agents))
        told = sockets | audience.supervisors() if row.supervised else sockets
        if row.row is None:
            spread.to(told, frames.gone(entity, row.id, at))
        else:
            spread.to(told, frames.put(entity, row.id, row.version, row.row, at))
        if row.alert is not None:
            spread.to(sockets, frames.alert(*row.alert))
