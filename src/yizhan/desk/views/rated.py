"""Ratings 满意度 as screens show them: what was said, who asks what went wrong, and what the agent says to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from yizhan.desk.views.promising import scope_of
from yizhan.desk.views.store import SQL
from yizhan.foundation.db import Tx
from yizhan.records.agents import Viewer

RatingsAsked = Literal["mine", "low", "appeals"]


class RatingRow(msgspec.Struct, frozen=True, kw_only=True):
    """`id` is the conversation. `agent_id` served most turns and is rated; `others` served too."""

    id: UUID
    version: int
    ticket_id: UUID | None
    ticket_number: int | None
    subject: str | None
    contact_id: UUID
    contact_name: str
    channel: str
    brand_id: UUID
    team_id: UUID | None
    agent_id: UUID | None
    agent_name: str | None
    others: list[str]
    solved: bool | None
    stars: int | None
    tags: list[str]
    comment: str
    way: str
    given_at: datetime
    changed_at: datetime
    low: bool
    excluded: bool
    follow_up_id: UUID | None
    follow_up_number: int | None
    follow_up_status: str | None
    follower_id: UUID | None
    follower_name: str | None
    appeal_id: UUID | None
    cause: str | None
    words: str | None
    appealed_at: datetime | None
    appeal_state: str | None
    decision: str | None
    decided_at: datetime | None
    decider_name: str | None


async def rating_rows(tx: Tx, conversations: Sequence[UUID]) -> list[RatingRow]:
    """In the order asked for; those without a rating are left out."""
    rows = await tx.fetch(SQL.ratings_by_id, list(conversations)) if conversations else []
    found = {row["id"]: msgspec.convert(dict(row), RatingRow) for row in rows}
    return [found[id] for id in conversations if id in found]


async def ratings_listed(tx: Tx, viewer: Viewer, which: RatingsAsked, count: int) -> list[RatingRow]:
    rows = await tx.fetch(SQL.ratings_listed, *scope_of(viewer), which, count)
    return await rating_rows(tx, [row["id"] for row in rows])


class TicketRatingRow(msgspec.Struct, frozen=True, kw_only=True):
    """What was said of a whole ticket; `id` is the ticket. It is nobody's own figure."""

    id: UUID
    number: int
    subject: str
    contact_id: UUID
    contact_name: str
    brand_id: UUID
    team_id: UUID | None
    team_name: str | None
    owner_name: str | None
    took_hours: int
    solved: bool | None
    stars: int | None
    tags: list[str]
    comment: str
    changed_at: datetime
    low: bool
    follow_up_id: UUID | None
    follow_up_number: int | None
    follow_up_status: str | None
    follower_name: str | None


async def ticket_ratings_listed(tx: Tx, viewer: Viewer, count: int) -> list[TicketRatingRow]:
    """The latest of what one sees."""
    rows = await tx.fetch(SQL.ticket_ratings, *scope_of(viewer), count)
    return [msgspec.convert(dict(row), TicketRatingRow) for row in rows]


async def may_invite(tx: Tx, conversation_id: UUID) -> bool:
    return bool(await tx.fetchval(SQL.may_invite, conversation_id))
