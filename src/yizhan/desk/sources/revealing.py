"""A personal value of a customer in clear, for a stated reason that stays in the journal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from yizhan.desk.sources import sealing
from yizhan.foundation.crypto import Vault
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import NotFound
from yizhan.records import contacts
from yizhan.records.profiles import Value


async def reveal_field(
    tx: Tx, vault: Vault, contact_id: UUID, key: str, *, reason: str, actor: str, now: datetime
) -> Value:
    kept = (await contacts.contact(tx, contact_id)).fields.get(key)
    if not isinstance(kept, Mapping) or "sealed" not in kept:
        raise NotFound(f"nothing hidden is known in the field {key}")
    await contacts.journal_reveal(tx, contact_id, {"field": key}, reason=reason, actor=actor, now=now)
    return sealing.open_shown(contact_id, key, kept, await contacts.key_of(tx, vault, contact_id))
