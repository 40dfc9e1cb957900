"""The journal reader that hears addresses in chats, and orders that are named."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from yizhan.desk.claims import policy
from yizhan.foundation.clock import Clock
from yizhan.foundation.crypto import Vault
from yizhan.foundation.db import Database, Tx, load_queries
from yizhan.foundation.journal import Entry, Event, Reader, emit
from yizhan.records import contacts

SQL = load_queries(__package__)
KINDS = frozenset({"message.received"})


def claims_reader(db: Database, clock: Clock, vault: Vault) -> Reader:
    async def take(tx: Tx, entries: Sequence[Entry]) -> None:
        ids = [UUID(e.data["message"]) for e in entries]
        rows = await tx.fetch(SQL.said, ids)
        await emit(tx, [_quoted(row["ticket_id"], row["contact_id"], clock.now()) for row in rows if row["quotes"]])
        for row in rows:
            for kind, value, masked in policy.claimed(row["text"]):
                await contacts.claim(
                    tx, vault, row["contact_id"], kind=kind, value=value, masked=masked,
                    actor=f"customer:{row['contact_id']}", now=clock.now(),
                )  # fmt: skip

    return Reader(db, clock, "claims", take, kinds=KINDS)


def _quoted(ticket_id: UUID, contact_id: UUID, now: datetime) -> Event:
    """An order that he names is evidence of who he is. Which order it is stays in the ticket."""
    return Event(
        kind="order.quoted", subject=ticket_id, subject_version=1, at=now, actor=f"customer:{contact_id}",
        contact_id=contact_id, ticket_id=ticket_id, data={},
    )  # fmt: skip
