"""All SQL of the agents' figures."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from yizhan.desk.figures.model import AgentDay, Behind, Change, Figure
from yizhan.desk.figures.policy import Returned
from yizhan.foundation.db import Record, Tx, load_queries

SQL = load_queries(__package__)
REPEATED_WITHIN = timedelta(days=7)
_MOST = 200
_STILL_ENDING = timedelta(days=3)

Day = tuple[UUID, date]


async def keep(tx: Tx, changes: Sequence[Change], returned: Sequence[Returned], zone: ZoneInfo) -> set[Day]:
    """Which days of which agents changed by it."""
    given = [(c, c.given_at) for c in changes if c.given_at is not None]
    touched: list[Record] = []
    if given:
        touched += await tx.fetch(
            SQL.given, [c.conversation_id for c, _ in given], [c.agent_id for c, _ in given],
            [at.astimezone(zone).date() for _, at in given], [at for _, at in given],
        )  # fmt: skip
    if changes:
        await _only_while_working(tx, changes)
        touched += await tx.fetch(
            SQL.change, [c.conversation_id for c in changes], [c.agent_id for c in changes],
            [c.first_s for c in changes], [c.turns for c in changes], [c.waited_s for c in changes],
            [c.replies for c in changes], [c.left_at for c in changes], [c.handed_on for c in changes],
            [c.ended for c in changes], [c.asked for c in changes], [c.rated for c in changes],
            [c.solved for c in changes], [c.stars for c in changes], [c.excluded for c in changes],
            [c.ticket_id for c in changes],
        )  # fmt: skip
    if returned:
        tickets, conversations, ats = zip(*returned, strict=True)
        touched += await tx.fetch(SQL.came_back, list(tickets), list(conversations), list(ats), REPEATED_WITHIN)
    return {(row["agent_id"], row["day"]) for row in touched}


async def _only_while_working(tx: Tx, changes: Sequence[Change]) -> None:
    """What a customer waited while the agent was on a break or 离线 is nobody's slowness. Presence is told before what
    follows it, so counting anew finds the same."""
    waits = [(change, *span) for change in changes for span in change.waits if span[0] < span[1]]
    if waits:
        rows = await tx.fetch(
            SQL.away, [c.agent_id for c, _, _ in waits], [start for _, start, _ in waits], [end for _, _, end in waits]
        )
        for row in rows:
            waits[row["at"] - 1][0].waited_s -= row["seconds"]


async def count_days(tx: Tx, touched: Collection[Day]) -> None:
    if touched:
        agents, when = zip(*sorted(touched), strict=True)
        await tx.execute(SQL.count_days, list(agents), list(when))


async def days(tx: Tx, agent_id: UUID, start: date, end: date) -> list[AgentDay]:
    """Both days counted; days without work are left out."""
    return [msgspec.convert(dict(row), AgentDay) for row in await tx.fetch(SQL.days, agent_id, start, end)]


async def colleagues(tx: Tx, agent_id: UUID, start: date, end: date) -> list[dict[str, int]]:
    """The sums of each who shares a team with him."""
    return [dict(row) for row in await tx.fetch(SQL.colleagues, agent_id, start, end)]


async def behind(tx: Tx, agent_id: UUID, start: date, end: date, figure: Figure) -> list[Behind]:
    rows = await tx.fetch(SQL.behind, agent_id, start, end, figure, _MOST)
    return [msgspec.convert(dict(row), Behind) for row in rows]


async def ended_since(tx: Tx, agent_id: UUID, since: datetime, count: int) -> list[UUID]:
    """The last first, of those that came to him since some days."""
    day = since.date() - _STILL_ENDING
    return [row["conversation_id"] for row in await tx.fetch(SQL.ended_since, agent_id, since, day, count)]


async def shares_team(tx: Tx, agent_id: UUID, teams: Collection[UUID], brands: Collection[UUID]) -> bool:
    return bool(await tx.fetchval(SQL.shares_team, agent_id, list(teams), list(brands)))
