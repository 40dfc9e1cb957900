"""All SQL of imports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from yizhan.desk.imports.model import Fault, Import, ImportKind, ImportPlan
from yizhan.desk.sources import Problem
from yizhan.foundation.crypto import Vault
from yizhan.foundation.db import Tx, load_queries
from yizhan.foundation.errors import NotFound

SQL = load_queries(__package__)
_KEPT = timedelta(days=30)
_FORGOTTEN_AT_ONCE = 50


async def add(
    tx: Tx, id: UUID, agent_id: UUID, kind: ImportKind, source: str, name: str, size: int, now: datetime
) -> None:
    await tx.execute(SQL.add, id, agent_id, kind, source, name, size, now)


async def job(tx: Tx, id: UUID, *, lock: bool = False) -> Import:
    row = await tx.fetchrow(SQL.lock if lock else SQL.job, id)
    if row is None:
        raise NotFound(f"import {id}")
    return msgspec.convert(dict(row), Import)


async def latest(tx: Tx, count: int = 30) -> list[Import]:
    return [msgspec.convert(dict(row), Import) for row in await tx.fetch(SQL.latest, count)]


async def set_part(tx: Tx, id: UUID, place: int, hash: str) -> None:
    await tx.execute(SQL.set_part, id, place + 1, hash)


async def begin(tx: Tx, id: UUID, plan: ImportPlan, dry: bool, now: datetime) -> None:
    await tx.execute(SQL.begin, id, msgspec.to_builtins(plan), dry, now)
    await tx.execute(SQL.forget_faults, id)


async def go_on(tx: Tx, id: UUID, done_bytes: int, done_rows: int, counts: Mapping[str, int]) -> None:
    await tx.execute(SQL.go_on, id, done_bytes, done_rows, dict(counts))


async def end(tx: Tx, id: UUID, state: str, now: datetime, fault: str | None = None) -> None:
    await tx.execute(SQL.end, id, state, fault, now)


async def add_faults(tx: Tx, vault: Vault, id: UUID, faults: Sequence[Fault]) -> None:
    if faults:
        await tx.execute(
            SQL.add_faults, id, [f.row for f in faults], [f.problems for f in faults],
            [vault.seal(msgspec.json.encode(f.cells), aad=id.bytes) for f in faults],
        )  # fmt: skip


async def faults(tx: Tx, vault: Vault, id: UUID, after: int, count: int) -> list[Fault]:
    """The next ones below row `after`."""
    return [
        Fault(row["row"], msgspec.convert(row["problems"], tuple[Problem, ...]),
              msgspec.json.decode(vault.open(row["sealed"], aad=id.bytes), type=tuple[str, ...]))
        for row in await tx.fetch(SQL.faults, id, after, count)
    ]  # fmt: skip


async def old(tx: Tx, now: datetime) -> list[Import]:
    """Some of those that are kept long enough, locked."""
    rows = await tx.fetch(SQL.old, now - _KEPT, _FORGOTTEN_AT_ONCE)
    return [msgspec.convert(dict(row), Import) for row in rows]


async def forget(tx: Tx, ids: Sequence[UUID]) -> None:
    await tx.execute(SQL.forget, ids)
