"""The demo: planted through the verbs, whole, and once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio

from tests.conftest import fresh_database
from yizhan.app.demo import DEMO_LOGINS, plant_demo
from yizhan.app.house import House, open_house
from yizhan.app.settings import load_settings
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Record, Server

pytestmark = pytest.mark.asyncio(loop_scope="module")

_MORNING = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(postgres: Server, template: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """Planted once: every test only looks."""
    settings = load_settings({"YIZHAN_DATA": str(tmp_path_factory.mktemp("demo")), "YIZHAN_DEMO": "true"})
    async with (
        fresh_database(postgres, template) as dsn,
        open_house(settings, dsn, FakeClock(_MORNING)) as opened,
    ):
        await plant_demo(opened)
        yield opened
        for loop in opened.loops:
            loop.close()  # nothing runs by itself here


async def rows(house: House, query: str, *given: object) -> list[Record]:
    return list(await house.db.pool.fetch(query, *given))


async def count(house: House, query: str) -> int:
    return int(await house.db.pool.fetchval(query))


async def test_the_house_is_full_of_people_and_their_matters(house: House) -> None:
    assert await count(house, "SELECT count(*) FROM agent") == 47
    assert await count(house, "SELECT count(*) FROM team") == 6
    assert await count(house, "SELECT count(*) FROM ticket") >= 300
    assert await count(house, "SELECT count(*) FROM message") >= 1500
    by_status = {r["status"]: r["n"] for r in await rows(house, "SELECT status, count(*) n FROM ticket GROUP BY 1")}
    assert by_status.keys() == {"new", "open", "pending", "done", "cancelled"}
    assert min(by_status.values()) >= 5


async def test_every_move_has_a_note_and_nobody_typed_twice(house: House) -> None:
    moved = await rows(house, "SELECT id, status FROM ticket WHERE status <> 'new'")
    noted = await rows(
        house,
        "SELECT DISTINCT ON (ticket_id) ticket_id, to_status FROM note"
        " WHERE to_status <> coalesce(from_status, '') ORDER BY ticket_id, id DESC",
    )
    told = {r["ticket_id"]: r["to_status"] for r in noted if r["to_status"] != "new"}
    assert {r["id"]: r["status"] for r in moved} == told
    assert not await rows(house, "SELECT id FROM note WHERE btrim(text) = ''")
    typed = "SELECT conversation_id FROM note WHERE typed AND conversation_id IS NOT NULL"
    assert not await rows(house, f"{typed} GROUP BY 1 HAVING count(*) > 1")


async def test_what_is_over_has_a_summary_and_ratings_are_those_of_a_real_shop(house: House) -> None:
    ended = await rows(house, "SELECT end_reason, summary, rating FROM conversation WHERE phase = 'ended'")
    assert all(r["summary"]["text"] for r in ended if r["end_reason"] == "agent")
    stars = [r["rating"]["stars"] for r in ended if r["rating"]]
    assert 4.3 <= sum(stars) / len(stars) <= 4.7
    assert set(stars) == {1, 2, 3, 4, 5}


async def test_nothing_lies_in_the_future_and_the_month_has_its_days(house: House) -> None:
    now = house.clock.now()
    assert not await rows(house, "SELECT id FROM message WHERE at > $1", now)
    assert not await rows(house, "SELECT id FROM note WHERE at > $1", now)
    assert not await rows(house, "SELECT seq FROM event_new WHERE at > $1", now)
    assert await count(house, "SELECT count(DISTINCT (created_at)::date) FROM ticket") >= 25


async def test_the_people_with_a_part_of_their_own(house: House) -> None:
    wang = await rows(house, "SELECT DISTINCT person_id FROM contact WHERE name = '王晓燕'")
    assert len(wang) == 1
    of_wang = (
        "SELECT DISTINCT v.ticket_id FROM conversation v JOIN contact c ON c.id = v.contact_id"
        " WHERE c.name = '王晓燕' AND v.created_at > $1"
    )
    assert len(await rows(house, of_wang, house.clock.now() - timedelta(days=2))) == 1
    assert await rows(house, "SELECT id FROM link WHERE strength = 'claimed' AND ended_at IS NULL")
    assert await rows(house, "SELECT id FROM contact WHERE locale = 'en'")
    assert await rows(house, "SELECT id FROM ticket WHERE repeats > 0")
    assert await rows(house, "SELECT id FROM message WHERE recalled_at IS NOT NULL")


async def test_three_wait_for_linyi_and_ten_are_served(house: House) -> None:
    waiting = await rows(
        house,
        "SELECT t.needs, v.ready, v.joined_ticket_id, t.type, t.priority, c.name FROM conversation v"
        " JOIN ticket t ON t.id = v.ticket_id JOIN contact c ON c.id = v.contact_id"
        " WHERE v.phase = 'queued' AND v.live",
    )
    assert {(r["name"], r["type"], r["priority"]) for r in waiting} == {
        ("赵明远", "refund", 3), ("吴永红", "complaint", 3), ("刘桂兰", "refund", 4),
    }  # fmt: skip
    assert all(r["ready"] and r["needs"]["skills"] for r in waiting)
    assert [r["name"] for r in waiting if r["joined_ticket_id"]] == ["赵明远"]
    assert await count(house, "SELECT count(*) FROM conversation WHERE phase = 'served' AND live") == 10
    found = await rows(
        house, "SELECT login, coalesce(state, 'offline') AS state FROM agent LEFT JOIN presence ON agent_id = agent.id"
    )
    states = {r["login"]: r["state"] for r in found}
    assert {states[login] for login in DEMO_LOGINS} == {"offline"}
    assert sum(state == "online" for state in states.values()) >= 7


async def test_a_second_start_plants_nothing(house: House) -> None:
    before = await count(house, "SELECT count(*) FROM message")
    await plant_demo(house)
    assert await count(house, "SELECT count(*) FROM message") == before


async def test_the_shop_knows_its_members_and_what_they_bought(house: House) -> None:
    assert await count(house, "SELECT count(*) FROM customer_order") >= 60
    assert not await rows(house, "SELECT id FROM customer_order WHERE placed_at > $1", house.clock.now())
    quoted = await count(house, "SELECT count(*) FROM ticket t JOIN customer_order o ON o.number = t.order_no"
                                " JOIN contact a ON a.id = t.contact_id JOIN contact b ON b.id = o.contact_id"
                                " WHERE a.person_id = b.person_id")  # fmt: skip
    assert quoted >= 25
