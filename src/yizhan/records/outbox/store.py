"""The queue of what waits to be sent."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from yizhan.foundation.db import Record, Tx, load_queries
from yizhan.foundation.errors import NotFound
from yizhan.records.outbox.model import Answer, Earlier, Outgoing, Spoken, State, Way, Written

SQL = load_queries(__package__)

_DAY = timedelta(days=1)
_MOST_LATELY = 200


async def enqueue(
    tx: Tx, *, message_id: UUID, inbox_id: UUID, conversation_id: UUID, channel: str, now: datetime,
    claim: bytes | None = None,
) -> None:  # fmt: skip
    """`claim` is the blind index of an address that the customer left: it goes there, not to who wrote."""
    await tx.execute(SQL.enqueue, message_id, inbox_id, conversation_id, channel, now, claim)


async def due(tx: Tx, inbox_id: UUID, now: datetime, most: int, busy: Collection[UUID] = ()) -> list[Outgoing]:
    """Heads of conversations, at most one each, without the conversations that are `busy`."""
    return [_outgoing(row) for row in await tx.fetch(SQL.due, inbox_id, now, most, list(busy))]


async def next_due(tx: Tx, inbox_id: UUID, after: datetime) -> datetime | None:
    found: datetime | None = await tx.fetchval(SQL.next_due, inbox_id, after)
    return found


async def hasten(tx: Tx, inbox_id: UUID, now: datetime) -> None:
    await tx.execute(SQL.hasten, inbox_id, now)


async def begin(tx: Tx, message_id: UUID, now: datetime) -> int | None:
    """From here on `now` names this call of the vendor: its result is written with it as `started_at`.

    The number of the attempt; None when the message no longer waits."""
    attempt: int | None = await tx.fetchval(SQL.begin, message_id, now)
    return attempt


async def written(tx: Tx, message_id: UUID) -> Written:
    row = await tx.fetchrow(SQL.written, message_id)
    if row is None:
        raise NotFound(f"message {message_id}")
    return msgspec.convert(dict(row), Written)


async def interrupted(tx: Tx, inbox_id: UUID, busy: Collection[UUID] = ()) -> list[Outgoing]:
    return [_outgoing(row) for row in await tx.fetch(SQL.interrupted, inbox_id, list(busy))]


async def thread(tx: Tx, conversation_id: UUID, before: UUID, most: int) -> list[Earlier]:
    return [msgspec.convert(dict(row), Earlier) for row in await tx.fetch(SQL.thread, conversation_id, before, most)]


async def sent(tx: Tx, message_id: UUID, started_at: datetime, vendor_id: str, now: datetime) -> bool:
    return await tx.fetchval(SQL.sent, message_id, started_at, vendor_id or None, now) is not None


async def retry_at(
    tx: Tx, message_id: UUID, started_at: datetime, next_at: datetime, error_class: str, error: str
) -> bool:
    return await tx.fetchval(SQL.retry_at, message_id, started_at, next_at, error_class, error) is not None


async def failed(tx: Tx, message_id: UUID, started_at: datetime, now: datetime, error_class: str, error: str) -> bool:
    return await _ended(tx, message_id, started_at, State.FAILED, now, error_class, error)


async def unknown(tx: Tx, message_id: UUID, started_at: datetime, now: datetime, error_class: str, error: str) -> bool:
    return await _ended(tx, message_id, started_at, State.UNKNOWN, now, error_class, error)


async def _ended(
    tx: Tx, message_id: UUID, started_at: datetime, state: State, now: datetime, error_class: str, error: str
) -> bool:
    return await tx.fetchval(SQL.ended, message_id, started_at, str(state), now, error_class, error) is not None


async def bounced(tx: Tx, message_id: UUID, now: datetime, error_class: str, error: str) -> bool:
    """False when a report said so before."""
    return await tx.fetchval(SQL.bounced, message_id, now, error_class, error) is not None


async def start_again(tx: Tx, message_id: UUID, now: datetime) -> UUID | None:
    """The inbox whose sender is to be woken; None when the message is not one that ended badly."""
    inbox_id: UUID | None = await tx.fetchval(SQL.start_again, message_id, now)
    return inbox_id


async def sent_by_socket(tx: Tx, channel: str, now: datetime, most: int) -> list[UUID]:
    return sorted(row["message_id"] for row in await tx.fetch(SQL.sent_by_socket, channel, now, most))


async def refer(
    tx: Tx, *, inbox_id: UUID, reference: bytes, conversation_id: UUID, ticket_id: UUID | None, message_id: UUID
) -> None:
    await tx.execute(SQL.refer, inbox_id, reference, conversation_id, ticket_id, message_id)


async def remember(
    tx: Tx, *, inbox_id: UUID, reference: bytes, conversation_id: UUID, ticket_id: UUID | None, message_id: UUID
) -> None:
    await tx.execute(SQL.remember, inbox_id, reference, conversation_id, ticket_id, message_id)


async def lately(tx: Tx, message_id: UUID, now: datetime) -> list[Spoken]:
    """Of the last day, and of the message's own conversation before that; at most 200."""
    rows = await tx.fetch(SQL.lately, message_id, now - _DAY, _MOST_LATELY)
    return [msgspec.convert(dict(row), Spoken) for row in rows]


async def referred(
    tx: Tx, inbox_id: UUID, message_id: UUID | None, references: Sequence[bytes] = ()
) -> Outgoing | None:
    """The message of ours that a report names: by its own id, which was proved, or by the id of its mail."""
    found = message_id or await tx.fetchval(SQL.of_reference, inbox_id, list(references))
    row = await tx.fetchrow(SQL.referred, found) if found else None
    return _outgoing(row) if row and row["inbox_id"] == inbox_id else None


async def mails_to_the_absent(tx: Tx, conversation_ids: Collection[UUID], seconds: int) -> dict[UUID, int]:
    """By conversation after how many seconds; `seconds` where the inbox does not say."""
    rows = await tx.fetch(SQL.mails_to_the_absent, list(conversation_ids), seconds) if conversation_ids else []
    return {row["id"]: row["seconds"] for row in rows}


async def ways_of(tx: Tx, conversation_id: UUID) -> list[Way]:
    return [Way(**dict(row)) for row in await tx.fetch(SQL.ways_of, conversation_id)]


async def unheard(tx: Tx, conversation_id: UUID) -> list[UUID]:
    return [row["id"] for row in await tx.fetch(SQL.unheard, conversation_id)]


async def answers(tx: Tx, message_id: UUID) -> list[Answer]:
    return [msgspec.convert(dict(row), Answer) for row in await tx.fetch(SQL.answers, message_id)]


async def mailed_to(tx: Tx, inbox_id: UUID, references: Sequence[bytes]) -> set[bytes]:
    return {row["claim"] for row in await tx.fetch(SQL.mailed_to, inbox_id, list(references))}


async def known_references(tx: Tx, inbox_id: UUID, references: Sequence[bytes]) -> set[bytes]:
    return {row["reference"] for row in await tx.fetch(SQL.known_references, inbox_id, list(references))}


async def started_since(tx: Tx, inbox_id: UUID, since: datetime) -> list[datetime]:
    return [row["started_at"] for row in await tx.fetch(SQL.started_since, inbox_id, since)]


async def postpone(tx: Tx, message_id: UUID, until: datetime, error_class: str, error: str) -> bool:
    return await tx.fetchval(SQL.postpone, message_id, until, error_class, error) is not None


def _outgoing(row: Record) -> Outgoing:
    return msgspec.convert(dict(row), Outgoing)
