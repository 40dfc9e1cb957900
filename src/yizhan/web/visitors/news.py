"""Visitors on the pages, as they move: page, cart and time, pushed to agents who look at the list or at the customer.

The trail is written by the process that holds the visitor's line; the bus tells the others which visits went on, and
each reads them once for all of its screens. A row missed is harmless: lists are read again now and then.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from typing import cast
from uuid import UUID

import msgspec

from yizhan.desk import trail, views
from yizhan.desk.live import AgentSocket, Hub
from yizhan.desk.trail import OnlineVisit, TrailBuffer, Visit
from yizhan.desk.views import sees
from yizhan.foundation.bus import Bus
from yizhan.foundation.crypto import Vault
from yizhan.foundation.db import DATABASE_TROUBLE, Database, Tx
from yizhan.foundation.log import get_logger
from yizhan.records.agents import Permission, Viewer
from yizhan.records.inboxes import inboxes
from yizhan.web.visitors.shapes import VisitorShape, visitor_shape

log = get_logger(__name__)

TOPIC = "visits"
_PAUSE = 0.2
_ENTITY = "visitor"


class Moved(msgspec.Struct, frozen=True):
    """Visits that went on, or that ended."""

    ids: list[UUID]
    left: bool = False


class VisitorFrames:
    """`version` of a row rises with the time it was seen: frames of two processes do not overtake each other."""

    def __init__(self, db: Database, vault: Vault, bus: Bus, hub: Hub, buffer: TrailBuffer) -> None:
        self._db = db
        self._vault = vault
        self._bus = bus
        self._hub = hub
        self._pending: set[UUID] = set()
        self._bell = asyncio.Event()
        self._doors: Doors | None = None
        buffer.written.append(self.moved)
        hub.inboxes_changed.append(self._forget_doors)

    async def moved(self, visits: Collection[UUID]) -> None:
        await self._bus.publish(TOPIC, msgspec.json.encode(Moved(list(visits))))

    async def left(self, visit_id: UUID) -> None:
        await self._bus.publish(TOPIC, msgspec.json.encode(Moved([visit_id], left=True)))

    async def run(self) -> None:
        """Until cancelled."""
        forget = self._bus.subscribe(TOPIC, self._heard)
        try:
            while True:
                await self._bell.wait()
                await asyncio.sleep(_PAUSE)
                self._bell.clear()
                ids, self._pending = self._pending, set()
                try:
                    await self._show(ids)
                except DATABASE_TROUBLE as error:
                    log.warning("visitors.not_shown", visits=len(ids), error=repr(error))
        finally:
            forget()

    async def _heard(self, payload: bytes) -> None:
        news = msgspec.json.decode(payload, type=Moved)
        if not news.left:
            self._pending.update(news.ids)
            self._bell.set()
            return
        self._pending.difference_update(news.ids)
        for socket in self._interested():
            socket.outlet.put([_encoded({"t": "gone", "e": _ENTITY, "id": id}) for id in news.ids])

    def _forget_doors(self) -> None:
        self._doors = None

    def _interested(self) -> list[AgentSocket]:
        return [
            socket
            for socket in self._hub.audience.sockets
            if (socket.watch.visitors or socket.watch.contacts) and socket.viewer.may(Permission.CUSTOMER_READ)
        ]

    async def _show(self, ids: Collection[UUID]) -> None:
        sockets = self._interested()
        if not sockets or not ids:
            return
        async with self._db.pool.acquire() as connection:
            tx = cast(Tx, connection)
            found = await trail.visits_now(tx, list(ids))
            names = await views.visitors_named(tx, [each.visit.visitor for each in found])
            doors = self._doors = self._doors or await doors_of(tx, self._vault)
        rows = [(each, visitor_shape(each, names.get(each.visit.visitor))) for each in found]
        for socket in sockets:
            socket.outlet.put([_frame(each, row) for each, row in rows if _concerns(socket, each, row, doors)])


class Door(msgspec.Struct, frozen=True):
    """Whose visitors those of an inbox are. A visitor is nobody's work yet: who sees the inbox's work sees him."""

    brand_id: UUID
    team_id: UUID | None
    agent_id: UUID | None = None


Doors = Mapping[UUID, Door]


async def doors_of(tx: Tx, vault: Vault) -> Doors:
    return {inbox.id: Door(inbox.brand_id, inbox.team_id) for inbox in await inboxes(tx, vault)}


def stands_at(doors: Doors, viewer: Viewer, visit: Visit) -> bool:
    """Whether the viewer may see who stands at this door."""
    door = doors.get(visit.inbox_id)
    return door is not None and sees(viewer, door)


def _concerns(socket: AgentSocket, visit: OnlineVisit, row: VisitorShape, doors: Doors) -> bool:
    if row.contact_id in socket.watch.contacts:
        return True
    return socket.watch.visitors and stands_at(doors, socket.viewer, visit.visit)


def _frame(visit: OnlineVisit, row: VisitorShape) -> str:
    version = int(max(visit.visit.seen_at, visit.since).timestamp() * 1000)
    return _encoded({"t": "put", "e": _ENTITY, "id": visit.visit.id, "v": version, "row": row})


def _encoded(frame: dict[str, object]) -> str:
    return msgspec.json.encode(frame).decode()
