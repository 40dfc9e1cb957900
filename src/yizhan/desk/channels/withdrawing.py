"""A customer took consent back, or closed his account, at his vendor: what the law asks for becomes work for people.

Nothing is erased by itself: what must be kept, and what may be held for a case, is for a person to judge.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from yizhan.desk.channels.model import Account
from yizhan.foundation.crypto import Vault
from yizhan.foundation.db import Tx
from yizhan.foundation.journal import Event, emit
from yizhan.records import cases, inboxes, tickets
from yizhan.records.config import UNSORTED
from yizhan.records.tickets import By

WITHDRAWALS = frozenset({"authorization_revoked", "authorization_cancelled"})
"""Kinds of channel events."""
WITHDREW = "contact.withdrew"
_PRIORITY = 3


async def ask_for_erasure(tx: Tx, vault: Vault, account: Account, kind: str, contact_id: UUID, now: datetime) -> UUID:
    """A ticket for the team of the inbox, and a notice for the administrators."""
    inbox = await inboxes.inbox(tx, vault, account.inbox_id)
    is_held = await cases.is_held(tx, contact_id)
    said = tickets.line("withdrew_held" if is_held else "withdrew", act=kind)
    made = await tickets.create_ticket(
        tx, contact_id=contact_id, subject=said, kind=UNSORTED, priority=_PRIORITY, text=said, by=By("system"), now=now,
        channel=account.channel, brand_id=inbox.brand_id, team_id=inbox.team_id,
    )  # fmt: skip
    await emit(tx, [Event(
        kind=WITHDREW, subject=contact_id, subject_version=1, at=now, actor=f"customer:{contact_id}",
        brand_id=inbox.brand_id, team_id=inbox.team_id, contact_id=contact_id, ticket_id=made,
        data={"act": kind, "held": is_held, "inbox": account.inbox_id},
    )])  # fmt: skip
    return made
