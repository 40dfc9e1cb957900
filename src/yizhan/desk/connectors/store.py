"""The rows of connectors, and secrets as they lie sealed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec

from yizhan.desk.connectors.model import CallFailed, Counts, Run, State
from yizhan.foundation.crypto import OwnedSecrets, Vault
from yizhan.foundation.db import Record, Tx, load_queries

SQL = load_queries(__package__)
_SECRETS = OwnedSecrets("connector")


class Address(NamedTuple):
    identity_id: UUID
    kind: str
    verified_at: datetime | None
    own: bool


async def states(tx: Tx, names: Sequence[str]) -> dict[str, State]:
    """A connector that was never asked stands well."""
    known = {row["connector"]: msgspec.convert(dict(row), State) for row in await tx.fetch(SQL.states, names)}
    return {name: known.get(name) or State(connector=name) for name in names}


async def lock_state(tx: Tx, name: str) -> State:
    await tx.execute(SQL.ensure_state, name)
    return msgspec.convert(dict(await tx.fetchrow(SQL.lock_state, name) or {}), State)


async def save_state(tx: Tx, s: State) -> int:
    version: int = await tx.fetchval(
        SQL.save_state, s.connector, s.failures, s.cause and str(s.cause), s.detail, s.failing_since, s.told,
        s.tried_at, s.succeeded_at, s.pulled_since, s.next_at,
    )  # fmt: skip
    return version


async def claim_call(tx: Tx, name: str, minute: datetime, most: int) -> bool:
    await tx.execute(SQL.ensure_state, name)
    return await tx.fetchval(SQL.claim_call, name, minute, most) is not None


async def begin_run(tx: Tx, id: UUID, name: str, why: str, now: datetime, contact: UUID | None = None) -> bool:
    return await tx.fetchval(SQL.begin_run, id, name, why, contact, now) is not None


async def run(tx: Tx, id: UUID) -> Run | None:
    row = await tx.fetchrow(SQL.run, id)
    return _run(row) if row is not None else None


async def move_run(tx: Tx, id: UUID, now: datetime, place: str | None, pages: int, counts: Counts) -> None:
    await tx.execute(
        SQL.move_run, id, now, place, pages, counts.created, counts.changed, counts.same, counts.refused,
        list(counts.problems),
    )  # fmt: skip


async def end_run(tx: Tx, id: UUID, now: datetime, failure: CallFailed | None) -> bool:
    cause, detail = (str(failure.cause), failure.detail[:500]) if failure else (None, "")
    return await tx.fetchval(SQL.end_run, id, now, cause, detail) is not None


async def end_lost_runs(tx: Tx, before: datetime) -> list[str]:
    return [row["connector"] for row in await tx.fetch(SQL.lost_runs, before)]


async def runs(tx: Tx, name: str, count: int) -> list[Run]:
    return [_run(row) for row in await tx.fetch(SQL.runs, name, count)]


async def looks(tx: Tx, contact: UUID) -> dict[str, datetime | None]:
    return {row["connector"]: row["looked_at"] for row in await tx.fetch(SQL.looks, contact)}


async def claim_look(tx: Tx, name: str, contact: UUID, now: datetime, before: datetime) -> bool:
    return await tx.fetchval(SQL.claim_look, name, contact, now, before) is not None


async def looked(tx: Tx, name: str, contact: UUID, now: datetime) -> None:
    await tx.execute(SQL.looked, name, contact, now)


async def unclaim(tx: Tx, name: str, contact: UUID) -> None:
    await tx.execute(SQL.unclaim, name, contact)


async def addresses(tx: Tx, contact: UUID, kinds: Sequence[str]) -> list[Address]:
    """Of the whole person, what was proved last first."""
    return [Address(*row.values()) for row in await tx.fetch(SQL.addresses, contact, kinds)]


async def records_of(tx: Tx, contact: UUID) -> list[UUID]:
    return [row["id"] for row in await tx.fetch(SQL.records_of, contact)]


async def forget_runs(tx: Tx, before: datetime, count: int) -> int:
    return len(await tx.fetch(SQL.forget_runs, before, count))


async def secrets_of(tx: Tx, vault: Vault, name: str) -> dict[str, str]:
    sealed = await tx.fetchval(SQL.secret, name)
    return _SECRETS.open(vault, name.encode(), sealed) if sealed else {}


async def secrets_set(tx: Tx, vault: Vault) -> dict[str, list[str]]:
    """The names of those that are set, never what they say."""
    rows = await tx.fetch(SQL.secrets)
    return {row["connector"]: sorted(_SECRETS.open(vault, row["connector"].encode(), row["sealed"])) for row in rows}


async def put_secrets(tx: Tx, vault: Vault, name: str, secrets: Mapping[str, str], now: datetime) -> int:
    sealed = _SECRETS.seal(vault, name.encode(), secrets)
    version: int = await tx.fetchval(SQL.put_secret, name, sealed, now)
    return version


async def rewrap_secrets(tx: Tx, vault: Vault) -> int:
    """After the master key changed: how many were sealed anew."""
    changed = 0
    for row in await tx.fetch(SQL.secrets):
        fresh = _SECRETS.rewrap(vault, row["connector"].encode(), row["sealed"])
        if fresh != row["sealed"]:
            await tx.execute(SQL.rewrapped, row["connector"], fresh)
            changed += 1
    return changed


def _run(row: Record) -> Run:
    return msgspec.convert(dict(row), Run)
