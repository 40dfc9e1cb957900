"""The reader that hears when something is new about a contact, and the run through all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from yizhan.desk.resolution import service, store
from yizhan.desk.resolution.model import Run
from yizhan.desk.resolution.rules import ResolutionDocument
from yizhan.foundation.clock import Clock
from yizhan.foundation.crypto import Vault
from yizhan.foundation.db import Database, Tx
from yizhan.foundation.errors import Conflict
from yizhan.foundation.ids import new_id
from yizhan.foundation.jobs import Job, enqueue
from yizhan.foundation.journal import Entry, Event, Reader, emit

UNDONE = "contact.unlinked"
KINDS = frozenset({
    "contact.claimed", "contact.changed", "profile.changed", "order.changed", "order.quoted", "identity.added",
    "identity.shared", "identity.disputed", "identity.ended", UNDONE,
})  # fmt: skip
"""Never a message: what somebody writes says who he is only where it claims something."""

RESOLVE = "resolve"
_BATCH = 100
_MOST_SHOWN = 500

Rules = Callable[[], ResolutionDocument]


def resolution_reader(db: Database, clock: Clock, vault: Vault, rules: Rules) -> Reader:
    async def take(tx: Tx, entries: Sequence[Entry]) -> None:
        ids = sorted({e.contact_id for e in entries if e.contact_id is not None})
        now = clock.now()
        await store.undone(tx, [(UUID(str(e.data["link"])), e.actor, e.at) for e in entries if e.kind == UNDONE])
        for at in range(0, len(ids), _BATCH):
            some = ids[at : at + _BATCH]
            found = await service.weigh(tx, vault, rules(), some, now)
            await service.ask(tx, some, found.review, now)
            for weighed in found.links:
                await _join(tx, weighed, now)

    return Reader(db, clock, "resolution", take, kinds=KINDS, patient=True)


async def _join(tx: Tx, weighed: store.Weighed, now: datetime) -> None:
    try:
        async with tx.transaction():
            await service.join(tx, weighed, now)
    except Conflict:
        return  # linked meanwhile, or two identity cards came together: nothing is lost


async def start_run(tx: Tx, *, dry: bool, by: str, now: datetime) -> Run:
    """批量归并: looks through all contacts; a dry one says what it would do and does nothing."""
    run_id, total = new_id(now), await store.contacts_count(tx)
    if not await store.add_run(tx, run_id, dry, total, by, now):
        raise Conflict("another run is at work; wait for it or cancel it")
    await enqueue(tx, RESOLVE, {"run": str(run_id)}, key=str(run_id))
    await _tell(tx, "resolution.started", run_id, 1, by, now, {"dry": dry, "total": total})
    return await store.run(tx, run_id)


async def cancel_run(tx: Tx, run_id: UUID, *, by: str, now: datetime) -> Run:
    """What it has linked so far stays linked, and can be taken back one by one."""
    if not await store.end_run(tx, run_id, "cancelled", now):
        raise Conflict("this run is over")
    await _tell(tx, "resolution.ended", run_id, 2, by, now, {"state": "cancelled"})
    return await store.run(tx, run_id)


async def run(db: Database, clock: Clock, vault: Vault, rules: Rules, job: Job) -> None:
    """Until everybody was looked at, or somebody cancels. A worker that dies is followed by one that goes on."""
    run_id = UUID(str(job.payload["run"]))
    while await step(db, clock, vault, rules(), run_id):
        continue


async def step(db: Database, clock: Clock, vault: Vault, rules: ResolutionDocument, run_id: UUID) -> bool:
    """The next contacts; False when nothing is left."""
    now = clock.now()
    async with db.read() as tx:
        told = await store.run(tx, run_id)
        ids = await store.contacts_after(tx, told.after, _BATCH) if told.state == "running" else []
    if not ids:
        await _end(db, run_id, now)
        return False
    if told.dry:
        async with db.transaction() as tx:
            found = _once(await service.weigh(tx, vault, rules, ids, now), ids)
            shown = service.previewed([*found.links, *found.review, *found.conflicts])
            await store.forget_previews(tx, run_id)
            await store.put_previews(tx, run_id, shown[: max(0, _MOST_SHOWN - told.links - told.candidates)])
    else:
        found = _once(await service.examine(db, vault, rules, ids, now), ids)
    pairs = [*found.links, *found.review, *found.conflicts, *found.nothing]
    counted = (len(pairs), len(found.links), len(found.review), len(found.conflicts))
    async with db.transaction() as tx:
        await store.count_patterns(tx, run_id, Counter(_levels(w) for w in pairs))
        await store.advance(tx, run_id, ids[-1], len(ids), counted)
    return True


def _once(found: service.Examined, ids: Sequence[UUID]) -> service.Examined:
    """A pair is met at both of its contacts; it counts at the second, when both are known as they are now."""
    here = set(ids)
    return service.Examined(**{
        name: tuple([w for w in getattr(found, name) if w.pair[1] in here]) for name in found.__struct_fields__
    })  # fmt: skip


def _levels(weighed: store.Weighed) -> store.Levels:
    return tuple(sorted((each.field, each.level) for each in weighed.judgement.findings))


async def _end(db: Database, run_id: UUID, now: datetime) -> None:
    async with db.transaction() as tx:
        if await store.end_run(tx, run_id, "ended", now):
            told = await store.run(tx, run_id)
            facts = {"state": "ended", "dry": told.dry, "links": told.links, "candidates": told.candidates}
            await _tell(tx, "resolution.ended", run_id, 2, told.by, now, facts)


async def _tell(
    tx: Tx, kind: str, run_id: UUID, version: int, by: str, now: datetime, facts: dict[str, object]
) -> None:
    await emit(tx, [Event(kind=kind, subject=run_id, subject_version=version, at=now, actor=by, data=facts)])
