"""All SQL of segments. What a condition says is put into three queries by the compiler of conditions, nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from yizhan.desk.segments.model import MemberCard, Membership, Moved, Standing, Totals
from yizhan.desk.segments.policy import Judging
from yizhan.foundation.db import Tx, load_queries

SQL = load_queries(__package__)

_KEYS, _TURN, _HOLDS = "'{}'::text[]", "NULL::timestamptz", "true IS NOT FALSE"
_MONTH, _YEAR = timedelta(days=30), timedelta(days=365)


async def lock_clock(tx: Tx) -> Standing:
    """From here until the end of the transaction nobody else counts."""
    row = await tx.fetchrow(SQL.lock_clock)
    assert row is not None, "there is one row"
    return Standing(*row.values())


async def begin_walk(tx: Tx, release: int, digest: str, *, recounting: bool) -> None:
    await tx.execute(SQL.begin_walk, release, digest, recounting)


async def note_release(tx: Tx, release: int) -> None:
    await tx.execute(SQL.note_release, release)


async def note_walk(tx: Tx, walked: UUID | None, now: datetime) -> None:
    await tx.execute(SQL.note_walk, walked, now)


async def note_places(tx: Tx, conversation: UUID, visit: UUID) -> None:
    await tx.execute(SQL.note_places, conversation, visit)


async def is_settled(tx: Tx, digest: str) -> bool:
    return bool(await tx.fetchval(SQL.standing, digest))


async def persons_after(tx: Tx, person: UUID, count: int) -> list[UUID]:
    return [row["id"] for row in await tx.fetch(SQL.persons_after, person, count)]


async def persons_of(tx: Tx, contacts: Sequence[UUID]) -> list[UUID]:
    return [row["id"] for row in await tx.fetch(SQL.persons_of, contacts)] if contacts else []


async def due(tx: Tx, now: datetime, count: int) -> list[UUID]:
    return [row["id"] for row in await tx.fetch(SQL.due, now, count)]


async def conversations_after(tx: Tx, place: UUID, count: int) -> tuple[UUID, list[UUID | None]]:
    """How far one comes, and whose each is."""
    rows = await tx.fetch(SQL.conversations_after, place, count)
    return (rows[-1]["id"] if rows else place), [row["contact_id"] for row in rows]


async def visits_after(tx: Tx, place: UUID, count: int) -> tuple[UUID, list[UUID | None]]:
    rows = await tx.fetch(SQL.visits_after, place, count)
    return (rows[-1]["id"] if rows else place), [row["contact_id"] for row in rows]


async def recount(tx: Tx, persons: Sequence[UUID], now: datetime) -> None:
    """Of whoever is no head any more nothing stays."""
    await tx.execute(SQL.forget_memberships, persons)
    await tx.execute(SQL.forget_members, persons)
    await tx.execute(SQL.recount, persons, now, now - _MONTH, now - _YEAR)


JUDGE_PARAMETERS = 2


async def judge(tx: Tx, persons: Sequence[UUID], by: Judging, now: datetime) -> list[Moved]:
    said = SQL.judge.replace(_KEYS, by.keys, 1).replace(_TURN, by.turn, 1)
    return [Moved(*row.values()) for row in await tx.fetch(said, persons, now, *by.params)]


async def fit(tx: Tx, holds: str, params: Sequence[object]) -> tuple[int, int]:
    """`holds` is compiled with parameters from $1 on."""
    row = await tx.fetchrow(SQL.fit.replace(_HOLDS, holds, 1), *params)
    assert row is not None
    return row["fit"], row["known"]


async def some(tx: Tx, holds: str, params: Sequence[object], count: int) -> tuple[UUID, ...]:
    """`holds` is compiled with parameters from $2 on."""
    rows = await tx.fetch(SQL.some.replace(_HOLDS, holds, 1), count, *params)
    return tuple(row["id"] for row in rows)


async def patience(tx: Tx, span: timedelta) -> None:
    await tx.execute(SQL.patience, str(int(span.total_seconds() * 1000)))


async def sizes(tx: Tx) -> dict[str, int]:
    return {row["segment"]: row["members"] for row in await tx.fetch(SQL.sizes)}


async def known(tx: Tx) -> int:
    found: int = await tx.fetchval(SQL.known)
    return found


async def members(tx: Tx, segment: str, after: UUID | None, count: int) -> list[UUID]:
    return [row["id"] for row in await tx.fetch(SQL.members, segment, after, count)]


async def of_person(tx: Tx, person: UUID) -> list[Membership]:
    return [Membership(*row.values()) for row in await tx.fetch(SQL.of_person, person)]


async def cards(tx: Tx, persons: Sequence[UUID]) -> list[MemberCard]:
    return [
        MemberCard(row["person_id"], row["name"], tuple(row["masked"]), dict(row))
        for row in await tx.fetch(SQL.exported, persons)
    ]  # fmt: skip


async def totals(tx: Tx, segment: str | None) -> Totals:
    row = await tx.fetchrow(SQL.report, segment)
    assert row is not None
    return Totals(*row.values())
