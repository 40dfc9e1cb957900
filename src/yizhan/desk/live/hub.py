"""One hub a process: it follows the journal, and every socket of an agent or a visitor hangs on it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from uuid import UUID

from yizhan.desk import views
from yizhan.desk.live import frames
from yizhan.desk.live.agents import AgentSocket, Audience
from yizhan.desk.live.model import QueueState, Signal, Watch
from yizhan.desk.live.parts import LivePart
from yizhan.desk.live.signals import Signals
from yizhan.desk.live.ticks import Ticks
from yizhan.desk.live.visitors import Visitor, Visitors, VisitorSocket
from yizhan.desk.live.welcome import Reception
from yizhan.desk.live.widget import FileLinks
from yizhan.foundation.bus import Bus
from yizhan.foundation.clock import Clock
from yizhan.foundation.db import DATABASE_TROUBLE, Database
from yizhan.foundation.journal import Feed, Head
from yizhan.foundation.log import get_logger

log = get_logger(__name__)

_HEARTBEAT = 5.0


class Hub:
    """`queue_state` tells places in the queue better than counting does; without it they are counted."""

    def __init__(
        self, db: Database, feed: Feed, bus: Bus, clock: Clock, links: FileLinks, *,
        queue_state: QueueState | None = None, parts: Sequence[LivePart] = (),
    ) -> None:  # fmt: skip
        self.audience = Audience()
        self.visitors = Visitors()
        self.parts = list(parts)
        self.beats: list[Callable[[], Awaitable[None]]] = []  # what else is looked at with every heartbeat
        self._feed = feed
        self._reception = Reception(db, clock, self.visitors, queue_state)
        self._ticks = Ticks(db, feed, links, self.audience, self.visitors, self._reception, self.parts)
        self._signals = Signals(bus, self.audience, self.visitors, self.conversation)
        feed.listen(self._ticks.take)

    @property
    def at(self) -> Head:
        """Up to here everything was sent."""
        self._ticks.begin(self._feed.pos)
        return self._ticks.at

    @property
    def inboxes_changed(self) -> list[Callable[[], None]]:
        """Called when an inbox was made or changed."""
        return self._ticks.inboxes_changed

    def use_queue_state(self, queue_state: QueueState) -> None:
        self._reception.queue_state = queue_state

    async def run(self) -> None:
        """Until cancelled."""
        forget = self._signals.listen()
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._ticks.run())
                group.create_task(self._heartbeat())
        finally:
            forget()

    # --- agents

    def join(self, socket: AgentSocket, session: str, after: Head | None, watch: Watch) -> None:
        """Says hello, and what was missed since `after`; where that is no longer known, to read anew."""
        socket.watch, socket.session = watch, session
        self.audience.add(socket)
        socket.outlet.put([frames.text({"t": "hello", "pos": str(self.at), "session": session})])
        if after is not None:
            socket.outlet.put(self._missed(socket, after))
        self._signals.greet(socket)

    def watch(self, socket: AgentSocket, watch: Watch) -> None:
        before = socket.watch.tickets
        self.audience.watch(socket, watch)
        self._signals.look(socket, before, watch.tickets)

    def leave(self, socket: AgentSocket) -> bool:
        """True when it was the agent's last one here."""
        self._signals.forget(socket)
        return not self.audience.of_agent(socket.agent_id)

    def _missed(self, socket: AgentSocket, after: Head) -> list[str]:
        at, changes = self.at, self._ticks.since(after, socket.agent_id)
        if changes is None:
            return ['{"t":"resync","reason":"gap"}']
        out = [frames.text({"t": "patch", "e": "reference", "id": socket.agent_id, "v": at.pos, "row": {}})]
        for change in changes:
            reaches = (change.reach, change.beside) if change.beside else (change.reach,)
            if self.audience.includes(socket, reaches):
                out.append(change.whole.text)
            elif change.entity != "message" and self.audience.includes(socket, change.earlier):
                out.append(frames.gone(change.entity, change.id, at))
        if after.pos < self._ticks.stale_at:
            out.append(frames.stale(at))
        return out

    def tell(self, sockets: Iterable[AgentSocket], entity: str, id: UUID, version: int, row: object) -> None:
        """A row that is no entry's: made anew by whoever tells it, and not kept for those who come back."""
        frame = [frames.put(entity, id, version, row, self.at)]
        for socket in sockets:
            socket.outlet.put(frame)

    # --- visitors

    @asynccontextmanager
    async def visit(
        self, socket: VisitorSocket, blind: bytes, inbox_id: UUID, after: Head | None
    ) -> AsyncIterator[Visitor]:
        """While the block runs the visitor gets his frames; first of all those after `after` and a welcome."""
        visitor = self.visitors.enter(socket, blind, inbox_id)
        try:
            met = await self._reception.meet(visitor)
            changes = self._ticks.since(after) if after else []
            if changes is None:
                socket.outlet.resync("gap")
            else:
                missed = [c.shown for c in changes if c.shown and c.identity_id in visitor.identities]
                socket.outlet.put([*missed, self._reception.welcome(met, self.at)])
                socket.ready = True
            yield visitor
        finally:
            self.visitors.leave(visitor, socket)

    # --- signals

    async def signal(self, signal: Signal) -> None:
        await self._signals.send(signal)

    async def conversation(self, id: UUID) -> views.ConversationRow | None:
        """From memory when it changed lately."""
        known = self._ticks.rows.conversation(id)
        if known is None:
            async with self._ticks.connected() as tx:
                found = await views.conversation_rows(tx, [id])
            known = found[0] if found else None
        return known

    async def _heartbeat(self) -> None:
        while True:
            await asyncio.sleep(_HEARTBEAT)
            frame = [frames.position(self.at)]
            for agent in self.audience.sockets:
                agent.outlet.put(frame)
            for visitor in self.visitors.sockets():
                if visitor.ready:
                    visitor.outlet.put(frame)
            await self._signals.refresh()
            try:
                await self._reception.retell_queued()
                for beat in self.beats:
                    await beat()
            except DATABASE_TROUBLE as error:
                log.warning("live.beat_failed", error=repr(error))
