"""`yizhan keys rotate`: a fresh master key, and everything the old one wrapped wrapped anew."""

from __future__ import annotations

import msgspec

from yizhan.app.settings import Settings
from yizhan.desk import channels, connectors, outlets, views
from yizhan.foundation.blobs import open_blobs
from yizhan.foundation.crypto import Vault, replace_keys
from yizhan.foundation.db import Database, open_database, start_server
from yizhan.records import contacts, inboxes


class Rotated(msgspec.Struct, frozen=True):
    """What was wrapped anew. The old key stays in the ring: a process still running may need it until its restart."""

    key: int
    contacts: int
    inboxes: int
    outlets: int
    """And connectors: the ways to others."""
    files: int


async def rotate_keys(settings: Settings) -> Rotated:
    """The new ring is on disk before anything is wrapped under it; a rotation cut off is finished by the next one."""
    ring = settings.keys.rotated()
    replace_keys(settings.keys_file, ring)
    with start_server(settings.data_dir, database_url=settings.database_url) as server:
        db = await open_database(server.dsn, max_size=2)
        try:
            return await _rewrap(db, Vault(ring), settings.blobs_url, ring.current)
        finally:
            await db.close()


async def _rewrap(db: Database, vault: Vault, blobs_url: str, key: int) -> Rotated:
    people = await contacts.rewrap_contacts(db, vault)
    async with db.transaction() as tx:
        doors = await inboxes.rewrap_secrets(tx, vault)
        await channels.rewrap_refs(tx, vault)
        ways = await outlets.rewrap_secrets(tx, vault) + await connectors.rewrap_secrets(tx, vault)
    blobs = open_blobs(blobs_url, vault)
    async with db.read() as tx:
        named = await views.blobs_named(tx)
    files = 0
    for name in named:
        files += await blobs.exists(name) and await blobs.rewrap(name)
    return Rotated(key, people, doors, ways, files)
