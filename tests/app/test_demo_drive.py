"""The live drive: a floor that goes on by itself, played with a clock that we move."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from yizhan.app.demo import LiveDemo, open_demo, plant_demo
from yizhan.app.house import House, open_house
from yizhan.app.settings import load_settings
from yizhan.desk import serving
from yizhan.desk.routing import Router
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Record
from yizhan.foundation.errors import Invalid
from yizhan.foundation.journal import Sequencer, Wake
from yizhan.foundation.lease import Lease
from yizhan.records import agents
from yizhan.records.agents import PresenceState
from yizhan.records.conversations import Draft, Solved, Summary
from yizhan.records.tickets import By

_STEP = timedelta(seconds=5)
_SERVED = "SELECT id FROM conversation WHERE phase = 'served' AND live"


class Floor(msgspec.Struct):
    house: House
    demo: LiveDemo
    clock: FakeClock
    sequencer: Sequencer
    router: Router
    leases: list[Lease]

    async def settle(self) -> None:
        """Until nothing moves any more."""
        for lease in self.leases:
            await lease.step()
        for _ in range(100):
            moved = await self.sequencer.drain()
            for reader in self.house.readers:
                moved += await reader.step()
            moved += await self.house.feed.step()
            moved += await self.router.turn()
            if not moved:
                return
        raise AssertionError("the floor does not come to rest")

    async def pass_time(self, by: timedelta) -> None:
        until = self.clock.now() + by
        while self.clock.now() < until:
            self.clock.advance(_STEP)
            while await self.house.timers.fire_due(self.clock.now()):
                await self.settle()
            await self.demo.drive.step(self.clock.now())
            await self.settle()
        await self.house.trail.flush()

    async def rows(self, query: str, *given: object) -> list[Record]:
        return list(await self.house.db.pool.fetch(query, *given))

    async def agent(self, login: str) -> UUID:
        return UUID(str(await self.house.db.pool.fetchval("SELECT id FROM agent WHERE login = $1", login)))

    async def comes_online(self, login: str) -> UUID:
        who = await self.agent(login)
        async with self.house.db.transaction() as tx:
            await agents.set_presence(tx, who, PresenceState.ONLINE, None, self.clock.now(), f"agent:{who}")
        await self.settle()
        return who


@pytest.fixture
async def floor(db_dsn: str, clock: FakeClock, tmp_path: Path) -> AsyncIterator[Floor]:
    settings = load_settings({"YIZHAN_DATA": str(tmp_path), "YIZHAN_DEMO": "true"})
    async with open_house(settings, db_dsn, clock) as house:
        await plant_demo(house, count=40)
        demo = await open_demo(house, seed=7)
        assert demo is not None
        for loop in house.loops:
            loop.close()  # time passes only when the test says so
        journal, router = Lease(house.db, "journal", "test"), Lease(house.db, "router", "test")
        made = Floor(
            house, demo, clock, Sequencer(house.db, journal, Wake(), lambda pos: None),
            Router(house.db, clock, router, house.feed, house.rules.routing), [journal, router, house.timer_lease],
        )  # fmt: skip
        await made.settle()
        yield made


async def test_customers_come_are_answered_and_go(floor: Floor) -> None:
    start = floor.clock.now()
    await floor.pass_time(timedelta(minutes=12))
    came = await floor.rows(
        "SELECT phase, first_response_at, end_reason, summary FROM conversation WHERE created_at > $1", start
    )
    assert len(came) >= 10
    assert sum(r["first_response_at"] is not None for r in came) >= len(came) / 2
    ended = [r for r in came if r["end_reason"] == "agent"]
    assert ended
    assert all(r["summary"]["text"] for r in ended)
    assert await floor.rows("SELECT id FROM conversation WHERE ended_at > $1 AND rating IS NOT NULL", start)
    assert not await floor.rows("SELECT id FROM note WHERE btrim(text) = ''")
    typed = "SELECT conversation_id FROM note WHERE typed AND conversation_id IS NOT NULL"
    assert not await floor.rows(f"{typed} GROUP BY 1 HAVING count(*) > 1")
    assert len(floor.demo.drive.talks) <= 24
    assert len(await floor.rows("SELECT id FROM visit WHERE seen_at > $1 AND pages > 1", start)) >= 4
    # Nobody speaks for the one-click log-ins; what waited for 林一 for five minutes was taken by whoever can.
    authors = await floor.rows("SELECT DISTINCT author FROM message WHERE direction = 'out' AND at > $1", start)
    assert f"agent:{await floor.agent('linyi')}" not in {r["author"] for r in authors}
    waiting = await floor.rows(
        "SELECT id FROM conversation WHERE phase = 'queued' AND live AND created_at <= $1", start
    )
    assert waiting == []
    late = "SELECT a.login FROM sla_target s JOIN ticket t ON t.id = s.ticket_id LEFT JOIN agent a ON a.id = t.agent_id"
    breached = await floor.rows(f"{late} WHERE s.state = 'running' AND s.due_at < $1", floor.clock.now())
    assert len(breached) <= 10


async def test_what_waits_is_linyis_at_once_and_her_customers_answer_her(floor: Floor) -> None:
    linyi = await floor.comes_online("linyi")
    mine = await floor.rows("SELECT id FROM conversation WHERE agent_id = $1 AND phase = 'served' AND live", linyi)
    assert len(mine) == 3
    await floor.pass_time(timedelta(seconds=5))  # the drive meets them
    for r in mine:
        async with floor.house.db.transaction() as tx:
            draft = Draft(direction="out", author=f"agent:{linyi}", text="您好,我是林一,马上帮您处理。")
            await serving.reply(tx, r["id"], draft, now=floor.clock.now())
    await floor.settle()
    said = floor.clock.now()
    await floor.pass_time(timedelta(seconds=60))
    answered = await floor.rows(
        "SELECT id FROM message WHERE conversation_id = ANY ($1) AND direction = 'in' AND at > $2",
        [r["id"] for r in mine], said,
    )  # fmt: skip
    assert answered


async def test_whoever_wants_his_money_back_is_signed_in_and_the_shop_knows_his_order(floor: Floor) -> None:
    """So that /退款 has an order number and a day to fill in, without 核身 first."""
    now, linyi = floor.clock.now(), await floor.comes_online("linyi")
    for conversation in await floor.rows(f"{_SERVED} AND agent_id = $1", linyi):
        async with floor.house.db.transaction() as tx:
            summary = Summary(type="refund", solved=Solved.SOLVED, text="已为客户登记退款,三天内原路退回")
            await serving.end(tx, conversation["id"], summary, typed=True, by=By(f"agent:{linyi}", linyi), now=now)
    await floor.settle()
    await floor.pass_time(timedelta(minutes=4))
    hers = await floor.rows(
        "SELECT t.order_no, i.verified_at, (SELECT count(*) FROM customer_order o JOIN contact k ON k.id = o.contact_id"
        " WHERE k.person_id = c.person_id) AS orders FROM conversation v JOIN ticket t ON t.id = v.ticket_id"
        " JOIN contact c ON c.id = v.contact_id JOIN identity i ON i.id = v.identity_id"
        " WHERE v.agent_id = $1 AND v.created_at > $2 AND t.type IN ('refund', 'complaint')",
        linyi, now,
    )  # fmt: skip
    assert hers
    assert all(each["verified_at"] and each["orders"] for each in hers)


async def test_a_restart_finds_the_floor_again(floor: Floor) -> None:
    await floor.pass_time(timedelta(minutes=2))
    again = await open_demo(floor.house, seed=8)
    assert again is not None
    floor.house.loops[-1].close()
    await again.drive.step(floor.clock.now())
    known = {t.conversation_id for t in floor.demo.drive.talks.values() if not t.over}
    assert known <= again.drive.talks.keys()
    assert all(t.sender is not None for t in again.drive.talks.values())


async def test_it_can_be_switched_off_and_the_house_empties(floor: Floor) -> None:
    floor.demo.steer(on=False, speed=5)
    start = floor.clock.now()
    await floor.pass_time(timedelta(minutes=3))
    assert not await floor.rows("SELECT id FROM conversation WHERE created_at > $1", start)
    with pytest.raises(Invalid):
        floor.demo.steer(on=True, speed=21)


async def test_it_begins_anew_and_people_keep_their_places(floor: Floor) -> None:
    linyi = await floor.comes_online("linyi")
    await floor.pass_time(timedelta(minutes=1))
    before = await floor.rows("SELECT id FROM agent ORDER BY id")
    floor.clock.advance(timedelta(hours=3))
    await floor.demo.reset()
    await floor.settle()
    assert await floor.rows("SELECT id FROM agent ORDER BY id") == before
    assert await floor.rows("SELECT 1 FROM ticket WHERE number = 208000")
    assert len(await floor.rows("SELECT id FROM ticket")) >= 300
    mine = await floor.rows("SELECT id FROM conversation WHERE agent_id = $1 AND phase = 'served' AND live", linyi)
    assert len(mine) == 3
    wrong = await floor.rows(
        "SELECT l.agent_id FROM agent_load l LEFT JOIN assignment a ON a.agent_id = l.agent_id AND a.ended_at IS NULL"
        " AND a.counted GROUP BY l.agent_id, l.live, l.async"
        " HAVING coalesce(sum(a.weight) FILTER (WHERE a.load = 'live'), 0) <> l.live"
        " OR coalesce(sum(a.weight) FILTER (WHERE a.load = 'async'), 0) <> l.async"
    )
    assert not wrong
