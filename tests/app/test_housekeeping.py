"""The whole list of the day on a real database."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.desk.intake.samples import open_shop, says
from yizhan.app.housekeeping import tasks, tidy
from yizhan.desk import operations
from yizhan.foundation.blobs import Blobs, open_blobs
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.crypto import Vault, new_keyring
from yizhan.foundation.db import Database
from yizhan.foundation.lease import Lease

LONG_AGO = timedelta(days=91)
VAULT = Vault(new_keyring())


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return open_blobs(tmp_path.as_uri(), VAULT)


async def test_what_is_over_goes_and_what_is_kept_stays(db: Database, blobs: Blobs, clock: FakeClock) -> None:
    shop = await open_shop(db, clock)
    await shop.intake.accept(says(shop.chat, "v1", "在吗", clock.now()))
    await db.pool.executemany(
        "INSERT INTO dedupe_key (key, at, keep, message_id) VALUES ($1, $2, $3, gen_random_uuid())",
        [(b"old callback", clock.now() - LONG_AGO, False), (b"old mail", clock.now() - LONG_AGO, True),
         (b"callback", clock.now(), False)],
    )  # fmt: skip
    await db.pool.execute(
        "INSERT INTO idempotency (actor, key, fingerprint, status, answer, at) SELECT 'a', n::text, '', 200, '', $1"
        " FROM generate_series(1, 6000) n", clock.now() - LONG_AGO,
    )  # fmt: skip
    done = {one.task: one for one in await tidy(db, blobs, VAULT, clock, "test")}
    assert set(done) == {task.name for task in tasks(blobs, VAULT)}
    assert not [one for one in done.values() if one.error]
    assert done["callback_keys"].rows == 1
    assert done["access"].rows == 6_000
    assert done["orphans"].rows == 0
    assert await db.pool.fetchval("SELECT count(*) FROM dedupe_key WHERE key IN ('old mail', 'callback')") == 2
    assert await db.pool.fetchval("SELECT count(*) FROM message") == 1


async def test_orphans_are_counted_until_they_are_mended(db: Database, blobs: Blobs, clock: FakeClock) -> None:
    shop = await open_shop(db, clock)
    await shop.intake.accept(says(shop.chat, "v1", "在吗", clock.now()))
    clock.advance(timedelta(days=5))
    await tidy(db, blobs, VAULT, clock, "test")
    lost = await db.pool.fetchval("DELETE FROM conversation RETURNING id")
    assert lost is not None
    clock.advance(timedelta(days=1))
    await tidy(db, blobs, VAULT, clock, "test")
    assert await state_alarms(db, clock) == set(), "what was counted once is not read again"
    await shop.intake.accept(says(shop.chat, "v2", "在吗", clock.now()))
    await db.pool.execute("DELETE FROM contact WHERE id = (SELECT contact_id FROM conversation)")
    await tidy(db, blobs, VAULT, clock, "test")
    assert await state_alarms(db, clock) == {"rows_orphaned"}
    async with db.read() as tx:
        everything = await operations.orphans(tx, clock.now() - timedelta(days=30))
    assert everything["message_conversation"] == 1
    assert everything["message_contact"] == 1


async def test_one_process_at_a_time(db: Database, blobs: Blobs, clock: FakeClock) -> None:
    async with Lease(db, "upkeep", "another"):
        assert await tidy(db, blobs, VAULT, clock, "test") == []


async def state_alarms(db: Database, clock: FakeClock) -> set[str]:
    async with db.read() as tx:
        found = operations.alarms(await operations.state(tx, clock.now()))
    return {alarm.code for alarm in found} & {"rows_astray", "rows_orphaned", "upkeep_failed"}


async def test_names_that_came_before_are_found_by_their_sound_too(
    db: Database, blobs: Blobs, clock: FakeClock
) -> None:
    shop = await open_shop(db, clock)
    await shop.intake.accept(says(shop.chat, "v1", "在吗", clock.now()))
    await db.pool.execute("UPDATE contact SET name = '王晓燕'")
    await db.pool.execute(
        "INSERT INTO search_row (id, kind, contact_id, at, words)"
        " SELECT id, 'contact', id, created_at, '王晓燕' FROM contact"
    )
    await db.pool.execute("INSERT INTO search_walk SELECT 'names', gen_random_uuid(), id FROM contact")
    await db.pool.execute("UPDATE search_walk SET after = '00000000-0000-0000-0000-000000000000'")
    done = {one.task: one.rows for one in await tidy(db, blobs, VAULT, clock, "test")}
    assert done["names"] == 1
    sounding = "SELECT count(*) FROM search_row WHERE words @@ 'wangxiaoyan'"
    assert await db.pool.fetchval(sounding) == 1
    assert (await tidy(db, blobs, VAULT, clock, "test"))[-2].rows == 0
