"""From what a channel says happened to what intake is given. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec

from yizhan.desk.channels.model import Arrival, Media, MediaKind
from yizhan.desk.intake import Attachment, InboundMessage
from yizhan.foundation.text import clean
from yizhan.records.outbox import MESSAGE

_AHEAD = timedelta(minutes=5)
_NAME_CHARS = 80


def inbound_of(
    arrival: Arrival, inbox_id: UUID, now: datetime, *, files: Sequence[Attachment] = (), raw: str | None = None,
    quote: dict[str, Any] | None = None,
) -> InboundMessage:  # fmt: skip
    """`files` came with the message and are kept; what still lies at the vendor is named in the payload. `quote` is
    the message it answers.

    A text without a word says nothing to anybody: it is shown as something that could not be read.
    """
    text, payload = clean(arrival.text).strip(), _payload(arrival)
    if quote is not None:
        payload = {**(payload or {}), "quote": quote}
    is_empty = arrival.kind == "text" and not (text or payload or files)
    return InboundMessage(
        inbox_id=inbox_id, sender=arrival.who, name=clean(arrival.name).strip()[:_NAME_CHARS] or arrival.who.masked,
        text=text, dedupe=dedupe_key(inbox_id, arrival.id), at=believed(arrival.at, now),
        received_at=now, kind="unsupported" if is_empty else arrival.kind, payload=payload, attachments=tuple(files),
        external_id=arrival.id[:200], keep_dedupe=True, locale=arrival.locale, order_no=arrival.order_no,
        automatic=arrival.automatic, raw=raw, origin=arrival.origin, proofs=arrival.proofs,
    )  # fmt: skip


def dedupe_key(inbox_id: UUID, id: str) -> bytes:
    """The same for every delivery of what the vendor calls `id` in this inbox."""
    return sha256(b"\0".join((b"channel", inbox_id.bytes, id.encode(errors="surrogatepass")))).digest()[:16]


def believed(at: datetime | None, now: datetime) -> datetime:
    """The vendor knows when it was written; a time without zone or in the future is not believed."""
    if at is None or at.tzinfo is None or at > now + _AHEAD:
        return now
    return min(at, now)


def waiting(arrival: Arrival) -> list[Media]:
    """What has to be fetched, in its order."""
    return [each for each in arrival.media if each.content is None]


def _payload(arrival: Arrival) -> dict[str, Any] | None:
    said = dict(arrival.payload or {})
    if arrival.opens != MESSAGE:
        said["opens"] = arrival.opens
    if media := waiting(arrival):
        said["media"] = [_named(each) for each in media]
    return said or None


def _named(media: Media) -> dict[str, Any]:
    return {"kind": media.kind, "name": clean(media.name)[:200], "size": media.size, "state": "waiting"}


class _Sealed(msgspec.Struct, frozen=True):
    ref: dict[str, str]
    kind: MediaKind
    name: str
    type: str


def packed(media: Media) -> bytes:
    """What the fetching job needs, before it is sealed."""
    return msgspec.json.encode(_Sealed(dict(media.ref), media.kind, media.name, media.type))


def unpacked(content: bytes) -> Media:
    said = msgspec.json.decode(content, type=_Sealed)
    return Media(kind=said.kind, ref=said.ref, name=said.name, type=said.type)
