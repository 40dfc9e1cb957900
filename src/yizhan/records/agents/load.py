"""How much an agent carries. Only routing changes it, together with the assignments that are its truth."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.foundation.db import Record, Tx
from yizhan.foundation.journal import Event, emit
from yizhan.records.agents.model import Load, PresenceState
from yizhan.records.agents.store import SQL


class Room(msgspec.Struct, frozen=True):
    """An agent's load row, locked, with what decides whether more may come."""

    agent_id: UUID
    name: str
    active: bool
    state: PresenceState
    lost: bool
    live: int
    live_cap: int
    async_: int
    async_cap: int
    alone: int
    teams: tuple[str, ...]  # the names, in the order of `team_ids`
    team_ids: tuple[UUID, ...]


class LoadShift(msgspec.Struct, frozen=True):
    """How far the counters move; `alone` counts the work beside which nothing live is given."""

    live: int = 0
    async_: int = 0
    alone: int = 0

    def __add__(self, more: "LoadShift") -> "LoadShift":
        return LoadShift(self.live + more.live, self.async_ + more.async_, self.alone + more.alone)


async def lock_rooms(tx: Tx, agent_ids: Iterable[UUID]) -> dict[UUID, Room]:
    """The last locks of the house's order: conversation and ticket are locked before."""
    return {r["id"]: _room(r) for r in await tx.fetch(SQL.lock_rooms, sorted(set(agent_ids)))}


async def rooms(tx: Tx, agent_ids: Iterable[UUID]) -> dict[UUID, Room]:
    """As things are just now; only locked rooms stay as they are."""
    return {r["id"]: _room(r) for r in await tx.fetch(SQL.rooms, sorted(set(agent_ids)))}


async def shift_loads(tx: Tx, shifts: Mapping[UUID, LoadShift], *, actor: str, now: datetime) -> dict[UUID, Load]:
    """Moves the counters of agents whose rooms are locked; unchanged ones say nothing."""
    moved = {agent: shift for agent, shift in shifts.items() if shift != LoadShift()}
    if not moved:
        return {}
    by = moved.values()
    rows = await tx.fetch(
        SQL.shift_loads, list(moved), [s.live for s in by], [s.async_ for s in by], [s.alone for s in by]
    )
    await emit(tx, [Event(
        kind="load.changed", subject=r["agent_id"], subject_version=r["version"], at=now, actor=actor,
        agent_id=r["agent_id"], data={"live": r["live"], "async": r["async"]},
    ) for r in rows])  # fmt: skip
    return {r["agent_id"]: Load(r["live"], r["async"]) for r in rows}


def _room(row: Record) -> Room:
    return Room(
        row["id"], row["name"], row["active"], PresenceState(row["state"]), row["lost"], row["live"], row["live_cap"],
        row["async"], row["async_cap"], row["alone"], tuple(row["teams"]), tuple(row["team_ids"]),
    )  # fmt: skip
