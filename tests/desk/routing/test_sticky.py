"""To whom a customer comes back (floor 1.2, 2.17), and how a morning's tickets are dealt out (floor 2.11)."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from tests.desk.routing.floor import Floor, open_floor
from tests.desk.routing.test_router import answer, end, move
from yizhan.desk.intake import Accepted
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database
from yizhan.records import agents
from yizhan.records.agents import PresenceState
from yizhan.records.tickets import Action


@pytest.fixture
async def floor(db: Database, clock: FakeClock) -> Floor:
    return await open_floor(db, clock)


async def reason(floor: Floor, done: Accepted) -> str:
    told: str = await floor.db.pool.fetchval(
        "SELECT explanation->>'reason' FROM assignment WHERE work_id = $1 ORDER BY id DESC LIMIT 1",
        done.conversation_id,
    )
    return told


async def served(floor: Floor, who: str, by: UUID, text: str, *, solved: bool = True) -> Accepted:
    """One spell of service by this agent, who then has the most to do."""
    done = await floor.says(who, text)
    assert await floor.agent_of(done) == by
    await answer(floor, done, by)
    await end(floor, done, by, solved)
    return done


async def test_half_an_hour_later_the_same_matter_is_the_same_agents_even_if_he_is_full(floor: Floor) -> None:
    lin = await floor.hire("林一", live_cap=1)
    first = await served(floor, "v1", lin, "滤芯怎么换?", solved=False)
    await floor.says("v2", "在吗")  # he is full now
    await floor.hire("高远", live_cap=5)
    floor.clock.advance(timedelta(minutes=29))
    again = await floor.says("v1", "还是装不上")
    assert (again.ticket_id, await floor.agent_of(again)) == (first.ticket_id, lin)
    assert await reason(floor, again) == "topic"


async def test_within_a_week_another_matter_is_the_same_agents_if_he_is_free(floor: Floor) -> None:
    lin = await floor.hire("林一", live_cap=2)
    first = await served(floor, "v1", lin, "滤芯怎么换?")
    await move(floor, first.ticket_id, Action.CONFIRM, lin)
    await floor.db.pool.execute(  # too old to be the same matter again
        "UPDATE ticket SET closed_at = closed_at - interval '20 days' WHERE id = $1", first.ticket_id
    )
    gao = await floor.hire("高远", live_cap=5)
    floor.clock.advance(timedelta(days=6))
    again = await floor.says("v1", "发票怎么开?")
    assert again.ticket_id != first.ticket_id
    assert (await floor.agent_of(again), await reason(floor, again)) == (lin, "sticky")
    await answer(floor, again, lin)
    await end(floor, again, lin)

    assert again.ticket_id is not None
    await move(floor, again.ticket_id, Action.CONFIRM, lin)
    await floor.db.pool.execute("UPDATE ticket SET closed_at = closed_at - interval '20 days'")
    floor.clock.advance(timedelta(days=8))
    later = await floor.says("v1", "想买个新的")
    assert await floor.agent_of(later) == gao  # who has more room


async def test_within_a_week_it_is_somebody_elses_if_he_is_full(floor: Floor) -> None:
    lin = await floor.hire("林一", live_cap=1)
    first = await served(floor, "v1", lin, "滤芯怎么换?")
    await move(floor, first.ticket_id, Action.CONFIRM, lin)
    await floor.db.pool.execute("UPDATE ticket SET closed_at = closed_at - interval '20 days'")
    await floor.says("v2", "在吗")
    gao = await floor.hire("高远")
    floor.clock.advance(timedelta(days=2))
    assert await floor.agent_of(await floor.says("v1", "发票怎么开?")) == gao


async def test_with_an_open_ticket_its_handler_comes_first(floor: Floor) -> None:
    lin = await floor.hire("林一", live_cap=3)
    first = await served(floor, "v1", lin, "滤芯怎么换?", solved=False)
    await floor.hire("高远", live_cap=5)
    floor.clock.advance(timedelta(days=2))
    again = await floor.says("v1", "滤芯还没到")
    assert (again.ticket_id, await floor.agent_of(again)) == (first.ticket_id, lin)
    assert await reason(floor, again) == "sticky"


async def test_who_logs_in_first_is_not_given_all_that_waited(floor: Floor) -> None:
    waited = [await floor.says(f"w{n}@example.com", "还没发货", mail=True) for n in range(12)]
    lin = await floor.hire("林一")
    gave = [await floor.agent_of_ticket(each) for each in waited]
    assert gave == [lin] * 8 + [None] * 4  # by age
    gao = await floor.hire("高远")
    assert [await floor.agent_of_ticket(each) for each in waited] == [lin] * 8 + [gao] * 4
    more = [await floor.says(f"m{n}@example.com", "什么时候发货", mail=True) for n in range(6)]
    assert [await floor.agent_of_ticket(each) for each in more] == [gao] * 4 + [None] * 2
    await floor.pass_time(timedelta(minutes=10))
    assert None not in [await floor.agent_of_ticket(each) for each in more]


async def test_a_break_is_no_arrival(floor: Floor) -> None:
    lin = await floor.hire("林一")
    floor.clock.advance(timedelta(minutes=11))
    await floor.settle()
    for n in range(9):
        await floor.says(f"a{n}@example.com", "还没发货", mail=True)
    for state in (PresenceState.BREAK, PresenceState.ONLINE):
        async with floor.db.transaction() as tx:
            await agents.set_presence(tx, lin, state, None, floor.clock.now(), f"agent:{lin}")
        await floor.settle()
    for n in range(9):
        await floor.says(f"b{n}@example.com", "还没发货", mail=True)
    assert (await floor.loads())[lin] == (0, 18)
