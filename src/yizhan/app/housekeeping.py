"""Housekeeping: everything that is done once a day so that the house stays as it is. The one place that lists it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from yizhan.desk import (
    channels,
    connectors,
    imports,
    intake,
    notices,
    operations,
    outlets,
    push,
    search,
    segments,
    trail,
)
from yizhan.foundation import jobs, upkeep
from yizhan.foundation.blobs import Blobs
from yizhan.foundation.clock import Clock
from yizhan.foundation.crypto import Vault
from yizhan.foundation.db import Database, Tx
from yizhan.foundation.lease import Lease
from yizhan.foundation.log import get_logger
from yizhan.foundation.upkeep import Outcome, Task
from yizhan.records import access, counter, drafts, texts

log = get_logger(__name__)

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_OVERLAP = timedelta(days=1)
_MOST_CODES = 5_000


async def tidy(db: Database, blobs: Blobs, vault: Vault, clock: Clock, holder: str) -> list[Outcome]:
    """Whoever comes second finds the lease taken and leaves it to the first."""
    async with Lease(db, upkeep.LEASE, holder) as lease:
        if not lease.held:
            log.info("upkeep.elsewhere")
            return []
        return await upkeep.run_tasks(db, lease, tasks(blobs, vault), clock.now())


async def _partitions(tx: Tx, now: datetime) -> int:
    made = await upkeep.partitions_ahead(tx, now)
    for part, moved in made.items():
        log.info("partition.made", partition=part, moved=moved)
    return len(made)


async def _astray(tx: Tx, now: datetime) -> int:
    astray = await upkeep.rows_astray(tx)
    for table, rows in astray.items():
        log.error("partition.rows_astray", table=table, rows=rows)
    return sum(astray.values())


async def _orphans(tx: Tx, now: datetime) -> int:
    """Of what came since the last count, with a day in common; the first time of everything."""
    before = next((one for one in await upkeep.outcomes(tx) if one.task == operations.ORPHANS), None)
    since = _BEGINNING if before is None or before.rows or before.error else before.ran_at - _OVERLAP
    found = await operations.orphans(tx, since)
    for kind, rows in found.items():
        log.error("rows.orphaned", kind=kind, rows=rows)
    return sum(found.values())


async def _access(tx: Tx, now: datetime) -> int:
    return await access.sweep(tx, now, access.SessionTerms())


async def _jobs(tx: Tx, now: datetime) -> int:
    return await jobs.prune_jobs(tx)


async def _member_codes(tx: Tx, now: datetime) -> int:
    return await counter.forget_codes(tx, now - _OVERLAP, _MOST_CODES)


def tasks(blobs: Blobs, vault: Vault) -> tuple[Task, ...]:
    """What lies among the blobs goes with the rows that name it; numbers in what is indexed are hidden by the vault."""

    async def forget_imports(tx: Tx, now: datetime) -> int:
        return await imports.forget_old(tx, blobs, now)

    async def index_names(tx: Tx, now: datetime) -> int:
        return await search.index_names_anew(tx, vault)

    return (
        *_ROWS, Task("imports", forget_imports, until_none=True), Task("names", index_names, until_none=True),
        Task(operations.ORPHANS, _orphans),
    )  # fmt: skip


_ROWS = (
    Task("partitions", _partitions),
    Task("astray", _astray),
    Task("access", _access, until_none=True),
    Task("trail", trail.prune, until_none=True),
    Task("push", push.forget_old, until_none=True),
    Task("callback_keys", intake.forget_keys, until_none=True),
    Task("channels", channels.forget_old, until_none=True),
    Task("jobs", _jobs, until_none=True),
    Task("notices", notices.forget_read, until_none=True),
    Task("connectors", connectors.forget_runs, until_none=True),
    Task("outlets", outlets.forget_posts, until_none=True),
    Task("texts", texts.forget, until_none=True),
    Task("drafts", drafts.forget_old, until_none=True),
    Task("member_codes", _member_codes, until_none=True),
    Task("segments", segments.begin_anew),
)
