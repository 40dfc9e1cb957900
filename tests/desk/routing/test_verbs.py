"""What people do by hand, each against somebody who does it at the same time."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.desk.routing.floor import Floor, open_floor, routing_rules
from tests.desk.routing.test_router import end
from yizhan.desk import routing
from yizhan.desk.intake import Accepted
from yizhan.desk.routing import Away, Excluded, Leaving, NoRoom, Offer, Taken, WaitsFor, WorkKind, wording
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database
from yizhan.foundation.errors import Conflict, DomainError, Forbidden, Invalid
from yizhan.records.rosters import Duty
from yizhan.records.tickets import By


@pytest.fixture
async def floor(db: Database, clock: FakeClock) -> Floor:
    floor = await open_floor(db, clock)
    routing.register_timers(floor.timers, routing_rules({"move_s": None}))
    return floor


def the(done: Accepted) -> UUID:
    assert done.conversation_id is not None
    return done.conversation_id


def ticket(done: Accepted) -> UUID:
    assert done.ticket_id is not None
    return done.ticket_id


async def pull(floor: Floor, done: Accepted, agent: UUID, duty: Duty | None = None) -> DomainError | None:
    try:
        async with floor.db.transaction() as tx:
            await routing.pull(tx, WorkKind.CONVERSATION, the(done), agent, now=floor.clock.now(), duty=duty)
    except DomainError as error:
        return error
    return None


async def offer(
    floor: Floor, done: Accepted, giver: UUID, to_agent: UUID | None = None, to_team: UUID | None = None
) -> Offer:
    async with floor.db.transaction() as tx:
        made = await routing.transfer(
            tx, the(done), note="客户要退货,已核对订单", by=By(f"agent:{giver}", giver), now=floor.clock.now(),
            to_agent=to_agent, to_team=to_team,
        )  # fmt: skip
    await floor.settle()
    return made


async def accept(floor: Floor, made: Offer, agent: UUID, duty: Duty | None = None) -> None:
    async with floor.db.transaction() as tx:
        await routing.accept_offer(tx, made.id, agent, now=floor.clock.now(), duty=duty)
    await floor.settle()


async def two(floor: Floor) -> tuple[UUID, UUID, Accepted]:
    """林一 serves a chat, 苏瑾 is free."""
    lin = await floor.hire("林一")
    done = await floor.says("v1", "在吗")
    return lin, await floor.hire("苏瑾"), done


async def test_of_five_who_pull_one_has_it(floor: Floor) -> None:
    people = [await floor.hire(f"a{n}", state="busy") for n in range(5)]
    done = await floor.says("v1", "在吗")
    outcomes = await asyncio.gather(*(pull(floor, done, p) for p in people))
    assert sorted(type(o).__name__ for o in outcomes) == ["NoneType", "Taken", "Taken", "Taken", "Taken"]
    assert isinstance(next(o for o in outcomes if o), Taken)
    await floor.settle()
    assert sum(live for live, _ in (await floor.loads()).values()) == 1
    assert await floor.loads() == await floor.counted()
    assert str(await floor.db.pool.fetchval("SELECT text FROM note")).endswith("领取(售后,接待 1/5),等待 00:00")


async def test_a_pull_keeps_to_the_cap(floor: Floor) -> None:
    lin = await floor.hire("林一", state="busy", live_cap=1)
    first, second = await floor.says("v1", "在吗"), await floor.says("v2", "在吗")
    assert await pull(floor, first, lin) is None
    assert isinstance(await pull(floor, second, lin), NoRoom)


async def test_who_goes_home_soon_pulls_and_accepts_nothing_live(floor: Floor) -> None:
    su = await floor.hire("苏瑾")
    served = await floor.says("v1", "在吗")
    lin = await floor.hire("林一")
    made = await offer(floor, served, su, to_team=floor.shop.team)
    for agent in (su, lin):
        await floor.is_now(agent, "busy")
    chat, letter = await floor.says("v2", "在吗"), await floor.says("wang@example.com", "在吗", mail=True)
    leaving = Duty(leaving=frozenset({lin}))
    assert isinstance(await pull(floor, chat, lin, leaving), Leaving)
    with pytest.raises(Leaving):
        await accept(floor, made, lin, leaving)
    assert await pull(floor, letter, lin, leaving) is None
    await accept(floor, made, lin)


async def test_pulling_a_mail_or_its_ticket_is_the_same(floor: Floor) -> None:
    lin = await floor.hire("林一", state="busy")
    done = await floor.says("wang@example.com", "在吗", mail=True)
    assert await pull(floor, done, lin) is None
    await floor.settle()
    assert (await floor.row("ticket", done.ticket_id))["agent_id"] == lin
    assert await floor.loads() == {lin: (0, 1)} == await floor.counted()


async def test_a_transfer_stays_with_the_giver_until_it_is_accepted(floor: Floor) -> None:
    lin, su, done = await two(floor)
    made = await offer(floor, done, lin, to_agent=su)
    assert await floor.agent_of(done) == lin
    async with floor.db.read() as tx:
        assert [o.id for o in await routing.offers_for(tx, su, now=floor.clock.now())] == [made.id]
        assert await routing.offers_for(tx, lin, now=floor.clock.now()) == []
    with pytest.raises(Forbidden):
        await accept(floor, made, lin)
    before = (await floor.row("conversation", done.conversation_id))["seniority"]
    await accept(floor, made, su)
    after = await floor.row("conversation", done.conversation_id)
    assert (after["agent_id"], after["seniority"]) == (su, before)
    moved = await floor.row("ticket", done.ticket_id)
    assert (moved["agent_id"], moved["owner_id"]) == (su, lin)
    line = await floor.db.pool.fetchrow("SELECT text, payload FROM message WHERE direction = 'system'")
    assert line is not None
    assert line["text"] == "正在为您转接售后专员苏瑾,您的问题已同步,无需重复"
    note = await floor.db.pool.fetchrow("SELECT text, typed, actor FROM note ORDER BY id DESC LIMIT 1")
    assert note is not None
    assert (note["text"], note["typed"], note["actor"]) == ("客户要退货,已核对订单", True, f"agent:{lin}")
    assert await floor.loads() == {lin: (0, 0), su: (1, 0)} == await floor.counted()


async def test_twenty_seconds_then_the_offer_is_over(floor: Floor) -> None:
    lin, su, done = await two(floor)
    made = await offer(floor, done, lin, to_agent=su)
    await floor.pass_time(timedelta(seconds=20))
    assert (await floor.row("offer", made.id))["state"] == "expired"
    with pytest.raises(Conflict):
        await accept(floor, made, su)
    assert await floor.agent_of(done) == lin
    assert "offer.expired" in await floor.kinds()
    assert await _told_giver(floor) == (lin, "offer.expired")


async def _told_giver(floor: Floor) -> tuple[UUID, str]:
    """Whom the last notice is for, and why it was raised."""
    found = await floor.db.pool.fetch("SELECT agent_id, data FROM event WHERE kind = 'notice.raised' ORDER BY pos")
    return found[-1]["agent_id"], found[-1]["data"]["why"]


async def test_declining_needs_a_reason(floor: Floor) -> None:
    lin, su, done = await two(floor)
    made = await offer(floor, done, lin, to_agent=su)
    with pytest.raises(Invalid):
        async with floor.db.transaction() as tx:
            await routing.decline_offer(tx, made.id, su, reason=" ", now=floor.clock.now())
    async with floor.db.transaction() as tx:
        await routing.decline_offer(tx, made.id, su, reason="不懂这个型号", now=floor.clock.now())
    assert (await floor.row("offer", made.id))["state"] == "declined"
    note = await floor.db.pool.fetchval("SELECT text FROM note ORDER BY id DESC LIMIT 1")
    assert note == "没有接受转接:不懂这个型号"
    await floor.settle()
    assert await _told_giver(floor) == (lin, "offer.declined")
    again = await offer(floor, done, lin, to_agent=su)
    await accept(floor, again, su)


async def test_who_is_away_or_full_is_not_asked_and_the_note_is_mandatory(floor: Floor) -> None:
    lin, su, done = await two(floor)
    gone = await floor.hire("高远", state="offline")
    full = await floor.hire("白杨", live_cap=0)
    with pytest.raises(Away):
        await offer(floor, done, lin, to_agent=gone)
    with pytest.raises(NoRoom):
        await offer(floor, done, lin, to_agent=full)
    with pytest.raises(Invalid):
        async with floor.db.transaction() as tx:
            await routing.transfer(tx, the(done), to_agent=su, note=" ", by=By("agent"), now=floor.clock.now())
    await offer(floor, done, lin, to_agent=su)
    with pytest.raises(Conflict):
        await offer(floor, done, lin, to_agent=su)


async def test_of_a_team_the_first_who_accepts_has_it_and_the_third_time_a_lead(floor: Floor) -> None:
    lin, su, done = await two(floor)
    made = await offer(floor, done, lin, to_team=floor.shop.team)
    await accept(floor, made, su)
    await accept(floor, await offer(floor, done, su, to_agent=lin), lin)
    with pytest.raises(Conflict):
        await offer(floor, done, lin, to_agent=su)
    await floor.db.pool.execute("UPDATE team_member SET lead = true WHERE agent_id = $1", su)
    await accept(floor, await offer(floor, done, lin, to_agent=su), su)
    assert await floor.loads() == await floor.counted()


async def test_put_back_goes_to_somebody_else_with_its_seniority(floor: Floor) -> None:
    lin, su, done = await two(floor)
    await floor.db.pool.execute("UPDATE agent SET live_cap = 1 WHERE id = $1", su)
    other = await floor.says("v7", "在吗")
    assert await floor.agent_of(other) == su
    async with floor.db.transaction() as tx:
        await routing.put_back(
            tx, WorkKind.CONVERSATION, the(done), note="不会修这个", by=By(f"agent:{lin}", lin), now=floor.clock.now()
        )
    await floor.settle()
    assert await floor.agent_of(done) is None  # 林一 is free, but has just given it back
    assert await floor.loads() == {lin: (0, 0), su: (1, 0)} == await floor.counted()
    async with floor.db.read() as tx:
        why = await routing.why(tx, WorkKind.CONVERSATION, the(done), now=floor.clock.now())
    assert {c.name: c.excluded for c in why.candidates} == {"林一": Excluded.RETURNED, "苏瑾": Excluded.FULL}
    await end(floor, other, su)
    assert await floor.agent_of(done) == su
    assert (await floor.row("ticket", done.ticket_id))["agent_id"] == su


async def test_who_gave_it_back_gets_it_again_when_nobody_else_is_there(floor: Floor) -> None:
    lin, su, done = await two(floor)
    await floor.is_now(su, "offline")
    async with floor.db.transaction() as tx:
        by = By(f"agent:{lin}", lin)
        await routing.put_back(tx, WorkKind.CONVERSATION, the(done), note="不会修", by=by, now=floor.clock.now())
    await floor.settle()
    assert await floor.agent_of(done) == lin  # nobody waits beside the only one who could
    note = await floor.db.pool.fetchval("SELECT text FROM note ORDER BY id DESC LIMIT 1")
    assert note == "智能分配给 林一(售后,接待 1/5,曾退回,暂无他人可接),等待 00:00"


async def test_the_rest_from_what_was_given_back_ends(floor: Floor) -> None:
    lin, su, done = await two(floor)
    await floor.db.pool.execute("UPDATE agent SET live_cap = 0 WHERE id = $1", su)
    await floor.is_now(su, "busy")
    await floor.is_now(su, "online")
    async with floor.db.transaction() as tx:
        by = By(f"agent:{lin}", lin)
        await routing.put_back(tx, WorkKind.CONVERSATION, the(done), note="不会修", by=by, now=floor.clock.now())
    await floor.settle()
    await floor.pass_time(timedelta(minutes=9))
    assert await floor.agent_of(done) is None
    await floor.pass_time(timedelta(minutes=1))
    assert await floor.agent_of(done) == lin


async def test_a_ticket_put_back_waits_for_another(floor: Floor) -> None:
    lin = await floor.hire("林一")
    su = await floor.hire("苏瑾", async_cap=0)
    done = await floor.says("wang@example.com", "在吗", mail=True)
    async with floor.db.transaction() as tx:
        by = By(f"agent:{lin}", lin)
        await routing.put_back(tx, WorkKind.TICKET, ticket(done), note="不归我管", by=by, now=floor.clock.now())
    await floor.settle()
    row = await floor.row("ticket", done.ticket_id)
    assert (row["status"], row["agent_id"]) == ("new", None)
    assert (await floor.row("conversation", done.conversation_id))["agent_id"] is None
    await floor.db.pool.execute("UPDATE agent SET async_cap = 30 WHERE id = $1", su)
    await floor.is_now(su, "busy")
    await floor.is_now(su, "online")
    assert (await floor.row("ticket", done.ticket_id))["agent_id"] == su
    assert await floor.loads() == await floor.counted()


async def test_assigning_by_hand_to_a_person_and_to_a_team(floor: Floor) -> None:
    lin = await floor.hire("林一")
    su = await floor.hire("苏瑾", async_cap=0)
    done = await floor.says("wang@example.com", "在吗", mail=True)
    by, now = By(f"agent:{lin}", lin), floor.clock.now()
    async with floor.db.transaction() as tx:
        await routing.assign_ticket(tx, ticket(done), agent_id=su, team_id=None, note="请苏瑾跟进", by=by, now=now)
    await floor.settle()
    row = await floor.row("ticket", done.ticket_id)
    assert (row["agent_id"], row["owner_id"], row["status"]) == (su, lin, "open")
    assert await floor.agent_of(done) == su
    assert await floor.loads() == {lin: (0, 0), su: (0, 1)} == await floor.counted()
    await floor.is_now(lin, "offline")
    async with floor.db.transaction() as tx:
        team = floor.shop.team
        await routing.assign_ticket(tx, ticket(done), agent_id=None, team_id=team, note="请组里处理", by=by, now=now)
    await floor.settle()
    assert (await floor.row("ticket", done.ticket_id))["agent_id"] is None
    await floor.is_now(lin, "online")
    assert (await floor.row("ticket", done.ticket_id))["agent_id"] == lin
    assert await floor.loads() == await floor.counted()


async def test_why_it_waits(floor: Floor) -> None:
    await floor.hire("林一", live_cap=0)
    gao = await floor.hire("高远")
    await floor.is_now(gao, "break")
    done = await floor.says("v1", "在吗")
    floor.clock.advance(timedelta(seconds=363))
    async with floor.db.read() as tx:
        why = await routing.why(tx, WorkKind.CONVERSATION, the(done), now=floor.clock.now())
        of_ticket = await routing.why(tx, WorkKind.TICKET, ticket(done), now=floor.clock.now())
    assert (why.state, why.waits_for, why.waited) == ("waiting", WaitsFor.ROOM, 363)
    assert {c.name: c.excluded for c in why.candidates} == {"林一": Excluded.FULL, "高远": Excluded.PRESENCE}
    assert wording.waiting_for(why) == "2 人可接,都已接满:林一 0/0,高远 小休 06:03"
    assert wording.waiting_for(why, "en") == "2 could take it, all of them full: 林一 0/0, 高远 on a break 06:03"
    assert of_ticket.waits_for is WaitsFor.LIVE
    await floor.is_now(gao, "online")
    async with floor.db.read() as tx:
        why = await routing.why(tx, WorkKind.CONVERSATION, the(done), now=floor.clock.now())
    assert why.assignment is not None
    assert (why.state, why.assignment.agent_id, why.assignment.explanation.waited) == ("assigned", gao, 363)
    assert {j.agent: j.excluded for j in why.assignment.explanation.judged}[gao] is None


async def test_the_place_in_the_queue_never_rises(floor: Floor) -> None:
    async def place(done: Accepted) -> int | None:
        async with floor.db.transaction() as tx:
            state = await routing.queue_state(tx, the(done), now=floor.clock.now())
        return state.position if state else None

    chats = []
    for n in range(3):
        chats.append(await floor.says(f"v{n}", "在吗"))
        floor.clock.advance(timedelta(seconds=1))
    assert [await place(c) for c in chats] == [1, 2, 3]
    await floor.says("v9", "电热毯冒烟了!")  # before all of them
    assert [await place(c) for c in chats] == [1, 2, 3]
    await floor.hire("林一", live_cap=2)
    assert [await place(c) for c in chats] == [None, 1, 2]


async def test_who_waits_long_comes_forward_in_the_place_he_is_told(floor: Floor) -> None:
    async def places(*chats: Accepted) -> list[int]:
        async with floor.db.transaction() as tx:
            told = await routing.queue_states(tx, [the(c) for c in chats], now=floor.clock.now())
        return [told[the(c)].position for c in chats]

    low, usual = await floor.says("v1", "在吗"), await floor.says("v2", "在吗")
    await floor.db.pool.execute("UPDATE ticket SET priority = 1 WHERE id = $1", ticket(low))
    assert await places(low, usual) == [2, 1]
    floor.clock.advance(timedelta(minutes=21))  # both are as high as waiting lifts a chat in that time
    assert await places(low, usual) == [1, 1]  # whoever was told a place keeps it
    fresh = await floor.says("v3", "在吗")
    assert await places(fresh) == [3]


def test_the_expected_wait_is_the_pace_of_late() -> None:
    assert routing.expected_wait(1, 0, 0) == 90
    assert routing.expected_wait(2, 0, 3) == 60
    assert routing.expected_wait(4, 30, 3) == 120
    assert routing.expected_wait(500, 3, 1) == 3600


async def test_before_a_transfer_only_who_can_take_it_now_is_named_and_the_third_time_a_lead(floor: Floor) -> None:
    lin, su, done = await two(floor)
    gao = await floor.hire("高远", state="offline")
    full = await floor.hire("江澄", live_cap=0)

    async def named(**more: Any) -> routing.Receivers:
        async with floor.db.transaction() as tx:
            return await routing.receivers(tx, the(done), now=floor.clock.now(), **more)

    found = await named()
    assert [a.agent_id for a in found.agents] == [su]
    assert [(t.free, t.wait_s) for t in found.teams] == [(1, 20)]
    leaving = Duty(leaving=frozenset({su}))
    assert ((await named(duty=leaving)).agents, (await named(duty=leaving)).teams[0].free) == ((), 0)
    by, now = By(f"agent:{lin}", lin), floor.clock.now()
    async with floor.db.transaction() as tx:
        with pytest.raises(Away):
            await routing.transfer(tx, the(done), to_agent=su, note="请接", by=by, now=now, duty=leaving)
    for giver, taker in ((lin, su), (su, lin)):
        await accept(floor, await offer(floor, done, giver, taker), taker)
    await floor.is_now(gao, "online")
    await floor.db.pool.execute("UPDATE team_member SET lead = true WHERE agent_id = $1", gao)
    found = await named()
    assert (found.only_leads, found.transfers, found.teams) == (True, 2, ())
    assert [a.agent_id for a in found.agents] == [gao]
    assert full not in {a.agent_id for a in found.agents}
