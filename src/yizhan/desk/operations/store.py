"""Five short reads, whatever the load."""

from datetime import datetime

from yizhan.desk.operations.model import DatabaseState, OutboundState, ReaderState, State
from yizhan.foundation.db import Tx, load_queries
from yizhan.foundation.journal import lags

SQL = load_queries(__package__)


async def state(tx: Tx, now: datetime) -> State:
    outbound = await tx.fetchrow(SQL.outbound, now)
    database = await tx.fetchrow(SQL.database)
    assert outbound is not None
    assert database is not None
    return State(
        readers=[ReaderState(*each) for each in await lags(tx)],
        unplaced=await tx.fetchval(SQL.unplaced),
        timers_held=await tx.fetchval(SQL.timers_held),
        outbound=OutboundState(**{**outbound, "overdue_s": max(0.0, outbound["overdue_s"])}),
        database=DatabaseState(**database),
    )
