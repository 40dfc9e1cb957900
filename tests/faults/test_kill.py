"""kill -9 of the server, of PostgreSQL's postmaster and of its backends, at random instants under load."""

from __future__ import annotations

import asyncio
import random

import pytest

from tests.faults.chance import fresh_seed, say
from tests.faults.followers import Followers
from tests.faults.load import Load
from tests.faults.site import Site, furnish, new_site, settled
from yizhan.app.upkeep import verify_journal
from yizhan.desk.metrics import ALL, Metrics
from yizhan.foundation import journal
from yizhan.foundation.clock import SystemClock
from yizhan.foundation.db import Database, open_database, start_server
from yizhan.foundation.journal import Feed

pytestmark = pytest.mark.slow

ROUNDS = 20


async def test_what_was_acknowledged_is_there_once_whatever_was_killed() -> None:
    seed = fresh_seed()
    with new_site() as site:
        await furnish(site)
        followers = Followers(site, seed)
        await followers.open_account()
        site.start()
        await site.ready()
        async with Load(site.url, seed) as load, followers:
            await rounds(site, load, random.Random(seed))
        say(f"{len(load.acknowledged)} acknowledged in {load.brought} deliveries, refused {len(load.refused)}")
        say(f"{len(followers.acknowledged)} callbacks of WeChat acknowledged")
        await check(site, load, followers)
        site.kill()
        whole, words = await verify_journal(site.settings)
        assert whole, words
        await alter(site, 7)
        assert await verify_journal(site.settings) == (
            False, "The journal was altered: entry 7 is not what was written.",
        )  # fmt: skip


async def alter(site: Site, pos: int) -> None:
    with start_server(site.data_dir) as server:
        db = await open_database(server.dsn)
        await db.pool.execute("UPDATE event SET actor = 'agent:somebody-else' WHERE pos = $1", pos)
        await db.close()


async def rounds(site: Site, load: Load, chance: random.Random) -> None:
    for number in range(ROUNDS):
        async with asyncio.timeout(60):
            await load.more(chance.randrange(5, 60))
        await asyncio.sleep(chance.random() * 0.05)
        victim = chance.choice(("server", "server", "postmaster", "backend"))
        say(f"round {number}: {victim} after {len(load.acknowledged)}")
        if victim == "server":
            site.kill()
            site.start()
        elif victim == "postmaster":
            site.kill_postmaster()
        else:
            site.kill_backend(chance.random())
        async with asyncio.timeout(90):  # it starts slowly where much else runs
            await load.more(1)


async def check(site: Site, load: Load, followers: Followers | None = None) -> None:
    with start_server(site.data_dir) as server:
        db = await open_database(server.dsn)
        try:
            await settled(db)
            await check_messages(db, load)
            if followers is not None:
                await followers.check(db)
            await check_effects(db)
            await check_numbers(db)
        finally:
            await db.close()


async def check_messages(db: Database, load: Load) -> None:
    rows = await db.pool.fetch(
        "SELECT m.id, m.external_id FROM message m JOIN inbox x ON x.id = m.inbox_id"
        " WHERE m.direction = 'in' AND x.channel = 'generic'"
    )
    assert len(rows) == len({r["external_id"] for r in rows}), "a message is there twice"
    assert {r["external_id"]: str(r["id"]) for r in rows} == load.acknowledged


async def check_effects(db: Database) -> None:
    """Counters, events and readers' effects say the same as the messages."""
    total = await db.pool.fetchval("SELECT count(*) FROM message WHERE direction = 'in'")
    assert await db.pool.fetchval("SELECT sum(inbound_count) FROM conversation") == total
    received = "SELECT count(*), count(DISTINCT data->>'message') FROM event WHERE kind = 'message.received'"
    assert tuple(await db.pool.fetchrow(received) or ()) == (total, total)
    assert await db.pool.fetchval("SELECT count(*) FROM search_row WHERE kind = 'message'") == total
    assert await db.pool.fetchval("SELECT count(*) FROM reader_hold") == 0
    assert await db.pool.fetchval("SELECT count(*) FROM conversation WHERE phase <> 'ended'") == await db.pool.fetchval(
        "SELECT count(DISTINCT (identity_id, inbox_id)) FROM conversation WHERE phase <> 'ended'"
    )
    given = "SELECT work_id FROM assignment WHERE ended_at IS NULL GROUP BY 1 HAVING count(*) > 1"
    assert await db.pool.fetch(given) == []
    stale = await db.pool.fetch(
        "SELECT subject, pos, subject_version, lag(subject_version) OVER (PARTITION BY subject ORDER BY pos) AS before"
        " FROM event WHERE kind LIKE 'conversation.%' OR kind LIKE 'message.%'"
    )
    assert [r for r in stale if r["before"] is not None and r["subject_version"] < r["before"]] == []
    async with db.read() as tx:
        assert await journal.first_broken(tx, 1, (await journal.head(tx)).pos) is None


async def check_numbers(db: Database) -> None:
    """The live numbers, taken up where a killed process kept them, are those counted anew and those of the tables."""
    head = await db.pool.fetchval("SELECT pos FROM journal_head")
    kept = await db.pool.fetchval("SELECT pos FROM metrics_kept")
    if kept is None:
        return  # too short a life to keep any: there is nothing to be taken up
    assert 0 < kept < head, "nothing was kept between two kills"
    taken_up = await counted(db)
    await db.pool.execute("TRUNCATE metrics_kept")
    anew = await counted(db)
    assert taken_up.state.pos == anew.state.pos == head
    assert taken_up.state == anew.state
    told = anew.read(SystemClock().now())
    begun, waiting = "SELECT count(*) FROM conversation", "SELECT count(*) FROM conversation WHERE phase = 'queued'"
    assert told["entered", ALL] + told["written", ALL] == await db.pool.fetchval(begun)
    assert told["queue_length", ALL] == await db.pool.fetchval(f"{waiting} AND live")
    nobodys = "SELECT count(*) FROM ticket WHERE status = 'new' AND agent_id IS NULL AND merged_into IS NULL AND ready"
    assert told["unassigned", ALL] == await db.pool.fetchval(nobodys)


async def counted(db: Database) -> Metrics:
    """As a process that starts now counts."""
    feed = Feed(db)
    await feed.start()
    metrics = Metrics(db, feed, SystemClock(), keeps=False)
    await metrics.step()
    return metrics
