"""Frames as JSON texts. Pure."""

from __future__ import annotations

from uuid import UUID

import msgspec
from msgspec.structs import astuple

from yizhan.desk.live.model import Row, WidgetConversation, WidgetMessage
from yizhan.foundation.journal import Head

_encoder = msgspec.json.Encoder()


def text(value: object) -> str:
    return _encoder.encode(value).decode()


class Put:
    """A whole row, put into words when the first one is to hear it: most rows nobody who comes back asks for."""

    __slots__ = ("_at", "_entity", "_row", "_text", "id", "version")

    def __init__(self, entity: str, id: UUID, version: int, row: object, at: Head) -> None:
        self.id = id
        self.version = version
        self._entity = entity
        self._row = row
        self._at = at
        self._text: str | None = None

    @property
    def text(self) -> str:
        if self._text is None:
            self._text = put(self._entity, self.id, self.version, self._row, self._at)
        return self._text


def put(entity: str, id: UUID, version: int, row: object, at: Head) -> str:
    return text({"t": "put", "e": entity, "id": id, "v": version, "row": row, "pos": str(at)})


def patch(entity: str, before: Row, after: Row, at: Head) -> str:
    """Only what differs; both are rows of the same thing."""
    fields = zip(after.__struct_fields__, astuple(before), astuple(after), strict=True)
    changed = {name: value for name, old, value in fields if old != value}
    return text({"t": "patch", "e": entity, "id": after.id, "v": after.version, "row": changed, "pos": str(at)})


def gone(entity: str, id: UUID, at: Head) -> str:
    return text({"t": "gone", "e": entity, "id": id, "pos": str(at)})


def stale(at: Head) -> str:
    """Too much changed at once in this socket's lists: they are to be read anew, in the client's own time."""
    return text({"t": "stale", "pos": str(at)})


def position(at: Head) -> str:
    return text({"t": "pos", "pos": str(at)})


def alert(kind: str, conversation_id: UUID | None, words: str) -> str:
    return text({"t": "alert", "kind": kind, "conversation_id": conversation_id, "text": words})


def shown(message: WidgetMessage, at: Head) -> str:
    return text({"t": "message", "pos": str(at), "message": message})


def state(conversation: WidgetConversation | None) -> str:
    return text({"t": "state", "conversation": conversation})
