"""From a notification of WhatsApp to what happened; several in one, of several kinds. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from uuid import UUID

import msgspec

from yizhan.channels.meta.errors import kind_of
from yizhan.desk.channels import (
    Account,
    Arrival,
    ChannelEvent,
    DeliveryReport,
    Happening,
    Media,
    MediaKind,
    ReportState,
    SignatureRefused,
    told,
)
from yizhan.desk.intake import Sender
from yizhan.desk.outbound import ErrorClass
from yizhan.foundation.errors import Invalid
from yizhan.foundation.text import mask_phone
from yizhan.records.contacts import Identifier

_Row = Mapping[str, Any]
_FILES: Mapping[str, MediaKind] = {
    "image": "image", "video": "video", "audio": "voice", "document": "file", "sticker": "image",
}  # fmt: skip
_STATES: Mapping[str, ReportState] = {
    "sent": "sent", "delivered": "delivered", "read": "read", "played": "read", "failed": "failed",
}  # fmt: skip


def parse(account: Account, body: bytes) -> tuple[Happening, ...]:
    """Raises Invalid, and SignatureRefused where all of it is for another number."""
    said = told.told(body)
    if told.text(said, "object") != "whatsapp_business_account":
        raise Invalid("not a notification of WhatsApp", "object")
    changes = [change for entry in told.rows(said, "entry") for change in told.rows(entry, "changes")]
    values = [told.part(each, "value") for each in changes if told.text(each, "field") == "messages"]
    ours = [
        each for each in values if told.text(each, "metadata", "phone_number_id") == account.settings.phone_number_id
    ]
    if values and not ours:
        raise SignatureRefused("this is for another number")
    return tuple(happening for value in ours for happening in _of(value))


def _of(value: _Row) -> Iterator[Happening]:
    contacts = told.rows(value, "contacts")
    for message in told.rows(value, "messages"):
        found = _message(message, contacts)
        if found is not None:
            yield found
    for status in told.rows(value, "statuses"):
        report = _status(status)
        if report is not None:
            yield report


def _message(message: _Row, contacts: list[dict[str, Any]]) -> Happening | None:
    id, number = told.text(message, "id"), told.text(message, "from")
    user = told.text(message, "from_user_id") or told.text(message, "user_id")
    if not id or not (number or user):
        raise Invalid("a message without id or sender", "messages")
    name = _name(contacts, number, user)
    at = told.moment(told.text(message, "timestamp"))
    who = _who(number, user)
    kind = told.text(message, "type")
    if kind == "reaction":
        seen = {
            "emoji": told.text(message, "reaction", "emoji"),
            "message": told.text(message, "reaction", "message_id"),
        }
        return ChannelEvent(id=id, who=who, name=name, kind="reaction", detail=seen, at=at)
    if kind == "system":
        return ChannelEvent(
            id=id, who=who, name=name, kind="system", at=at,
            detail={"what": told.text(message, "system", "type"), "text": told.text(message, "system", "body")[:300]},
        )  # fmt: skip
    start = Arrival(id=id, who=who, name=name, at=at, proofs=_proofs(number, user), origin=_origin(message))
    read = _READ.get(kind)
    made = read(start, told.part(message, kind), message) if read is not None else None
    return made or _unsupported(start, kind, message)


def _text(start: Arrival, part: _Row, _: _Row) -> Arrival | None:
    return msgspec.structs.replace(start, text=told.text(part, "body")) if "body" in part else None


def _file(start: Arrival, part: _Row, message: _Row) -> Arrival | None:
    kind = told.text(message, "type")
    if not told.text(part, "id"):
        return None
    media = Media(
        kind=_FILES[kind], ref={"id": told.text(part, "id")}, name=told.text(part, "filename"),
        type=told.text(part, "mime_type").partition(";")[0],
    )  # fmt: skip
    as_kind = "sticker" if kind == "sticker" else media.kind
    payload = {"name": ""} if kind == "sticker" else None
    return msgspec.structs.replace(
        start, kind=as_kind, text=told.text(part, "caption"), media=(media,), payload=payload
    )


def _location(start: Arrival, part: _Row, _: _Row) -> Arrival | None:
    latitude, longitude = told.number(part, "latitude"), told.number(part, "longitude")
    if latitude is None or longitude is None:
        return None
    name, address = told.text(part, "name"), told.text(part, "address")
    place = {"latitude": latitude, "longitude": longitude, "name": name, "address": address}
    return msgspec.structs.replace(start, kind="location", text=name or address, payload=place)


def _contacts(start: Arrival, _: _Row, message: _Row) -> Arrival | None:
    cards = told.rows(message, "contacts")
    if not cards:
        return None
    name = told.text(cards[0], "name", "formatted_name")
    numbers = " ".join(told.text(each, "phone") for each in told.rows(cards[0], "phones"))
    return msgspec.structs.replace(
        start, kind="card", text=name, payload={"title": name, "text": numbers, "url": "", "picture": ""}
    )


def _button(start: Arrival, part: _Row, _: _Row) -> Arrival | None:
    return _tapped(start, told.text(part, "text"), told.text(part, "payload"))


def _interactive(start: Arrival, part: _Row, _: _Row) -> Arrival | None:
    flow = told.part(part, "nfm_reply")
    if flow:
        return _tapped(start, told.text(flow, "body") or told.text(flow, "name"), told.text(flow, "response_json"))
    chosen = told.part(part, "button_reply") or told.part(part, "list_reply")
    return _tapped(start, told.text(chosen, "title"), told.text(chosen, "id")) if chosen else None


def _tapped(start: Arrival, title: str, key: str) -> Arrival:
    return msgspec.structs.replace(start, kind="event", text=title, payload={"name": "button", "key": key[:2_000]})


def _order(start: Arrival, part: _Row, _: _Row) -> Arrival | None:
    items = told.rows(part, "product_items")
    if not items:
        return None
    lines = [f"{told.text(each, 'product_retailer_id')} ×{told.text(each, 'quantity') or 1}" for each in items]
    total = sum((told.number(each, "item_price") or 0) * (told.number(each, "quantity") or 1) for each in items)
    price = f"{total:.2f} {told.text(items[0], 'currency')}".strip()
    order = {"number": "", "title": ", ".join(lines), "price": price, "state": "", "picture": "", "url": ""}
    return msgspec.structs.replace(start, kind="order", text=told.text(part, "text"), payload=order)


_READ: Mapping[str, Callable[[Arrival, _Row, _Row], Arrival | None]] = {
    "text": _text, **dict.fromkeys(_FILES, _file), "location": _location, "contacts": _contacts, "button": _button,
    "interactive": _interactive, "order": _order,
}  # fmt: skip


def _unsupported(start: Arrival, kind: str, message: _Row) -> Arrival:
    return msgspec.structs.replace(
        start, kind="unsupported", payload={"type": kind[:60]}, raw=msgspec.json.encode(message)
    )


def _origin(message: _Row) -> dict[str, Any]:
    origin: dict[str, Any] = {}
    if answers := told.text(message, "context", "id"):
        origin["answers"] = answers
    ad = told.part(message, "referral")
    if ad:
        origin["ad"] = {key: told.text(ad, key)[:300] for key in ("source_type", "source_id", "source_url", "headline")}
    return origin


def _who(number: str, user: str) -> Sender:
    """By the number while there is one: that is what we answer to."""
    value = number or user
    masked = mask_phone(f"+{number}") if number else f"{user[:3]}***"
    return Sender(kind="whatsapp", value=value[:128], inbox_scoped=True, masked=masked)


def _proofs(number: str, user: str) -> tuple[Identifier, ...]:
    """Said, not proved: an account stays with whoever made it when the number goes to somebody else."""
    found = []
    if number.isdigit():
        found.append(Identifier("phone", f"+{number}", None))
    if user and number:
        found.append(Identifier("external", f"whatsapp:{user[:128]}", None))
    return tuple(found)


def _name(contacts: list[dict[str, Any]], number: str, user: str) -> str:
    for each in contacts:
        known = told.text(each, "wa_id"), told.text(each, "user_id")
        if (number and number in known) or (user and user in known):
            return told.text(each, "profile", "name")
    return ""


def _status(status: _Row) -> DeliveryReport | None:
    state, id = _STATES.get(told.text(status, "status")), told.text(status, "id")
    if state is None or not id:
        return None
    errors = told.rows(status, "errors")
    code = told.number(errors[0], "code") if errors else None
    detail = (told.text(errors[0], "error_data", "details") or told.text(errors[0], "title")) if errors else ""
    return DeliveryReport(
        vendor_id=id, state=state, ours=_ours(told.text(status, "biz_opaque_callback_data")),
        error_class=kind_of(int(code)) if code is not None else ErrorClass.UNKNOWN,
        words=f"{int(code or 0)} {detail}".strip() if state == "failed" else "",
        at=told.moment(told.text(status, "timestamp")),
    )  # fmt: skip


def _ours(echo: str) -> UUID | None:
    try:
        return UUID(echo) if echo else None
    except ValueError:
        return None
