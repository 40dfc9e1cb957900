"""Two routers on one database: killed, frozen and woken, they never give one work to two agents."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest

from tests.desk.intake.samples import Shop, open_shop, says
from tests.faults.chance import fresh_seed, say, until
from tests.faults.child import Child
from yizhan.foundation.clock import SystemClock
from yizhan.foundation.db import Database
from yizhan.records import agents
from yizhan.records.agents import NewAgent, PresenceState

pytestmark = pytest.mark.slow

DEALER = "tests.faults.dealer"
CHATS, KILLS = 80, 6


@pytest.fixture
async def shop(db: Database) -> Shop:
    clock = SystemClock()
    opened = await open_shop(db, clock)
    now = clock.now()
    async with db.transaction() as tx:
        await agents.ensure_roles(tx, now)
        role = await tx.fetchval("SELECT id FROM role WHERE key = 'agent'")
        for n in range(4):
            new = NewAgent(login=f"a{n}", name=f"a{n}", role_id=role, live_cap=50, async_cap=1000)
            agent = await agents.create_agent(tx, new, now, "test")
            await tx.execute("INSERT INTO team_member VALUES ($1, $2)", opened.team, agent)
            # In for long: who has just come in is spared most of the mail that waits.
            since = now - timedelta(minutes=20)
            await agents.set_presence(tx, agent, PresenceState.ONLINE, None, since, f"agent:{agent}")
    return opened


@pytest.fixture
async def dealers() -> AsyncIterator[list[Child]]:
    started: list[Child] = []
    yield started
    for dealer in started:
        await dealer.kill()


async def visit(shop: Shop, number: int) -> None:
    """Half of them chats, half of them mails."""
    now = shop.clock.now()
    inbox, who = (shop.chat, f"v{number}") if number % 2 else (shop.mail, f"v{number}@example.com")
    await shop.intake.accept(says(inbox, who, f"第 {number} 句", now))


async def all_given(db: Database, works: int) -> None:
    async def served() -> bool:
        return bool(await db.pool.fetchval("SELECT count(*) >= $1 FROM conversation WHERE phase = 'served'", works))

    await until(served)


async def check(db: Database, visits: int) -> None:
    """Every visit is with one agent, given once; the counters say what the assignments say."""
    rows = await db.pool.fetch(
        "SELECT v.id, v.agent_id, t.agent_id AS handler, v.phase FROM conversation v"
        " JOIN ticket t ON t.id = v.ticket_id"
    )
    assert len(rows) == visits
    assert {r["phase"] for r in rows} == {"served"}
    assert all(r["agent_id"] == r["handler"] for r in rows)
    assert await db.pool.fetch("SELECT work_id FROM assignment GROUP BY 1 HAVING count(*) > 1") == []
    told = await db.pool.fetch(
        "SELECT subject FROM (SELECT subject, kind FROM event UNION ALL SELECT subject, kind FROM event_new) e"
        " WHERE kind IN ('conversation.assigned', 'ticket.assigned') GROUP BY subject, kind HAVING count(*) > 1"
    )
    assert told == []
    loads = await db.pool.fetch(
        "SELECT l.agent_id FROM agent_load l LEFT JOIN assignment a ON a.agent_id = l.agent_id AND a.ended_at IS NULL"
        " AND a.counted GROUP BY l.agent_id, l.live, l.async"
        " HAVING l.live <> count(a.id) FILTER (WHERE a.load = 'live')"
        " OR l.async <> count(a.id) FILTER (WHERE a.load = 'async')"
    )
    assert loads == []


async def holder(db: Database) -> str:
    return str(await db.pool.fetchval("SELECT holder FROM lease WHERE name = 'router'"))


async def test_routers_killed_at_random_under_load_give_every_work_once(
    db: Database, db_dsn: str, shop: Shop, dealers: list[Child]
) -> None:
    chance = random.Random(fresh_seed())
    dealers += [await Child.start(DEALER, db_dsn) for _ in range(2)]
    for dealer in dealers:
        await dealer.says("running")
    for number in range(CHATS):
        await visit(shop, number)
        if number % (CHATS // KILLS) == 5:
            await asyncio.sleep(chance.random() * 0.2)
            victim = chance.randrange(2)
            say(f"after {number}: dealer {victim}")
            await dealers[victim].kill()
            dealers[victim] = await Child.start(DEALER, db_dsn)
    await all_given(db, CHATS)
    await check(db, CHATS)


@pytest.mark.parametrize("freeze", ["freeze-before-write", "freeze-in-write"])
async def test_a_frozen_leader_that_wakes_up_changes_nothing(
    db: Database, db_dsn: str, shop: Shop, dealers: list[Child], freeze: str
) -> None:
    dealers.append(await Child.start(DEALER, db_dsn, freeze))
    await dealers[0].says("running")
    await visit(shop, 1)
    await dealers[0].says("frozen")
    frozen = await db.pool.fetchval("SELECT holder FROM lease WHERE name = 'router'")
    dealers.append(await Child.start(DEALER, db_dsn))
    for number in range(2, 20):
        await visit(shop, number)
    await dealers[1].says("gave")
    assert await holder(db) != frozen
    await all_given(db, 19)
    before = await given(db)
    dealers[0].wake()
    if freeze == "freeze-before-write":
        await dealers[0].says("refused")
    await dealers[1].kill()
    await visit(shop, 20)
    await dealers[0].says("gave")
    assert {k: v for k, v in (await given(db)).items() if k in before} == before
    await check(db, 20)


async def given(db: Database) -> dict[UUID, UUID]:
    return {r["work_id"]: r["agent_id"] for r in await db.pool.fetch("SELECT work_id, agent_id FROM assignment")}


async def test_a_leader_stopped_from_outside_beyond_its_lease_loses_it(
    db: Database, db_dsn: str, shop: Shop, dealers: list[Child]
) -> None:
    chance = random.Random(fresh_seed())
    dealers += [await Child.start(DEALER, db_dsn) for _ in range(2)]
    for dealer in dealers:
        await dealer.says("running")
    visits = 0
    for _ in range(4):
        await until(partial(another, db, ""))
        leader = await holder(db)
        stopped = next(d for d in dealers if leader.startswith(f"{d.number}:"))
        writing = asyncio.create_task(many(shop, range(visits, visits + 12)))
        await asyncio.sleep(chance.random() * 0.05)
        stopped.stop()
        visits += 12
        await writing
        await all_given(db, visits)
        await until(partial(another, db, leader))
        say(f"{leader} stopped, {await holder(db)} went on")
        stopped.wake()
    await check(db, visits)


async def another(db: Database, leader: str) -> bool:
    return await holder(db) not in (leader, "None")


async def many(shop: Shop, numbers: range) -> None:
    for number in numbers:
        await visit(shop, number)
