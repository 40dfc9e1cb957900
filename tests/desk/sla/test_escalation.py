"""Who is told, what is raised and moved, and that each is done once and only while it is still late."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.desk.sla.office import HOUR, MINUTE, PLAIN, Office, open_office
from yizhan.desk.notices import NoticeRow, acknowledge, notice_reader, read_all
from yizhan.desk.notices import calls as open_calls
from yizhan.desk.sla import store
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database
from yizhan.foundation.errors import NotFound
from yizhan.foundation.ids import new_id
from yizhan.foundation.timer import held_timers
from yizhan.records import agents, rosters, tickets
from yizhan.records.agents import Member
from yizhan.records.tickets import Action


@pytest.fixture
async def office(db: Database, clock: FakeClock) -> Office:
    return await open_office(db, clock, plain=False)


def chain(*steps: dict[str, Any]) -> dict[str, Any]:
    return {**PLAIN, "targets": {"any": {"first_response": {"minutes": 30}}}, "escalation": list(steps)}


async def notices(office: Office) -> list[tuple[str, str, list[str], list[str]]]:
    return [
        (each["data"]["why"], each["data"]["how"], each["data"]["who"], each["data"]["agents"])
        for each in await office.events("notice.raised")
    ]


async def calls(office: Office, agent: UUID) -> list[NoticeRow]:
    async with office.db.read() as tx:
        return await open_calls(tx, agent, office.now)


async def held(office: Office) -> int:
    async with office.db.read() as tx:
        return len([each for each in await held_timers(tx) if each.timer.kind.startswith("sla.")])


async def test_the_words_of_a_policy_mean_people(office: Office) -> None:
    lin, su = await office.floor.hire("林一"), await office.floor.hire("苏瑾", state="offline")
    await office.db.pool.execute("UPDATE team_member SET lead = true WHERE agent_id = $1", su)
    await office.db.pool.execute("UPDATE inbox SET team_id = $1", office.floor.shop.team)
    await office.floor.shop.intake.load_inboxes()
    await office.release({"plain": chain(
        {"at": "warning", "do": "notify", "to": ["handler", "owner"]},
        {"at": "breach", "do": "notify", "to": ["lead", "role:agent", "handler"]},
        {"at": "breach", "do": "call"},
        {"at": "+15", "do": "notify", "to": ["team"]},
    )})  # fmt: skip
    await office.floor.says("v1", "在吗")
    await office.floor.pass_time(24 * MINUTE)
    await office.floor.pass_time(6 * MINUTE)
    both = [str(agent) for agent in sorted((lin, su))]
    found = await notices(office)
    assert found[0] == ("sla.warning", "notify", ["handler", "owner"], [str(lin)])
    assert (found[1][0], found[1][3][0], sorted(found[1][3])) == ("sla.breach", str(su), both)
    assert found[2] == ("sla.call", "call", ["duty"], [])
    for minutes in (3, 3, 3, 3, 2):
        await office.floor.pass_time(minutes * MINUTE)
    assert [each[0] for each in (await notices(office))[3:]] == ["sla.call"] * 4
    await office.floor.pass_time(MINUTE)
    assert sorted((await notices(office))[7][3]) == both
    await office.floor.pass_time(HOUR)
    assert len(await notices(office)) == 8  # the next step ended the call
    assert await held(office) == 0


async def test_a_call_rings_until_somebody_has_it(office: Office) -> None:
    office.floor.readers.append(notice_reader(office.db, office.floor.clock))
    lin, su = await office.floor.hire("林一"), await office.floor.hire("苏瑾", state="offline")
    await office.db.pool.execute("UPDATE inbox SET team_id = $1", office.floor.shop.team)
    await office.floor.shop.intake.load_inboxes()
    await office.release({"plain": chain({"at": "breach", "do": "call", "to": ["team"], "again_min": 5})})
    await office.floor.says("v1", "在吗")
    for minutes in (30, 4, 1):
        await office.floor.pass_time(minutes * MINUTE)
    rings = [each["data"]["ring"] for each in await office.events("notice.raised")]
    assert rings == [1, 2]
    mine, others = await calls(office, lin), await calls(office, su)
    assert [(each.why, each.level, each.times) for each in mine] == [("sla.call", "critical", 2)]
    assert len(others) == 1
    async with office.db.transaction() as tx:
        await read_all(tx, lin, now=office.now)  # to have read it is not to have it
    await office.floor.pass_time(5 * MINUTE)
    assert len(await office.events("notice.raised")) == 3
    async with office.db.transaction() as tx:
        await acknowledge(tx, lin, (await calls(office, lin))[0].id, now=office.now)
        with pytest.raises(NotFound):
            await acknowledge(tx, su, mine[0].id, now=office.now)
    assert (await calls(office, lin), await calls(office, su)) == ([], [])
    await office.floor.pass_time(HOUR)
    assert len(await office.events("notice.raised")) == 3
    [said] = await office.events("notice.acknowledged")
    assert (said["agent_id"], said["data"]["why"]) == (lin, "sla.call")
    assert await held(office) == 0


async def test_a_call_about_what_was_answered_is_settled(office: Office) -> None:
    office.floor.readers.append(notice_reader(office.db, office.floor.clock))
    lin = await office.floor.hire("林一")
    await office.release({"plain": chain({"at": "breach", "do": "call", "to": ["handler"]})})
    done = await office.floor.says("v1", "在吗")
    await office.floor.pass_time(31 * MINUTE)
    assert len(await calls(office, lin)) == 1
    await office.answers(done, lin)
    assert await calls(office, lin) == []
    await office.floor.pass_time(HOUR)
    assert len(await office.events("notice.raised")) == 1
    assert len(await office.events("notice.settled")) == 1


async def test_a_late_ticket_is_raised_step_by_step(office: Office) -> None:
    await office.release({"plain": chain(
        {"at": "breach", "do": "raise_priority"}, {"at": "+30", "do": "raise_priority"},
        {"at": "+60", "do": "raise_priority"},
    )})  # fmt: skip
    done = await office.floor.says("v1", "在吗")
    for minutes, priority in ((29, 2), (1, 3), (30, 4)):
        await office.floor.pass_time(minutes * MINUTE)
        assert (await office.floor.row("ticket", done.ticket_id))["priority"] == priority
    await office.floor.pass_time(30 * MINUTE)
    (skipped,) = await office.events("sla.skipped")
    assert skipped["data"]["why"] == "urgent"
    texts = await office.db.pool.fetch("SELECT text FROM note WHERE actor = 'timer:sla.step' ORDER BY id")
    assert [row["text"] for row in texts] == ["首次响应已超时,优先级自动升级", "首次响应已超时 30 分钟,优先级自动升级"]
    assert len(await office.targets(done)) == 1  # a broken promise is not made stricter
    assert await held(office) == 0


async def test_a_late_mail_is_moved_to_another_team(office: Office) -> None:
    l2 = new_id(office.now)
    await office.db.pool.execute("INSERT INTO team (id, key, name) VALUES ($1, 'l2', '售后 L2')", l2)
    await office.release({"plain": chain({"at": "breach", "do": "move", "team": "l2"})})
    lin, gao = await office.floor.hire("林一"), await office.floor.hire("高远", state="offline", team=False)
    async with office.db.transaction() as tx:
        await agents.set_members(tx, l2, [Member(gao, False)], office.now, "test")
    done = await office.floor.says("wang@example.com", "怎么安装?", mail=True)
    assert (await office.floor.row("ticket", done.ticket_id))["agent_id"] == lin
    await office.floor.pass_time(30 * MINUTE)
    ticket = await office.floor.row("ticket", done.ticket_id)
    team = await office.db.pool.fetchval("SELECT key FROM team WHERE id = $1", ticket["team_id"])
    assert (team, ticket["agent_id"]) == ("l2", None)
    assert await office.floor.loads() == {lin: (0, 0), gao: (0, 0)} == await office.floor.counted()
    note = await office.db.pool.fetchval("SELECT text FROM note WHERE actor = 'timer:sla.step'")
    assert note == "首次响应已超时,自动转派 售后 L2"
    assert await held(office) == 0


async def test_a_customer_in_a_chat_is_not_moved(office: Office) -> None:
    await office.db.pool.execute("INSERT INTO team (id, key, name) VALUES ($1, 'l2', '二线')", new_id(office.now))
    await office.release({"plain": chain({"at": "breach", "do": "move", "team": "l2"})})
    lin = await office.floor.hire("林一")
    done = await office.floor.says("v1", "在吗")
    await office.floor.pass_time(30 * MINUTE)
    assert await office.floor.agent_of(done) == lin
    assert [each["data"]["why"] for each in await office.events("sla.skipped")] == ["live"]


async def test_an_answer_ends_the_chain(office: Office) -> None:
    await office.release({"plain": chain(
        {"at": "breach", "do": "notify", "to": ["handler"]}, {"at": "+30", "do": "raise_priority"},
    )})  # fmt: skip
    lin = await office.floor.hire("林一")
    done = await office.floor.says("v1", "在吗")
    await office.floor.pass_time(40 * MINUTE)
    await office.answers(done, lin)
    await office.floor.pass_time(HOUR)
    assert (await office.floor.row("ticket", done.ticket_id))["priority"] == 2
    assert len(await notices(office)) == 1


async def test_who_waits_for_the_customer_is_left_alone(office: Office) -> None:
    policy = {**PLAIN, "targets": {"any": {"resolution": {"minutes": 60}}}, "escalation": [
        {"at": "+30", "do": "raise_priority"}, {"at": "+90", "do": "notify", "to": ["handler"]},
    ]}  # fmt: skip
    await office.release({"plain": policy})
    lin = await office.floor.hire("林一")
    done = await office.floor.says("wang@example.com", "怎么安装?", mail=True)
    await office.floor.pass_time(70 * MINUTE)
    await office.moves(done, lin, Action.SOLVE)
    await office.floor.pass_time(30 * MINUTE)
    assert (await office.floor.row("ticket", done.ticket_id))["priority"] == 2
    await office.moves(done, lin, Action.RETURN_TO_QUEUE)
    await office.floor.pass_time(timedelta(hours=1))
    assert len(await notices(office)) == 1


async def test_a_step_that_fails_is_left_out_and_the_next_ones_go_on(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await office.release({"plain": chain(
        {"at": "breach", "do": "raise_priority"}, {"at": "breach", "do": "notify", "to": ["handler"]},
        {"at": "breach", "do": "call"}, {"at": "+30", "do": "raise_priority"},
    )})  # fmt: skip
    lin = await office.floor.hire("林一")
    done = await office.floor.says("v1", "在吗")
    change, agents_of = tickets.change_ticket, rosters.on_duty

    async def broken(tx: Any, ticket: Any, *args: Any, **more: Any) -> None:
        await tx.execute("UPDATE ticket SET subject = 'half done' WHERE id = $1", ticket.id)
        raise RuntimeError("broken under the hood")

    monkeypatch.setattr(tickets, "change_ticket", broken)
    monkeypatch.setattr(rosters, "on_duty", broken_duty)
    await office.floor.pass_time(30 * MINUTE)
    monkeypatch.setattr(tickets, "change_ticket", change)
    monkeypatch.setattr(rosters, "on_duty", agents_of)
    ticket = await office.floor.row("ticket", done.ticket_id)
    assert (ticket["priority"], ticket["subject"]) == (2, "在吗")
    assert [each[1:] for each in await notices(office)] == [("notify", ["handler"], [str(lin)])]
    assert sorted((each["data"]["step"], each["data"]["why"]) for each in await office.events("sla.skipped")) == [
        ("call", "failed"), ("raise_priority", "failed"),
    ]  # fmt: skip
    told = await office.events("rule.failed")
    assert [each["data"]["name"] for each in told] == ["plain", "plain"]
    await office.floor.pass_time(30 * MINUTE)
    assert (await office.floor.row("ticket", done.ticket_id))["priority"] == 3
    assert await held(office) == 0


async def test_a_policy_whose_versions_cannot_be_read_holds_up_no_other(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await office.release({"plain": chain({"at": "breach", "do": "notify", "to": ["handler"]})})
    await office.floor.hire("林一")
    done = await office.floor.says("v1", "在吗")
    monkeypatch.setattr(store, "document", unreadable)
    await office.floor.pass_time(30 * MINUTE)
    assert (await office.target(done, "first_response")).breached_at is not None
    assert [each["data"]["kind"] for each in await office.events("rule.failed")] == ["sla_policy"]
    assert await held(office) == 0


async def broken_duty(*_: Any) -> None:
    raise RuntimeError("no roster")


async def unreadable(*_: Any) -> dict[str, Any]:
    return {"name": "what a later version of the product would not read"}
