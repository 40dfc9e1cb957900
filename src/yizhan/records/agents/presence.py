"""Presence: what an agent says of itself, and what the line says of the agent.

Losing the connection is not leaving: the state stays, `lost_at` is set, and routing waits its grace before it acts.
"""

from datetime import datetime
from uuid import UUID

from yizhan.foundation.db import Record, Tx
from yizhan.foundation.journal import emit
from yizhan.records.agents import store
from yizhan.records.agents.model import Presence, PresenceState, Spell
from yizhan.records.agents.store import SQL, agent_event


async def set_presence(
    tx: Tx, agent_id: UUID, state: PresenceState, reason: str | None, now: datetime, by: str
) -> Presence:
    """Saying the same again changes nothing; `since` is when the state began, not when it was last said."""
    row = await tx.fetchrow(SQL.lock_presence, agent_id, now)
    assert row is not None
    current = store.presence_of(row)
    if (current.state, current.reason, current.lost_at) == (state, reason, None):
        return current
    since = current.since if current.state == state else now
    if current.state != state and current.since < now:
        await tx.execute(SQL.add_span, agent_id, current.since, now, str(current.state), current.reason)
    version = await tx.fetchval(SQL.set_presence, agent_id, str(state), reason, since)
    facts: dict[str, object] = {"from": str(current.state), "to": str(state)}
    await emit(tx, [agent_event("agent.presence", agent_id, version, by, now, facts)])
    return Presence(state, reason, since, None, version)


async def mark_lost(tx: Tx, agent_id: UUID, now: datetime) -> bool:
    """The last connection is gone; False when it was known, or the agent is 离线 anyway."""
    row = await tx.fetchrow(SQL.mark_lost, agent_id, now)
    return await _line_event(tx, agent_id, row, now, lost=True)


async def found_again(tx: Tx, agent_id: UUID, now: datetime) -> bool:
    row = await tx.fetchrow(SQL.found_again, agent_id)
    return await _line_event(tx, agent_id, row, now, lost=False)


async def lost_since(tx: Tx, before: datetime) -> list[UUID]:
    """Whose grace is over."""
    return [row["agent_id"] for row in await tx.fetch(SQL.lost_since, before)]


async def time_in_states(tx: Tx, begin: datetime, until: datetime, now: datetime) -> dict[UUID, dict[str, int]]:
    """Seconds in each state by agent, between two instants and no later than `now`."""
    found: dict[UUID, dict[str, int]] = {}
    for row in await tx.fetch(SQL.time_in_states, begin, min(until, now)):
        found.setdefault(row["agent_id"], {})[row["state"]] = row["seconds"]
    return found


async def presence_spells(
    tx: Tx, agent_id: UUID, begin: datetime, until: datetime, now: datetime, *, most: int = 500
) -> list[Spell]:
    """His states between two instants and no later than `now`, the latest first."""
    rows = await tx.fetch(SQL.spells, agent_id, begin, min(until, now), most)
    return [Spell(PresenceState(row["state"]), row["reason"], row["starts_at"], row["ends_at"]) for row in rows]


async def _line_event(tx: Tx, agent_id: UUID, row: Record | None, now: datetime, *, lost: bool) -> bool:
    if row is None:
        return False
    facts: dict[str, object] = {"from": row["state"], "to": row["state"], "lost": lost}
    await emit(tx, [agent_event("agent.presence", agent_id, row["version"], "system", now, facts)])
    return True
