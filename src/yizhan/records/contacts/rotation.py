"""Rewrapping the contacts' keys after the master key changed; what those keys sealed stays as it is."""

from __future__ import annotations

from uuid import UUID

from yizhan.foundation.crypto import Vault
from yizhan.foundation.db import Database
from yizhan.records.contacts.store import SQL

_BATCH = 1000
_FIRST = UUID(int=0)


async def rewrap_contacts(db: Database, vault: Vault) -> int:
    """In batches of a thousand, each its own transaction: may be stopped and begun again. Returns how many changed."""
    after, changed = _FIRST, 0
    while True:
        async with db.transaction() as tx:
            rows = await tx.fetch(SQL.data_keys, after, _BATCH)
            old = [r for r in rows if not vault.is_current(r["data_key"])]
            if old:
                keys = [vault.rewrap(r["data_key"], aad=r["id"].bytes) for r in old]
                await tx.execute(SQL.set_data_keys, [r["id"] for r in old], keys)
                changed += len(old)
        if len(rows) < _BATCH:
            return changed
        after = rows[-1]["id"]
