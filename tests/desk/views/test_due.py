"""What is due next to a ticket's row, and the list of what is due first."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from tests.desk.sla.office import MINUTE, PLAIN, Office, open_office
from yizhan.desk import views
from yizhan.desk.intake import Accepted
from yizhan.desk.views import Due, TicketFilter, TicketRow
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database
from yizhan.records.agents import Scope, Viewer
from yizhan.records.tickets import Action

EVERYBODY = Viewer(
    agent_id=UUID(int=1), name="x", permissions=frozenset(), scope=Scope.ALL, team_ids=(), brand_ids=()
)  # fmt: skip


@pytest.fixture
async def office(db: Database, clock: FakeClock) -> Office:
    return await open_office(db, clock)


async def row_of(office: Office, done: Accepted) -> TicketRow:
    assert done.ticket_id
    async with office.db.read() as tx:
        (row,) = await views.ticket_rows(tx, [done.ticket_id])
    return row


async def page(office: Office, **wanted: object) -> list[int]:
    """Numbers of the tickets, all pages of three."""
    found, after = list[int](), None
    while True:
        async with office.db.read() as tx:
            limits = TicketFilter(after=after, limit=3, **wanted)  # type: ignore[arg-type]
            rows, after = await views.tickets_due(tx, EVERYBODY, limits)
        found += [row.number for row in rows]
        if after is None:
            return found


async def test_a_row_says_what_is_due_first(office: Office) -> None:
    lin = await office.floor.hire("林一")
    done = await office.floor.says("wang@example.com", "怎么安装?", mail=True)
    begun = office.now
    assert (await row_of(office, done)).due == Due("first_response", begun + 30 * MINUTE, "running")
    await office.floor.pass_time(24 * MINUTE)
    assert (await row_of(office, done)).due == Due("first_response", begun + 30 * MINUTE, "warned")
    await office.floor.pass_time(6 * MINUTE)
    assert (await row_of(office, done)).due == Due("first_response", begun + 30 * MINUTE, "breached")
    await office.answers(done, lin)
    assert (await row_of(office, done)).due == Due("resolution", begun + timedelta(hours=25), "running")
    await office.moves(done, lin, Action.SOLVE)
    assert (await row_of(office, done)).due == Due("resolution", None, "paused")
    await office.moves(done, lin, Action.CONFIRM)
    assert (await row_of(office, done)).due is None


async def test_what_is_due_first_comes_first_page_by_page(office: Office) -> None:
    lin = await office.floor.hire("林一")
    numbers = []
    for n in range(8):
        done = await office.floor.says(f"v{n}", "在吗")
        numbers.append((await row_of(office, done)).number)
        await office.floor.pass_time(MINUTE * 2)
    later = await office.floor.says("v8", "在吗")
    await office.answers(later, lin)  # only its resolution is left
    numbers.append((await row_of(office, later)).number)
    assert await page(office, due="any") == numbers
    await office.floor.pass_time(MINUTE * 12)  # 28 minutes after the first
    assert await page(office, due="warned") == numbers[:3]
    await office.floor.pass_time(MINUTE * 4)
    assert await page(office, due="breached") == numbers[:2]
    assert await page(office, due="warned") == numbers[2:5]
    assert await page(office, due="any", status="pending") == []
    assert await page(office, due="any", view="mine") == []


async def test_a_stranger_sees_none_of_it(office: Office) -> None:
    await office.floor.says("v1", "在吗")
    own = Viewer(agent_id=UUID(int=9), name="x", permissions=frozenset(), scope=Scope.OWN, team_ids=(), brand_ids=())
    async with office.db.read() as tx:
        rows, after = await views.tickets_due(tx, own, TicketFilter(due="any"))
    assert (rows, after) == ([], None)


async def test_each_ticket_stands_once_where_its_nearest_promise_does(office: Office) -> None:
    await office.release({"plain": {**PLAIN, "targets": {
        "any": {"first_response": {"minutes": 30}, "resolution": {"minutes": 30}},
    }}})  # fmt: skip
    done = await office.floor.says("v1", "在吗")
    assert await page(office, due="any") == [(await row_of(office, done)).number]
