"""The end of a shift: one sheet, what is kept is finished, and what nobody handed over goes to the team."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.desk.roster.station import MINUTE, Station, open_station
from yizhan.desk import handover
from yizhan.desk.handover import ChatChoice, TicketChoice
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database
from yizhan.foundation.errors import Conflict, Forbidden
from yizhan.records import tickets
from yizhan.records.tickets import By, Wait, WaitingReason


@pytest.fixture
async def station(db: Database, clock: FakeClock) -> Station:
    made = await open_station(db, clock)
    made.floor.readers.append(handover.handover_reader(db, clock, made.book))
    handover.register_timers(made.floor.timers, made.book)
    made.floor.timers.register(tickets.FOLLOW_UP, _nothing)
    return made


async def _nothing(tx: Any, timer: Any, now: Any) -> None:
    """The ticket stays where it is."""


async def appoints(station: Station, done: Any, hours: float) -> None:
    async with station.floor.db.transaction() as tx:
        ticket = await tickets.lock_ticket(tx, done.ticket_id)
        wait = Wait(WaitingReason.APPOINTMENT, station.now + timedelta(hours=hours))
        await tickets.wait_for(tx, ticket, wait, text="约好再看", by=By("test"), now=station.now)
    await station.pass_time(timedelta(0))


def ticket_of(done: Any) -> UUID:
    return UUID(str(done.ticket_id))


async def sheet(station: Station, agent: UUID) -> handover.Sheet:
    async with station.floor.db.read() as tx:
        return await handover.sheet(tx, agent, station.now)


async def leaves(station: Station, agent: UUID, chats: list[ChatChoice], given: list[TicketChoice]) -> handover.Given:
    async with station.floor.db.transaction() as tx:
        by = By(f"agent:{agent}", agent)
        done = await handover.hand_over(tx, agent, chats, given, by=by, now=station.now)
    await station.pass_time(timedelta(0))
    return done


async def test_one_sheet_empties_the_hands_and_the_next_one_reads_it(station: Station) -> None:
    floor = station.floor
    lin = await floor.hire("林一")
    await station.plan(lin, "09:00", "18:00")
    chat, kept = await station.says("v1", "灯不亮"), await station.says("v2", "也不亮")
    soon = await floor.says("m@x.cn", "发票", mail=True)
    late = await floor.says("n@x.cn", "退款", mail=True)
    await appoints(station, soon, 12)
    await appoints(station, late, 40)
    gao = await floor.hire("高远", state="offline")
    await station.plan(gao, "17:30", "23:00")
    await station.until("17:50")
    found = await sheet(station, lin)
    assert set(found.chats) == {chat.conversation_id, kept.conversation_id}
    assert ([t.ticket_id for t in found.tickets], [t.why for t in found.tickets]) == ([soon.ticket_id], ["follow_up"])
    assert found.next == (gao,)
    with pytest.raises(Conflict):
        await leaves(station, gao, [ChatChoice(id=chat.conversation_id, do="keep")], [])
    with pytest.raises(Forbidden):
        await leaves(station, gao, [], [TicketChoice(id=ticket_of(soon), to="team", note="给组里")])
    done = await leaves(
        station, lin,
        [ChatChoice(id=chat.conversation_id, do="end"), ChatChoice(id=kept.conversation_id, do="keep")],
        [TicketChoice(id=ticket_of(soon), to="next", note="约了明早回电")],
    )  # fmt: skip
    assert done.staying == (kept.conversation_id,)
    assert await station.state(lin) == "busy"
    assert (await floor.row("ticket", soon.ticket_id))["agent_id"] == gao
    assert (await station.notices())[-1] == ("handover.received", [gao])
    async with floor.db.transaction() as tx:
        (line,) = await handover.received(tx, gao, station.now)
        assert (line.from_name, line.how, line.note, line.ticket_id) == (
            "林一",
            "agent",
            "约了明早回电",
            soon.ticket_id,
        )
        await handover.see(tx, gao, station.now)
        assert (await handover.received(tx, gao, station.now))[0].seen_at == station.now
    # 继续: the conversation stays with who is really here, also when the shift is over.
    await station.until("18:10")
    assert await floor.agent_of(kept) == lin
    assert await station.events("handover.swept") == []


async def test_what_nobody_handed_over_goes_to_the_team_ten_minutes_later(station: Station) -> None:
    floor = station.floor
    lin = await floor.hire("林一")
    await station.plan(lin, "09:00", "18:00")
    chat = await station.says("v1", "灯不亮")
    mail = await floor.says("m@x.cn", "发票", mail=True)
    await appoints(station, mail, 12)
    gao = await floor.hire("高远", state="offline")
    await station.until("18:09")
    assert await floor.agent_of(chat) == lin
    await station.until("18:10")
    assert await floor.agent_of(chat) is None
    assert (await floor.row("ticket", mail.ticket_id))["agent_id"] is None
    assert await station.state(lin) == "busy"
    said = "SELECT text, code, typed FROM note WHERE ticket_id = $1 ORDER BY id DESC LIMIT 1"
    note = await floor.db.pool.fetchrow(said, mail.ticket_id)
    assert note is not None
    assert (note["code"], note["typed"]) == ("shift_over", False)
    assert "10 分钟" in note["text"]
    async with floor.db.read() as tx:
        assert sorted(i.how for i in await handover.received(tx, gao, station.now)) == ["pool", "pool"]
    await station.is_now(gao, "online")
    assert await floor.agent_of(chat) == gao


async def test_who_says_online_anew_after_the_end_works_on(station: Station) -> None:
    lin = await station.floor.hire("林一")
    await station.plan(lin, "09:00", "18:00")
    chat = await station.says("v1", "灯不亮")
    await station.until("18:01")
    await station.is_now(lin, "busy")
    await station.is_now(lin, "online")
    await station.pass_time(10 * MINUTE)
    assert await station.floor.agent_of(chat) == lin
    assert await station.state(lin) == "online"
