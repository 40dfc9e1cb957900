"""Overflow as released documents: what is refused when saved, and a surge that moves work to others and back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec
import pytest

from tests.desk.routing.floor import open_floor, routing_rules
from tests.desk.routing.test_verbs import the
from yizhan.desk import routing
from yizhan.desk.routing import OVERFLOW, ROUTING, Chain, Router, Step, WorkKind, wording
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database
from yizhan.foundation.errors import Invalid
from yizhan.foundation.ids import new_id
from yizhan.records import agents
from yizhan.records.agents import NewTeam
from yizhan.records.config import Body, Document, Kinds, Places, Published

PHONE, CHAT, NIGHT = (UUID(int=n) for n in (1, 2, 3))


def chain(team: UUID, *to: UUID, **more: object) -> Body:
    return {"team": str(team), "steps": [{"team": str(t), "waiting": 5 + n} for n, t in enumerate(to)], **more}


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"team": str(PHONE), "steps": [{"team": str(CHAT)}]}, "steps[0]"),
        (chain(PHONE, PHONE), "steps[0].team"), (chain(PHONE, CHAT, CHAT), "steps[1].team"),
        (chain(PHONE, CHAT, back_waiting=5), "steps[0].waiting"), (chain(PHONE), "steps"),
    ],
)  # fmt: skip
def test_a_chain_that_makes_no_sense_is_refused_with_its_place(body: Body, place: str) -> None:
    with pytest.raises(Invalid) as told:
        OVERFLOW.decode(body)
    assert told.value.field == place


def test_a_circle_is_told_team_by_team() -> None:
    at, kinds = datetime(2026, 3, 2, tzinfo=UTC), Kinds([OVERFLOW])
    bodies = {"phone": chain(PHONE, CHAT), "chat": chain(CHAT, NIGHT), "night": chain(NIGHT, PHONE)}
    documents = [Document(new_id(at), "overflow", n, 1, body, at, "test", "") for n, body in bodies.items()]
    with pytest.raises(Invalid, match="chat → night → phone → chat"):
        Published(kinds, 1, documents).check_together(kinds)
    Published(kinds, 1, documents[:2]).check_together(kinds)


def test_a_skill_that_nobody_has_is_told_when_saved() -> None:
    document = ROUTING.decode({"skills": {"repair": {"level": 3, "must": True}}})
    assert ROUTING.verify is not None
    ROUTING.verify(document, Places(skills=frozenset({"repair"}), held=frozenset({"repair"})))
    with pytest.raises(Invalid, match="nobody who is active has the skill repair"):
        ROUTING.verify(document, Places(skills=frozenset({"repair"}), held=frozenset()))
    with pytest.raises(Invalid, match="no skill"):
        ROUTING.verify(document, Places())


def test_three_low_tickets_weigh_less_than_one_urgent() -> None:
    rules = routing_rules({}).of()
    assert 3 * rules.weight("email", 1).async_ < rules.weight("email", 4).async_
    other = routing_rules({"by_priority": {"high": {"live": 2}}}).of()
    assert [other.weight("webchat", p).live for p in (1, 2, 3, 4)] == [1, 1, 2, 1]


async def test_a_surge_moves_work_to_others_and_back(db: Database, clock: FakeClock) -> None:
    floor = await open_floor(db, clock)
    async with db.transaction() as tx:
        others = await agents.create_team(tx, NewTeam(key="chat", name="在线"), clock.now(), "test")
    found = Chain(team_id=floor.shop.team, steps=(Step(others, length=2),), back_length=0, rules="overflow/x@1")
    router = Router(db, clock, floor.leases[1], floor.feed, chains=lambda: [found])
    floor = msgspec.structs.replace(floor, router=router)
    lin = await floor.hire("林一", live_cap=1)
    su = await floor.hire("苏瑾", team=False, live_cap=2)
    await db.pool.execute("INSERT INTO team_member VALUES ($1, $2)", others, su)
    floor.router.reconsider()
    first, second = await floor.says("v1", "在吗"), await floor.says("v2", "在吗")
    assert (await floor.agent_of(first), await floor.agent_of(second)) == (lin, None)
    third = await floor.says("v3", "在吗")
    assert (await floor.agent_of(second), await floor.agent_of(third)) == (su, su)
    note = await db.pool.fetchval("SELECT text FROM note ORDER BY id DESC LIMIT 1")
    assert note == "溢出支援:分配给 苏瑾(在线,接待 2/2),等待 00:00"
    told = [r["kind"] for r in await db.pool.fetch("SELECT kind FROM event WHERE kind LIKE 'overflow.%' ORDER BY pos")]
    assert told == ["overflow.began", "overflow.ended"]
    assert await db.pool.fetchval("SELECT count(*) FROM overflow") == 0
    fourth = await floor.says("v4", "在吗")
    async with db.read() as tx:
        why = await routing.why(tx, WorkKind.CONVERSATION, the(fourth), now=clock.now())
    assert wording.waiting_for(why) == "1 人可接,都已接满:林一 1/1"


async def test_the_same_matter_soon_after_goes_back_over_the_cap(db: Database, clock: FakeClock) -> None:
    floor = await open_floor(db, clock)
    lin, su = await floor.hire("林一", live_cap=1), await floor.hire("苏瑾", state="busy")
    first = await floor.says("v1", "净水器漏水")
    assert await floor.agent_of(first) == lin
    await db.pool.execute(
        "UPDATE conversation SET phase = 'ended', ended_at = $2, end_reason = 'agent' WHERE id = $1",
        first.conversation_id, clock.now(),
    )  # fmt: skip
    floor.router.reconsider()
    await floor.settle()
    other = await floor.says("v2", "在吗")
    assert await floor.agent_of(other) == lin
    await floor.is_now(su, "online")
    clock.advance(timedelta(minutes=10))
    again = await floor.says("v1", "还在漏")
    told = await db.pool.fetchval(
        "SELECT explanation ->> 'reason' FROM assignment WHERE work_id = $1 AND work = 'conversation'", the(again)
    )
    assert (await floor.agent_of(again), told) == (lin, "topic")
