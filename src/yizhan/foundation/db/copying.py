"""Many new rows at once by the COPY protocol: a fifth of what arrays cost to write on the wire."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from asyncpg import UniqueViolationError

from yizhan.foundation.db.pool import Tx


async def copy_new(tx: Tx, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """For rows that nobody else can be writing: their keys were made here."""
    await tx.copy_records_to_table(table, records=rows, columns=list(columns))


async def copied_all(tx: Tx, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bool:
    """False when one of them is there already: then none is written, and an insert that leaves it out has its turn."""
    try:
        async with tx.transaction():
            await copy_new(tx, table, columns, rows)
    except UniqueViolationError:
        return False
    return True
