"""Notices over HTTP and on the socket: each person's own."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest

from tests.desk.notices.office import open_raising
from tests.web.desk import NOWHERE, Desk, open_desk
from tests.web.house import House
from tests.web.live.conftest import Desk as Screens
from tests.web.live.conftest import desk as screens
from tests.web.live.conftest import live
from tests.web.server import Running
from yizhan.desk import notices
from yizhan.desk.notices import NoticeQuiet
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.journal import Event, emit
from yizhan.web.notices.live import hushed
from yizhan.web.services import Services

__all__ = ["live", "screens"]


@pytest.fixture
async def desk(services: Services, house: House, browser: httpx.AsyncClient) -> Desk:
    return await open_desk(services, house, browser)


async def test_own_notices_are_listed_and_read(desk: Desk, clock: FakeClock) -> None:
    office = await open_raising(desk.services.db, clock)
    lin, su = desk.house.people["lin"], desk.house.people["su"]
    done = await desk.served()
    await office.raises("ticket.chased", [lin, su], done.ticket_id, ticket_id=done.ticket_id, count=1)
    listed = await desk.get("/notices")
    [row] = listed["items"]
    assert (listed["unread"], listed["before"], row["why"], row["times"]) == (1, None, "ticket.chased", 1)
    assert row["ticket_number"] > 0
    assert await desk.post("/notices/read", {"ids": [str(NOWHERE)]}, 200) == {"unread": 1}
    assert await desk.post("/notices/read", {"ids": [row["id"]]}, 200) == {"unread": 0}
    assert (await desk.get("/notices", unread="true"))["items"] == []
    await desk.refused(404, "not_found", "GET", f"/notices?before={NOWHERE}")
    quiet = {"why": "ticket.moved", "muted": True}
    assert (await desk.call("PUT", "/notices/mutes", quiet))["items"] == ["ticket.moved"]
    assert (await desk.get("/notices/mutes"))["items"] == ["ticket.moved"]
    await desk.refused(422, "invalid", "PUT", "/notices/mutes", {"why": "sla.breach", "muted": True})
    await desk.as_("su")
    assert (await desk.get("/notices"))["unread"] == 1
    assert await desk.post("/notices/read", {}, 200) == {"unread": 0}


async def test_they_are_looked_at_by_kind_and_quiet_hours_are_ones_own(desk: Desk, clock: FakeClock) -> None:
    office = await open_raising(desk.services.db, clock)
    lin = desk.house.people["lin"]
    done = await desk.served()
    for why in ("ticket.chased", "sla.warning", "sla.breach"):
        await office.raises(why, [lin], done.ticket_id, ticket_id=done.ticket_id)
    listed = await desk.get("/notices", kind="sla")
    assert {row["why"] for row in listed["items"]} == {"sla.warning", "sla.breach"}
    assert listed["unread"] == 3
    assert listed["kinds"] == [{"kind": "sla", "count": 2, "unread": 2}, {"kind": "ticket", "count": 1, "unread": 1}]
    assert await desk.post("/notices/read", {"kind": "sla"}, 200) == {"unread": 1}
    assert (await desk.get("/notices/quiet")) == {"quiet": None}
    hours = {"start": "22:00", "end": "08:00", "tz": "Asia/Shanghai"}
    await desk.call("PUT", "/notices/quiet", {"quiet": hours})
    assert (await desk.get("/notices/quiet"))["quiet"] == hours
    await desk.refused(422, "invalid", "PUT", "/notices/quiet", {"quiet": {**hours, "end": "22:00"}})
    await desk.as_("su")
    assert (await desk.get("/notices/quiet")) == {"quiet": None}
    await desk.as_("lin")
    assert await desk.call("PUT", "/notices/quiet", {"quiet": None}) == {"quiet": None}


async def test_in_quiet_hours_only_what_is_critical_or_a_call_is_heard(desk: Desk, clock: FakeClock) -> None:
    office, lin = await open_raising(desk.services.db, clock), desk.house.people["lin"]
    local = clock.now().astimezone(ZoneInfo("Asia/Shanghai"))
    hours = NoticeQuiet(f"{local:%H:%M}", f"{local + timedelta(hours=1):%H:%M}", "Asia/Shanghai")
    await office.raises("ticket.chased", [lin])
    await office.raises("sla.breach", [lin])
    await office.raises("ticket.moved", [lin], how="call")
    clock.advance(timedelta(hours=2))
    await office.raises("ticket.assigned", [lin])
    found = {row.why: row for row in (await office.page(lin)).items}
    assert {why: hushed(hours, row) for why, row in found.items()} == {
        "ticket.chased": True, "sla.breach": False, "ticket.moved": False, "ticket.assigned": False,
    }  # fmt: skip
    assert not hushed(None, found["ticket.chased"])


async def test_a_notice_is_on_its_readers_screen_at_once(
    live: Running, house: House, screens: Screens, clock: FakeClock
) -> None:
    lin, db = house.people["lin"], live.services.db
    reader = notices.notice_reader(db, clock)
    reader.follow(live.feed)
    async with screens("lin") as line, screens("su") as other, asyncio.TaskGroup() as group:
        reading = group.create_task(reader.run())
        async with db.transaction() as tx:
            data = {"who": ["handler"], "agents": [lin], "how": "notify", "why": "ticket.chased"}
            at = clock.now()
            await emit(tx, [Event(
                kind="notice.raised", subject=NOWHERE, subject_version=1, at=at, actor="system", data=data
            )])  # fmt: skip
        put = await line.next("put", e="notice")
        assert (put["row"]["unread"], put["row"]["notice"]["why"]) == (1, "ticket.chased")
        async with db.transaction() as tx:
            await notices.read_all(tx, lin, now=clock.now())
        read = await line.next("put", e="notice")
        assert (read["row"]["unread"], read["row"]["notice"]) == (0, None)
        assert [f for f in await other.quiet(0.1) if f.get("e") == "notice"] == []
        reading.cancel()


async def test_a_call_is_acknowledged_by_one_for_all(desk: Desk, clock: FakeClock) -> None:
    office = await open_raising(desk.services.db, clock)
    lin, su = desk.house.people["lin"], desk.house.people["su"]
    done = await desk.served()
    await office.raises("sla.call", [lin, su], done.ticket_id, ticket_id=done.ticket_id, how="call", ring=1)
    await office.raises("ticket.chased", [lin], done.ticket_id, ticket_id=done.ticket_id)
    [call] = (await desk.get("/notices/calls"))["items"]
    assert (call["why"], call["level"], call["acknowledged_at"]) == ("sla.call", "critical", None)
    assert await desk.post("/notices/read", {}, 200) == {"unread": 0}
    assert len((await desk.get("/notices/calls"))["items"]) == 1
    await desk.refused(404, "not_found", "POST", f"/notices/{NOWHERE}/acknowledge")
    await desk.post(f"/notices/{call['id']}/acknowledge", {}, 200)
    await desk.post(f"/notices/{call['id']}/acknowledge", {}, 200)  # a second click does no harm
    await desk.as_("su")
    assert (await desk.get("/notices/calls"))["items"] == []
    [seen] = (await desk.get("/notices"))["items"]
    assert seen["acknowledged_name"]
    assert seen["read_at"] is not None
    await office.settle()
    [said] = await office.events("notice.acknowledged")
    assert (said["agent_id"], said["data"]["why"], len(said["data"]["people"])) == (lin, "sla.call", 2)
