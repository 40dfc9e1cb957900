"""`import_profiles`: rows of a file a second, mapped, checked and resolved by equal identifiers, against raw COPY."""

from __future__ import annotations

import asyncio
import io
import os
import random
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from bench import places
from bench.report import figure
from yizhan.app.collector import spare_the_collector
from yizhan.app.house import House, open_house
from yizhan.app.settings import Settings, load_settings
from yizhan.desk.imports import Encoding
from yizhan.desk.imports.tables import csv_lines
from yizhan.desk.sources import ProfileIn, compile_profile, external, put_profiles
from yizhan.desk.sources.rules import SHIPPED
from yizhan.foundation.db import Database, migrate, start_server
from yizhan.records.contacts import Identifier

ROWS = int(os.environ.get("YIZHAN_BENCH_ROWS", "200000"))
TOGETHER = 500
TABLES = ("contact", "identity", "claim", "link", "profile_record", "event_new")
_RULES = compile_profile(SHIPPED)


def run() -> None:
    with places.folder() as data:
        settings = load_settings({"YIZHAN_DATA": str(data)})  # its keys must be there before a database is
        with start_server(data) as server:
            asyncio.run(_run(settings, server.dsn))


async def _run(settings: Settings, dsn: str) -> None:
    await migrate(dsn)
    async with open_house(settings, dsn) as house:
        for loop in house.loops:
            loop.close()  # only the import runs here
        await _load(house, _file(random.Random(3), 2_000), "shop")
        spare_the_collector()
        content = _file(random.Random(7), ROWS)
        before = places.tree_cpu(os.getpid())
        seconds = await _load(house, content, "crm")
        spent = places.spent(before, places.tree_cpu(os.getpid()), ROWS)
        again = await _load(house, _file(random.Random(7), min(ROWS, 20_000)), "crm")
        rows = {t: await house.db.pool.fetchval(f"SELECT count(*) FROM {t}") for t in TABLES}
        copied = await _copy_again(house.db)
    rate, limit = ROWS / seconds, (ROWS + 2_000) / copied
    figure("import_profiles", rate, "rows/s", goal=">= 5000", limit=limit, ratio=rate / limit, detail={
        "rows": ROWS, "together": TOGETHER, "durable": True, "tables": rows, "cpu_us_a_row": spent,
        "again_rows_per_s": round(min(ROWS, 20_000) / again), "limit_is": "raw COPY of the same rows, no index",
    })  # fmt: skip


def _file(rng: random.Random, count: int) -> bytes:
    """One in five has a number that somebody else in the file proved too: two records of one person."""
    out = io.StringIO("number,name,phone,city,points\n")
    out.seek(0, io.SEEK_END)
    for n in range(count):
        phone = 13_000_000_000 + (rng.randrange(max(count // 20, 1)) if rng.random() < 0.2 else 500_000_000 + n)
        out.write(f"{n},客户{rng.randrange(10**6)},{phone},杭州,{rng.randrange(9000)}\n")
    return out.getvalue().encode()


async def _load(house: House, content: bytes, source: str) -> float:
    now = house.clock.now()
    started = time.perf_counter()
    rows = _rows(content, source, now)
    while batch := list(islice(rows, TOGETHER)):
        async with house.db.transaction() as tx:
            await put_profiles(tx, house.vault, batch, source=source, rules=_RULES, now=now, by="system")
    return time.perf_counter() - started


def _rows(content: bytes, source: str, now: datetime) -> Iterator[ProfileIn]:
    proved = now - timedelta(days=30)
    lines = csv_lines(io.BytesIO(content), Encoding.UTF8, ",")
    next(lines)
    for line in lines:
        number, name, phone, city, points = line.cells
        yield ProfileIn(
            identifiers=(external(source, number), Identifier("phone", phone, proved)), name=name, at=proved,
            fields={"city": city, "points": points},
        )  # fmt: skip


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
