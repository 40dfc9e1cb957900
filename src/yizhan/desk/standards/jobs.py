"""A conformance report on its way: some hundred contacts a step, the findings and the place in one transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from yizhan.desk.sources import ProfileRules, said_in_clear
from yizhan.desk.standards import policy, store
from yizhan.desk.standards.model import BEGUN, CONFORM, DONE, ConformanceRun, Whole
from yizhan.foundation.clock import Clock
from yizhan.foundation.crypto import DataKey, Vault
from yizhan.foundation.db import Database, Record, Tx
from yizhan.foundation.errors import Conflict
from yizhan.foundation.ids import new_id
from yizhan.foundation.jobs import Job, enqueue
from yizhan.foundation.journal import Event, emit
from yizhan.records import profiles

TOGETHER = 500


async def start(tx: Tx, *, by: str, now: datetime) -> ConformanceRun:
    """The report before it is forgotten."""
    id = new_id(now)
    if not await store.add_run(tx, id, by, now):
        raise Conflict("a report is at work; wait for it or cancel it")
    await store.forget_others(tx, id)
    await enqueue(tx, CONFORM, {"run": str(id)}, key=str(id))
    await _tell(tx, BEGUN, id, 1, by, now, {})
    return await store.run(tx, id)


async def cancel(tx: Tx, id: UUID, *, by: str, now: datetime) -> ConformanceRun:
    """What it has found so far stays to be read."""
    if not await store.end_run(tx, id, "cancelled", now):
        raise Conflict("this report is over")
    await _tell(tx, DONE, id, 2, by, now, {"state": "cancelled"})
    return await store.run(tx, id)


async def run(db: Database, vault: Vault, clock: Clock, rules: Callable[[], ProfileRules], job: Job) -> None:
    """Until everybody was looked at, or somebody cancels. A worker that dies is followed by one that goes on."""
    id = UUID(str(job.payload["run"]))
    while await _step(db, vault, clock.now(), rules(), id):
        continue


async def _step(db: Database, vault: Vault, now: datetime, rules: ProfileRules, id: UUID) -> bool:
    async with db.transaction() as tx:
        told = await store.run(tx, id, lock=True)
        if told.state != "running":
            return False
        rows = await store.contacts_after(tx, told.after, TOGETHER)
        if not rows:
            await _end(tx, told, now)
            return False
        looked = [each for one in await _whole(tx, vault, rows) for each in policy.look(one, rules)]
        await store.count(tx, id, policy.counted(looked))
        await store.advance(tx, id, rows[-1]["id"], len(rows))
    return True


async def _whole(tx: Tx, vault: Vault, rows: list[Record]) -> list[Whole]:
    keys = {row["id"]: vault.unwrap(row["data_key"], aad=row["id"].bytes) for row in rows}
    records: Mapping[UUID, dict[str, Mapping[str, Any]]] = defaultdict(dict)
    for kept in await profiles.records(tx, list(keys)):
        records[kept.contact_id][kept.source] = said_in_clear(kept, keys[kept.contact_id])
    known: Mapping[UUID, list[tuple[str, str]]] = defaultdict(list)
    for row in await store.identities(tx, list(keys)):
        known[row["contact_id"]].append((row["kind"], _opened(row, keys[row["contact_id"]])))
    return [Whole(r["id"], r["name"], r["level"], records[r["id"]], tuple(known[r["id"]])) for r in rows]


def _opened(row: Record, own: DataKey) -> str:
    return own.open(row["sealed"], aad=row["id"].bytes).decode()


async def _end(tx: Tx, told: ConformanceRun, now: datetime) -> None:
    await store.end_run(tx, told.id, "ended", now)
    broken = sum(each.found for each in await store.counts(tx, told.id) if each.problem)
    await _tell(tx, DONE, told.id, 2, told.by, now, {"state": "ended", "contacts": told.done, "broken": broken})


async def _tell(tx: Tx, kind: str, id: UUID, version: int, by: str, now: datetime, facts: dict[str, object]) -> None:
    await emit(tx, [Event(kind=kind, subject=id, subject_version=version, at=now, actor=by, data=facts)])
