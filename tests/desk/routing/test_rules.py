"""The parameters of routing as released documents, and what they change on a real floor."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from tests.desk.routing.floor import Floor, open_floor, published, routing_rules
from tests.desk.routing.test_router import answer
from tests.desk.routing.test_verbs import the
from yizhan.desk import clocks, routing
from yizhan.desk.routing import ROUTING, NoRoom, Reach, WaitsFor, WorkKind, routing_book, wording
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database
from yizhan.foundation.errors import Invalid
from yizhan.records import agents
from yizhan.records.agents import NewTeam
from yizhan.records.config import Body

MINUTE = timedelta(minutes=1)


def test_what_ships_is_what_is_built_in() -> None:
    assert ROUTING.decode(msgspec.to_builtins(ROUTING.default)) == ROUTING.default
    rules = routing_book().of()
    assert (rules.return_window, rules.over_for_returning, rules.away_grace) == (30 * MINUTE, 1, 3 * MINUTE)
    assert (rules.red, rules.move, rules.offer_life) == (MINUTE, 2 * MINUTE, timedelta(seconds=20))
    assert rules.weight("call").alone
    assert not rules.weight("webchat").alone


def test_weights_are_laid_over_channel_by_channel() -> None:
    rules = routing_rules({"weights": {"wechat": {"live": 2}}}).of()
    assert (rules.weight("wechat").live, rules.weight("webchat").live, rules.weight("call").alone) == (2, 1, True)
    assert rules.source == "routing/default@1"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"weights": {"webchat": {"live": 0}}}, ">= 1"), ({"over_for_returning": -1}, ">= 0"),
        ({"return_window": 5}, "unknown field"), ({"skill_wait_s": 300}, "before it is done without"),
        ({"red_s": 300}, "before he moves on"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_explained(body: Body, says: str) -> None:
    def release() -> None:
        assert ROUTING.check_together is not None
        ROUTING.check_together({"default": ROUTING.decode(body)})

    with pytest.raises(Invalid, match=says):
        release()


async def test_a_heavy_channel_takes_more_of_the_limit(db: Database, clock: FakeClock) -> None:
    floor = await open_floor(
        db, clock, book=routing_rules({"weights": {"webchat": {"live": 2}, "email": {"async": 3}}})
    )
    lin = await floor.hire("林一", live_cap=5, async_cap=4)
    chats = [await floor.says(f"v{n}", "在吗") for n in range(3)]
    assert [await floor.agent_of(c) for c in chats] == [lin, lin, None]
    await floor.says("a@example.com", "在吗", mail=True)
    waits = await floor.says("b@example.com", "在吗", mail=True)
    assert (await floor.row("ticket", waits.ticket_id))["agent_id"] is None
    assert await floor.loads() == {lin: (4, 3)} == await floor.counted()
    explanation = await db.pool.fetchval("SELECT explanation FROM assignment WHERE work = 'conversation' LIMIT 1")
    assert (explanation["weight"], explanation["rules"]) == (2, "routing/default@1")


async def test_what_is_pulled_weighs_by_its_urgency_too(db: Database, clock: FakeClock) -> None:
    book = routing_rules({"by_priority": {"urgent": {"live": 3}}})
    floor = await open_floor(db, clock, book=book)
    lin = await floor.hire("林一", state="busy")
    fire = await floor.says("v1", "插座着火了")
    async with db.transaction() as tx:
        await routing.pull(tx, WorkKind.CONVERSATION, the(fire), lin, now=clock.now(), book=book)
    await floor.settle()
    assert await floor.loads() == {lin: (3, 0)} == await floor.counted()


async def test_beside_a_call_no_chat_is_given(db: Database, clock: FakeClock) -> None:
    book = routing_rules({"weights": {"webchat": {"alone": True}}})
    floor = await open_floor(db, clock, [clocks.clock_reader(db, clock)], book)
    clocks.register_timers(floor.timers)
    lin = await floor.hire("林一")
    call = await floor.says("v1", "喂")
    chat = await floor.says("v2", "在吗")
    assert (await floor.agent_of(call), await floor.agent_of(chat)) == (lin, None)
    with pytest.raises(NoRoom):
        async with db.transaction() as tx:
            await routing.pull(tx, WorkKind.CONVERSATION, the(chat), lin, now=clock.now(), book=book)
    assert await db.pool.fetchval("SELECT alone FROM agent_load WHERE agent_id = $1", lin) == 1
    await answer(floor, call, lin)
    await floor.pass_time(6 * MINUTE)  # asleep: it stands alone no longer
    assert await floor.agent_of(chat) == lin
    assert await db.pool.fetchval("SELECT alone FROM agent_load WHERE agent_id = $1", lin) == 1
    await db.pool.execute("UPDATE agent_load SET alone = 5, live = 9")
    async with db.transaction() as tx:
        assert set(await routing.reconcile(tx, now=clock.now())) == {lin}
    assert await floor.loads() == await floor.counted()


async def test_a_limit_of_the_team_stands_over_each_ones_own(db: Database, clock: FakeClock) -> None:
    floor = await open_floor(db, clock)
    book = routing_rules({"live_cap": 4}, night={"teams": [str(floor.shop.team)], "live_cap": 1})
    floor = msgspec.structs.replace(floor, router=routing.Router(db, clock, floor.leases[1], floor.feed, book))
    lin = await floor.hire("林一", live_cap=5)
    first, second = await floor.says("v1", "在吗"), await floor.says("v2", "在吗")
    assert (await floor.agent_of(first), await floor.agent_of(second)) == (lin, None)
    freelance = await floor.hire("高远", team=False)
    await db.pool.execute("UPDATE conversation SET team_id = NULL WHERE phase = 'queued'")
    await floor.is_now(freelance, "busy")
    await floor.is_now(freelance, "online")
    floor.router.reconsider()
    await floor.settle()
    assert await floor.agent_of(second) == freelance


async def test_other_rules_are_followed_from_their_release_on(db: Database, clock: FakeClock) -> None:
    book = routing_rules({})
    floor = await open_floor(db, clock, book=book)
    lin = await floor.hire("林一", live_cap=2)
    await floor.says("v1", "在吗")
    book.take(published({"weights": {"webchat": {"live": 2}}}))
    floor.router.reconsider()
    second = await floor.says("v2", "在吗")
    assert await floor.agent_of(second) is None
    assert await floor.loads() == {lin: (1, 0)}  # what was given keeps its weight


async def test_a_complaint_in_a_team_without_the_skill_does_not_wait_for_ever(db: Database, clock: FakeClock) -> None:
    floor = await open_floor(db, clock)
    lin = await floor.hire("林一")
    su = await floor.hire("苏瑾", team=False, live_cap=1)
    async with db.transaction() as tx:
        claims = await agents.create_team(tx, NewTeam(key="claims", name="投诉专席"), clock.now(), "test")
        await tx.execute("INSERT INTO team_member VALUES ($1, $2)", claims, su)
    await floor.learn(su, "complaint")
    first = await floor.says("v1", "我要投诉")
    assert await floor.agent_of(first) == su
    second = await floor.says("v2", "我要投诉你们")
    assert await floor.agent_of(second) is None
    async with db.read() as tx:
        why = await routing.why(tx, WorkKind.CONVERSATION, the(second), now=clock.now())
    assert (why.waits_for, why.reach, why.wider_in) == (WaitsFor.ROOM, Reach.HOUSE, 180)
    assert wording.waiting_for(why) == (
        "1 人可接,都已接满:苏瑾 1/1;本组无人可接,已在所有客服组寻找具备技能的客服;03:00 后扩大寻找范围"
    )
    await floor.pass_time(3 * MINUTE)
    assert await floor.agent_of(second) == lin
    note = await db.pool.fetchval("SELECT text FROM note ORDER BY id DESC LIMIT 1")
    assert note == "智能分配给 林一(售后,接待 1/5,等待较久,技能已放宽),等待 03:00"


async def test_no_first_reply_is_shown_to_the_supervisor_before_it_moves_on(db: Database, clock: FakeClock) -> None:
    book = routing_rules({"red_s": 40, "move_s": 90})
    floor: Floor = await open_floor(db, clock, book=book)
    routing.register_timers(floor.timers, book)
    lin = await floor.hire("林一")
    done = await floor.says("v1", "在吗")
    told = "SELECT data FROM event WHERE kind = 'conversation.overdue' ORDER BY pos"
    await floor.pass_time(timedelta(seconds=60))  # the timer was set by the router, which has the same rules
    assert [r["data"] for r in await db.pool.fetch(told)] == [{"what": "reply", "seconds": 60}]
    assert await floor.agent_of(done) == lin
    await floor.hire("苏瑾")
    await floor.pass_time(timedelta(seconds=30))
    assert await floor.agent_of(done) != lin
