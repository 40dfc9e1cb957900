"""Which parts there are and how they are joined: the only place that knows all of them."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import uuid4

from yizhan.app.adapting import Adapting, open_adapting
from yizhan.app.bells import Bell, join_bells
from yizhan.app.channels import ChannelLoops
from yizhan.app.demo_phone import DemoPhone
from yizhan.app.instants import register_timers
from yizhan.app.outlets import open_postman
from yizhan.app.readers import readers_of
from yizhan.app.reception import night_watch
from yizhan.app.rules import HouseRules, house_rules
from yizhan.app.screens import join_web
from yizhan.app.settings import Settings
from yizhan.desk import clocks, roster, routing
from yizhan.desk.alerts import AlertWatch
from yizhan.desk.connectors import keep_planning
from yizhan.desk.intake import Intake
from yizhan.desk.live import Hub
from yizhan.desk.metrics import Metrics, monitor_rules
from yizhan.desk.outlets import Postman
from yizhan.desk.segments import SegmentWatch
from yizhan.desk.trail import TrailBuffer
from yizhan.desk.triage import DeadlineNet
from yizhan.foundation.blobs import Blobs, open_blobs
from yizhan.foundation.bus import Bus, keep_starting, open_bus
from yizhan.foundation.clock import Clock, SystemClock
from yizhan.foundation.crypto import Signer, Vault
from yizhan.foundation.db import Database, open_database
from yizhan.foundation.http import Guard, Http
from yizhan.foundation.ids import new_id
from yizhan.foundation.journal import Feed, Reader, Sequencer, Wake
from yizhan.foundation.lease import Lease, while_held
from yizhan.foundation.log import get_logger
from yizhan.foundation.text import is_thanks_only
from yizhan.foundation.timer import Timers
from yizhan.web.visitors import VisitorFrames

log = get_logger(__name__)

_CLOSE_SECONDS = 5.0


class Part(StrEnum):
    """What one process may do of the whole. `yizhan serve` does the first two in its main process."""

    WEB = "web"
    """HTTP, sockets and a hub of its own; any number of processes."""
    ROUTER = "router"
    """Sequencer, readers, timers, router, senders and receivers: each by lease, so that a second process stands by."""
    WORKER = "worker"
    """Jobs of the queue; any number of processes."""


MAIN = frozenset({Part.WEB, Part.ROUTER})


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
    trail: TrailBuffer
    signs: clocks.LifeSigns
    rules: HouseRules
    http: Http
    metrics: Metrics
    postman: Postman | None = None
    adapting: Adapting | None = None
    demo_phone: DemoPhone = field(default_factory=DemoPhone)
    hub: Hub | None = None
    """Only where there are sockets."""
    visitors: VisitorFrames | None = None
    readers: list[Reader] = field(default_factory=list)
    loops: list[Coroutine[Any, Any, Any]] = field(default_factory=list)

    @property
    def the_adapting(self) -> Adapting:
        assert self.adapting is not None, "the house is not joined yet"
        return self.adapting

    @property
    def the_postman(self) -> Postman:
        assert self.postman is not None, "the house is not joined yet"
        return self.postman

    def moved(self) -> None:
        """The journal grew: everybody who follows it is woken once."""
        self.feed.wake.ring()
        for reader in self.readers:
            reader.wake.ring()


@asynccontextmanager
async def open_house(
    settings: Settings, dsn: str, clock: Clock | None = None, *, parts: frozenset[Part] = MAIN, connections: int = 8
) -> AsyncIterator[House]:
    """Opens the stores and joins the parts; nothing runs yet."""
    db = await open_database(dsn, min_size=min(2, connections), max_size=connections)
    vault = Vault(settings.keys)
    blobs = open_blobs(settings.blobs_url, vault)
    bus = open_bus(settings.bus_url, db)
    http = Http(Guard(settings.callable_hosts))
    try:
        async with keep_starting(bus):
            house = _join(settings, db, vault, blobs, bus, http, clock or SystemClock(), parts)
            await house.intake.load_inboxes()
            await house.feed.start()
            await house.rules.begin(db, house.clock)
            house.signs.listen()
            try:
                yield house
            finally:
                for loop in house.loops:
                    loop.close()  # those that nobody began
    finally:
        await http.close()
        await bus.close()
        await _close(db)


async def _close(db: Database) -> None:
    """A statement that does not end must not keep the process."""
    try:
        async with asyncio.timeout(_CLOSE_SECONDS):
            await db.close()
    except TimeoutError:
        log.warning("database.cut")
        db.pool.terminate()


def _join(
    settings: Settings, db: Database, vault: Vault, blobs: Blobs, bus: Bus, http: Http, clock: Clock,
    parts: frozenset[Part],
) -> House:  # fmt: skip
    holder = f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"
    wake = Wake()

    async def keep(raw: bytes) -> str:
        return (await blobs.put(raw, "application/octet-stream")).hash

    timer_lease = Lease(db, "timers", holder)
    journal_lease = Lease(db, "journal", holder)
    moved = Bell(bus, "journal.moved", holder)

    def sequenced(pos: int) -> None:
        house.moved()
        moved.ring()

    feed = Feed(db)
    rules = house_rules(db, feed)
    house = House(
        settings=settings, db=db, vault=vault, signer=Signer(settings.keys), blobs=blobs, bus=bus, http=http,
        clock=clock, holder=holder, intake=Intake(db, vault, clock, new_id, is_thanks_only, keep), wake=wake,
        sequencer=Sequencer(db, journal_lease, wake, sequenced), feed=feed,
        timers=Timers(db, clock, timer_lease), timer_lease=timer_lease, trail=TrailBuffer(db),
        signs=clocks.LifeSigns(bus, clock), rules=rules,
        metrics=Metrics(db, feed, clock, lambda: monitor_rules(rules.live.now), keeps=Part.ROUTER in parts),
    )  # fmt: skip
    house.postman = open_postman(house)
    house.adapting = open_adapting(house)
    _join_readers(house)
    if parts & MAIN:
        house.loops += [house.feed.run(), house.metrics.run()]
    if Part.ROUTER in parts:
        _join_desk(house)
    if Part.WEB in parts:
        join_web(house, alone=Part.ROUTER not in parts)
    join_bells(house, journal_lease, moved)
    return house


def _join_readers(house: House) -> None:
    house.readers += readers_of(house)
    for reader in house.readers:
        reader.follow(house.feed)
        reader.crowded = house.intake.in_a_rush


def _join_desk(house: House) -> None:
    """What there is one of in the whole product, however many processes stand by."""
    db, clock = house.db, house.clock
    register_timers(house)
    router = routing.Router(
        db, clock, Lease(db, "router", house.holder), house.feed, house.rules.routing,
        lambda: house.rules.overflow.chains, lambda tx, now: roster.duty(tx, now, house.rules.roster),
    )  # fmt: skip
    house.rules.live.follow(lambda _: router.reconsider())

    night = night_watch(house)
    members = SegmentWatch(db, clock, house.rules.segments, house.rules.configuration)
    house.feed.listen(members.hear)

    async def read() -> None:
        async with asyncio.TaskGroup() as group:
            for reader in house.readers:
                group.create_task(reader.run())

    house.loops += [
        house.sequencer.run(), router.run(), DeadlineNet(db, clock).run(), _run_timers(house),
        while_held(Lease(db, "readers", house.holder), read), ChannelLoops(house).run(),
        while_held(Lease(db, "night", house.holder), night.run),
        while_held(Lease(db, "segments", house.holder), members.run),
        house.the_postman.run(), _watch(house).run(), keep_planning(db, clock, lambda: house.rules.live.now),
    ]  # fmt: skip


def _watch(house: House) -> AlertWatch:
    metrics = house.metrics
    lease = Lease(house.db, "alerts", house.holder)
    live = house.rules.live
    return AlertWatch(
        house.db, house.clock, lease, lambda: live.now, lambda now: metrics.read(now) if metrics.ready else None
    )  # fmt: skip


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
