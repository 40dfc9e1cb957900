"""Doing what is to be done, one task after the other, one process at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

from yizhan.foundation.db import DATABASE_TROUBLE, Database
from yizhan.foundation.errors import DomainError
from yizhan.foundation.lease import Lease, LeaseLost
from yizhan.foundation.log import get_logger
from yizhan.foundation.upkeep import store
from yizhan.foundation.upkeep.model import Outcome, Task

log = get_logger(__name__)

LEASE = "upkeep"
_MOST_STEPS = 10_000  # of one task in one night; the next night goes on


async def run_tasks(db: Database, lease: Lease, tasks: Sequence[Task], now: datetime) -> list[Outcome]:
    """A task that fails is noted and does not keep the others from their turn. Raises LeaseLost, for whoever holds the
    lease now does the rest."""
    done = []
    for task in tasks:
        outcome = await _run(db, lease, task, now)
        async with db.transaction() as tx:
            await lease.check(tx)
            await store.note(tx, outcome)
        told = log.error if outcome.error else log.info
        told("upkeep.done", task=task.name, rows=outcome.rows, seconds=round(outcome.seconds, 3), error=outcome.error)
        done.append(outcome)
    return done


async def _run(db: Database, lease: Lease, task: Task, now: datetime) -> Outcome:
    loop = asyncio.get_running_loop()
    began = loop.time()
    rows = 0
    error: str | None = None
    try:
        for _ in range(_MOST_STEPS if task.until_none else 1):
            async with db.transaction() as tx:
                await lease.check(tx)
                step = await task.step(tx, now)
            rows += step
            if not step:
                break
    except LeaseLost:
        raise
    except (*DATABASE_TROUBLE, DomainError) as failure:
        error = repr(failure)[:1000]
    return Outcome(task.name, now, loop.time() - began, rows, error)
