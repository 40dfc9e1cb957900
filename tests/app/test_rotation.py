"""A fresh master key: everything opens as before, and nothing needs the old one any more."""

from __future__ import annotations

from pathlib import Path

from tests.desk.intake.samples import open_shop, says
from yizhan.app.rotation import _rewrap, rotate_keys
from yizhan.app.settings import load_settings
from yizhan.foundation.blobs import open_blobs
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.crypto import Vault, new_keyring
from yizhan.foundation.db import Database
from yizhan.records import contacts


async def test_values_open_without_the_retired_key(db: Database, clock: FakeClock, tmp_path: Path) -> None:
    old = new_keyring()
    shop = await open_shop(db, clock, Vault(old))
    await shop.intake.accept(says(shop.mail, "wang@example.com", "您好", clock.now()))
    kept = await open_blobs(tmp_path.as_uri(), Vault(old)).put(b"photo", "image/png")
    await db.pool.execute("UPDATE message SET raw = $1", kept.hash)

    ring = old.rotated()
    done = await _rewrap(db, Vault(ring), tmp_path.as_uri(), ring.current)
    assert (done.contacts, done.files) == (1, 1)

    alone = Vault(ring.without(old.current))
    identity = await db.pool.fetchval("SELECT id FROM identity")
    async with db.read() as tx:
        assert await contacts.open_identity(tx, alone, identity) == "wang@example.com"
    assert await open_blobs(tmp_path.as_uri(), alone).get(kept.hash) == b"photo"
    again = await _rewrap(db, Vault(ring), tmp_path.as_uri(), ring.current)
    assert (again.contacts, again.files) == (0, 0)


async def test_the_new_ring_goes_where_the_old_one_came_from(db_dsn: str, tmp_path: Path) -> None:
    elsewhere = tmp_path / "vault" / "ring.toml"
    elsewhere.parent.mkdir()
    env = {
        "YIZHAN_DATA": str(tmp_path / "data"), "YIZHAN_KEYS_FILE": str(elsewhere), "YIZHAN_DATABASE_URL": db_dsn,
    }  # fmt: skip
    before = load_settings(env)
    done = await rotate_keys(before)
    after = load_settings(env)
    assert (before.keys.current, after.keys.current) == (done.key - 1, done.key)
    assert not (tmp_path / "data" / "keys.toml").exists()
