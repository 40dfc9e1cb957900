"""Teams and who is in them, business lines, skills, and the roles of a new installation."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import UNSET

from yizhan.foundation.db import ForeignKeyViolation, Tx, UniqueViolation
from yizhan.foundation.errors import Conflict, Invalid, NotFound
from yizhan.foundation.ids import new_id
from yizhan.foundation.journal import Event, emit
from yizhan.records.agents import policy
from yizhan.records.agents.model import Member, NewTeam, TeamChange
from yizhan.records.agents.store import SQL, agent_event


async def ensure_roles(tx: Tx, now: datetime) -> None:
    """The preset roles, where the house has none of that key; later changes to them stay."""
    for key, (name, scope, permissions) in policy.PRESETS.items():
        await tx.execute(SQL.add_role, new_id(now), key, name, [str(p) for p in permissions], str(scope))


async def create_brand(tx: Tx, key: str, name: str, now: datetime, by: str) -> UUID:
    return await _add_named(tx, SQL.add_brand, "brand.created", key, name, now, by)


async def create_skill(tx: Tx, key: str, name: str, now: datetime, by: str) -> UUID:
    return await _add_named(tx, SQL.add_skill, "skill.created", key, name, now, by)


async def _add_named(tx: Tx, statement: str, kind: str, key: str, name: str, now: datetime, by: str) -> UUID:
    made = new_id(now)
    try:
        async with tx.transaction():
            await tx.execute(statement, made, key, name)
    except UniqueViolation:
        raise Conflict(f"the key {key} is taken") from None
    await emit(tx, [Event(kind=kind, subject=made, subject_version=1, at=now, actor=by)])
    return made


async def create_team(tx: Tx, new: NewTeam, now: datetime, by: str) -> UUID:
    team_id = new_id(now)
    try:
        async with tx.transaction():
            await tx.execute(SQL.add_team, team_id, new.key, new.name, new.brand_id)
    except UniqueViolation:
        raise Conflict(f"the key {new.key} is taken") from None
    except ForeignKeyViolation:
        raise Invalid("no such brand", "brand_id") from None
    await emit(tx, [_team_event("team.created", team_id, 1, now, by, {})])
    return team_id


async def change_team(tx: Tx, team_id: UUID, version: int, change: TeamChange, now: datetime, by: str) -> int:
    """The new version. Another brand changes what the members see."""
    old = await tx.fetchrow(SQL.lock_team, team_id)
    if old is None:
        raise NotFound("no such team")
    if old["version"] != version:
        raise Conflict("the team was changed meanwhile")
    name = old["name"] if change.name is UNSET else change.name
    brand_id = old["brand_id"] if change.brand_id is UNSET else change.brand_id
    try:
        async with tx.transaction():
            raised: int = await tx.fetchval(SQL.change_team, team_id, name, brand_id)
    except ForeignKeyViolation:
        raise Invalid("no such brand", "brand_id") from None
    events = [_team_event("team.changed", team_id, raised, now, by, {})]
    if brand_id != old["brand_id"]:
        moved = await tx.fetch(SQL.raise_team_grants, team_id)
        events += [agent_event("agent.changed", r["id"], r["version"], by, now, {"grants": True}) for r in moved]
    await emit(tx, events)
    return raised


async def set_members(tx: Tx, team_id: UUID, members: Sequence[Member], now: datetime, by: str) -> int:
    """Replaces the members; whoever comes, leaves or changes rank sees other rows from now on."""
    wanted = {member.agent_id: member.lead for member in members}
    old_team = await tx.fetchrow(SQL.lock_team, team_id)
    if old_team is None:
        raise NotFound("no such team")
    before = {row["agent_id"]: row["lead"] for row in await tx.fetch(SQL.members, team_id)}
    moved = sorted(a for a in before.keys() | wanted.keys() if before.get(a) != wanted.get(a))
    found = await tx.fetch(SQL.lock_agents, moved)
    if len(found) != len(moved):
        raise Invalid("no such agent", "members")
    await tx.execute(SQL.remove_members, team_id, sorted(before.keys() - wanted.keys()))
    await tx.execute(SQL.put_members, team_id, list(wanted), list(wanted.values()))
    raised: int = await tx.fetchval(SQL.change_team, team_id, old_team["name"], old_team["brand_id"])
    agents = await tx.fetch(SQL.raise_grants, moved)
    events = [_team_event("team.changed", team_id, raised, now, by, {"members": len(wanted)})]
    events += [agent_event("agent.changed", r["id"], r["version"], by, now, {"grants": True}) for r in agents]
    await emit(tx, events)
    return raised


async def join_team(tx: Tx, team_id: UUID, agent_id: UUID, now: datetime, by: str) -> bool:
    """False when he is a member anyway."""
    members = await _locked_members(tx, team_id)
    if agent_id in members:
        return False
    members[agent_id] = False
    await set_members(tx, team_id, [Member(who, lead) for who, lead in members.items()], now, by)
    return True


async def leave_team(tx: Tx, team_id: UUID, agent_id: UUID, now: datetime, by: str) -> bool:
    """False when he is no member any more, or leads it by now."""
    members = await _locked_members(tx, team_id)
    if members.pop(agent_id, True):
        return False
    await set_members(tx, team_id, [Member(who, lead) for who, lead in members.items()], now, by)
    return True


async def _locked_members(tx: Tx, team_id: UUID) -> dict[UUID, bool]:
    if await tx.fetchrow(SQL.lock_team, team_id) is None:
        raise NotFound("no such team")
    return {row["agent_id"]: row["lead"] for row in await tx.fetch(SQL.members, team_id)}


def _team_event(kind: str, team_id: UUID, version: int, now: datetime, by: str, facts: dict[str, object]) -> Event:
    return Event(kind=kind, subject=team_id, subject_version=version, at=now, actor=by, team_id=team_id, data=facts)
