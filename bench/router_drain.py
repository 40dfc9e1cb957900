"""`router_drain`: 1,000 places become free at once; how long until all are filled and written."""

from __future__ import annotations

import asyncio
import os
import time
from datetime import timedelta
from uuid import UUID

from bench import places
from bench.house import load_average
from bench.report import figure
from yizhan.desk.routing import Router
from yizhan.foundation.clock import SystemClock
from yizhan.foundation.db import Database, migrate, open_database, start_server
from yizhan.foundation.ids import new_id
from yizhan.foundation.journal import Event, Feed, Sequencer, Wake, emit
from yizhan.foundation.lease import Lease
from yizhan.records import agents
from yizhan.records.agents import NewAgent, PresenceState

PLACES = int(os.environ.get("YIZHAN_BENCH_PLACES", "1000"))
_CAP = 5


def run() -> None:
    with places.folder() as data, start_server(data) as server:
        asyncio.run(_run(server.dsn))


async def _run(dsn: str) -> None:
    await migrate(dsn)
    db = await open_database(dsn)
    clock = SystemClock()
    journal, lease = (Lease(db, name, str(new_id(clock.now())), timedelta(hours=1)) for name in ("journal", "router"))
    await journal.step()
    await lease.step()
    feed = Feed(db)
    await feed.start()
    sequencer = Sequencer(db, journal, Wake(), lambda pos: None)
    await _hire(db, clock)
    await _wait_for_somebody(db, clock)
    router = Router(db, clock, lease, feed)
    await _tell(sequencer, feed)
    assert await router.turn() == 0
    await db.pool.execute("UPDATE agent SET live_cap = $1", _CAP)
    async with db.transaction() as tx:
        at = clock.now()
        heard = Event(kind="team.changed", subject=new_id(at), subject_version=1, at=at, data={}, actor="bench")
        await emit(tx, [heard])
    await _tell(sequencer, feed)
    began = time.perf_counter()
    given = await router.turn()
    took = time.perf_counter() - began
    assert given == PLACES, f"{given} of {PLACES} were filled"
    limit = await _rows_again(db)
    figure("router_drain", 1000 * took, "ms", goal="< 1000", limit=1000 * limit, ratio=took / limit, detail={
        "places": PLACES, "waiting_before": 2 * PLACES, "per_assignment_ms": round(1000 * took / PLACES, 3),
        "load_average": load_average(), "limit_is": "the same assignment rows copied once more in one statement",
    })  # fmt: skip
    await db.close()


async def _tell(sequencer: Sequencer, feed: Feed) -> None:
    while await sequencer.drain():
        pass
    while await feed.step():
        pass


async def _hire(db: Database, clock: SystemClock) -> None:
    now = clock.now()
    async with db.transaction() as tx:
        await agents.ensure_roles(tx, now)
        role = await tx.fetchval("SELECT id FROM role WHERE key = 'agent'")
        for n in range(PLACES // _CAP):
            new = NewAgent(login=f"a{n}", name=f"A{n}", role_id=role, live_cap=0, async_cap=0)
            agent_id = await agents.create_agent(tx, new, now, "bench")
            await agents.set_presence(tx, agent_id, PresenceState.ONLINE, None, now, f"agent:{agent_id}")


async def _wait_for_somebody(db: Database, clock: SystemClock) -> None:
    """Twice as many as places, each with a ticket and words of their own."""
    now = clock.now()
    ids: list[tuple[UUID, UUID]] = [(new_id(now), new_id(now)) for _ in range(2 * PLACES)]
    brand, inbox = new_id(now), new_id(now)
    await db.pool.execute(
        "INSERT INTO ticket (id, brand_id, contact_id, subject, type, status, priority, channel, ready, waiting_since,"
        " last_message_at, created_at) SELECT i, $2, $2, '发票', 'consult', 'new', 2, 'webchat', true, $3, $3, $3"
        " FROM unnest($1::uuid[]) i", [ticket for _, ticket in ids], brand, now,
    )  # fmt: skip
    await db.pool.execute(
        "INSERT INTO conversation (id, inbox_id, identity_id, contact_id, brand_id, ticket_id, channel, live, phase,"
        " ready, seniority, queued_at, waiting_since, last_message_at, created_at)"
        " SELECT c, $3, c, $4, $4, t, 'webchat', true, 'queued', true, $5, $5, $5, $5, $5"
        " FROM unnest($1::uuid[], $2::uuid[]) u(c, t)",
        [each for each, _ in ids], [ticket for _, ticket in ids], inbox, brand, now,
    )  # fmt: skip
    await db.pool.execute("ANALYZE conversation, ticket, assignment, agent, presence, agent_load")


async def _rows_again(db: Database) -> float:
    began = time.perf_counter()
    await db.pool.execute("CREATE TABLE again AS SELECT * FROM assignment")
    return time.perf_counter() - began
