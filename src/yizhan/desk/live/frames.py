"""Frames as JSON texts. Pure."""

from __future__ import annotations

from uuid import UUID

import msgspec

from yizhan.desk.live.model import Row, WidgetConversation, WidgetMessage
from yizhan.foundation.journal import Head

_encoder = msgspec.json.Encoder()


def text(value: object) -> str:
    return _encoder.encode(value).decode()


def put(entity: str, id: UUID, version: int, row: object, at: Head) -> str:
    return text({"t": "put", "e": entity, "id": id, "v": version, "row": row, "pos": str(at)})


def patch(entity: str, before: Row, after: Row, at: Head) -> str:
    """Only what differs; both are rows of the same thing."""
    names = after.__struct_fields__
    changed = {name: value for name in names if (value := getattr(after, name)) != getattr(before, name)}
    return text({"t": "patch", "e": entity, "id": after.id, "v": after.version, "row": changed, "pos": str(at)})


def gone(entity: str, id: UUID, at: Head) -> str:
    return text({"t": "gone", "e": entity, "id": id, "pos": str(at)})


def position(at: Head) -> str:
    return text({"t": "pos", "pos": str(at)})


def alert(kind: str, conversation_id: UUID | None, words: str) -> str:
    return text({"t": "alert", "kind": kind, "conversation_id": conversation_id, "text": words})


def shown(message: WidgetMessage, at: Head) -> str:
    return text({"t": "message", "pos": str(at), "message": message})


def state(conversation: WidgetConversation | None) -> str:
    return text({"t": "state", "conversation": conversation})
