"""Pulling: page by page, once, from where it stood; the good rows go in; a re-run changes nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.desk.connectors.room import Room
from yizhan.desk import connectors
from yizhan.desk.connectors.model import Outage
from yizhan.foundation.errors import Conflict

MINUTE = timedelta(minutes=1)


@pytest.fixture
def five(room: Room) -> Room:
    room.document = room.crm.pulling()
    for number in range(5):
        room.crm.add(f"1380000000{number}", f"客户{number}", room.crm.order(f"SO{number}"))
    return room


async def test_all_pages_come_in_and_the_same_again_changes_nothing(five: Room) -> None:
    run = await five.pull()
    assert (run.pages, run.created, run.refused, run.cause) == (3, 10, 0, None)
    assert (await five.count("customer_order"), await five.count("contact")) == (5, 5)
    assert "since=&" not in five.crm.asked[0]
    events = await five.count("event_new")
    five.clock.advance(MINUTE)
    again = await five.pull()
    assert (again.created, again.changed, again.same) == (0, 0, 10)
    assert await five.count("event_new") == events
    assert "since=2026-03-02T01:25:00Z" in five.crm.asked[-1]


async def test_a_bad_row_is_told_and_the_others_go_in(five: Room) -> None:
    people = list(five.crm.people.values())
    people[0]["orders"][0]["amount"] = "free"
    people[1]["orders"][0]["state"] = "verloren"
    people[2]["mobile"] = "12"
    run = await five.pull()
    assert (run.created, run.refused, run.cause) == (6, 4, None)
    told = {(each.what, each.field): each.message for each in run.problems}
    assert told["order", "order.total"] == "money is written like 1299.00"
    assert "a status is one of" in told["order", "order.status"]
    assert ("profile", "profile.identifiers[1].value") in told


async def test_a_cursor_that_goes_round_is_noticed(five: Room) -> None:
    five.crm.mood = "loop"
    run = await five.pull()
    assert (run.cause, run.pages) == (Outage.SHAPE, 1)
    assert "go round for ever" in run.detail
    assert await five.told() == ["connector.failed"]


async def test_one_that_fails_is_tried_again_soon_and_then_as_before(five: Room) -> None:
    five.crm.mood = "html"
    assert (await five.pull()).cause is Outage.HTML
    async with five.db.read() as tx:
        state = (await connectors.states(tx, ["crm"]))["crm"]
    assert state.next_at == five.clock.now() + MINUTE
    five.crm.mood = "ok"
    assert (await five.pull()).cause is None
    async with five.db.read() as tx:
        state = (await connectors.states(tx, ["crm"]))["crm"]
    assert (state.next_at, state.failures) == (five.clock.now() + 15 * MINUTE, 0)
    assert await five.told() == ["connector.failed", "connector.recovered"]


async def test_over_the_limit_the_rest_is_left_for_the_next_minute(five: Room) -> None:
    five.document = five.crm.pulling(per_minute=2)
    run = await five.pull()
    assert (run.pages, run.ended_at, run.place) == (2, None, "4")
    with pytest.raises(Conflict):
        await five.pull()
    five.clock.advance(MINUTE)
    run = await five.pull(run.id)
    assert (run.pages, run.created, run.ended_at) == (3, 10, five.clock.now())


async def test_who_is_due_is_pulled_once_however_many_plan(five: Room) -> None:
    async def planned() -> int:
        async with five.db.transaction() as tx:
            return await connectors.plan(tx, five.published(), five.clock.now())

    assert [await planned(), await planned()] == [1, 0]
    assert await five.db.pool.fetchval("SELECT count(*) FROM pgqueuer WHERE entrypoint = 'connector_pull'") == 1
    five.clock.advance(timedelta(hours=2))
    assert await planned() == 1, "one whose worker is gone does not stop the next"
    five.document = five.crm.pulling(on=False)
    five.clock.advance(timedelta(hours=2))
    assert await planned() == 0


async def test_one_that_breaks_off_in_the_middle_keeps_what_is_whole_and_goes_on(five: Room) -> None:
    five.crm.breaks_at = 2
    broken = await five.pull()
    assert (broken.pages, broken.created, broken.cause) == (1, 4, Outage.STATUS)
    assert (await five.count("customer_order"), await five.count("contact")) == (2, 2)
    five.crm.breaks_at = 0
    again = await five.pull()
    assert (again.pages, again.created, again.same, again.cause) == (3, 6, 4, None)
    assert (await five.count("customer_order"), await five.count("contact")) == (5, 5)


async def test_pages_without_an_end_are_not_followed_for_ever(five: Room) -> None:
    document = five.crm.pulling()
    document["pull"]["paging"]["most"] = 4
    five.document, five.crm.mood = document, "endless"
    run = await five.pull()
    assert (run.pages, run.cause, run.created) == (4, Outage.SHAPE, 10)
    assert run.detail == "pull.paging.most: there is no end after 4 pages"
