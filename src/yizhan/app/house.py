"""Which parts there are and how they are joined: the only place that knows all of them."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from yizhan.app.channels import ChannelLoops
from yizhan.app.settings import Settings
from yizhan.desk import clocks, routing
from yizhan.desk.claims import claims_reader
from yizhan.desk.intake import Intake
from yizhan.desk.live import Hub, QueuePlace, QueueState
from yizhan.desk.search import search_reader
from yizhan.desk.trail import TrailBuffer
from yizhan.desk.triage import DeadlineNet, triage_reader
from yizhan.foundation.blobs import Blobs, open_blobs
from yizhan.foundation.bus import Bus, open_bus
from yizhan.foundation.clock import Clock, SystemClock
from yizhan.foundation.crypto import Signer, Vault
from yizhan.foundation.db import Database, open_database
from yizhan.foundation.http import Guard, Http
from yizhan.foundation.ids import new_id
from yizhan.foundation.journal import Feed, Reader, Sequencer, Wake, ring_after_commit
from yizhan.foundation.lease import Lease
from yizhan.foundation.log import get_logger
from yizhan.foundation.text import is_thanks_only
from yizhan.foundation.timer import Timers
from yizhan.web.live import OfferPart
from yizhan.web.widget import VisitorLinks

log = get_logger(__name__)


@dataclass
class House:
    """Everything one process of the product holds. `loops` run until the process ends."""

    settings: Settings
    db: Database
    vault: Vault
    signer: Signer
    blobs: Blobs
    bus: Bus
    clock: Clock
    holder: str
    intake: Intake
    wake: Wake
    sequencer: Sequencer
    feed: Feed
    timers: Timers
    timer_lease: Lease
    hub: Hub
    trail: TrailBuffer
    signs: clocks.LifeSigns
    http: Http
    readers: list[Reader] = field(default_factory=list)
    loops: list[Coroutine[Any, Any, Any]] = field(default_factory=list)

    def add_reader(self, reader: Reader) -> None:
        self.readers.append(reader)
        self.loops.append(reader.run())

    def moved(self, pos: int) -> None:
        """The journal grew: everybody who follows it is woken once."""
        self.feed.wake.ring()
        for reader in self.readers:
            reader.wake.ring()


@asynccontextmanager
async def open_house(settings: Settings, dsn: str, clock: Clock | None = None) -> AsyncIterator[House]:
    """Opens the stores and joins the parts; nothing runs yet."""
    db = await open_database(dsn, min_size=2, max_size=8)
    vault = Vault(settings.keys)
    blobs = open_blobs(settings.blobs_url, vault)
    bus = open_bus(settings.bus_url, db)
    await bus.start()
    http = Http(Guard(settings.allow_hosts))
    try:
        house = _join(settings, db, vault, blobs, bus, http, clock or SystemClock())
        await house.intake.load_inboxes()
        await house.feed.start()
        house.signs.listen()
        yield house
    finally:
        await http.close()
        await bus.close()
        await db.close()


def _join(settings: Settings, db: Database, vault: Vault, blobs: Blobs, bus: Bus, http: Http, clock: Clock) -> House:
    holder = f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"
    wake = Wake()
    feed = Feed(db)

    async def keep(raw: bytes) -> str:
        return (await blobs.put(raw, "application/octet-stream")).hash

    timer_lease = Lease(db, "timers", holder)
    signer = Signer(settings.keys)
    house = House(
        settings=settings, db=db, vault=vault, signer=signer, blobs=blobs, bus=bus, http=http, clock=clock,
        holder=holder, intake=Intake(db, vault, clock, new_id, is_thanks_only, keep), wake=wake,
        sequencer=Sequencer(db, Lease(db, "journal", holder), wake, lambda pos: house.moved(pos)), feed=feed,
        timers=Timers(db, clock, timer_lease), timer_lease=timer_lease, trail=TrailBuffer(db),
        signs=clocks.LifeSigns(bus, clock),
        hub=Hub(
            db, feed, bus, clock, VisitorLinks(signer, clock), queue_state=_queue_places(db, clock),
            parts=[OfferPart(clock)],
        ),
    )  # fmt: skip
    ring_after_commit(db, wake.ring)
    house.add_reader(search_reader(db, clock, vault))
    house.add_reader(triage_reader(db, clock))
    house.add_reader(claims_reader(db, clock, vault))
    house.add_reader(clocks.clock_reader(db, clock))
    clocks.register_timers(house.timers, signs=house.signs)
    routing.register_timers(house.timers)
    router = routing.Router(db, clock, Lease(db, "router", holder), feed)
    house.loops += [DeadlineNet(db, clock).run(), router.run()]
    house.loops.append(ChannelLoops(house).run())
    house.loops += [house.sequencer.run(), feed.run(), _run_timers(house), house.hub.run(), house.trail.run(clock)]
    return house


def _queue_places(db: Database, clock: Clock) -> QueueState:
    """What the customers who queue are told, asked by the hub once a tick."""

    async def places(ids: Sequence[UUID]) -> Mapping[UUID, QueuePlace]:
        async with db.transaction() as tx:
            states = await routing.queue_states(tx, ids, now=clock.now())
        return {conversation_id: QueuePlace(s.position, s.eta_s) for conversation_id, s in states.items()}

    return places


async def _run_timers(house: House) -> None:
    async with house.timer_lease:
        await house.timers.run()


@asynccontextmanager
async def living(house: House) -> AsyncIterator[None]:
    """Runs the loops beside the block; one that fails ends the process, whose restart is the cure."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(loop) for loop in house.loops]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
