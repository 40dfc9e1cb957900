"""All SQL of rosters."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from yizhan.foundation.db import Tx, load_queries
from yizhan.foundation.errors import NotFound
from yizhan.records.rosters.model import Leave, NewLeave, OnDuty, Person, Shift

SQL = load_queries(__package__)
_ALL: Collection[UUID] | None = None


async def hold(tx: Tx) -> None:
    await tx.execute(SQL.hold_rosters)


async def add_shifts(tx: Tx, shifts: Sequence[Shift]) -> None:
    await tx.execute(
        SQL.add_shifts, [s.id for s in shifts], [s.team_id for s in shifts], [s.agent_id for s in shifts],
        [s.kind for s in shifts], [s.starts_at for s in shifts], [s.ends_at for s in shifts], [s.tz for s in shifts],
    )  # fmt: skip


async def change_shift(tx: Tx, s: Shift) -> int:
    version: int = await tx.fetchval(
        SQL.change_shift, s.id, s.team_id, s.agent_id, s.kind, s.starts_at, s.ends_at, s.tz
    )
    return version


async def remove_shift(tx: Tx, shift_id: UUID) -> None:
    await tx.execute(SQL.remove_shift, shift_id)


async def lock_shift(tx: Tx, shift_id: UUID) -> Shift:
    row = await tx.fetchrow(SQL.lock_shift, shift_id)
    if row is None:
        raise NotFound("no such shift")
    return msgspec.convert(dict(row), Shift)


async def shift(tx: Tx, shift_id: UUID) -> Shift | None:
    row = await tx.fetchrow(SQL.shift, shift_id)
    return msgspec.convert(dict(row), Shift) if row else None


async def shifts_between(
    tx: Tx, begin: datetime, until: datetime, *, teams: Collection[UUID] | None = _ALL,
    agents: Collection[UUID] | None = _ALL,
) -> list[Shift]:  # fmt: skip
    """All that touch these times, also those that began before."""
    rows = await tx.fetch(SQL.shifts_between, begin, until, _ids(teams), _ids(agents))
    return [msgspec.convert(dict(row), Shift) for row in rows]


async def next_shift(tx: Tx, agent_id: UUID, after: datetime) -> Shift | None:
    """The next time somebody is at the desk, from `after` on."""
    row = await tx.fetchrow(SQL.next_shift, agent_id, after)
    return msgspec.convert(dict(row), Shift) if row else None


async def on_duty(tx: Tx, now: datetime, lately: timedelta = timedelta(0)) -> list[OnDuty]:
    """Everybody on duty at `now`, on-call ones too, in one statement; with `lately` also who went off that long ago."""
    return [msgspec.convert(dict(row), OnDuty) for row in await tx.fetch(SQL.on_duty, now, now - lately)]


async def add_leave(tx: Tx, leave_id: UUID, new: NewLeave) -> None:
    await tx.execute(SQL.add_leave, leave_id, new.agent_id, new.kind, new.starts_at, new.ends_at, new.tz, new.note)


async def remove_leave(tx: Tx, leave_id: UUID) -> UUID:
    agent: UUID | None = await tx.fetchval(SQL.remove_leave, leave_id)
    if agent is None:
        raise NotFound("no such leave")
    return agent


async def leaves_between(
    tx: Tx, begin: datetime, until: datetime, *, agents: Collection[UUID] | None = _ALL
) -> list[Leave]:
    rows = await tx.fetch(SQL.leaves_between, begin, until, _ids(agents))
    return [msgspec.convert(dict(row), Leave) for row in rows]


async def people(tx: Tx) -> list[Person]:
    return [Person(row["id"], row["login"], row["name"], tuple(row["team_ids"])) for row in await tx.fetch(SQL.people)]


def _ids(wanted: Collection[UUID] | None) -> list[UUID] | None:
    return None if wanted is None else list(wanted)
