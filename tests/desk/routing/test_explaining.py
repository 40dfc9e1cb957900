"""Every decision can be opened: who could take it, what keeps the others from it, what comes next, what was decided."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import pytest

from tests.desk.routing.floor import Floor, open_floor, routing_rules
from yizhan.desk import routing
from yizhan.desk.intake import Accepted
from yizhan.desk.routing import Chain, Change, Excluded, Reason, Step, Term, WaitsFor, Why, WorkKind
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database
from yizhan.records.rosters import Duty
from yizhan.records.tickets import By


@pytest.fixture
async def floor(db: Database, clock: FakeClock) -> Floor:
    return await open_floor(db, clock)


async def asked(
    floor: Floor, done: Accepted, kind: str = "conversation", duty: Duty | None = None, chains: Sequence[Chain] = ()
) -> Why:
    id = done.conversation_id if kind == "conversation" else done.ticket_id
    assert id is not None
    async with floor.db.read() as tx:
        return await routing.why(tx, WorkKind(kind), id, now=floor.clock.now(), duty=duty, chains=chains)


def excluded(why: Why) -> dict[str, Excluded | None]:
    return {c.name: c.excluded for c in why.candidates}


async def test_what_keeps_each_from_it(floor: Floor) -> None:
    full = await floor.hire("满了", live_cap=1)
    assert await floor.agent_of(await floor.says("v0", "在吗")) == full
    await floor.hire("小休", state="break")
    await floor.hire("离线", state="offline")
    await floor.hire("别组", team=False)
    leaving = await floor.hire("下班", state="busy")
    done = await floor.says("v1", "在吗")
    assert done.conversation_id is not None
    told = await asked(floor, done, duty=Duty(leaving=frozenset({leaving})))
    assert excluded(told) == {
        "满了": Excluded.FULL, "小休": Excluded.PRESENCE, "离线": Excluded.PRESENCE, "下班": Excluded.PRESENCE,
        "别组": Excluded.TEAM,
    }  # fmt: skip
    assert told.waits_for is WaitsFor.ROOM
    assert told.candidates[0].name == "满了"
    async with floor.db.transaction() as tx:
        await tx.execute("UPDATE presence SET state = 'online' WHERE agent_id = $1", leaving)
        off = Duty(leaving=frozenset({leaving}))
        again = await routing.why(tx, WorkKind.CONVERSATION, done.conversation_id, now=floor.clock.now(), duty=off)
    assert excluded(again)["下班"] is Excluded.LEAVING


async def test_a_skill_is_named_and_where_it_is_looked_for_next(floor: Floor) -> None:
    knows = await floor.hire("投诉专席", live_cap=1)
    skill = await floor.learn(knows, "complaint")
    await floor.says("v0", "我要投诉你们")
    await floor.hire("新人")
    done = await floor.says("v1", "我要投诉,没人管吗")
    told = await asked(floor, done)
    assert excluded(told) == {"投诉专席": Excluded.FULL, "新人": Excluded.SKILL}
    novice = next(c for c in told.candidates if c.name == "新人")
    assert novice.judged is not None
    assert novice.judged.lacking == (skill,)
    async with floor.db.read() as tx:
        names = await routing.names_in(tx, told)
    assert names[skill] == "complaint"
    at = {each.what: each.at for each in told.coming}
    started = floor.clock.now() - timedelta(seconds=told.waited)
    assert at[Change.HOUSE] == started + timedelta(seconds=60)
    assert at[Change.SHOULD] == started + timedelta(seconds=180)


async def test_who_has_just_come_in_is_named_with_the_time_it_ends(floor: Floor) -> None:
    for n in range(9):
        waited = await floor.says(f"w{n}@example.com", "还没发货", mail=True)
    lin = await floor.hire("林一")
    told = await asked(floor, waited, "ticket")
    assert excluded(told) == {"林一": Excluded.ARRIVING}
    assert told.waits_for is WaitsFor.ROOM
    ends = floor.clock.now() + timedelta(minutes=10)
    assert told.candidates[0].until == ends
    assert (Change.ARRIVED, ends, lin) in [(c.what, c.at, c.agent) for c in told.coming]
    await floor.pass_time(timedelta(minutes=10))
    assert (await asked(floor, waited, "ticket")).state == "assigned"


async def test_room_kept_for_urgent_heavy_work_is_said(floor: Floor) -> None:
    lin = await floor.hire("林一", async_cap=3)
    await floor.pass_time(timedelta(minutes=11))
    await floor.says("a@example.com", "插座冒烟了", mail=True)  # weighs four: it fits nowhere
    done = await floor.says("b@example.com", "还没发货", mail=True)
    assert floor.router.board.is_kept(lin, routing.LoadKind.ASYNC)
    told = await asked(floor, done, "ticket")
    assert excluded(told) == {"林一": Excluded.KEPT}
    assert told.ahead == 1


async def test_a_team_that_helps_next_by_time_or_by_length(floor: Floor) -> None:
    night = UUID(int=8)
    await floor.hire("满了", state="busy")
    done = await floor.says("v1", "在吗")
    steps = (Step(night, wait=timedelta(minutes=5)), Step(UUID(int=9), length=8))
    told = await asked(floor, done, chains=[Chain(team_id=floor.shop.team, steps=steps)])
    helping = [(c.team, c.at, c.length, c.now) for c in told.coming if c.what is Change.OVERFLOW]
    assert helping == [(night, floor.clock.now() + timedelta(minutes=5), None, 1), (UUID(int=9), None, 8, 1)]
    calm = await asked(floor, done, chains=[Chain(team_id=floor.shop.team, steps=steps, most_priority=1)])
    assert Change.OVERFLOW not in {c.what for c in calm.coming}
    mail = await floor.says("a@example.com", "还没发货", mail=True)
    both = tuple(routing.LoadKind)
    calls = Chain(team_id=floor.shop.team, steps=(Step(night, length=8),), counts=both)
    told = await asked(floor, mail, "ticket", chains=[calls])
    assert [(c.length, c.now) for c in told.coming if c.what is Change.OVERFLOW] == [(8, 2)]


async def test_a_finished_decision_is_told_as_it_was(floor: Floor) -> None:
    lin, gao = await floor.hire("林一", live_cap=3), await floor.hire("高远", live_cap=5)
    await floor.hire("小休", state="break")
    done = await floor.says("v1", "在吗")
    assert done.conversation_id is not None
    assert await floor.agent_of(done) == gao
    told = await asked(floor, done)
    assert told.state == "assigned"
    assert [c.what for c in told.coming] == [Change.RED, Change.MOVE]
    async with floor.db.transaction() as tx:
        await routing.put_back(
            tx, WorkKind.CONVERSATION, done.conversation_id, note="请别人看", by=By(f"agent:{gao}", gao),
            now=floor.clock.now(),
        )  # fmt: skip
        await tx.execute("UPDATE agent SET live_cap = 1 WHERE id = $1", gao)
    await floor.settle()
    again, first = (await asked(floor, done)).decided
    assert (again.agent_id, first.agent_id) == (lin, gao)
    assert (first.ending, first.ended_at) == ("returned", floor.clock.now())
    then = first.explanation
    assert then.reason is Reason.ROOM
    chosen, other = then.judged[0], then.judged[1]
    assert (chosen.agent, chosen.room, chosen.cap) == (gao, 5, 5)
    assert routing.behind(chosen, other) is Term.ROOM
    assert {j.agent: j.excluded for j in then.judged}[lin] is None
    assert Excluded.PRESENCE in {j.excluded for j in then.judged}
    assert again.explanation.judged[1].agent == gao


async def test_rules_of_the_moment_count(db: Database, clock: FakeClock) -> None:
    """A house that pulls deals nothing out, and says so."""
    floor = await open_floor(db, clock, book=(book := routing_rules({"mode": "pull"})))
    await floor.hire("林一")
    done = await floor.says("v1", "在吗")
    assert done.conversation_id is not None
    async with floor.db.read() as tx:
        told = await routing.why(tx, WorkKind.CONVERSATION, done.conversation_id, now=clock.now(), book=book)
    assert told.waits_for is WaitsFor.PULL
    assert Change.AGEING not in {c.what for c in told.coming}
