"""What becomes of the files of a message after it came."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from yizhan.foundation.db import Record, Tx
from yizhan.foundation.journal import Event, emit
from yizhan.records.conversations import store


async def file_of(tx: Tx, message_id: UUID, hash: str) -> dict[str, object] | None:
    """As the message keeps it; None when message or file is gone."""
    return await store.file_of(tx, message_id, hash)


async def attach(
    tx: Tx, message_id: UUID, place: int, state: str, *, now: datetime, attachment: dict[str, object] | None = None
) -> None:
    """What became of file number `place` of a message that lay at its vendor: fetched, gone, refused."""
    row = await store.attach(tx, message_id, place, state, [attachment] if attachment else None)
    if row is not None:
        await _tell_file(tx, row, message_id, state, now)


async def mark_file(tx: Tx, message_id: UUID, hash: str, state: str, *, now: datetime) -> bool:
    """Whether a voice among the files can be listened to here: `waiting` while it is made so, `no` when it cannot be.
    False where it is settled."""
    row = await store.mark_file(tx, message_id, hash, state)
    if row is not None:
        await _tell_file(tx, row, message_id, "unplayable" if state == "no" else "rendering", now)
    return row is not None


async def add_rendered(
    tx: Tx,
    message_id: UUID,
    hash: str,
    *,
    rendered: str,
    name: str,
    type: str,
    size: int,
    seconds: float,
    now: datetime,
) -> None:
    """A file made of another of the message, so that it can be played; the other stays."""
    file: dict[str, object] = {
        "hash": rendered, "name": name, "type": type, "size": size, "inline": False, "of": hash, "seconds": seconds
    }  # fmt: skip
    row = await store.add_rendered(tx, message_id, hash, file)
    if row is not None:
        await _tell_file(tx, row, message_id, "rendered", now)


async def _tell_file(tx: Tx, row: Record, message_id: UUID, state: str, now: datetime) -> None:
    await emit(tx, [Event(
        kind="message.attached", subject=message_id, subject_version=1, at=now, actor="system",
        conversation_id=row["conversation_id"], ticket_id=row["ticket_id"], contact_id=row["contact_id"],
        data={"message": message_id, "state": state, "inbox": row["inbox_id"]},
    )])  # fmt: skip
