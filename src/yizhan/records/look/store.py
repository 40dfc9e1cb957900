"""The one row of the look."""

from __future__ import annotations

from yizhan.foundation.db import Tx, load_queries
from yizhan.records.look.model import PLAIN, Look

SQL = load_queries(__package__)


async def look(tx: Tx) -> Look:
    row = await tx.fetchrow(SQL.look)
    return Look(*row.values()) if row else PLAIN


async def change(tx: Tx, color: str, logo: str | None, version: int) -> Look | None:
    """None when it is not at that version any more."""
    row = await tx.fetchrow(SQL.change, color, logo, version)
    return Look(*row.values()) if row else None
