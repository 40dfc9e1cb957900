"""All SQL of conversations and messages (intake's set-based writes stand in migration 0006)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from yizhan.foundation.db import Record, Tx, load_queries
from yizhan.foundation.errors import NotFound
from yizhan.records.conversations.model import Conversation, Draft, EndReason, Rating, Summary

SQL = load_queries(__package__)


async def lock_conversation(tx: Tx, conversation_id: UUID) -> Conversation:
    row = await tx.fetchrow(SQL.lock, conversation_id)
    if row is None:
        raise NotFound(f"conversation {conversation_id}")
    return _conversation(row)


async def lock_of_ticket(tx: Tx, ticket_id: UUID) -> list[Conversation]:
    return [_conversation(row) for row in await tx.fetch(SQL.lock_of_ticket, ticket_id)]


async def lock_many(tx: Tx, ids: Sequence[UUID], ticket_ids: Sequence[UUID] = ()) -> list[Conversation]:
    return [_conversation(row) for row in await tx.fetch(SQL.lock_many, list(ids), list(ticket_ids))]


async def open_outward(
    tx: Tx, id: UUID, *, inbox_id: UUID, identity_id: UUID, contact_id: UUID, ticket_id: UUID, agent_id: UUID | None,
    now: datetime,
) -> UUID | None:  # fmt: skip
    made: UUID | None = await tx.fetchval(
        SQL.open_outward, id, inbox_id, identity_id, contact_id, ticket_id, agent_id, now
    )
    return made


async def open_with(tx: Tx, identity_id: UUID, inbox_id: UUID) -> UUID | None:
    found: UUID | None = await tx.fetchval(SQL.open_with, identity_id, inbox_id)
    return found


async def message_of_client(tx: Tx, conversation_id: UUID, author: str, client_id: str) -> UUID | None:
    found: UUID | None = await tx.fetchval(SQL.message_of_client, conversation_id, author, client_id)
    return found


async def add_message(
    tx: Tx, message_id: UUID, c: Conversation, ticket_id: UUID | None, draft: Draft, now: datetime
) -> None:
    delivery = "queued" if draft.direction == "out" else None
    await tx.execute(
        SQL.add_message, message_id, c.id, ticket_id, c.contact_id, c.identity_id, c.inbox_id, draft.direction,
        draft.author, draft.kind, draft.text, draft.html, draft.payload, draft.attachments or None, draft.client_id,
        now, delivery,
    )  # fmt: skip


async def replied(tx: Tx, conversation_id: UUID, now: datetime, preview: str, *, human: bool) -> int:
    return int(await tx.fetchval(SQL.replied, conversation_id, now, preview, human))


async def touched(tx: Tx, conversation_id: UUID) -> int:
    return int(await tx.fetchval(SQL.touched, conversation_id))


async def end(tx: Tx, conversation_id: UUID, now: datetime, reason: EndReason, summary: Summary | None) -> int:
    return int(await tx.fetchval(SQL.end, conversation_id, now, reason, summary))


async def leave(tx: Tx, conversation_id: UUID, now: datetime) -> int:
    return int(await tx.fetchval(SQL.leave, conversation_id, now))


async def rate(tx: Tx, conversation_id: UUID, rating: Rating) -> int:
    return int(await tx.fetchval(SQL.rate, conversation_id, rating))


async def set_ticket(tx: Tx, conversation_id: UUID, ticket_id: UUID, suggested: UUID | None) -> int:
    return int(await tx.fetchval(SQL.set_ticket, conversation_id, ticket_id, suggested))


async def separate(tx: Tx, conversation_id: UUID) -> int:
    return int(await tx.fetchval(SQL.separate, conversation_id))


async def mark_read(tx: Tx, conversation_id: UUID, reader: str, message_id: UUID, now: datetime) -> None:
    await tx.execute(SQL.mark_read, conversation_id, reader, message_id, now)


async def clear_unread(tx: Tx, conversation_id: UUID) -> int | None:
    version: int | None = await tx.fetchval(SQL.clear_unread, conversation_id)
    return version


async def move_messages(
    tx: Tx, ids: Sequence[UUID], *, from_ticket: UUID, to_ticket: UUID, actor: str, now: datetime
) -> int:
    """How many messages were moved."""
    return int((await tx.execute(SQL.move_messages, list(ids), from_ticket, to_ticket, actor, now)).split()[-1])


async def attach(
    tx: Tx, message_id: UUID, place: int, state: str, files: list[dict[str, object]] | None
) -> Record | None:
    return await tx.fetchrow(SQL.attach, message_id, place, state, files)


async def file_of(tx: Tx, message_id: UUID, hash: str) -> dict[str, object] | None:
    found: dict[str, object] | None = await tx.fetchval(SQL.file_of, message_id, hash)
    return found


async def mark_file(tx: Tx, message_id: UUID, hash: str, state: str) -> Record | None:
    return await tx.fetchrow(SQL.mark_file, message_id, hash, state)


async def add_rendered(tx: Tx, message_id: UUID, hash: str, file: dict[str, object]) -> Record | None:
    return await tx.fetchrow(SQL.add_rendered, message_id, hash, file)


async def take_back(tx: Tx, message_id: UUID, now: datetime) -> Record | None:
    return await tx.fetchrow(SQL.take_back, message_id, now)


async def conversation_of(tx: Tx, message_id: UUID) -> UUID:
    found: UUID = (await message(tx, message_id))["conversation_id"]
    return found


async def recalled_words(tx: Tx, message_id: UUID) -> Record | None:
    return await tx.fetchrow(SQL.recalled_words, message_id)


async def recall(tx: Tx, message_id: UUID, now: datetime) -> bool:
    return await tx.fetchval(SQL.recall, message_id, now) is not None


async def hide_preview(tx: Tx, conversation_id: UUID, said_at: datetime) -> int:
    return int(await tx.fetchval(SQL.hide_preview, conversation_id, said_at))


async def message(tx: Tx, message_id: UUID) -> Record:
    row = await tx.fetchrow(SQL.message, message_id)
    if row is None:
        raise NotFound(f"message {message_id}")
    return row


async def set_delivery(
    tx: Tx, message_id: UUID, delivery: str, error: str | None, external_id: str | None
) -> Record | None:
    return await tx.fetchrow(SQL.set_delivery, message_id, delivery, error, external_id)


async def triaged(tx: Tx, needs: Mapping[UUID, dict[str, Any]]) -> list[Record]:
    return list(await tx.fetch(SQL.triaged, list(needs), list(needs.values())))


async def hand_to(tx: Tx, agents: Mapping[UUID, UUID], at: datetime) -> dict[UUID, int]:
    rows = await tx.fetch(SQL.hand_to, list(agents), list(agents.values()), at)
    return {row["id"]: row["version"] for row in rows}


async def requeue(tx: Tx, teams: Mapping[UUID, UUID | None], at: datetime, *, front: bool) -> dict[UUID, int]:
    rows = await tx.fetch(SQL.requeue, list(teams), list(teams.values()), front, at)
    return {row["id"]: row["version"] for row in rows}


async def receive(tx: Tx, ids: Sequence[UUID]) -> list[Record]:
    return list(await tx.fetch(SQL.receive, list(ids)))


async def to_assistant(tx: Tx, conversation_id: UUID) -> int | None:
    version: int | None = await tx.fetchval(SQL.to_assistant, conversation_id)
    return version


async def hand_on(tx: Tx, ids: Sequence[UUID], at: datetime) -> dict[UUID, int]:
    return {row["id"]: row["version"] for row in await tx.fetch(SQL.hand_on, list(ids), at)}


async def set_asleep(tx: Tx, conversation_id: UUID, asleep: bool) -> int:
    return int(await tx.fetchval(SQL.set_asleep, conversation_id, asleep))


async def tell_positions(tx: Tx, places: Mapping[UUID, int]) -> dict[UUID, int]:
    rows = await tx.fetch(SQL.tell_positions, list(places), list(places.values()))
    return {row["id"]: row["place"] for row in rows}


def _conversation(row: Record) -> Conversation:
    return msgspec.convert(dict(row), Conversation)
