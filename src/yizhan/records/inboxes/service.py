"""Inboxes opened and changed. Their events name the fields that changed, never what they hold."""

import base64
import secrets as chance
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import UNSET

from yizhan.foundation.crypto import Vault
from yizhan.foundation.db import ForeignKeyViolation, Record, Tx, UniqueViolation
from yizhan.foundation.errors import Conflict, Invalid, NotFound
from yizhan.foundation.ids import new_id
from yizhan.foundation.journal import Event, emit
from yizhan.records.inboxes import store
from yizhan.records.inboxes.model import Inbox, InboxChange, NewInbox
from yizhan.records.inboxes.store import SQL

_KEY_BYTES = 10


async def inboxes(tx: Tx, vault: Vault) -> list[Inbox]:
    return [store.inbox_of(row, vault) for row in await tx.fetch(SQL.inboxes)]


async def inboxes_of(tx: Tx, vault: Vault, channel: str) -> list[Inbox]:
    """Those that are switched on."""
    return [store.inbox_of(row, vault) for row in await tx.fetch(SQL.inboxes_of, channel)]


async def inbox(tx: Tx, vault: Vault, inbox_id: UUID) -> Inbox:
    return store.inbox_of(_found(await tx.fetchrow(SQL.inbox, inbox_id)), vault)


async def inbox_by_key(tx: Tx, vault: Vault, key: str) -> Inbox:
    return store.inbox_of(_found(await tx.fetchrow(SQL.inbox_by_key, key)), vault)


async def secrets_of(tx: Tx, vault: Vault, inbox_id: UUID) -> dict[str, str]:
    """For the channel that needs them, at the moment it needs them."""
    row = _found(await tx.fetchrow(SQL.inbox, inbox_id))
    return store.opened(vault, inbox_id, row["secret"])


async def create_inbox(tx: Tx, vault: Vault, new: NewInbox, now: datetime, by: str) -> UUID:
    inbox_id = new_id(now)
    secret = store.sealed(vault, inbox_id, new.secrets)
    try:
        async with tx.transaction():
            await tx.execute(
                SQL.add_inbox, inbox_id, new.key or _new_key(), str(new.channel), new.name, new.brand_id, new.team_id,
                dict(new.settings), secret, new.enabled, now,
            )  # fmt: skip
    except UniqueViolation:
        raise Conflict(f"the key {new.key} is taken") from None
    except ForeignKeyViolation:
        raise Invalid("no such brand or team", "brand_id") from None
    facts: dict[str, object] = {"channel": str(new.channel), "enabled": new.enabled}
    await emit(tx, [_event("inbox.created", inbox_id, 1, new.brand_id, new.team_id, now, by, facts)])
    return inbox_id


async def change_inbox(
    tx: Tx, vault: Vault, inbox_id: UUID, version: int, change: InboxChange, now: datetime, by: str
) -> int:
    """The new version. Raises Conflict when the inbox was changed since `version`."""
    old = _found(await tx.fetchrow(SQL.lock_inbox, inbox_id))
    if old["version"] != version:
        raise Conflict("the inbox was changed meanwhile")
    fields = {name: value for name, value in msgspec.structs.asdict(change).items() if value is not UNSET}
    if not fields:
        return version
    after = {**dict(old), **fields, "secret": _resealed(vault, inbox_id, old["secret"], change)}
    raised = await _save(tx, inbox_id, after)
    facts: dict[str, object] = {"fields": sorted(fields), "enabled": after["enabled"]}
    await emit(tx, [_event("inbox.changed", inbox_id, raised, old["brand_id"], after["team_id"], now, by, facts)])
    return raised


async def stand(
    tx: Tx, inbox_id: UUID, *, live: bool, windows: Sequence[Mapping[str, object]], public: bool = False
) -> None:
    """What the inbox's channel says of it. It follows from its settings: nobody changed it, its version stays."""
    await tx.execute(SQL.stand, inbox_id, live, list(windows), public)


async def set_to(tx: Tx, channel: str, name: str, value: str) -> UUID | None:
    """The inbox of a channel that has this setting; None where there is none."""
    found: UUID | None = await tx.fetchval(SQL.set_to, channel, name, value)
    return found


async def cursor(tx: Tx, inbox_id: UUID, name: str) -> object:
    """Where a fetch stopped, as it was saved; None before the first."""
    return await tx.fetchval(SQL.cursor, inbox_id, name)


async def save_cursor(tx: Tx, inbox_id: UUID, name: str, value: object) -> None:
    await tx.execute(SQL.save_cursor, inbox_id, name, value)


async def keep_secret(tx: Tx, vault: Vault, inbox_id: UUID, name: str, value: str) -> None:
    """A secret that a vendor renewed by itself: nobody changed the inbox, so its version stays."""
    row = _found(await tx.fetchrow(SQL.lock_inbox, inbox_id))
    secrets = {**store.opened(vault, inbox_id, row["secret"]), name: value}
    await tx.execute(SQL.set_secret, inbox_id, store.sealed(vault, inbox_id, secrets))


def _resealed(vault: Vault, inbox_id: UUID, secret: bytes | None, change: InboxChange) -> bytes | None:
    if change.secrets is UNSET:
        return secret
    merged = {**store.opened(vault, inbox_id, secret), **change.secrets}
    return store.sealed(vault, inbox_id, {name: value for name, value in merged.items() if value is not None})


async def _save(tx: Tx, inbox_id: UUID, after: Mapping[str, object]) -> int:
    fields = ("name", "team_id", "settings", "secret", "enabled")
    try:
        async with tx.transaction():
            raised: int = await tx.fetchval(SQL.change_inbox, inbox_id, *(after[f] for f in fields))
    except ForeignKeyViolation:
        raise Invalid("no such team", "team_id") from None
    return raised


def _found(row: Record | None) -> Record:
    if row is None:
        raise NotFound("no such inbox")
    return row


def _new_key() -> str:
    return base64.b32encode(chance.token_bytes(_KEY_BYTES)).decode().lower()


def _event(
    kind: str,
    inbox_id: UUID,
    version: int,
    brand_id: UUID,
    team_id: UUID | None,
    now: datetime,
    by: str,
    facts: dict[str, object],
) -> Event:
    return Event(
        kind=kind,
        subject=inbox_id,
        subject_version=version,
        at=now,
        actor=by,
        brand_id=brand_id,
        team_id=team_id,
        data=facts,
    )


async def rewrap_secrets(tx: Tx, vault: Vault) -> int:
    """After the master key changed; returns how many inboxes' secrets were sealed anew."""
    changed = 0
    for row in await tx.fetch(SQL.sealed_secrets):
        fresh = store.rewrapped(vault, row["id"], row["secret"])
        if fresh != row["secret"]:
            await tx.execute(SQL.set_secret, row["id"], fresh)
            changed += 1
    return changed
