"""The rows of the jobs. Queueing needs no pgqueuer: its table is ours to write."""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta

import msgspec

from yizhan.foundation.db import Database, Record, Tx, load_queries
from yizhan.foundation.jobs.model import HeldJob, Job, JobRequest

SQL = load_queries(__package__)
CHANNEL = "ch_pgqueuer"
_KEEP_LOG = timedelta(days=7)
_PRUNED_AT_ONCE = 5_000
_KEEP_KEYS = timedelta(days=90)


async def enqueue(
    tx: Tx,
    kind: str,
    payload: Mapping[str, object],
    *,
    key: str | None = None,
    priority: int = 0,
    after: timedelta = timedelta(0),
) -> int | None:
    """The number of the job, None if its key was used before. A greater priority goes first."""
    numbers = await enqueue_all(tx, [JobRequest(kind, payload, key, priority, after)])
    return numbers[0] if numbers else None


async def enqueue_all(tx: Tx, requests: Sequence[JobRequest]) -> list[int]:
    """The numbers of those that are new, in the order of the requests."""
    if not requests:
        return []
    rows = await tx.fetch(
        SQL.enqueue,
        [request.kind for request in requests],
        [msgspec.json.encode(request.payload) for request in requests],
        [f"{request.kind}:{request.key}" if request.key else None for request in requests],
        [request.priority for request in requests],
        [request.after for request in requests],
    )
    return [row["id"] for row in rows]


async def wake(db: Database) -> None:
    """After the commit, at most once a batch; a worker that misses it looks by itself."""
    async with db.pool.acquire() as connection:
        await connection.execute(SQL.wake_worker, CHANNEL)


async def queued_jobs(tx: Tx) -> int:
    number: int = await tx.fetchval(SQL.queued_jobs)
    return number


async def due_jobs(tx: Tx, kinds: Collection[str]) -> bool:
    """Whether a worker of these kinds has something to do now, or something to take over from one that died."""
    return bool(await tx.fetchval(SQL.due_jobs, list(kinds)))


async def held_jobs(tx: Tx, count: int = 100) -> list[HeldJob]:
    return [_held(row) for row in await tx.fetch(SQL.held_jobs, count)]


async def retry_held(tx: Tx, kind: str | None = None) -> int:
    """How many get another chance; wake the worker afterwards."""
    return len(await tx.fetch(SQL.retry_held, kind))


async def prune_jobs(tx: Tx, *, keep_log: timedelta = _KEEP_LOG, keep_keys: timedelta = _KEEP_KEYS) -> int:
    """A batch of each; how many rows went, to be called again until none did."""
    return (
        len(await tx.fetch(SQL.prune_log, keep_log, _PRUNED_AT_ONCE))
        + len(await tx.fetch(SQL.prune_statistics, keep_log, _PRUNED_AT_ONCE))
        + len(await tx.fetch(SQL.prune_keys, keep_keys, _PRUNED_AT_ONCE))
    )


def decode_payload(payload: bytes | None) -> dict[str, object]:
    return msgspec.json.decode(payload, type=dict[str, object]) if payload else {}


def _held(row: Record) -> HeldJob:
    job = Job(row["id"], row["kind"], decode_payload(row["payload"]), row["tries"])
    return HeldJob(job, row["error"], row["held_at"])
