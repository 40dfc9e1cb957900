"""All SQL of ratings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.foundation.db import Tx, load_queries
from yizhan.foundation.errors import NotFound
from yizhan.records.ratings.model import Appeal, AppealState, Cause, RatingRecord, Survey, TicketRating, TicketSurvey

SQL = load_queries(__package__)


async def survey_of(tx: Tx, conversation_id: UUID) -> Survey | None:
    row = await tx.fetchrow(SQL.survey, conversation_id)
    return msgspec.convert(dict(row), Survey) if row is not None else None


async def keep_surveys(tx: Tx, surveys: Sequence[Survey]) -> None:
    if surveys:
        await tx.execute(
            SQL.keep_surveys, [s.conversation_id for s in surveys], [s.contact_id for s in surveys],
            [s.way for s in surveys], [s.asked_at for s in surveys], [s.invited_by for s in surveys],
            [s.invited_at for s in surveys], [s.skipped for s in surveys],
        )  # fmt: skip


async def asked_since(tx: Tx, conversation_id: UUID, since: datetime) -> bool:
    return bool(await tx.fetchval(SQL.asked_since, conversation_id, since))


async def find_rating(tx: Tx, conversation_id: UUID) -> RatingRecord | None:
    """Locked, where there is one."""
    row = await tx.fetchrow(SQL.rating, conversation_id)
    return msgspec.convert(dict(row), RatingRecord) if row is not None else None


async def lock_rating(tx: Tx, conversation_id: UUID) -> RatingRecord:
    found = await find_rating(tx, conversation_id)
    if found is None:
        raise NotFound(f"rating of conversation {conversation_id}")
    return found


async def keep(tx: Tx, r: RatingRecord) -> int:
    return int(await tx.fetchval(
        SQL.keep, r.conversation_id, r.contact_id, r.brand_id, r.team_id, r.inbox_id, r.ticket_id, r.agent_id, r.others,
        r.solved, r.stars, r.tags, r.comment, r.way, r.changed_at, r.low,
    ))  # fmt: skip


async def follow_up(tx: Tx, conversation_id: UUID, ticket_id: UUID) -> int:
    return int(await tx.fetchval(SQL.follow_up, conversation_id, ticket_id))


async def exclude(tx: Tx, conversation_id: UUID, excluded: bool) -> int:
    return int(await tx.fetchval(SQL.exclude, conversation_id, excluded))


async def add_appeal(tx: Tx, appeal: Appeal) -> bool:
    """False where the rating has one already."""
    made = await tx.fetchval(
        SQL.appeal, appeal.id, appeal.conversation_id, appeal.agent_id, appeal.cause, appeal.words, appeal.made_at
    )
    return made is not None


async def lock_appeal(tx: Tx, appeal_id: UUID) -> Appeal:
    row = await tx.fetchrow(SQL.lock_appeal, appeal_id)
    if row is None:
        raise NotFound(f"appeal {appeal_id}")
    return msgspec.convert(dict(row), Appeal)


async def decide(tx: Tx, appeal_id: UUID, state: AppealState, by: UUID, at: datetime, words: str, cause: Cause) -> None:
    await tx.execute(SQL.decide, appeal_id, state, by, at, words, cause)


async def ticket_survey_of(tx: Tx, ticket_id: UUID) -> TicketSurvey | None:
    row = await tx.fetchrow(SQL.ticket_survey, ticket_id)
    return msgspec.convert(dict(row), TicketSurvey) if row is not None else None


async def keep_ticket_survey(tx: Tx, s: TicketSurvey) -> bool:
    """False where he was asked before."""
    made = await tx.fetchval(
        SQL.keep_ticket_survey, s.ticket_id, s.contact_id, s.conversation_id, s.way, s.took_hours, s.asked_at
    )
    return made is not None


async def find_ticket_rating(tx: Tx, ticket_id: UUID) -> TicketRating | None:
    """Locked, where there is one."""
    row = await tx.fetchrow(SQL.ticket_rating, ticket_id)
    return msgspec.convert(dict(row), TicketRating) if row is not None else None


async def keep_ticket_rating(tx: Tx, r: TicketRating) -> int:
    return int(await tx.fetchval(
        SQL.keep_ticket_rating, r.ticket_id, r.contact_id, r.brand_id, r.team_id, r.owner_id, r.conversation_id,
        r.took_hours, r.solved, r.stars, r.tags, r.comment, r.changed_at, r.low,
    ))  # fmt: skip


async def follow_up_ticket(tx: Tx, ticket_id: UUID, follow_up: UUID) -> int:
    return int(await tx.fetchval(SQL.follow_up_ticket, ticket_id, follow_up))
