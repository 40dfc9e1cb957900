"""Who is limited is stored and told, and becomes nobody's work; danger and orders come through."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.desk.routing.floor import Floor, open_floor
from yizhan.desk import blocks
from yizhan.desk.blocks import store
from yizhan.desk.intake import Accepted
from yizhan.desk.serving import KeptSilent
from yizhan.desk.triage import triage_reader
from yizhan.desk.words import word_book
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database
from yizhan.records import complaints
from yizhan.records.blocks import BlockScope, Reason
from yizhan.records.complaints import Grade
from yizhan.records.tickets import By

BY = By("agent:x")


@pytest.fixture
async def floor(db: Database, clock: FakeClock) -> Floor:
    made = await open_floor(db, clock)
    made.readers[0] = triage_reader(db, clock, gate=blocks.gate(lambda: blocks.SHIPPED, word_book()))
    blocks.register_timers(made.timers, lambda: blocks.SHIPPED)
    return made


async def reported(floor: Floor, done: Accepted) -> blocks.Step:
    async with floor.db.transaction() as tx:
        step = await blocks.report(tx, done.message_id, Reason.ABUSE, blocks.SHIPPED, by=BY, now=floor.clock.now())
    await floor.settle()
    return step


async def limited(floor: Floor) -> None:
    first = await floor.says("v1", "你们是骗子")
    assert (await reported(floor, first)).what == "warned"
    assert (await reported(floor, await floor.says("v1", "滚"))).what == "blocked"
    await floor.db.pool.execute("UPDATE ticket SET status = 'cancelled', closed_at = $1", floor.clock.now())


async def test_who_is_limited_below_one_post_is_below_all(floor: Floor) -> None:
    await limited(floor)
    pool = floor.db.pool
    await pool.execute("UPDATE identity SET kind = 'weibo_comment'")
    await floor.says("v2", "换个地方骂")
    (thread,) = await pool.fetch(
        "UPDATE identity SET kind = 'weibo_comment', contact_id = (SELECT contact_id FROM block)"
        " WHERE id NOT IN (SELECT identity_id FROM block) RETURNING id"
    )
    async with floor.db.transaction() as tx:
        assert set(await store.in_other_threads(tx, [thread["id"]], floor.clock.now())) == {thread["id"]}
        await tx.execute("UPDATE identity SET kind = 'douyin_comment' WHERE id = $1", thread["id"])
        assert not await store.in_other_threads(tx, [thread["id"]], floor.clock.now())


async def test_who_is_limited_is_stored_and_told_and_queues_nowhere(floor: Floor) -> None:
    await floor.hire("林一")
    await limited(floor)
    again = await floor.says("v1", "你们给我等着")
    row = await floor.row("conversation", again.conversation_id)
    assert (row["phase"], row["end_reason"], row["agent_id"]) == ("ended", "system", None)
    assert (await floor.row("ticket", again.ticket_id))["status"] == "cancelled"
    texts = [r["text"] for r in await floor.db.pool.fetch(
        "SELECT text FROM message WHERE conversation_id = $1 ORDER BY id", again.conversation_id
    )]  # fmt: skip
    assert texts == ["你们给我等着", blocks.SHIPPED.turned_away.zh]
    more = await floor.says("v1", "听见没有")
    assert (
        await floor.db.pool.fetchval(
            "SELECT count(*) FROM message WHERE conversation_id = $1 AND direction = 'out'", more.conversation_id
        )
        == 0
    )
    assert await floor.db.pool.fetchval("SELECT turned_away FROM block") == 2
    await floor.says("v2", "请问有货吗")
    assert await floor.db.pool.fetchval("SELECT count(*) FROM conversation WHERE phase = 'served'") == 1


async def test_danger_and_an_order_come_through(floor: Floor) -> None:
    await floor.hire("林一")
    await limited(floor)
    danger = await floor.says("v1", "净化器 着 火 了")
    assert (await floor.row("conversation", danger.conversation_id))["phase"] == "served"
    await floor.db.pool.execute("UPDATE conversation SET phase = 'ended', ended_at = $1", floor.clock.now())
    await floor.db.pool.execute("UPDATE ticket SET status = 'open', order_no = 'A1', closed_at = NULL")
    order = await floor.says("v1", "我的订单呢")
    assert (await floor.row("conversation", order.conversation_id))["end_reason"] is None


async def test_whoever_is_in_a_crisis_is_met_by_people_alone(floor: Floor) -> None:
    await floor.hire("林一")
    await limited(floor)
    contact = await floor.db.pool.fetchval("SELECT contact_id FROM block")
    async with floor.db.transaction() as tx:
        ticket = await tx.fetchrow("SELECT id, brand_id FROM ticket LIMIT 1")
        assert ticket
        await complaints.open_complaint(
            tx, ticket_id=ticket["id"], brand_id=ticket["brand_id"], contact_id=contact, grade=Grade.CRISIS,
            causes=["minors"], rules="built-in", clocks=[], actor="agent:x", now=floor.clock.now(),
        )  # fmt: skip
    again = await floor.says("v1", "你们到底管不管")
    assert (await floor.row("conversation", again.conversation_id))["phase"] == "served"
    with pytest.raises(KeptSilent):
        await reported(floor, again)
    said = "SELECT count(*) FROM message WHERE conversation_id = $1 AND direction = 'out'"
    assert await floor.db.pool.fetchval(said, again.conversation_id) == 0


async def test_a_day_later_he_is_heard_again(floor: Floor) -> None:
    await floor.hire("林一")
    await limited(floor)
    await floor.pass_time(timedelta(hours=25))
    again = await floor.says("v1", "抱歉,请问能退货吗")
    assert (await floor.row("conversation", again.conversation_id))["phase"] == "served"


async def test_for_good_is_looked_at_again_every_week(floor: Floor) -> None:
    first = await floor.says("v1", "卖片加群")
    async with floor.db.transaction() as tx:
        await blocks.keep_out(
            tx, first.message_id, Reason.ADVERTISING, BlockScope.IDENTITY, None, "广告", blocks.SHIPPED, by=BY,
            now=floor.clock.now(),
        )  # fmt: skip
    for week in (1, 2):
        await floor.pass_time(timedelta(days=7))
        kinds = await floor.kinds()
        assert kinds.count("notice.raised") == week
