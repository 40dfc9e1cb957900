"""Reading: each function is one query, however many rows it brings."""

from collections.abc import Sequence
from uuid import UUID

from yizhan.foundation.db import Record, Tx
from yizhan.foundation.errors import NotFound
from yizhan.records.agents import store
from yizhan.records.agents.model import Agent, Brand, Credentials, Load, Presence, Role, Skill, Team, Viewer
from yizhan.records.agents.store import SQL


async def viewer(tx: Tx, agent_id: UUID) -> Viewer | None:
    """None when the agent is gone or retired."""
    row = await tx.fetchrow(SQL.viewer, agent_id)
    return store.viewer_of(row) if row else None


async def supervisors(tx: Tx) -> list[Viewer]:
    """Whose eyes look after others' work."""
    return [store.viewer_of(row) for row in await tx.fetch(SQL.supervisors)]


async def agents(tx: Tx) -> list[Agent]:
    return [store.agent_of(row) for row in await tx.fetch(SQL.agents, None)]


async def agent(tx: Tx, agent_id: UUID) -> Agent:
    row = await tx.fetchrow(SQL.agents, agent_id)
    if row is None:
        raise NotFound("no such agent")
    return store.agent_of(row)


async def credentials(tx: Tx, login: str) -> Credentials | None:
    row = await tx.fetchrow(SQL.credentials, login.strip().casefold())
    return Credentials(row["id"], row["password_hash"]) if row else None


async def active_logins(tx: Tx, logins: Sequence[str]) -> list[Record]:
    """id, login, name, role, role_name of those who are active."""
    return list(await tx.fetch(SQL.active_logins, list(logins)))


async def teams(tx: Tx) -> list[Team]:
    return [store.team_of(row) for row in await tx.fetch(SQL.teams, None)]


async def team(tx: Tx, team_id: UUID) -> Team:
    row = await tx.fetchrow(SQL.teams, team_id)
    if row is None:
        raise NotFound("no such team")
    return store.team_of(row)


async def roles(tx: Tx) -> list[Role]:
    return [store.role_of(row) for row in await tx.fetch(SQL.roles)]


async def brands(tx: Tx) -> list[Brand]:
    return [Brand(**row) for row in await tx.fetch(SQL.brands)]


async def skills(tx: Tx) -> list[Skill]:
    return [Skill(**row) for row in await tx.fetch(SQL.skills)]


async def presence_of(tx: Tx, agent_id: UUID) -> Presence | None:
    """None before the first log-in."""
    row = await tx.fetchrow(SQL.presence, agent_id)
    return store.presence_of(row) if row else None


async def load_of(tx: Tx, agent_id: UUID) -> Load:
    row = await tx.fetchrow(SQL.load, agent_id)
    return Load(row["live"], row["async"]) if row else Load()
