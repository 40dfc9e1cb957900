"""Alerts over HTTP: what fires, taken in hand, and what was."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator

import httpx
import pytest

from tests.desk.alerts.test_watch import KINDS, Room, open_room
from tests.web.built import app_of
from tests.web.desk import API, NOWHERE
from tests.web.house import House, sign_in
from yizhan.desk.alerts import AlertRow
from yizhan.desk.live import PartRow
from yizhan.desk.metrics import ALL, Scope
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.journal import entries_after
from yizhan.records.config import Configuration
from yizhan.web.alerts import AlertPart
from yizhan.web.services import Services


@pytest.fixture
async def room(services: Services, house: House, clock: FakeClock) -> Room:
    """Two alerts fire: one of the whole house, one of 售前."""
    room = await open_room(services.db, clock)
    await room.release("whole", scope="all", for_s=0, calm_s=0)
    await room.release("teams", for_s=0, calm_s=0)
    room.figures = {("queue_length", ALL): 30.0, ("queue_length", Scope("team", str(house.sales))): 30.0}
    await room.looks()
    return room


@pytest.fixture
async def browser(services: Services, room: Room) -> AsyncIterator[httpx.AsyncClient]:
    whole = dataclasses.replace(services, configuration=Configuration(KINDS))
    transport = httpx.ASGITransport(app=app_of(whole))
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver.local") as browser:
        await sign_in(browser, "admin")
        yield browser


async def test_it_is_on_the_screens_of_who_may_see_it_until_it_is_over(
    services: Services, house: House, room: Room
) -> None:
    part = AlertPart(lambda: room.in_force)

    async def pushed(after: int) -> tuple[list[PartRow], int]:
        async with services.db.read() as tx:
            entries = [each for each in await entries_after(tx, after, 1000) if part.wants(each)]
            return list(await part.rows(tx, entries)), entries[-1].pos

    rows, upto = await pushed(0)
    told = {row.row.rule: row.agents for row in rows if isinstance(row.row, AlertRow)}
    assert told["whole"] == frozenset({house.people["admin"], house.people["su"]})
    assert told["teams"] == frozenset({house.people["admin"]})  # 苏瑾 leads another team
    room.figures = {}
    await room.looks(1)
    await room.looks(1)
    rows, _ = await pushed(upto)
    assert [row.row for row in rows] == [None, None]


async def test_who_may_see_a_team_sees_its_alerts_and_takes_them_in_hand(
    browser: httpx.AsyncClient, room: Room
) -> None:
    items = (await browser.get(f"{API}/alerts")).json()["items"]
    assert sorted((row["rule"], row["place_name"]) for row in items) == [("teams", "售前"), ("whole", "全部")]
    [of_sales] = [row for row in items if row["rule"] == "teams"]
    taken = await browser.post(f"{API}/alerts/{of_sales['id']}/acknowledge")
    assert [row["acknowledged_name"] for row in taken.json()["items"]] == ["管理员"]
    assert (await browser.post(f"{API}/alerts/{of_sales['id']}/acknowledge")).status_code == 409
    assert (await browser.post(f"{API}/alerts/{NOWHERE}/acknowledge")).status_code == 404
    await sign_in(browser, "su")  # leads 售后
    assert [row["rule"] for row in (await browser.get(f"{API}/alerts")).json()["items"]] == ["whole"]
    assert (await browser.post(f"{API}/alerts/{of_sales['id']}/acknowledge")).status_code == 404
    room.figures = {}
    await room.looks(1)
    await room.looks(1)
    assert (await browser.get(f"{API}/alerts")).json()["items"] == []
    past = (await browser.get(f"{API}/alerts/history")).json()
    assert ([row["rule"] for row in past["items"]], past["before"]) == (["whole"], None)
    await sign_in(browser, "lin")
    assert (await browser.get(f"{API}/alerts")).status_code == 403
