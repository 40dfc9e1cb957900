"""All SQL of devices and of what they were rung for."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.desk.outlets import Quiet
from yizhan.desk.push.model import AFTER_S, Device, Provider, PushSettings, Ringable, Unheard
from yizhan.foundation.crypto import OwnedSecrets, Vault
from yizhan.foundation.db import Tx, load_queries

SQL = load_queries(__package__)
_SECRETS = OwnedSecrets("push_token")
_MOST_DEVICES = 10


def _hash(vault: Vault, provider: Provider, token: str) -> bytes:
    return vault.blind(f"push:{provider}", token)


async def put(
    tx: Tx, vault: Vault, id: UUID, inbox_id: UUID, blind: bytes, provider: Provider, token: str, locale: str,
    now: datetime, quiet: Quiet | None,
) -> None:  # fmt: skip
    hashed = _hash(vault, provider, token)
    sealed = _SECRETS.seal(vault, hashed, {"token": token})
    await tx.execute(SQL.register, id, inbox_id, blind, provider, hashed, sealed, locale, now, quiet)
    await tx.execute(SQL.trim, inbox_id, blind, _MOST_DEVICES)


async def take_out(tx: Tx, vault: Vault, inbox_id: UUID, blind: bytes, provider: Provider, token: str) -> None:
    await tx.execute(SQL.withdraw, inbox_id, blind, provider, _hash(vault, provider, token))


async def adopt(tx: Tx, inbox_id: UUID, before: bytes, blind: bytes) -> None:
    await tx.execute(SQL.adopt, inbox_id, before, blind)


async def drop(tx: Tx, device_id: UUID) -> None:
    await tx.execute(SQL.drop, device_id)


async def waits(tx: Tx, conversations: Collection[UUID]) -> dict[UUID, int]:
    rows = await tx.fetch(SQL.waits, list(conversations), AFTER_S) if conversations else []
    return {row["id"]: row["seconds"] for row in rows}


async def unheard(tx: Tx, conversation_id: UUID) -> Unheard | None:
    row = await tx.fetchrow(SQL.unheard, conversation_id)
    return msgspec.convert(dict(row), Unheard) if row else None


async def note_rung(tx: Tx, conversation_id: UUID, message_id: UUID, now: datetime) -> None:
    await tx.execute(SQL.rung, conversation_id, message_id, now)


async def devices(tx: Tx, conversation_id: UUID) -> list[Ringable]:
    rows = await tx.fetch(SQL.devices, conversation_id)
    return [
        Ringable(row["id"], msgspec.convert(row["own"], Quiet | None), msgspec.convert(row["push"], PushSettings).quiet)
        for row in rows
    ]


async def device(tx: Tx, vault: Vault, id: UUID) -> Device | None:
    row = await tx.fetchrow(SQL.device, id)
    if row is None:
        return None
    opened = _SECRETS.open(vault, row["hash"], row["token"])
    return Device(id, Provider(row["provider"]), opened["token"], row["locale"])


async def forget(tx: Tx, before: datetime, count: int) -> int:
    forgotten: int = await tx.fetchval(SQL.forget, before, count)
    return forgotten
