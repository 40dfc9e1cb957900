"""The journal reader that hears addresses in chats."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from yizhan.desk.claims import policy
from yizhan.foundation.clock import Clock
from yizhan.foundation.crypto import Vault
from yizhan.foundation.db import Database, Tx, load_queries
from yizhan.foundation.journal import Entry, Reader
from yizhan.records import contacts

SQL = load_queries(__package__)
KINDS = frozenset({"message.received"})


def claims_reader(db: Database, clock: Clock, vault: Vault) -> Reader:
    async def take(tx: Tx, entries: Sequence[Entry]) -> None:
        ids = [UUID(e.data["message"]) for e in entries]
        for row in await tx.fetch(SQL.said, ids):
            for kind, value, masked in policy.claimed(row["text"]):
                await contacts.claim(
                    tx, vault, row["contact_id"], kind=kind, value=value, masked=masked,
                    actor=f"customer:{row['contact_id']}", now=clock.now(),
                )  # fmt: skip

    return Reader(db, clock, "claims", take, kinds=KINDS)
