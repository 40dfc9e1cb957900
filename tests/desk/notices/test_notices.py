"""What others raise becomes something a person reads, once, counted while he does not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.desk.notices.office import Raising, open_raising
from yizhan.desk import notices
from yizhan.desk.notices import NoticeLevel, level_of
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database
from yizhan.foundation.errors import Invalid, NotFound
from yizhan.foundation.journal import Event, emit
from yizhan.foundation.timer import Timers
from yizhan.records import agents

MINUTE = timedelta(minutes=1)


@pytest.fixture
async def office(db: Database, clock: FakeClock) -> Raising:
    return await open_raising(db, clock)


@pytest.mark.parametrize(
    ("why", "how", "told", "level"),
    [
        ("sla.warning", "notify", None, NoticeLevel.WARNING),
        ("sla.breach", "notify", None, NoticeLevel.CRITICAL),
        ("sla.+30", "notify", None, NoticeLevel.CRITICAL),
        ("ticket.moved", "notify", None, NoticeLevel.INFO),
        ("ticket.moved", "call", None, NoticeLevel.CRITICAL),
        ("whatever", "notify", "warning", NoticeLevel.WARNING),
        ("whatever", "notify", "loud", NoticeLevel.INFO),
        ("whatever", "notify", 7, NoticeLevel.INFO),
    ],
)
def test_how_grave_it_is(why: str, how: str, told: object, level: NoticeLevel) -> None:
    assert level_of(why, how, told) is level


async def test_each_person_named_has_one_and_reads_it(office: Raising, clock: FakeClock) -> None:
    lin, su = await office.hire("林一"), await office.hire("苏瑾")
    await office.raises("sla.breach", [lin, su, lin], target="first_response")
    [row] = (await office.page(lin)).items
    assert (row.why, row.level, row.times, row.facts) == ("sla.breach", "critical", 1, {"target": "first_response"})
    clock.advance(MINUTE)
    async with office.db.transaction() as tx:
        assert await notices.read_some(tx, lin, [row.id], now=clock.now()) == 0
        assert await notices.read_some(tx, lin, [row.id], now=clock.now()) == 0
    await office.settle()
    assert (await office.page(lin)).items[0].read_at == clock.now()
    assert [each["agent_id"] for each in await office.events("notice.read")] == [lin]
    assert (await office.page(su)).unread == 1  # another's is his own
    assert {each["agent_id"] for each in await office.events("notice.kept")} == {lin, su}


async def test_the_same_again_is_counted_until_it_is_read(office: Raising, clock: FakeClock) -> None:
    lin = await office.hire("林一")
    subject = await office.raises("ticket.chased", [lin], count=1)
    clock.advance(MINUTE)
    await office.raises("ticket.chased", [lin], subject, count=2)
    page = await office.page(lin)
    assert [(n.times, n.facts["count"], n.raised_at) for n in page.items] == [(2, 2, clock.now())]
    assert page.unread == 1
    async with office.db.transaction() as tx:
        assert await notices.read_all(tx, lin, now=clock.now()) == 0
    clock.advance(MINUTE)
    await office.raises("ticket.chased", [lin], subject, count=3)
    assert [(n.times, n.read_at is None) for n in (await office.page(lin)).items] == [(1, True), (2, False)]
    assert [n.times for n in (await office.page(lin, unread=True)).items] == [1]


async def test_a_muted_kind_comes_as_read_but_never_what_is_grave(office: Raising, clock: FakeClock) -> None:
    lin, su = await office.hire("林一"), await office.hire("苏瑾")
    async with office.db.transaction() as tx:
        assert await notices.mute(tx, lin, "ticket.chased", muted=True) == ["ticket.chased"]
        with pytest.raises(Invalid):
            await notices.mute(tx, lin, "sla.breach", muted=True)
    graver: list[dict[str, Any]] = [{}, {"how": "call"}, {"level": "critical"}]
    for fields in graver:
        clock.advance(MINUTE)
        await office.raises("ticket.chased", [lin, su], **fields)
    listed = (await office.page(lin)).items
    assert [(n.how, n.level, n.read_at is None) for n in listed] == [
        ("notify", "critical", True), ("call", "critical", True), ("notify", "warning", False),
    ]  # fmt: skip
    assert [each["agent_id"] for each in await office.events("notice.kept")].count(lin) == 2  # on his screen
    assert (await office.page(su)).unread == 3
    async with office.db.transaction() as tx:
        assert await notices.mute(tx, lin, "ticket.chased", muted=False) == []
    await office.raises("ticket.chased", [lin])
    assert (await office.page(lin)).unread == 3


async def test_many_at_once_are_folded_and_a_page_goes_on_where_it_ended(office: Raising, clock: FakeClock) -> None:
    lin = await office.hire("林一")
    subject = uuid4()
    for why in ("a", "b", "c"):
        clock.advance(MINUTE)
        await office.raises(why, [lin])
    async with office.db.transaction() as tx:
        twice = Event(
            kind="notice.raised", subject=subject, subject_version=1, at=clock.now(), actor="system",
            data={"why": "d", "how": "notify", "who": [], "agents": [str(lin), "no id"]},
        )  # fmt: skip
        await emit(tx, [twice, twice])
    clock.advance(MINUTE)
    await office.settle()
    first = await office.page(lin, count=2)
    assert [(n.why, n.times) for n in first.items] == [("d", 2), ("c", 1)]
    rest = await office.page(lin, before=first.before, count=2)
    assert ([n.why for n in rest.items], rest.before) == (["b", "a"], None)
    with pytest.raises(NotFound):
        await office.page(lin, before=uuid4())


async def test_what_names_nobody_goes_to_who_looks_after_the_team(office: Raising) -> None:
    lin, boss, lead = (
        await office.hire("林一"),
        await office.hire("主管", "supervisor"),
        await office.hire("苏瑾", "lead"),
    )
    async with office.db.transaction() as tx:
        other = await agents.create_team(tx, agents.NewTeam(key="other", name="别组"), office.clock.now(), "test")
        mine = await agents.create_team(tx, agents.NewTeam(key="mine", name="本组"), office.clock.now(), "test")
        await agents.set_members(tx, mine, [agents.Member(lead, True)], office.clock.now(), "test")
    await office.raises("sla.breach", [], team_id=mine)
    await office.raises("sla.breach", [], team_id=other)
    assert [(await office.page(who)).unread for who in (lin, boss, lead)] == [0, 2, 1]


async def test_what_fails_in_the_system_is_told_to_who_can_mend_it(office: Raising) -> None:
    lin, admin = await office.hire("林一"), await office.hire("admin", "admin")
    subject = await office.happens("rule.failed", kind="priority", name="vip", error="no such field")
    await office.happens("rule.failed", subject, kind="priority", name="vip", error="no such field")
    [row] = (await office.page(admin)).items
    assert (row.why, row.times, row.level) == ("rule.failed", 2, "warning")
    assert row.facts == {"kind": "priority", "name": "vip", "error": "no such field"}
    assert (await office.page(lin)).unread == 0
    raised = (await office.events("notice.raised"))[0]
    first = (await office.events("rule.failed"))[0]["pos"]
    assert (raised["cause"], raised["depth"]) == (first, 1)


async def test_what_was_read_long_ago_is_forgotten(office: Raising, clock: FakeClock) -> None:
    lin = await office.hire("林一")
    await office.raises("a", [lin])
    async with office.db.transaction() as tx:
        await notices.read_all(tx, lin, now=clock.now())
    await office.raises("b", [lin])
    clock.advance(timedelta(days=91))
    async with office.db.transaction() as tx:
        assert await notices.forget_read(tx, clock.now()) == 1
    assert [n.why for n in (await office.page(lin)).items] == ["b"]


async def test_a_call_rings_along_its_chain_until_somebody_has_it(office: Raising, clock: FakeClock) -> None:
    timers = Timers(office.db, clock)
    notices.register_timers(timers)
    lin, su, boss = [await office.hire(name) for name in ("林一", "苏瑾", "主管")]
    subject = await office.raises("complaint.crisis", [lin], how="call", then=[[str(su)], [str(boss)]])
    await office.raises("complaint.major", [lin])

    async def minutes(many: int) -> None:
        clock.advance(many * MINUTE)
        await timers.fire_due(clock.now())
        await office.settle()

    async def ringing(who: UUID) -> list[tuple[str, int]]:
        async with office.db.read() as tx:
            return [(n.why, n.times) for n in await notices.calls(tx, who, clock.now())]

    assert [await ringing(who) for who in (lin, su)] == [[("complaint.crisis", 1)], []]
    await minutes(3)
    assert [await ringing(who) for who in (lin, su, boss)] == [[("complaint.crisis", 2)], [("complaint.crisis", 1)], []]
    async with office.db.transaction() as tx:
        await notices.read_all(tx, su, now=clock.now())  # to read is not to have it
    await minutes(3)
    assert [await ringing(who) for who in (lin, su, boss)] == [
        [("complaint.crisis", 3)], [("complaint.crisis", 1)], [("complaint.crisis", 1)],
    ]  # fmt: skip
    async with office.db.transaction() as tx:
        [mine] = await notices.calls(tx, boss, clock.now())
        assert "then" not in mine.facts
        await notices.acknowledge(tx, boss, mine.id, now=clock.now())
    await minutes(30)
    assert [await ringing(who) for who in (lin, su, boss)] == [[], [], []]
    assert len([e for e in await office.events("notice.raised") if e["subject"] == subject]) == 3


async def test_a_call_ends_with_what_it_is_about(office: Raising, clock: FakeClock) -> None:
    timers = Timers(office.db, clock)
    notices.register_timers(timers)
    lin = await office.hire("林一")
    subject = await office.raises("consultation.asked", [lin], how="call")
    async with office.db.transaction() as tx:
        await notices.seen_to(tx, "consultation.asked", subject, actor="agent:x", now=clock.now())
    await office.settle()
    for _ in range(3):
        clock.advance(3 * MINUTE)
        await timers.fire_due(clock.now())
        await office.settle()
    assert len(await office.events("notice.raised")) == 1
