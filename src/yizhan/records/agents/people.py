"""Agents hired, changed, retired. Nobody is deleted: what they did stays signed with their name."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import UNSET

from yizhan.foundation.db import ForeignKeyViolation, Record, Tx, UniqueViolation
from yizhan.foundation.errors import Conflict, Invalid, NotFound
from yizhan.foundation.ids import new_id
from yizhan.foundation.journal import emit
from yizhan.records.agents.model import AgentChange, NewAgent
from yizhan.records.agents.store import SQL, agent_event

# What decides which rows an agent sees, or whether it sees any.
_GRANTING = ("role_id", "active")


async def create_agent(tx: Tx, new: NewAgent, now: datetime, by: str) -> UUID:
    agent_id = new_id(now)
    login = new.login.strip().casefold()
    try:
        async with tx.transaction():
            await tx.execute(
                SQL.add_agent, agent_id, login, new.name, new.email, new.password_hash, new.role_id, new.locale,
                new.live_cap, new.async_cap, now,
            )  # fmt: skip
    except UniqueViolation:
        raise Conflict(f"the login {login} is taken") from None
    except ForeignKeyViolation:
        raise Invalid("no such role", "role_id") from None
    await tx.execute(SQL.add_load, agent_id)
    await emit(tx, [agent_event("agent.created", agent_id, 1, by, now, {"role_id": new.role_id})])
    return agent_id


async def change_agent(tx: Tx, agent_id: UUID, version: int, change: AgentChange, now: datetime, by: str) -> int:
    """The new version. Raises Conflict when the agent was changed since `version`."""
    administrators = await _administrators(tx, agent_id) if _retires(change) else set()
    old = await _locked(tx, agent_id, version)
    set_ = {name: value for name, value in msgspec.structs.asdict(change).items() if value is not UNSET}
    changed = {name: value for name, value in set_.items() if value != old[name]}
    if not changed:
        return version
    if administrators == {agent_id} and _retires(change):
        raise Conflict("the last one who may manage people stays")
    after = {**dict(old), **changed}
    raised = await _save(tx, agent_id, after, grants=any(name in changed for name in _GRANTING))
    facts: dict[str, object] = {"fields": sorted(changed), "grants": any(name in changed for name in _GRANTING)}
    await emit(tx, [agent_event("agent.changed", agent_id, raised, by, now, facts)])
    return raised


def _retires(change: AgentChange) -> bool:
    return change.active is False or change.role_id is not UNSET


async def _administrators(tx: Tx, agent_id: UUID) -> set[UUID]:
    rows = await tx.fetch(SQL.lock_administrators, agent_id)
    return {row["id"] for row in rows if row["administrator"]}


async def _locked(tx: Tx, agent_id: UUID, version: int) -> Record:
    row = await tx.fetchrow(SQL.lock_agent, agent_id)
    if row is None:
        raise NotFound("no such agent")
    if row["version"] != version:
        raise Conflict("the agent was changed meanwhile")
    return row


async def _save(tx: Tx, agent_id: UUID, after: Mapping[str, object], *, grants: bool) -> int:
    fields = ("name", "email", "role_id", "locale", "live_cap", "async_cap", "active")
    try:
        async with tx.transaction():
            raised: int = await tx.fetchval(SQL.change_agent, agent_id, *(after[f] for f in fields), int(grants))
    except ForeignKeyViolation:
        raise Invalid("no such role", "role_id") from None
    return raised


async def set_password(tx: Tx, agent_id: UUID, password_hash: str, now: datetime, by: str) -> None:
    """The caller ends the agent's sessions in the same transaction."""
    version = await tx.fetchval(SQL.set_password, agent_id, password_hash)
    if version is None:
        raise NotFound("no such agent")
    await emit(tx, [agent_event("agent.changed", agent_id, version, by, now, {"fields": ["password"]})])


async def keep_password_hash(tx: Tx, agent_id: UUID, old: str, new: str) -> None:
    """The same password hashed anew: no change that anybody needs to hear of."""
    await tx.execute(SQL.keep_password_hash, agent_id, old, new)


async def set_skills(tx: Tx, agent_id: UUID, levels: Mapping[UUID, int], now: datetime, by: str) -> int:
    """Replaces all of them; levels are 1 to 5."""
    if any(not 1 <= level <= 5 for level in levels.values()):
        raise Invalid("a level is 1 to 5", "skills")
    version: int | None = await tx.fetchval(SQL.touch_agent, agent_id)
    if version is None:
        raise NotFound("no such agent")
    await tx.execute(SQL.remove_skills, agent_id)
    try:
        async with tx.transaction():
            await tx.execute(SQL.put_skills, agent_id, list(levels), list(levels.values()))
    except ForeignKeyViolation:
        raise Invalid("no such skill", "skills") from None
    facts: dict[str, object] = {"fields": ["skills"], "skills": {str(skill): level for skill, level in levels.items()}}
    await emit(tx, [agent_event("agent.changed", agent_id, version, by, now, facts)])
    return version
