"""All SQL of upkeep."""

from __future__ import annotations

from datetime import datetime

from yizhan.foundation.db import Tx, load_queries
from yizhan.foundation.upkeep.model import Outcome

SQL = load_queries(__package__)


async def note(tx: Tx, outcome: Outcome) -> None:
    await tx.execute(SQL.note, outcome.task, outcome.ran_at, outcome.seconds, outcome.rows, outcome.error)


async def outcomes(tx: Tx) -> list[Outcome]:
    return [Outcome(*row) for row in await tx.fetch(SQL.outcomes)]


async def partitions_ahead(tx: Tx, now: datetime) -> dict[str, int]:
    """The partitions made, each with the number of rows that lay astray and belong to it."""
    return {row["part"]: row["moved"] for row in await tx.fetch(SQL.partitions_ahead, now)}


async def rows_astray(tx: Tx) -> dict[str, int]:
    """By table, how many rows lie where no partition was made for them; a thousand stands for more."""
    return {row["parent"]: row["astray"] for row in await tx.fetch(SQL.rows_astray)}
