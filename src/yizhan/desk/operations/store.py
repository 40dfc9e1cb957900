"""A few short reads, whatever the load."""

from datetime import datetime, timedelta

import msgspec

from yizhan.desk.operations.model import (
    DatabaseState,
    HeldKind,
    HeldWork,
    InboxTraffic,
    OutboundState,
    ReaderState,
    State,
)
from yizhan.foundation import jobs, timer
from yizhan.foundation.db import Tx, load_queries
from yizhan.foundation.ids import id_floor
from yizhan.foundation.journal import lags
from yizhan.foundation.lease import leases
from yizhan.foundation.upkeep import outcomes, rows_astray

SQL = load_queries(__package__)

_TRAFFIC = timedelta(days=7)
_ERROR_CHARS = 600


async def state(tx: Tx, now: datetime) -> State:
    outbound = await tx.fetchrow(SQL.outbound, now)
    database = await tx.fetchrow(SQL.database)
    lengths = await tx.fetchrow(SQL.lengths)
    assert outbound is not None
    assert database is not None
    assert lengths is not None
    return State(
        readers=[ReaderState(*each) for each in await lags(tx)],
        leases=await leases(tx),
        outbound=OutboundState(**{**outbound, "overdue_s": max(0.0, outbound["overdue_s"])}),
        database=DatabaseState(**database),
        astray=sum((await rows_astray(tx)).values()),
        upkeep=await outcomes(tx),
        **lengths,
    )


async def orphans(tx: Tx, since: datetime) -> dict[str, int]:
    """Of the rows since then: how many of each kind point to what is not there."""
    row = await tx.fetchrow(SQL.orphans, id_floor(since))
    assert row is not None
    return {name: count for name, count in row.items() if count}


async def held(tx: Tx, count: int = 100) -> list[HeldWork]:
    """Everything that failed too often and waits for somebody to look, the oldest of each kind first."""
    events = [
        HeldWork(HeldKind.EVENT, row["pos"], row["kind"], row["reader"], row["tries"], row["error"], row["held_at"])
        for row in await tx.fetch(SQL.held_events, count)
    ]
    timers = [
        HeldWork(HeldKind.TIMER, one.timer.id, one.timer.kind, "timers", one.timer.tries, one.error, one.timer.due)
        for one in await timer.held_timers(tx, count)
    ]
    tasks = [
        HeldWork(HeldKind.JOB, one.job.id, one.job.kind, "jobs", one.job.tries, _end(one.error), one.held_at)
        for one in await jobs.held_jobs(tx, count)
    ]
    return [*events, *timers, *tasks]


async def traffic(tx: Tx, now: datetime) -> list[InboxTraffic]:
    """Every inbox, by its id."""
    rows = await tx.fetch(SQL.traffic, id_floor(now - _TRAFFIC))
    return [msgspec.convert(dict(row), InboxTraffic) for row in rows]


def _end(error: str) -> str:
    """Of a traceback the end says what happened."""
    return error[-_ERROR_CHARS:]
