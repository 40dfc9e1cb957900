"""`intake_batch`: messages a second through intake in batches of 200, against raw COPY of the same rows."""

from __future__ import annotations

import asyncio
import hashlib
import os
import random
import time
from datetime import datetime, timedelta
from uuid import UUID
from zlib import crc32

from bench import people, places
from bench.report import figure
from yizhan.app.collector import spare_the_collector
from yizhan.app.house import House, open_house
from yizhan.app.settings import Settings, load_settings
from yizhan.desk.intake import InboundMessage, Sender
from yizhan.foundation.db import Database, migrate, start_server
from yizhan.records import agents, inboxes
from yizhan.records.agents import NewTeam
from yizhan.records.inboxes import Channel, NewInbox

BATCH = 200
BATCHES = 100
TABLES = ("dedupe_key", "contact", "identity", "conversation", "ticket", "message", "event_new")


def run() -> None:
    with places.folder() as data:
        settings = load_settings({"YIZHAN_DATA": str(data)})  # its keys must be there before a database is
        with start_server(data) as server:
            asyncio.run(_run(settings, server.dsn))


async def _run(settings: Settings, dsn: str) -> None:
    await migrate(dsn)
    async with open_house(settings, dsn) as house:
        for loop in house.loops:
            loop.close()  # only intake runs here
        inbox = await found_inbox(house)
        rng, now = random.Random(7), house.clock.now()
        await load(house, _said(inbox, now, rng, 10, 3000))
        spare_the_collector()
        said = _said(inbox, now, rng, BATCHES, 20_000)
        before = places.tree_cpu(os.getpid())
        seconds = await load(house, said)
        spent = places.spent(before, places.tree_cpu(os.getpid()), BATCH * BATCHES)
        rows = await _counts(house.db)
        copied = await _copy_again(house.db)
    rate = BATCH * BATCHES / seconds
    limit = (BATCHES + 10) * BATCH / copied
    figure("intake_batch", rate, "messages/s", goal=">= 8000", limit=limit, ratio=rate / limit, detail={
        "batch": BATCH, "senders": 20_000, "durable": True, "rows": rows, "cpu_us_a_message": spent,
        "limit_is": "raw COPY of the same rows, no index",
    })  # fmt: skip


async def found_inbox(house: House) -> UUID:
    now = house.clock.now()
    async with house.db.transaction() as tx:
        brand = await agents.create_brand(tx, "home", "家电", now, "system")
        team = await agents.create_team(tx, NewTeam(key="after", name="售后"), now, "system")
        chat = NewInbox(channel=Channel.WEBCHAT, name="官网", brand_id=brand, team_id=team, key="shop")
        inbox = await inboxes.create_inbox(tx, house.vault, chat, now, "system")
    await house.intake.load_inboxes()
    return inbox


def _said(inbox: UUID, now: datetime, rng: random.Random, batches: int, senders: int) -> list[list[InboundMessage]]:
    """Two lanes of messages in their order, each sender in one lane as in the product."""
    lanes: list[list[InboundMessage]] = [[], []]
    for n in range(batches * BATCH):
        message = _message(inbox, rng, senders, now + timedelta(milliseconds=n // BATCH))
        lanes[crc32(message.sender.value.encode()) % len(lanes)].append(message)
    return lanes


async def load(house: House, lanes: list[list[InboundMessage]]) -> float:
    async def work(lane: list[InboundMessage]) -> None:
        for start in range(0, len(lane), BATCH):
            await house.intake.accept_batch(lane[start : start + BATCH])

    started = time.perf_counter()
    await asyncio.gather(*map(work, lanes))
    return time.perf_counter() - started


def _message(inbox: UUID, rng: random.Random, senders: int, at: datetime) -> InboundMessage:
    # One in fifty is a repeated delivery, as vendors send them.
    dedupe = hashlib.sha256(str(rng.randrange(10**6) if rng.random() < 0.02 else rng.random()).encode()).digest()[:16]
    who = Sender(kind="visitor", value=f"v{rng.randrange(senders)}", inbox_scoped=True)
    return InboundMessage(
        inbox_id=inbox, sender=who, name="访客", text=people.sentence(rng), dedupe=dedupe, at=at, received_at=at
    )


async def _counts(db: Database) -> dict[str, int]:
    return {t: await db.pool.fetchval(f"SELECT count(*) FROM {t}") for t in TABLES}


async def _copy_again(db: Database) -> float:
    """Seconds to COPY all rows of the tables into bare copies of them: what the server could take at best."""
    seconds = 0.0
    for table in TABLES:
        await db.pool.execute(f"CREATE TABLE bare_{table} AS SELECT * FROM {table} WITH NO DATA")
        rows = [tuple(r.values()) for r in await db.pool.fetch(f"SELECT * FROM {table}")]
        started = time.perf_counter()
        await db.pool.copy_records_to_table(f"bare_{table}", records=rows)
        seconds += time.perf_counter() - started
    return seconds
