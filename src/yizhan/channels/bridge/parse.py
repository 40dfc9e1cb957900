"""From a partner's events to what happened. Pure: whatever it does not know it keeps as it came."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta

from yizhan.channels.bridge.model import MOST_EVENTS, Customer, File, Message, Status, Told
from yizhan.desk.channels import (
    SAME_WORDS,
    Arrival,
    ChannelEvent,
    DeliveryReport,
    Happening,
    Media,
    Recall,
    ReportState,
)
from yizhan.desk.intake import Sender
from yizhan.desk.outbound import ErrorClass
from yizhan.foundation.errors import Invalid
from yizhan.records.contacts import Identifier, normalise

KIND = "bridge"
PING = "ping"
_STATES: Mapping[str, ReportState] = {"sent": "sent", "delivered": "delivered", "read": "read", "failed": "failed"}
_KEYS = {
    "order": ("number", "title", "price", "state", "picture", "url"), "link": ("title", "text", "url", "picture"),
    "card": ("title", "text", "url", "picture", "app", "path"), "sticker": ("name",),
}  # fmt: skip


class Several(msgspec.Struct, frozen=True):
    events: Annotated[tuple[msgspec.Raw, ...], Meta(min_length=1, max_length=MOST_EVENTS)]


class Least(msgspec.Struct, frozen=True):
    """What an event must have for us to keep it."""

    event_id: Annotated[str, Meta(min_length=1, max_length=200)]
    type: str = ""
    customer: Any = None


_KNOWN = msgspec.json.Decoder(dict[str, msgspec.Raw])
_TOLD = msgspec.json.Decoder(Told)
_LEAST = msgspec.json.Decoder(Least)


def decode(body: bytes) -> list[tuple[Told | Least, bytes]]:
    """One event or `{"events": […]}`, each with what it was read from. Raises Invalid where one has no id."""
    try:
        said = _KNOWN.decode(body)
        raws = msgspec.json.decode(body, type=Several).events if "events" in said else (msgspec.Raw(body),)
        return [(_one(raw), bytes(raw)) for raw in raws]
    except (msgspec.DecodeError, UnicodeError) as error:
        raise Invalid(str(error), "body") from None


def _one(raw: msgspec.Raw) -> Told | Least:
    try:
        return _TOLD.decode(raw)
    except msgspec.ValidationError:
        return _LEAST.decode(raw)


def happening(told: Told | Least, raw: bytes, now: datetime, origin: dict[str, Any]) -> Happening | None:
    """None for what only asks whether we are there."""
    if told.type == PING:
        return None
    found = _known(told, now, origin) if isinstance(told, Told) else None
    return found or _unsupported(told, raw, origin)


def _known(told: Told, now: datetime, origin: dict[str, Any]) -> Happening | None:
    if told.status is not None and told.type == "status":
        return _report(told.status, told.at)
    if told.recall is not None and told.type == "recall":
        return Recall(id=told.recall.message_id, at=told.at)
    if told.customer is None:
        return None
    if told.message is not None and told.type == "message":
        return _message(told, told.message, told.customer, now, origin)
    if told.event is not None and told.type == "event":
        return ChannelEvent(
            id=told.event_id, who=who(told.customer.id), name=told.customer.name, kind=told.event.kind,
            detail=dict(told.event.detail), at=told.at, proofs=proofs(told.customer, now),
        )  # fmt: skip
    return None


def _message(told: Told, said: Message, customer: Customer, now: datetime, origin: dict[str, Any]) -> Arrival | None:
    media = tuple(_media(each) for each in said.attachments)
    make = _CARDS.get(said.kind)
    card = make(said) if make else None
    if said.kind in _KEYS or said.kind == "location":
        if card is None:
            return None
    elif said.kind not in ("text", *SAME_WORDS) or not (said.text.strip() or media):
        return None
    number = said.order_number or (str(card.get("number") or "") if card and said.kind == "order" else "")
    kind = media[0].kind if media and said.kind == "text" and not said.text.strip() else said.kind
    return Arrival(
        id=said.id or told.event_id, who=who(customer.id), name=customer.name, kind=kind, text=said.text, payload=card,
        media=media, at=told.at, proofs=proofs(customer, now), origin=origin, order_no=number or None,
    )  # fmt: skip


def _card_of(kind: str) -> Callable[[Message], dict[str, Any] | None]:
    def read(said: Message) -> dict[str, Any] | None:
        card = getattr(said, kind)
        if card is None:
            return None
        return {key: str(card[key])[:2_000] for key in _KEYS[kind] if isinstance(card.get(key), str | int | float)}

    return read


def _location(said: Message) -> dict[str, Any] | None:
    place = said.location or {}
    try:
        at = {"latitude": float(place["latitude"]), "longitude": float(place["longitude"])}
    except (KeyError, TypeError, ValueError):
        return None
    return {**at, "name": str(place.get("name") or "")[:200], "address": str(place.get("address") or "")[:500]}


_CARDS = {**{kind: _card_of(kind) for kind in _KEYS}, "location": _location}


def _media(file: File) -> Media:
    """Raises Invalid where the content is no base64: the partner is to know it."""
    kind = SAME_WORDS.get(file.kind, "file")
    if file.content_base64 is None:
        if file.url is None:
            raise Invalid(f"{file.name or 'a file'} has neither content nor address", "attachments")
        return Media(
            kind=kind, ref={"url": file.url}, name=file.name, type=file.type, expires_at=_zoned(file.expires_at)
        )  # fmt: skip
    try:
        content = base64.b64decode(file.content_base64, validate=True)
    except (binascii.Error, ValueError):
        raise Invalid(f"{file.name or 'a file'} is not base64", "content_base64") from None
    return Media(kind=kind, name=file.name or kind, type=file.type, size=len(content), content=content)


def _zoned(at: datetime | None) -> datetime | None:
    return at if at is not None and at.tzinfo is not None else None


def _report(said: Status, at: datetime | None) -> DeliveryReport | None:
    state = _STATES.get(said.state)
    if state is None:
        return None
    return DeliveryReport(
        vendor_id=said.message_id, state=state, ours=_uuid(said.message_id),
        error_class=error_class(said.error_class), words=said.error, at=at,
    )  # fmt: skip


def error_class(word: str) -> ErrorClass:
    """One of the desk's; `unknown` for a word that is not."""
    return ErrorClass(word) if word in set(ErrorClass) else ErrorClass.UNKNOWN


def _unsupported(told: Told | Least, raw: bytes, origin: dict[str, Any]) -> Arrival:
    customer = told.customer
    id = customer.id if isinstance(customer, Customer) else customer.get("id") if isinstance(customer, dict) else ""
    name = customer.name if isinstance(customer, Customer) else ""
    text = told.message.text if isinstance(told, Told) and told.message else ""
    return Arrival(
        id=f"event:{told.event_id}", who=who(str(id or "unknown")[:200]), name=name, kind="unsupported", text=text,
        payload={"type": told.type[:60] or "?"}, raw=raw, origin=origin,
    )  # fmt: skip


def who(id: str) -> Sender:
    return Sender(kind=KIND, value=id, inbox_scoped=True, masked=f"{id[:3]}***")


def proofs(customer: Customer, now: datetime) -> tuple[Identifier, ...]:
    """Raises Invalid where one is no such identifier: the partner is to know it."""
    given = (("phone", customer.phone), ("email", customer.email), ("unionid", customer.unionid))
    return tuple(Identifier(kind, normalise(kind, value), now) for kind, value in given if value)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
