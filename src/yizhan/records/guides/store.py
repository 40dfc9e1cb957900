"""All SQL of the guide."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from yizhan.foundation.db import Tx, load_queries
from yizhan.records.guides.model import GuideCourse, GuideState, Walk

SQL = load_queries(__package__)


async def walk(tx: Tx, agent_id: UUID, course: GuideCourse) -> Walk | None:
    row = await tx.fetchrow(SQL.walk, agent_id, course)
    return Walk(row["round"], row["began_at"], tuple(row["done"]), GuideState(row["state"])) if row else None


async def go_on(
    tx: Tx,
    agent_id: UUID,
    course: GuideCourse,
    round: int,
    done: Sequence[str],
    state: GuideState | None,
    now: datetime,
) -> None:
    await tx.execute(SQL.go_on, agent_id, course, round, now, list(done), state)
