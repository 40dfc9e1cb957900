"""The router on a real PostgreSQL: from a customer's first word to an agent, and back."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from tests.desk.intake.samples import says
from tests.desk.routing.floor import Floor, open_floor
from yizhan.desk import serving
from yizhan.desk.intake import Accepted
from yizhan.desk.routing import Explanation, Gift, Reason, Router, WorkKind, give, reconcile
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database
from yizhan.foundation.ids import new_id
from yizhan.foundation.lease import Lease, LeaseLost
from yizhan.records import agents
from yizhan.records.agents import LoadShift
from yizhan.records.conversations import Draft, Solved, Summary
from yizhan.records.tickets import (
    Action,
    By,
    TicketChange,
    change_ticket,
    create_ticket,
    lock_ticket,
)


@pytest.fixture
async def floor(db: Database, clock: FakeClock) -> Floor:
    return await open_floor(db, clock)


async def answer(floor: Floor, done: Accepted, agent: UUID, text: str = "马上为您查") -> None:
    assert done.conversation_id is not None
    async with floor.db.transaction() as tx:
        draft = Draft(direction="out", author=f"agent:{agent}", text=text)
        await serving.reply(tx, done.conversation_id, draft, now=floor.clock.now())
    await floor.settle()


async def end(floor: Floor, done: Accepted, agent: UUID, solved: bool = True) -> None:
    assert done.conversation_id is not None
    async with floor.db.transaction() as tx:
        summary = Summary("consult", Solved.SOLVED if solved else Solved.UNSOLVED, "已告知")
        await serving.end(
            tx, done.conversation_id, summary, typed=False, by=By(f"agent:{agent}", agent), now=floor.clock.now()
        )
    await floor.settle()


async def move(floor: Floor, ticket_id: UUID | None, action: Action, agent: UUID) -> None:
    assert ticket_id is not None
    async with floor.db.transaction() as tx:
        by = By(f"agent:{agent}", agent)
        await serving.move(tx, ticket_id, action, text="已按约定为客户办理完毕了", by=by, now=floor.clock.now())
    await floor.settle()


async def test_a_chat_reaches_a_free_agent_with_its_ticket(floor: Floor) -> None:
    lin = await floor.hire("林一")
    done = await floor.says("v1", "请问什么时候发货?")
    conversation = await floor.row("conversation", done.conversation_id)
    assert (conversation["phase"], conversation["agent_id"], conversation["ready"]) == ("served", lin, True)
    ticket = await floor.row("ticket", done.ticket_id)
    assert (ticket["status"], ticket["agent_id"], ticket["owner_id"]) == ("open", lin, lin)
    assert (ticket["type"], ticket["priority"]) == ("consult", 2)
    note = await floor.db.pool.fetchrow("SELECT text, typed, actor FROM note")
    assert note is not None
    assert (note["text"], note["typed"], note["actor"]) == (
        "智能分配给 林一(售后,接待 1/5),等待 00:00", False, "router",
    )  # fmt: skip
    assert await floor.loads() == {lin: (1, 0)} == await floor.counted()
    kinds = await floor.kinds()
    for kind in ("work.ready", "conversation.assigned", "ticket.assigned", "load.changed"):
        assert kind in kinds
    explanation = await floor.db.pool.fetchval("SELECT explanation FROM assignment WHERE work = 'conversation'")
    assert (explanation["reason"], explanation["carried"], explanation["cap"]) == ("room", 1, 5)


async def test_a_mail_is_routed_as_its_ticket_and_weighs_async(floor: Floor) -> None:
    lin = await floor.hire("林一")
    done = await floor.says("wang@example.com", "我要退款", mail=True)
    conversation = await floor.row("conversation", done.conversation_id)
    assert (conversation["phase"], conversation["agent_id"]) == ("served", lin)
    assert (await floor.row("ticket", done.ticket_id))["status"] == "open"
    assert await floor.loads() == {lin: (0, 1)} == await floor.counted()


async def test_who_waits_is_served_as_soon_as_somebody_comes(floor: Floor) -> None:
    first = await floor.says("v1", "在吗")
    second = await floor.says("v2", "在吗")
    assert await floor.agent_of(first) is None
    floor.clock.advance(timedelta(seconds=18))
    lin = await floor.hire("林一", live_cap=1)
    assert await floor.agent_of(first) == lin
    assert await floor.agent_of(second) is None
    note = await floor.db.pool.fetchval("SELECT text FROM note")
    assert note == "智能分配给 林一(售后,接待 1/1),等待 00:18"


async def test_a_mail_weighs_only_while_it_is_the_agents_turn(floor: Floor) -> None:
    lin = await floor.hire("林一")
    done = await floor.says("wang@example.com", "我要退款", mail=True)
    await answer(floor, done, lin, "请提供订单号")
    assert await floor.loads() == {lin: (0, 0)} == await floor.counted()
    await floor.says("wang@example.com", "SO20261121-0873", mail=True)
    assert await floor.loads() == {lin: (0, 1)}
    await move(floor, done.ticket_id, Action.SOLVE, lin)
    assert await floor.loads() == {lin: (0, 0)}
    await floor.says("wang@example.com", "还是没有收到", mail=True)
    assert await floor.loads() == {lin: (0, 1)}
    await move(floor, done.ticket_id, Action.SOLVE, lin)
    await move(floor, done.ticket_id, Action.CONFIRM, lin)
    assert await floor.loads() == {lin: (0, 0)}
    assert await floor.db.pool.fetchval("SELECT count(*) FROM assignment WHERE ended_at IS NULL") == 0


async def test_an_ended_chat_frees_its_place_and_unsolved_work_stays(floor: Floor) -> None:
    lin = await floor.hire("林一", live_cap=1)
    first = await floor.says("v1", "在吗")
    second = await floor.says("v2", "在吗")
    await answer(floor, first, lin)
    await end(floor, first, lin, solved=False)
    assert await floor.agent_of(second) == lin
    assert await floor.loads() == {lin: (1, 1)} == await floor.counted()


async def test_a_reopened_ticket_prefers_its_handler_and_does_not_wait_for_him(floor: Floor) -> None:
    lin = await floor.hire("林一")
    su = await floor.hire("苏瑾")
    done = await floor.says("wang@example.com", "灯不亮", mail=True)
    handler = await floor.agent_of(done)
    other = su if handler == lin else lin
    assert isinstance(handler, UUID)
    await answer(floor, done, handler)
    await move(floor, done.ticket_id, Action.SOLVE, handler)
    await move(floor, done.ticket_id, Action.CONFIRM, handler)
    again = await floor.says("wang@example.com", "又不亮了", mail=True)
    assert again.ticket_id == done.ticket_id
    assert (await floor.row("ticket", done.ticket_id))["agent_id"] == handler
    await move(floor, done.ticket_id, Action.SOLVE, handler)
    await move(floor, done.ticket_id, Action.CONFIRM, handler)
    await floor.is_now(handler, "offline")
    await floor.says("wang@example.com", "第三次了", mail=True)
    ticket = await floor.row("ticket", done.ticket_id)
    assert (ticket["agent_id"], ticket["owner_id"], ticket["repeats"]) == (other, handler, 2)


async def test_a_ticket_made_by_hand_stays_with_who_made_it(floor: Floor) -> None:
    lin = await floor.hire("林一", state="busy", async_cap=0)
    su = await floor.hire("苏瑾")
    done = await floor.says("v1", "在吗")
    contact = (await floor.row("conversation", done.conversation_id))["contact_id"]
    assert isinstance(contact, UUID)
    async with floor.db.transaction() as tx:
        made = await create_ticket(
            tx, contact_id=contact, subject="回电", kind="consult", priority=2, text="客户要求回电",
            by=By(f"agent:{lin}", lin), now=floor.clock.now(),
        )  # fmt: skip
    await floor.settle()
    assert (await floor.row("ticket", made))["agent_id"] == lin
    assert await floor.loads() == {lin: (0, 1), su: (1, 0)} == await floor.counted()


async def test_a_ticket_moved_back_by_hand_goes_to_somebody_else(floor: Floor) -> None:
    lin = await floor.hire("林一")
    done = await floor.says("wang@example.com", "灯不亮", mail=True)
    su = await floor.hire("苏瑾")
    await move(floor, done.ticket_id, Action.RETURN_TO_QUEUE, lin)
    assert (await floor.row("ticket", done.ticket_id))["agent_id"] == su
    await move(floor, done.ticket_id, Action.RETURN_TO_QUEUE, su)
    assert (await floor.row("ticket", done.ticket_id))["agent_id"] == lin  # both gave it back: the first one first


async def test_a_chat_takes_the_ticket_along(floor: Floor) -> None:
    lin = await floor.hire("林一", live_cap=0)
    done = await floor.says("wang@example.com", "灯不亮", mail=True)
    assert await floor.agent_of(done) == lin
    chat = await floor.says("v1", "我是王先生")
    both = "UPDATE conversation SET ticket_id = $1 WHERE id = $2"
    await floor.db.pool.execute(both, done.ticket_id, chat.conversation_id)
    su = await floor.hire("苏瑾")
    assert await floor.agent_of(chat) == su
    assert await floor.agent_of(done) == su
    ticket = await floor.row("ticket", done.ticket_id)
    assert (ticket["agent_id"], ticket["owner_id"]) == (su, lin)
    assert await floor.loads() == {lin: (0, 0), su: (1, 0)} == await floor.counted()


async def test_only_who_has_the_skill_gets_it_and_a_skill_nobody_has_stops_nobody(floor: Floor) -> None:
    lin = await floor.hire("林一")
    su = await floor.hire("苏瑾", live_cap=1)
    await floor.learn(su, "complaint")
    first = await floor.says("v1", "我要投诉")
    second = await floor.says("v2", "我也要投诉")
    assert await floor.agent_of(first) == su
    assert await floor.agent_of(second) is None
    plain = await floor.says("v3", "我要退款")
    assert await floor.agent_of(plain) == lin


async def test_who_writes_english_is_given_to_who_speaks_it(floor: Floor) -> None:
    lin, su = await floor.hire("林一"), await floor.hire("苏瑾", live_cap=1)
    before = await floor.says("v0", "Where is my parcel, it is late")
    assert await floor.agent_of(before) in (lin, su)  # nobody speaks it: nobody is asked for it
    await floor.learn(su, "english")
    await floor.db.pool.execute("UPDATE agent SET live_cap = 5 WHERE id = $1", su)
    floor.router.reconsider()
    assert await floor.agent_of(await floor.says("v1", "Hello, my kettle is broken")) == su
    assert await floor.agent_of(await floor.says("v2", "Can I change the address?")) == su
    why = await floor.db.pool.fetchval("SELECT needs->'skills' FROM ticket ORDER BY id DESC LIMIT 1")
    assert len(why) == 1


async def test_safety_passes_everybody(floor: Floor) -> None:
    await floor.says("v1", "请问几点关门?")
    await floor.says("v2", "我要投诉")
    smoke = await floor.says("v3", "电热毯冒烟了!")
    lin = await floor.hire("林一", live_cap=1)
    assert await floor.agent_of(smoke) == lin
    ticket = await floor.row("ticket", smoke.ticket_id)
    assert (ticket["priority"], ticket["type"]) == (4, "aftersale")


async def test_a_lost_connection_has_three_minutes_and_seniority_is_kept(floor: Floor) -> None:
    lin = await floor.hire("林一")
    done = await floor.says("v1", "在吗")
    born = (await floor.row("conversation", done.conversation_id))["seniority"]
    async with floor.db.transaction() as tx:
        await agents.mark_lost(tx, lin, floor.clock.now())
    su = await floor.hire("苏瑾")
    other = await floor.says("v2", "在吗")
    assert await floor.agent_of(other) == su  # nothing new while the line is down
    await floor.pass_time(timedelta(seconds=170))
    assert await floor.agent_of(done) == lin
    await floor.pass_time(timedelta(seconds=10))
    moved = await floor.row("conversation", done.conversation_id)
    assert (moved["agent_id"], moved["seniority"]) == (su, born)
    state = await floor.db.pool.fetchval("SELECT state FROM presence WHERE agent_id = $1", lin)
    assert state == "offline"
    assert await floor.loads() == await floor.counted()


async def test_the_line_came_back_in_time(floor: Floor) -> None:
    lin = await floor.hire("林一")
    done = await floor.says("v1", "在吗")
    async with floor.db.transaction() as tx:
        await agents.mark_lost(tx, lin, floor.clock.now())
    await floor.pass_time(timedelta(seconds=100))
    async with floor.db.transaction() as tx:
        await agents.found_again(tx, lin, floor.clock.now())
    await floor.settle()
    await floor.pass_time(timedelta(minutes=10))
    assert await floor.agent_of(done) == lin


async def test_how_long_somebody_takes_is_found_out_anew_every_hour(floor: Floor) -> None:
    lin = await floor.hire("林一")
    await floor.settle()
    began = floor.clock.now()
    await floor.db.pool.executemany(
        "INSERT INTO assignment (id, work, work_id, agent_id, load, counted, started_at, ended_at, explanation, weight)"
        " VALUES ($1, 'conversation', $2, $3, 'live', false, $4, $5, '{}', 1)",
        [(new_id(began), new_id(began), lin, began, began + timedelta(seconds=200)) for _ in range(5)],
    )
    await floor.pass_time(timedelta(minutes=61))
    seat = floor.router.board.seat(lin)
    assert seat is not None
    assert seat.handling_s == 200


async def test_a_counter_that_drifted_is_put_right(floor: Floor) -> None:
    lin = await floor.hire("林一", live_cap=2)
    await floor.says("v1", "在吗")
    await floor.db.pool.execute("UPDATE agent_load SET live = 2")
    waiting = await floor.says("v2", "在吗")
    assert await floor.agent_of(waiting) is None
    async with floor.db.transaction() as tx:
        assert await reconcile(tx, now=floor.clock.now()) == {lin: LoadShift(-1)}
    await floor.settle()
    assert await floor.agent_of(waiting) == lin
    await floor.db.pool.execute("UPDATE agent_load SET live = 7")
    await floor.pass_time(timedelta(hours=1, seconds=1))  # the hourly look
    assert await floor.loads() == {lin: (2, 0)}


async def test_a_new_router_takes_up_what_the_old_one_left(floor: Floor, db: Database, clock: FakeClock) -> None:
    done = await floor.says("v1", "在吗")
    lin = await floor.hire("林一", state="offline")
    await floor.leases[1].release()
    lease = Lease(db, "router", "another")
    await lease.step()
    router = Router(db, clock, lease, floor.feed)
    async with db.transaction() as tx:
        await agents.set_presence(tx, lin, agents.PresenceState.ONLINE, None, clock.now(), "test")
    assert await router.turn() == 1
    assert await floor.agent_of(done) == lin


async def test_a_router_that_woke_up_late_writes_nothing(floor: Floor, db: Database, clock: FakeClock) -> None:
    """As after SIGSTOP: it still believes in its lease, another holds the next term."""
    old, held = floor.router, floor.leases[1]
    await db.pool.execute("UPDATE lease SET until = clock_timestamp() - interval '1 second' WHERE name = 'router'")
    lease = Lease(db, "router", "another")
    await lease.step()
    assert held.held
    assert held.term < lease.term
    new = Router(db, clock, lease, floor.feed)
    await new.turn()
    floor.router = new
    lin = await floor.hire("林一", live_cap=1)
    await floor.shop.intake.accept(says(floor.shop.chat, "v1", "在吗", clock.now()))
    for _ in range(2):
        await floor.sequencer.drain()
        await floor.readers[0].step()
        await floor.feed.step()
    with pytest.raises(LeaseLost):
        await old.turn()
    assert await db.pool.fetchval("SELECT count(*) FROM assignment") == 0
    await floor.settle()
    assert await floor.loads() == {lin: (1, 0)} == await floor.counted()


async def test_two_routers_at_once_give_nothing_twice(floor: Floor, db: Database, clock: FakeClock) -> None:
    """Even if both were allowed to write: two leases of their own, the same tables."""
    for n in range(6):
        await floor.hire(f"a{n}", state="offline", live_cap=3, async_cap=2)
    now = clock.now()
    await floor.shop.intake.accept_batch([says(floor.shop.chat, f"v{n}", "在吗", now) for n in range(40)])
    await floor.shop.intake.accept_batch([says(floor.shop.mail, f"w{n}@example.com", "在吗", now) for n in range(20)])
    await floor.settle()
    lease = Lease(db, "router.second", "another")
    await lease.step()
    second = Router(db, clock, lease, floor.feed)
    await second.turn()
    async with db.transaction() as tx:
        for row in await tx.fetch("SELECT id FROM agent"):
            await agents.set_presence(tx, row["id"], agents.PresenceState.ONLINE, None, now, "test")
    await floor.sequencer.drain()
    await floor.feed.step()
    await asyncio.gather(floor.router.turn(), second.turn())
    await floor.settle()
    loads = await floor.loads()
    assert sum(live for live, _ in loads.values()) == 18
    assert sum(waiting for _, waiting in loads.values()) == 12
    assert all(live <= 3 and waiting <= 2 for live, waiting in loads.values())
    assert loads == await floor.counted()
    twice = "SELECT count(*) FROM (SELECT work_id FROM assignment GROUP BY work_id HAVING count(*) > 1) x"
    assert await db.pool.fetchval(twice) == 0


async def test_many_decisions_cost_a_fixed_number_of_statements(floor: Floor, db: Database, clock: FakeClock) -> None:
    async def statements(customers: int) -> int:
        now = clock.advance(timedelta(hours=1))
        lines = [says(floor.shop.chat, f"c{customers}-{n}", "在吗", now) for n in range(customers)]
        taken = await floor.shop.intake.accept_batch(lines)
        told = Explanation(Reason.ROOM, 0, 0, 0)
        gifts = [
            Gift(kind=WorkKind.CONVERSATION, work_id=d.conversation_id, agent_id=lin, explanation=told)
            for d in taken if d.conversation_id
        ]  # fmt: skip
        seen: list[str] = []
        async with db.transaction() as tx:
            tx.add_query_logger(lambda record: seen.append(record.query))
            assert await give(tx, gifts, by=By("router"), now=now) == {}
        return len([q for q in seen if "set_timer" not in q])

    lin = await floor.hire("林一", live_cap=50)
    await statements(1)  # the driver looks up types once
    assert await statements(2) == await statements(30) <= 15
    assert await floor.loads() == {lin: (33, 0)} == await floor.counted()


async def test_a_priority_raised_by_hand_counts_while_it_queues(floor: Floor) -> None:
    first, second = await floor.says("v1", "在吗"), await floor.says("v2", "在吗")
    async with floor.db.transaction() as tx:
        assert second.ticket_id is not None
        ticket = await lock_ticket(tx, second.ticket_id)
        change, by = TicketChange(priority=4), By("agent:lead")
        await change_ticket(tx, ticket, change, expected=ticket.version, text="急", by=by, now=floor.clock.now())
    await floor.settle()
    lin = await floor.hire("林一", live_cap=1)
    assert await floor.agent_of(second) == lin
    assert await floor.agent_of(first) is None
