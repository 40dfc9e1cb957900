"""Tick by tick: what the journal said since the last one is read once and spread to all sockets of this process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import cast
from uuid import UUID

from yizhan.desk import views
from yizhan.desk.live import frames, store
from yizhan.desk.live.agents import AgentSocket, Audience
from yizhan.desk.live.crowd import is_crowd, narrow
from yizhan.desk.live.dirty import Dirty, gather
from yizhan.desk.live.parts import LivePart, part_rows, spread_part
from yizhan.desk.live.people import spread_people
from yizhan.desk.live.ring import Change, Ring
from yizhan.desk.live.spread import KnownRows, Spread
from yizhan.desk.live.visitors import Visitors
from yizhan.desk.live.welcome import Reception
from yizhan.desk.live.widget import FileLinks
from yizhan.foundation.db import DATABASE_TROUBLE, Database, Tx
from yizhan.foundation.journal import Entry, Feed, Head
from yizhan.foundation.log import get_logger

log = get_logger(__name__)

_SHORTEST_TICK = 0.002
_LONGEST_TICK = 0.2
_STALE_SECONDS = 3.0
_MOST_PENDING = 50_000
_RETRY = 0.5


class Ticks:
    """`at` is the position up to which everything was sent."""

    def __init__(
        self, db: Database, feed: Feed, links: FileLinks, audience: Audience, visitors: Visitors, reception: Reception,
        parts: list[LivePart],
    ) -> None:  # fmt: skip
        self.rows = KnownRows()
        self.inboxes_changed: list[Callable[[], None]] = []
        self.at = Head(0, 0)
        self.stale_at = 0  # up to here lists may lack what nobody was told row by row
        self._telling: asyncio.TimerHandle | None = None
        self._db = db
        self._feed = feed
        self._links = links
        self._audience = audience
        self._visitors = visitors
        self._reception = reception
        self._parts = parts
        self._ring = Ring(0)
        self._begun = False
        self._pending: list[Entry] = []
        self._bell = asyncio.Event()
        self._regranted: dict[UUID, int] = {}

    def begin(self, pos: int) -> None:
        """What happened before is not known here: who comes back from then reads anew."""
        if not self._begun:
            self._begun = True
            self.at = Head(self._feed.epoch, pos)
            self._ring = Ring(pos)

    async def take(self, entries: Sequence[Entry]) -> None:
        """The feed's listener: only puts aside, so that the feed never waits for a socket."""
        if entries:
            self.begin(entries[0].pos - 1)
        self._pending.extend(entries)
        self._bell.set()

    def since(self, after: Head, agent_id: UUID | None = None) -> list[Change] | None:
        """None when it is no longer known, or when what this agent may see changed since."""
        if after.epoch != self.at.epoch or after.pos > self.at.pos:
            return None
        if agent_id is not None and after.pos < self._regranted.get(agent_id, 0):
            return None
        return self._ring.since(after.pos)

    async def run(self) -> None:
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
        crowded = is_crowd(dirty)
        if crowded:
            narrow(dirty, entries, self.rows, self._audience, self._visitors)
            self._crowded(dirty.pos)
        spread = Spread(
            at, seconds, self.rows, self._audience, self._visitors, self._ring, self._links, crowded=crowded
        )
        async with self.connected() as tx:
            await self._name_writers(tx, dirty)
            conversations = await views.conversation_rows(tx, list(dirty.conversations))
            tickets = await views.ticket_rows(tx, list(dirty.tickets))
            messages = await views.messages_by_id(tx, list(dirty.messages))
            parts = [(part, await part_rows(part, tx, entries)) for part in self._parts]
            # No await from here to `finish`: a socket that joins sees all of a tick or nothing of it.
            for row in conversations:
                spread.row("conversation", row)
            for ticket in tickets:
                spread.row("ticket", ticket)
            for message in messages:
                spread.message(message)
            for part, rows in parts:
                spread_part(spread, self._audience, part.entity, rows, at)
            self.at = at
            spread.finish()
            await spread_people(tx, dirty, self.rows, messages, self._audience, at)
        await self._reception.retell(
            [*spread.changed, *(row for row in conversations if row.id in dirty.asked)], dirty.asked
        )
        await self._mind(dirty)

    def _crowded(self, pos: int) -> None:
        """All lists are told a moment later, once for all that came until then."""
        self.stale_at = pos
        if self._telling is None:
            self._telling = asyncio.get_running_loop().call_later(_STALE_SECONDS, self._tell_stale)

    def _tell_stale(self) -> None:
        self._telling = None
        frame = [frames.stale(self.at)]
        for socket in self._audience.sockets:
            socket.outlet.put(frame)

    async def _name_writers(self, tx: Tx, dirty: Dirty) -> None:
        """Somebody wrote for the first time: his open tabs are those with the blind index of the new identity."""
        unknown = [id for id in dirty.writers if not self._visitors.of_identity(id)]
        if unknown and self._visitors.has_unnamed:
            for identity_id, blind in (await store.blinds_of(tx, unknown)).items():
                visitor = self._visitors.of_blind(blind)
                if visitor is not None:
                    self._visitors.name(visitor, identity_id)

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
        return [s for agent in dirty.regranted | dirty.signed_out | dirty.lost for s in self._audience.of_agent(agent)]

    def _all_anew(self, last: Entry) -> None:
        """Too far behind to tell each change."""
        self.at = Head(self._feed.epoch, last.pos)
        self._ring = Ring(last.pos)
        for agent in list(self._audience.sockets):
            agent.outlet.resync("behind")
        for visitor in list(self._visitors.sockets()):
            visitor.outlet.resync("behind")

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[Tx]:
        async with self._db.pool.acquire() as connection:  # single statements: a transaction is two round trips more
            yield cast(Tx, connection)
