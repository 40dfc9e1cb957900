"""Segment's envelope, as far as it is understood here, and what its messages mean for a trail. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from yizhan.channels.webchat import normalised_contact
from yizhan.desk.trail import WireItem, Words
from yizhan.foundation.errors import Invalid
from yizhan.foundation.text import clean

Name = Annotated[str, Meta(max_length=200)]
Kind = Literal["track", "page", "screen", "identify", "group", "alias"]

MOST_MESSAGE_BYTES = 32 * 1024
MOST_BATCH_BYTES = 500 * 1024
_ADDRESSES = {"email", "phone"}
_MOST_FIELDS = 30


class Envelope(msgspec.Struct, frozen=True, rename="camel"):
    """One message. Unknown fields are left out; `sent_at` of a batch holds for all of its messages."""

    type: Kind | None = None
    message_id: Name = ""
    event: Name = ""
    name: Name = ""
    anonymous_id: Name | None = None
    user_id: Name | int | None = None
    previous_id: Name | None = None
    group_id: Name | int | None = None
    properties: dict[str, Any] = {}
    traits: dict[str, Any] = {}
    context: dict[str, Any] = {}
    timestamp: datetime | None = None
    original_timestamp: datetime | None = None
    sent_at: datetime | None = None
    write_key: Name = ""


class Batch(msgspec.Struct, frozen=True, rename="camel"):
    batch: list[msgspec.Raw]
    context: dict[str, Any] = {}
    sent_at: datetime | None = None
    write_key: Name = ""


class Taken(msgspec.Struct, frozen=True):
    """What Segment answers, whatever became of a message."""

    success: bool = True


def part(of: Mapping[str, Any], *names: str) -> str:
    """A text deep in an envelope; empty for anything else that stands there."""
    found: Any = of
    for name in names:
        found = found.get(name) if isinstance(found, Mapping) else None
    return clean(found)[:2_000] if isinstance(found, str) else ""


def once_key(inbox_id: UUID, message: Envelope) -> bytes:
    """The same for every sending of one message."""
    return sha256(inbox_id.bytes + message.message_id.encode()).digest()[:16]


def item_of(kind: Kind, message: Envelope, now: datetime, *, server: bool) -> WireItem | None:
    """What of it belongs into a trail."""
    said, context = message.properties, message.context
    url = part(said, "url") or part(context, "page", "url")
    title = part(said, "title") or part(context, "page", "title")
    at = message.timestamp or message.original_timestamp or message.sent_at or now
    if at.tzinfo is None:
        raise Invalid("a time needs its offset", "timestamp")
    data = {**said, "source": "server"} if server else said
    match kind:
        case "track" if message.event:
            return WireItem(message.event, at, url, title, data=data)
        case "page" | "screen":
            return WireItem("page", at, url, title or message.name or part(said, "name"), data=data)
        case _:
            return None


def words_of(kind: Kind, message: Envelope) -> Words | None:
    """What is claimed of a person. An address of the wrong shape is left out: it is a tracker's, not a form's."""
    if kind == "group":
        name = part(message.traits, "name") or str(message.group_id or "")
        return Words(fields={"group": name[:200]}) if name else None
    if kind != "identify":
        return None
    traits = message.traits
    full = part(traits, "name") or f"{part(traits, 'firstName')} {part(traits, 'lastName')}".strip()
    plain = {key: value for key, value in traits.items() if isinstance(value, str | int | float | bool)}
    skipped = _ADDRESSES | {"name", "firstName", "lastName"}
    fields = {clean(str(key))[:60]: clean(str(value))[:200] for key, value in plain.items() if key not in skipped}
    words = Words(full[:80], _address(traits, "email"), _address(traits, "phone"),
                  dict(list(fields.items())[:_MOST_FIELDS]))  # fmt: skip
    return words if words != Words() else None


def _address(traits: Mapping[str, Any], wanted: str) -> str:
    try:
        kind, value = normalised_contact(part(traits, wanted))
    except Invalid:
        return ""
    return value if kind == wanted else ""
