"""`intake_batch`: messages a second through intake in batches of 200, against raw COPY of the same rows."""

from __future__ import annotations

import asyncio
import hashlib
import random
import time
from datetime import timedelta

from bench import people, places
from bench.report import figure
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
        await _found(house)
        rng = random.Random(7)
        await _load(house, rng, 10, 3000)
        seconds = await _load(house, rng, BATCHES, 20_000)
        rows = await _counts(house.db)
        copied = await _copy_again(house.db)
    rate = BATCH * BATCHES / seconds
    limit = (BATCHES + 10) * BATCH / copied
    figure("intake_batch", rate, "messages/s", goal=">= 8000", limit=limit, ratio=rate / limit, detail={
        "batch": BATCH, "senders": 20_000, "durable": True, "rows": rows,
        "limit_is": "raw COPY of the same rows, no index",
    })  # fmt: skip


async def _found(house: House) -> None:
    now = house.clock.now()
    async with house.db.transaction() as tx:
        brand = await agents.create_brand(tx, "home", "家电", now, "system")
        team = await agents.create_team(tx, NewTeam(key="after", name="售后"), now, "system")
        chat = NewInbox(channel=Channel.WEBCHAT, name="官网", brand_id=brand, team_id=team, key="shop")
        await inboxes.create_inbox(tx, house.vault, chat, now, "system")
    await house.intake.load_inboxes()


async def _load(house: House, rng: random.Random, batches: int, senders: int) -> float:
    inbox = await house.db.pool.fetchval("SELECT id FROM inbox")
    now = house.clock.now()
    made = [
        [_message(inbox, rng, senders, now + timedelta(milliseconds=b)) for _ in range(BATCH)] for b in range(batches)
    ]
    todo = iter(made)

    async def work() -> None:
        for batch in todo:
            await house.intake.accept_batch(batch)

    started = time.perf_counter()
    await asyncio.gather(work(), work())
    return time.perf_counter() - started


def _message(inbox, rng, senders, at) -> InboundMessage:  # type: ignore[no-untyped-def]
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
