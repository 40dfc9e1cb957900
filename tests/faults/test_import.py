"""A file on its way in survives `kill -9`: what was half-written is not there, and nothing comes twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults import importing
from tests.faults.child import Child
from yizhan.desk import imports
from yizhan.desk.imports import ImportKind, ImportPlan
from yizhan.desk.sources import compile_profile
from yizhan.desk.sources.rules import SHIPPED
from yizhan.foundation.blobs import open_blobs
from yizhan.foundation.clock import SystemClock
from yizhan.foundation.crypto import Vault, load_or_make_keys
from yizhan.foundation.db import Database
from yizhan.foundation.ids import new_id
from yizhan.foundation.jobs import Job

pytestmark = pytest.mark.slow

ROWS = 150
RULES = compile_profile(SHIPPED)
PLAN = ImportPlan(columns=("id", "name", "identifier:phone"))


async def test_a_killed_worker_leaves_nothing_half_and_the_next_one_goes_on(db: Database, tmp_path: Path) -> None:
    keys, clock = tmp_path / "keys.toml", SystemClock()
    vault = Vault(load_or_make_keys(keys))
    blobs, place = open_blobs((tmp_path / "blobs").as_uri(), vault), (tmp_path / "blobs").as_uri()
    content = ("编号,姓名,手机\r\n" + "".join(f"{n},客户{n},{13800000000 + n}\n" for n in range(ROWS))).encode("gbk")
    async with db.transaction() as tx:
        told = await imports.open_import(
            tx, new_id(clock.now()), kind=ImportKind.PROFILES, source="crm", name="a.csv", size=len(content),
            now=clock.now(),
        )  # fmt: skip
        await imports.add_part(tx, told.id, 0, await imports.keep(blobs, told.id, content))
        await imports.start(tx, told.id, PLAN, dry=False, rules=RULES, actor="system", now=clock.now())
    worker = await Child.start(importing.__name__, db.dsn, str(keys), place, str(told.id))
    await worker.says("written, not committed")
    await worker.kill()
    assert await db.pool.fetchval("SELECT count(*) FROM contact") == 2 * importing.TOGETHER
    assert await db.pool.fetchval("SELECT count(*) FROM identity") == 4 * importing.TOGETHER
    await imports.run(db, vault, blobs, clock, lambda: RULES, Job(1, imports.IMPORT, {"import": str(told.id)}))
    async with db.read() as tx:
        after = await imports.job(tx, told.id)
    assert (after.state, after.counts) == ("ended", {"created": ROWS})
    assert await db.pool.fetchval("SELECT count(*) FROM contact") == ROWS
    assert await db.pool.fetchval("SELECT count(*) FROM event_new WHERE kind = 'contact.created'") == ROWS
