"""`yizhan web` and two `yizhan router` on one database with NATS between: the holder is frozen, killed, NATS too."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.faults.chance import fresh_seed, say, until
from tests.faults.cluster import Node, ready
from tests.faults.load import Load
from tests.faults.site import furnish, new_site
from tests.faults.test_kill import check
from tests.foundation.bus.test_nats import Server
from yizhan.foundation.db import Database, open_database, start_server

pytestmark = pytest.mark.slow


@pytest.fixture
async def nats() -> AsyncIterator[Server]:
    server = Server()
    await server.start()
    yield server
    await server.stop()


async def test_a_frozen_holder_a_killed_one_and_a_lost_bus_cost_time_and_nothing_else(nats: Server) -> None:
    seed = fresh_seed()
    with new_site() as site:
        await furnish(site)
        with start_server(site.data_dir) as server:
            db = await open_database(server.dsn, max_size=2)
            nodes = [Node(site, part, server.dsn, nats.url) for part in ("web", "router", "router", "worker")]
            web, *routers, _ = nodes
            await ready(site.url)
            async with Load(site.url, seed, senders=2) as load:
                await load.more(20)
                holder = await holding(db, routers)
                say(f"frozen: {holder.process.pid}")
                holder.freeze()
                other = next(one for one in routers if one is not holder)
                await until(lambda: _moves(db, other))
                await load.more(20)
                holder.wake()
                await nats.stop()
                await load.more(20)
                await nats.start()
                other.kill()
                await until(lambda: _moves(db, holder))
                web.kill()
                nodes.append(Node(site, "web", server.dsn, nats.url))
                await load.more(20)
            say(f"{len(load.acknowledged)} acknowledged in {load.brought} deliveries, refused {len(load.refused)}")
            await check(site, load)
            assert [one.end() for one in nodes if one not in (web, other)] == [0, 0, 0]
            assert await db.pool.fetchval("SELECT count(*) FROM lease WHERE until > clock_timestamp()") == 0
            await db.close()


async def holding(db: Database, routers: list[Node]) -> Node:
    """Who gives the positions; both were started together."""
    async with asyncio.timeout(20):
        while True:
            holder = await db.pool.fetchval("SELECT holder FROM lease WHERE name = 'journal'")
            for one in routers:
                if holder and one.holds(holder):
                    return one
            await asyncio.sleep(0.05)


async def _moves(db: Database, by: Node) -> bool:
    """It holds the lease, and what was written meanwhile gets its place."""
    row = await db.pool.fetchrow("SELECT l.holder, h.pos FROM lease l, journal_head h WHERE l.name = 'journal'")
    if row is None or not by.holds(row["holder"]):
        return False
    await asyncio.sleep(0.2)
    return bool(await db.pool.fetchval("SELECT pos > $1 FROM journal_head", row["pos"]))
