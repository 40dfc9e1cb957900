"""The rows of posts, and secrets as they lie sealed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from yizhan.desk.outlets.model import NewPost, PostRow
from yizhan.desk.outlets.policy import MINUTE
from yizhan.foundation.crypto import OwnedSecrets, Vault
from yizhan.foundation.db import Record, Tx, load_queries

SQL = load_queries(__package__)
_SECRETS = OwnedSecrets("outlet")


async def put(tx: Tx, posts: Sequence[NewPost]) -> None:
    """No two of one outlet and topic."""
    if posts:
        await tx.execute(SQL.put, posts)


async def due(tx: Tx, now: datetime) -> list[str]:
    return [row["outlet"] for row in await tx.fetch(SQL.due, now)]


async def next_due(tx: Tx) -> datetime | None:
    at: datetime | None = await tx.fetchval(SQL.next_due)
    return at


async def due_of(tx: Tx, outlet: str, now: datetime) -> int:
    count: int = await tx.fetchval(SQL.due_of, outlet, now)
    return count


async def calls(tx: Tx, outlet: str, now: datetime) -> list[datetime]:
    """Those of the last minute."""
    return [row["called_at"] for row in await tx.fetch(SQL.calls, outlet, now - MINUTE)]


async def claim(tx: Tx, outlet: str, now: datetime, *, count: int, hold: timedelta, call: UUID) -> list[PostRow]:
    await tx.execute(SQL.claim, outlet, now, count, now + hold, call)
    return [_post(row) for row in await tx.fetch(SQL.of_call, call)]


async def sent(tx: Tx, call: UUID) -> None:
    await tx.execute(SQL.sent, call)


async def failed(tx: Tx, call: UUID, error: str) -> int:
    return len(await tx.fetch(SQL.failed, call, error))


async def again(tx: Tx, call: UUID, due_at: datetime, error: str, *, uncounted: bool) -> None:
    await tx.execute(SQL.again, call, due_at, error, uncounted)


async def reported(tx: Tx, id: UUID, error: str, *, failed: bool) -> str | None:
    """The outlet, where this is news."""
    outlet: str | None = await tx.fetchval(SQL.reported, id, error, failed)
    return outlet


async def drop(tx: Tx, outlet: str, error: str) -> None:
    await tx.execute(SQL.drop, outlet, error)


async def posts_of(tx: Tx, outlet: str, count: int = 50) -> list[PostRow]:
    return [_post(row) for row in await tx.fetch(SQL.posts_of, outlet, count)]


async def standings(tx: Tx, since: datetime) -> dict[str, Record]:
    return {row["name"]: row for row in await tx.fetch(SQL.standings, since)}


async def addresses(tx: Tx, agents: Iterable[UUID]) -> list[str]:
    return [row["email"] for row in await tx.fetch(SQL.addresses, list(agents))]


async def forget(tx: Tx, before: datetime, count: int) -> int:
    return len(await tx.fetch(SQL.forget, before, count))


async def secrets_of(tx: Tx, vault: Vault, outlet: str) -> dict[str, str]:
    sealed = await tx.fetchval(SQL.secret, outlet)
    return _SECRETS.open(vault, outlet.encode(), sealed) if sealed else {}


async def secrets_set(tx: Tx, vault: Vault) -> dict[str, list[str]]:
    """The names of those that are set, never what they say."""
    rows = await tx.fetch(SQL.secrets)
    return {row["outlet"]: sorted(_SECRETS.open(vault, row["outlet"].encode(), row["sealed"])) for row in rows}


async def put_secrets(tx: Tx, vault: Vault, outlet: str, secrets: Mapping[str, str], now: datetime) -> int:
    sealed = _SECRETS.seal(vault, outlet.encode(), secrets)
    version: int = await tx.fetchval(SQL.put_secret, outlet, sealed, now)
    return version


async def rewrap_secrets(tx: Tx, vault: Vault) -> int:
    changed = 0
    for row in await tx.fetch(SQL.secrets):
        fresh = _SECRETS.rewrap(vault, row["outlet"].encode(), row["sealed"])
        if fresh != row["sealed"]:
            await tx.execute(SQL.rewrapped, row["outlet"], fresh)
            changed += 1
    return changed


def _post(row: Record) -> PostRow:
    return msgspec.convert(dict(row), PostRow)
