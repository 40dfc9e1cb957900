"""A small shop to receive messages for: one brand, one team, a chat inbox and a mail inbox."""

from __future__ import annotations

import hashlib
from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.desk.intake import InboundMessage, Intake, Sender
from yizhan.foundation.clock import Clock
from yizhan.foundation.crypto import Vault, new_keyring
from yizhan.foundation.db import Database
from yizhan.foundation.ids import new_id
from yizhan.foundation.text import is_thanks_only


class Shop(msgspec.Struct):
    db: Database
    clock: Clock
    intake: Intake
    vault: Vault
    brand: UUID
    team: UUID
    chat: UUID
    mail: UUID


async def open_shop(db: Database, clock: Clock, vault: Vault | None = None) -> Shop:
    now = clock.now()
    brand, team, chat, mail = (new_id(now) for _ in range(4))
    async with db.transaction() as tx:
        await tx.execute("INSERT INTO brand VALUES ($1, 'home', '家电')", brand)
        await tx.execute("INSERT INTO team (id, key, name) VALUES ($1, 'after', '售后')", team)
        for inbox, channel in ((chat, "webchat"), (mail, "email")):
            await tx.execute(
                "INSERT INTO inbox (id, key, channel, name, brand_id, team_id, settings, created_at)"
                " VALUES ($1, $2, $2, $2, $3, $4, '{}', $5)",
                inbox, channel, brand, team, now,
            )  # fmt: skip
    kept: dict[str, bytes] = {}

    async def keep(raw: bytes) -> str:
        key = hashlib.sha256(raw).hexdigest()
        kept[key] = raw
        return key

    vault = vault or Vault(new_keyring())
    intake = Intake(db, vault, clock, new_id, is_thanks_only, keep)
    await intake.load_inboxes()
    return Shop(db, clock, intake, vault, brand, team, chat, mail)


def says(
    inbox: UUID, who: str, text: str, at: datetime, *, n: int | str | None = None, **more: object
) -> InboundMessage:
    """A visitor's line; the same `n` is the same delivery."""
    kind = "email" if "@" in who else "visitor"
    sender = Sender(kind=kind, value=who, inbox_scoped=kind == "visitor", authenticated=kind == "email")
    unique = f"{inbox}{who}{text}{at}" if n is None else str(n)
    fields: dict[str, object] = {
        "inbox_id": inbox, "sender": sender, "name": who, "text": text, "at": at, "received_at": at,
        "dedupe": hashlib.sha256(unique.encode()).digest()[:16], **more,
    }  # fmt: skip
    return InboundMessage(**fields)  # type: ignore[arg-type]
