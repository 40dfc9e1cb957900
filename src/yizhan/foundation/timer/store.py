"""The rows of the timers."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from yizhan.foundation.db import Record, Tx, load_queries
from yizhan.foundation.timer.model import HeldTimer, NewTimer, Timer

SQL = load_queries(__package__)


async def set_timer(
    tx: Tx,
    due: datetime,
    kind: str,
    subject: UUID,
    subject_version: int,
    data: Mapping[str, object] = {},
) -> int:
    """Adds one; cancel first what it shall replace."""
    number: int = await tx.fetchval(SQL.set_timer, due, kind, subject, subject_version, data)
    return number


async def cancel_timers(tx: Tx, subject: UUID, kind: str | None = None) -> None:
    await tx.execute(SQL.cancel_timers, subject, kind)


async def set_timers(tx: Tx, timers: Sequence[NewTimer]) -> None:
    """Adds many with one statement."""
    if timers:
        await tx.execute(
            SQL.set_timers, [t.due for t in timers], [t.kind for t in timers], [t.subject for t in timers],
            [t.subject_version for t in timers], [t.data for t in timers],
        )  # fmt: skip


async def drop_timers(tx: Tx, subjects: Iterable[UUID], kind: str | None = None) -> None:
    """Cancels those of many subjects, for readers that hold rows a handler may wait for: it never waits itself.

    One that fires at this moment stays, so its handler has to look whether its subject still wants it.
    """
    wanted = list(subjects)
    if wanted:
        await tx.execute(SQL.drop_timers, wanted, kind)


async def lock_next_due(tx: Tx, now: datetime) -> Timer | None:
    row = await tx.fetchrow(SQL.lock_next_due, now)
    return _timer(row) if row else None


async def delete_timer(tx: Tx, timer: Timer) -> None:
    await tx.execute(SQL.delete_timer, timer.id)


async def note_failure(tx: Tx, timer: Timer, error: str, most_tries: int, pause: timedelta) -> bool:
    """True when that was the last try and the timer is held now."""
    return bool(await tx.fetchval(SQL.note_failure, timer.id, error, most_tries, pause))


async def next_due(tx: Tx) -> tuple[datetime | None, float | None]:
    """The next due time, and the seconds until the first retry."""
    row = await tx.fetchrow(SQL.next_due)
    return (row["due"], row["retry_in"]) if row else (None, None)


async def held_timers(tx: Tx, count: int = 100) -> list[HeldTimer]:
    return [HeldTimer(_timer(row), row["error"]) for row in await tx.fetch(SQL.held_timers, count)]


async def retry_held(tx: Tx, kind: str | None = None) -> int:
    """How many get another chance."""
    return len(await tx.fetch(SQL.retry_held, kind))


def _timer(row: Record) -> Timer:
    return msgspec.convert(row, Timer, from_attributes=False)
