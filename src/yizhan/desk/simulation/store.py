"""The rows of simulations."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.desk.simulation.model import Asked, Comparison, Fault, Simulation, State
from yizhan.foundation.db import Tx, load_queries
from yizhan.foundation.errors import NotFound

SQL = load_queries(__package__)
KEPT = 50


async def add(tx: Tx, id: UUID, agent_id: UUID, asked: Asked, now: datetime) -> None:
    await tx.execute(SQL.add, id, agent_id, msgspec.to_builtins(asked), now)
    await tx.execute(SQL.forget, KEPT)


async def under_way(tx: Tx) -> int:
    return int(await tx.fetchval(SQL.under_way))


async def begin(tx: Tx, id: UUID) -> Asked | None:
    asked = await tx.fetchval(SQL.begin, id)
    return msgspec.convert(asked, Asked) if asked is not None else None


async def reach(tx: Tx, id: UUID, progress: float) -> bool:
    """False when nobody wants it any more."""
    return await tx.fetchval(SQL.reach, id, progress) is not None


async def end(
    tx: Tx, id: UUID, state: State, now: datetime, *, result: Comparison | None = None, error: Fault | None = None
) -> UUID | None:
    """Who had asked for it; None where it had ended already."""
    told = msgspec.to_builtins(result, str_keys=True) if result is not None else None
    wrong = msgspec.to_builtins(error) if error is not None else None
    asker: UUID | None = await tx.fetchval(SQL.end, id, state, told, wrong, now)
    return asker


async def simulations(tx: Tx) -> list[Simulation]:
    return [msgspec.convert(dict(row), Simulation) for row in await tx.fetch(SQL.simulations, KEPT)]


async def simulation(tx: Tx, id: UUID) -> Simulation:
    row = await tx.fetchrow(SQL.simulation, id)
    if row is None:
        raise NotFound(f"simulation {id}")
    return msgspec.convert(dict(row), Simulation, strict=False)
