"""What a view does not ask of a ticket is not looked up for it."""

from __future__ import annotations

import pytest

from yizhan.desk.saved_views.store import SQL
from yizhan.foundation.db import Database


@pytest.mark.parametrize(("holds", "looked_up"), [("true", set()), ("f.due IS NULL", {"sla_target"})])
async def test_only_what_is_asked_is_looked_up(db: Database, holds: str, looked_up: set[str]) -> None:
    """The planner takes the function apart: its tables stand in the plan, unused ones do not."""
    said = SQL.page.replace("true IS NOT FALSE", holds, 1)
    async with db.read() as tx:
        rows = await tx.fetch(f"EXPLAIN {said}", "all", None, [], [], None, None, 30)
    plan = "\n".join(row[0] for row in rows)
    assert "Function Scan" not in plan
    asked = {"team", "brand", "conversation", "segment_member", "contact", "complaint", "sla_target"}
    assert {table for table in asked if f" on {table} " in plan} == looked_up
