"""From signed JSON to messages of the desk. Pure."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta

from yizhan.channels.generic.model import MOST_MESSAGES, GenericFile, GenericMessage, GenericSender
from yizhan.desk.intake import Attachment, InboundMessage, Sender
from yizhan.foundation.errors import Invalid
from yizhan.foundation.text import clean
from yizhan.records.contacts import Identifier, normalise

_AHEAD = timedelta(minutes=5)


class Batch(msgspec.Struct, frozen=True):
    messages: Annotated[tuple[GenericMessage, ...], Meta(min_length=1, max_length=MOST_MESSAGES)]


_KEYS = msgspec.json.Decoder(dict[str, msgspec.Raw])
_BATCH = msgspec.json.Decoder(Batch)
_MESSAGE = msgspec.json.Decoder(GenericMessage)


def parse(body: bytes) -> tuple[GenericMessage, ...]:
    """One message or `{"messages": […]}`. Raises Invalid with the path of what is wrong."""
    try:
        # A key is written like this wherever it stands; within a text its quotes would be escaped.
        several = b'"messages"' in body and "messages" in _KEYS.decode(body)
        found = _BATCH.decode(body).messages if several else (_MESSAGE.decode(body),)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise Invalid(str(error), "body") from None
    for message in found:
        if not message.text.strip() and not message.attachments:
            raise Invalid(f"message {message.id} is empty", "text")
    return found


def content_of(file: GenericFile) -> bytes | None:
    """None when it has to be fetched."""
    if file.content_base64 is None:
        return None
    try:
        return base64.b64decode(file.content_base64, validate=True)
    except (binascii.Error, ValueError):
        raise Invalid(f"{file.name} is not base64", "content_base64") from None


def inbound(message: GenericMessage, inbox_id: UUID, files: Sequence[Attachment], now: datetime) -> InboundMessage:
    """`files` are the attachments already kept; what only has an address is named in the payload."""
    links = [{"name": clean(each.name), "url": each.url} for each in message.attachments if each.url]
    text = clean(message.text).strip()
    return InboundMessage(
        inbox_id=inbox_id,
        sender=Sender(kind="generic", value=message.sender.id, inbox_scoped=True, masked=_masked(message.sender.id)),
        name=clean(message.sender.name).strip()[:80] or _masked(message.sender.id),
        text=text or "\n".join(str(link["url"]) for link in links),
        dedupe=dedupe_key(inbox_id, message.id),
        at=_believed(message.at, now),
        received_at=now,
        kind="file" if files and not text else "text",
        payload=_payload(links),
        attachments=tuple(files),
        external_id=message.id,
        keep_dedupe=True,
        order_no=message.order_no,
        origin={"conversation": message.conversation} if message.conversation else {},
        proofs=proofs(message.sender, now),
    )


def proofs(sender: GenericSender, now: datetime) -> tuple[Identifier, ...]:
    """Raises Invalid where one is no such identifier: the other system is to know it."""
    given = (("phone", sender.phone), ("email", sender.email), ("unionid", sender.unionid))
    return tuple(Identifier(kind, normalise(kind, value), now) for kind, value in given if value)


def dedupe_key(inbox_id: UUID, id: str) -> bytes:
    return sha256(b"\0".join((b"generic", inbox_id.bytes, id.encode()))).digest()[:16]


def _believed(at: datetime | None, now: datetime) -> datetime:
    """The other system knows when it was written; a time without zone or in the future is not believed."""
    if at is None or at.tzinfo is None or at > now + _AHEAD:
        return now
    return min(at, now)


def _masked(id: str) -> str:
    return f"{clean(id)[:3]}***"


def _payload(links: list[dict[str, str]]) -> dict[str, Any] | None:
    return {"links": links} if links else None
