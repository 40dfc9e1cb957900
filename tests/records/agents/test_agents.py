"""Presence, grants and loads as the router and the sockets rely on them."""

import asyncio
from datetime import timedelta
from uuid import UUID

import msgspec
import pytest

from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database, Tx
from yizhan.foundation.errors import Conflict, Forbidden, IllegalTransition
from yizhan.records import agents
from yizhan.records.agents import AgentChange, Member, NewAgent, NewTeam, Permission, PresenceState, Scope, Viewer
from yizhan.records.agents.policy import PRESETS


class Crew(msgspec.Struct):
    roles: dict[str, UUID]
    lin: UUID
    su: UUID
    care: UUID
    brand: UUID


@pytest.fixture
async def crew(db: Database, clock: FakeClock) -> Crew:
    now = clock.now()
    async with db.transaction() as tx:
        await agents.ensure_roles(tx, now)
        roles = {role.key: role.id for role in await agents.roles(tx)}
        lin = await agents.create_agent(tx, NewAgent(login="lin", name="林一", role_id=roles["agent"]), now, "system")
        su = await agents.create_agent(tx, NewAgent(login="su", name="苏瑾", role_id=roles["admin"]), now, "system")
        brand = await agents.create_brand(tx, "home", "家电", now, "system")
        care = await agents.create_team(tx, NewTeam(key="care", name="售后"), now, "system")
    return Crew(roles, lin, su, care, brand)


async def events(tx: Tx, kind: str) -> list[dict[str, object]]:
    return [dict(row) for row in await tx.fetch("SELECT * FROM event_new WHERE kind = $1 ORDER BY seq", kind)]


async def test_since_is_when_the_state_began(db: Database, clock: FakeClock, crew: Crew) -> None:
    async with db.transaction() as tx:
        online = await agents.set_presence(tx, crew.lin, PresenceState.ONLINE, None, clock.now(), "agent:x")
        clock.advance(timedelta(minutes=5))
        again = await agents.set_presence(tx, crew.lin, PresenceState.ONLINE, None, clock.now(), "agent:x")
        assert again == online, "saying the same changes nothing"
        lunch = await agents.set_presence(tx, crew.lin, PresenceState.BREAK, "就餐", clock.now(), "agent:x")
        clock.advance(timedelta(minutes=5))
        training = await agents.set_presence(tx, crew.lin, PresenceState.BREAK, "培训", clock.now(), "agent:x")
        assert training.since == lunch.since
        told = await events(tx, "agent.presence")
    assert [event["data"] for event in told] == [
        {"from": "offline", "to": "online"},
        {"from": "online", "to": "break"},
        {"from": "break", "to": "break"},
    ]
    assert [event["subject_version"] for event in told] == [2, 3, 4]


async def test_a_lost_connection_keeps_the_state_until_the_grace_is_over(
    db: Database, clock: FakeClock, crew: Crew
) -> None:
    async with db.transaction() as tx:
        assert not await agents.mark_lost(tx, crew.lin, clock.now()), "who never signed in has nothing to lose"
        await agents.set_presence(tx, crew.lin, PresenceState.ONLINE, None, clock.now(), "agent:x")
        lost = clock.advance(timedelta(minutes=1))
        assert await agents.mark_lost(tx, crew.lin, lost)
        assert not await agents.mark_lost(tx, crew.lin, clock.advance(timedelta(minutes=1))), "the first moment stays"
        seen = await agents.presence_of(tx, crew.lin)
        assert seen is not None
        assert (seen.state, seen.lost_at) == (PresenceState.ONLINE, lost)
        assert await agents.lost_since(tx, lost - timedelta(seconds=1)) == []
        assert await agents.lost_since(tx, lost) == [crew.lin]
        assert await agents.found_again(tx, crew.lin, clock.now())
        assert not await agents.found_again(tx, crew.lin, clock.now())
        assert await agents.lost_since(tx, clock.now()) == []


async def test_membership_moves_grants_of_those_it_touches_only(db: Database, clock: FakeClock, crew: Crew) -> None:
    now = clock.now()
    async with db.transaction() as tx:
        await agents.set_members(tx, crew.care, [Member(crew.lin, False), Member(crew.su, True)], now, "system")
        await agents.set_members(tx, crew.care, [Member(crew.lin, True), Member(crew.su, True)], now, "system")
        lin, su = await agents.viewer(tx, crew.lin), await agents.viewer(tx, crew.su)
        assert lin is not None
        assert su is not None
        assert (lin.grants_version, su.grants_version) == (3, 2)
        assert lin.team_ids == (crew.care,)
        assert lin.brand_ids == ()
        await agents.change_team(tx, crew.care, 3, agents.TeamChange(brand_id=crew.brand), now, "system")
        lin = await agents.viewer(tx, crew.lin)
        assert lin is not None
        assert lin.brand_ids == (crew.brand,)
        assert lin.grants_version == 4
        changed = await events(tx, "agent.changed")
    assert [event["data"] for event in changed] == [{"grants": True}] * 5


async def test_a_name_moves_no_grants_a_role_does(db: Database, clock: FakeClock, crew: Crew) -> None:
    now = clock.now()
    async with db.transaction() as tx:
        version = await agents.change_agent(tx, crew.lin, 1, AgentChange(name="林二"), now, "system")
        seen = await agents.viewer(tx, crew.lin)
        assert seen is not None
        assert (seen.name, seen.grants_version) == ("林二", 1)
        assert await agents.change_agent(tx, crew.lin, version, AgentChange(name="林二"), now, "system") == version
        lead = AgentChange(role_id=crew.roles["lead"])
        await agents.change_agent(tx, crew.lin, version, lead, now, "system")
        seen = await agents.viewer(tx, crew.lin)
        assert seen is not None
        assert seen.may("supervise")
        assert seen.grants_version == 2


async def test_two_administrators_cannot_retire_each_other_at_once(db: Database, clock: FakeClock, crew: Crew) -> None:
    async with db.transaction() as tx:
        new = NewAgent(login="gao", name="高远", role_id=crew.roles["admin"])
        gao = await agents.create_agent(tx, new, clock.now(), "system")

    async def retire(agent_id: UUID) -> bool:
        try:
            async with db.transaction() as tx:
                await agents.change_agent(tx, agent_id, 1, AgentChange(active=False), clock.now(), "system")
        except Conflict:
            return False
        return True

    assert sorted(await asyncio.gather(retire(crew.su), retire(gao))) == [False, True]


async def test_preset_roles_leave_those_of_the_house_alone(db: Database, clock: FakeClock, crew: Crew) -> None:
    async with db.transaction() as tx:
        await tx.execute("UPDATE role SET name = '首席' WHERE key = 'lead'")
        await agents.ensure_roles(tx, clock.now())
        assert {role.key: role.name for role in await agents.roles(tx)}["lead"] == "首席"
        assert len(await agents.roles(tx)) == len(PRESETS)


def test_states_an_agent_may_claim() -> None:
    for current in PresenceState:
        for wanted in PresenceState:
            allowed = current != "call" and wanted in ("online", "busy", "break", "offline")
            if allowed:
                agents.ensure_own_state(current, wanted)
            else:
                with pytest.raises(IllegalTransition):
                    agents.ensure_own_state(current, wanted)


def test_nobody_gives_what_he_has_not() -> None:
    lead = Viewer(agent_id=UUID(int=1), name="苏瑾", permissions=frozenset(PRESETS["lead"][2]), scope=Scope.TEAM)
    agents.ensure_may_grant(lead, [Permission.TICKET_READ], Scope.OWN)
    with pytest.raises(Forbidden):
        agents.ensure_may_grant(lead, [Permission.AGENT_MANAGE], Scope.OWN)
    with pytest.raises(Forbidden):
        agents.ensure_may_grant(lead, [Permission.TICKET_READ], Scope.ALL)
