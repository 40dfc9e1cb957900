"""`import_profiles`: rows a second of a file that is imported, read, mapped, checked, sealed and resolved by equal
identifiers by the job that does it in the product, against raw COPY."""

from __future__ import annotations

import asyncio
import io
import os
import random
import time
from datetime import timedelta

from bench import places
from bench.report import figure
from yizhan.app.collector import spare_the_collector
from yizhan.app.house import House, open_house
from yizhan.app.settings import Settings, load_settings
from yizhan.desk import imports
from yizhan.desk.imports import IMPORT, PART, ImportKind, ImportPlan
from yizhan.desk.sources import compile_profile
from yizhan.desk.sources.rules import SHIPPED
from yizhan.foundation.db import Database, migrate, start_server
from yizhan.foundation.ids import new_id
from yizhan.foundation.jobs import Job

ROWS = int(os.environ.get("YIZHAN_BENCH_ROWS", "200000"))
TABLES = ("contact", "identity", "claim", "link", "profile_record", "event_new")
_RULES = compile_profile(SHIPPED)
_PLAN = ImportPlan(columns=("id", "name", "identifier:phone", "field:city", "field:points", "verified_at"))


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
        await _load(house, 3, 2_000, "shop")
        spare_the_collector()
        before = places.tree_cpu(os.getpid())
        seconds = await _load(house, 7, ROWS, "crm")
        spent = places.spent(before, places.tree_cpu(os.getpid()), ROWS)
        again = await _load(house, 7, ROWS, "crm")
        rows = {t: await house.db.pool.fetchval(f"SELECT count(*) FROM {t}") for t in TABLES}
        copied = await _copy_again(house.db)
    rate, limit = ROWS / seconds, (ROWS + 2_000) / copied
    figure("import_profiles", rate, "rows/s", goal=">= 5000", limit=limit, ratio=rate / limit, detail={
        "rows": ROWS, "durable": True, "tables": rows, "cpu_us_a_row": spent,
        "again_rows_per_s": round(ROWS / again), "limit_is": "raw COPY of the same rows, no index",
    })  # fmt: skip


def _file(rng: random.Random, count: int, proved: str) -> bytes:
    """One in five has a number that somebody else in the file proved too: two records of one person."""
    out = io.StringIO("number,name,phone,city,points,verified\n")
    out.seek(0, io.SEEK_END)
    for n in range(count):
        phone = 13_000_000_000 + (rng.randrange(max(count // 20, 1)) if rng.random() < 0.2 else 500_000_000 + n)
        out.write(f"{n},客户{rng.randrange(10**6)},{phone},杭州,{rng.randrange(9000)},{proved}\n")
    return out.getvalue().encode()


async def _load(house: House, seed: int, count: int, source: str) -> float:
    """As the worker does it, from the parts of the file to the last row."""
    now = house.clock.now()
    content = _file(random.Random(seed), count, (now - timedelta(days=30)).strftime("%Y-%m-%d %H:%M:%S"))
    async with house.db.transaction() as tx:
        made = await imports.open_import(
            tx, new_id(now), kind=ImportKind.PROFILES, source=source, name="members.csv", size=len(content), now=now
        )
        for place, at in enumerate(range(0, len(content), PART)):
            part = await imports.keep(house.blobs, made.id, content[at : at + PART])
            await imports.add_part(tx, made.id, place, part)
        await imports.start(tx, made.id, _PLAN, dry=False, rules=_RULES, actor="system", now=now)
    started = time.perf_counter()
    await imports.run(
        house.db, house.vault, house.blobs, house.clock, lambda: _RULES, Job(1, IMPORT, {"import": str(made.id)})
    )
    seconds = time.perf_counter() - started
    async with house.db.read() as tx:
        told = await imports.job(tx, made.id)
    if told.state != "ended" or sum(told.counts.values()) != count or told.counts.get("refused"):
        raise RuntimeError(f"the import did not take everything in: {told.state} {told.counts} {told.fault}")
    return seconds


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
