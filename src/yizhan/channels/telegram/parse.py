"""From an update of Telegram to what happened. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import msgspec

from yizhan.desk.channels import Arrival, ChannelEvent, Happening, Media, MediaKind, told
from yizhan.desk.intake import Sender
from yizhan.foundation.errors import Invalid
from yizhan.records.contacts import Identifier, normalise

_Row = Mapping[str, Any]
_MESSAGES = ("message", "edited_message", "channel_post", "edited_channel_post", "business_message")
_FILES: Mapping[str, MediaKind] = {
    "voice": "voice", "audio": "file", "video": "video", "video_note": "video", "animation": "video",
    "document": "file",
}  # fmt: skip
_SERVICE = (
    "new_chat_members", "left_chat_member", "pinned_message", "group_chat_created", "new_chat_title",
    "migrate_to_chat_id", "message_auto_delete_timer_changed",
)  # fmt: skip


def parse(body: bytes, now: datetime) -> tuple[Happening, ...]:
    """Raises Invalid for what is no update."""
    update = told.told(body)
    id = told.text(update, "update_id")
    if not id:
        raise Invalid("not an update", "update_id")
    for name in _MESSAGES:
        if name in update:
            return _message(id, told.part(update, name), now, edited=name.startswith("edited_"))
    if "callback_query" in update:
        return (_tapped(id, told.part(update, "callback_query"), update),)
    if "my_chat_member" in update:
        return (_membership(id, told.part(update, "my_chat_member")),)
    return _other(id, update)


def _message(update_id: str, message: _Row, now: datetime, *, edited: bool) -> tuple[Happening, ...]:
    chat = told.text(message, "chat", "id")
    number = told.text(message, "message_id")
    if not chat or not number:
        raise Invalid("a message without chat or number", "message")
    id = f"{chat}:{number}"
    changed = told.text(message, "edit_date") if edited else ""
    who, name, said_by = _who(message)
    if said := next((each for each in _SERVICE if each in message), ""):
        event = ChannelEvent(id=id, who=who, name=name, kind=said, at=_at(message))
        return (event,)
    start = Arrival(
        id=f"{id}:{changed}" if edited else id, who=who, name=name, at=_at(message),
        locale=told.text(message, "from", "language_code")[:20] or None, origin=_origin(message, id if edited else ""),
        automatic=bool(told.at(message, "from", "is_bot")),
    )  # fmt: skip
    made = _read(start, message, now) or _unsupported(start, message, _named(message))
    if said_by:
        made = msgspec.structs.replace(made, text=f"{said_by}: {made.text}")
    return (made,)


def _read(start: Arrival, message: _Row, now: datetime) -> Arrival | None:
    for name, read in _READ.items():
        if name in message:
            return read(start, message, now)
    return None


def _text(start: Arrival, message: _Row, _: datetime) -> Arrival:
    return msgspec.structs.replace(start, text=told.text(message, "text"))


def _photo(start: Arrival, message: _Row, _: datetime) -> Arrival | None:
    """The largest of its sizes."""
    sizes = [each for each in told.rows(message, "photo") if told.text(each, "file_id")]
    if not sizes:
        return None
    largest = max(sizes, key=lambda each: told.number(each, "width") or 0)
    return _with(start, message, "image", largest, "image/jpeg")


def _file(start: Arrival, message: _Row, _: datetime) -> Arrival | None:
    name = next(each for each in _FILES if each in message)  # a moving picture also says that it is a document
    part = told.part(message, name)
    kind = "voice" if name == "audio" and told.text(part, "mime_type") == "audio/ogg" else _FILES[name]
    return _with(start, message, kind, part, told.text(part, "mime_type")) if told.text(part, "file_id") else None


def _with(start: Arrival, message: _Row, kind: MediaKind, part: _Row, type: str) -> Arrival:
    media = Media(
        kind=kind, ref={"id": told.text(part, "file_id")}, name=told.text(part, "file_name"), type=type,
        size=int(told.number(part, "file_size") or 0),
    )  # fmt: skip
    return msgspec.structs.replace(start, kind=kind, text=told.text(message, "caption"), media=(media,))


def _sticker(start: Arrival, message: _Row, _: datetime) -> Arrival | None:
    """Moving ones are no picture a browser shows: their emoji says what they do."""
    part = told.part(message, "sticker")
    if not told.text(part, "file_id"):
        return None
    still = not part.get("is_animated") and not part.get("is_video")
    media = Media(kind="image", ref={"id": told.text(part, "file_id")}, name="sticker.webp", type="image/webp")
    return msgspec.structs.replace(
        start, kind="sticker", text=told.text(part, "emoji"), payload={"name": told.text(part, "set_name")},
        media=(media,) if still else (),
    )  # fmt: skip


def _location(start: Arrival, message: _Row, _: datetime) -> Arrival | None:
    place = told.part(message, "venue", "location") or told.part(message, "location")
    latitude, longitude = told.number(place, "latitude"), told.number(place, "longitude")
    if latitude is None or longitude is None:
        return None
    name, address = told.text(message, "venue", "title"), told.text(message, "venue", "address")
    return msgspec.structs.replace(start, kind="location", text=name or address, payload={
        "latitude": latitude, "longitude": longitude, "name": name, "address": address,
    })  # fmt: skip


def _contact(start: Arrival, message: _Row, now: datetime) -> Arrival:
    """His own number, shared by the button, is proved: Telegram has it from his account. Another's is a card."""
    part = told.part(message, "contact")
    name = f"{told.text(part, 'first_name')} {told.text(part, 'last_name')}".strip()
    number = told.text(part, "phone_number")
    own = told.text(part, "user_id") and told.text(part, "user_id") == told.text(message, "from", "id")
    return msgspec.structs.replace(
        start, kind="card", text=name, payload={"title": name, "text": number, "url": "", "picture": ""},
        proofs=_proved(number, start.at or now) if own else (),
    )  # fmt: skip


def _proved(number: str, at: datetime) -> tuple[Identifier, ...]:
    try:
        return (Identifier("phone", normalise("phone", f"+{number.lstrip('+')}"), at),)
    except Invalid:
        return ()


_READ: Mapping[str, Callable[[Arrival, _Row, datetime], Arrival | None]] = {
    "text": _text, "photo": _photo, "sticker": _sticker, "venue": _location, "location": _location,
    "contact": _contact, **dict.fromkeys(_FILES, _file),
}  # fmt: skip


def _tapped(update_id: str, query: _Row, update: _Row) -> Happening:
    chat = told.part(query, "message", "chat") or {"id": told.text(query, "from", "id"), "type": "private"}
    who, name, _ = _who({"chat": chat, "from": told.part(query, "from")})
    start = Arrival(id=f"tap:{told.text(query, 'id') or update_id}", who=who, name=name)
    if not told.text(chat, "id"):
        raise Invalid("a tap of nobody", "callback_query")
    key = told.text(query, "data")
    rows = told.at(query, "message", "reply_markup", "inline_keyboard")
    buttons = [each for row in rows if isinstance(row, list) for each in row] if isinstance(rows, list) else []
    title = next((told.text(each, "text") for each in buttons if told.text(each, "callback_data") == key), key)
    return msgspec.structs.replace(start, kind="event", text=title, payload={"name": "button", "key": key[:200]})


def _membership(update_id: str, change: _Row) -> Happening:
    who, name, _ = _who(change)
    state = told.text(change, "new_chat_member", "status")
    kind = "unfollow" if state in ("kicked", "left") else "follow"
    return ChannelEvent(
        id=f"member:{update_id}", who=who, name=name, kind=kind, detail={"status": state}, at=_at(change)
    )


def _other(update_id: str, update: _Row) -> tuple[Happening, ...]:
    """Somebody did something we do not know: kept with him, if it says who he is."""
    for name, part in update.items():
        person = told.part(part, "from") or told.part(part, "user")
        if told.text(person, "id"):
            who, title, _ = _who({"chat": {"id": person["id"], "type": "private"}, "from": person})
            return (_unsupported(Arrival(id=f"update:{update_id}", who=who, name=title), update, name),)
    return ()


def _who(message: _Row) -> tuple[Sender, str, str]:
    """Whom we answer, what he is called, and who of a group it was. A group is one customer: it is answered there."""
    chat = told.text(message, "chat", "id")
    person = told.part(message, "from") or told.part(message, "chat")
    name = f"{told.text(person, 'first_name')} {told.text(person, 'last_name')}".strip()
    name = name or told.text(person, "username") or told.text(person, "title")
    who = Sender(kind="telegram", value=chat[:60] or "unknown", inbox_scoped=True, masked=f"{chat[:3]}***")
    if told.text(message, "chat", "type") in ("private", ""):
        return who, name, ""
    return who, told.text(message, "chat", "title") or name, name


def _unsupported(start: Arrival, said: _Row, kind: str) -> Arrival:
    return msgspec.structs.replace(
        start, kind="unsupported", payload={"type": kind[:60]}, raw=msgspec.json.encode(said)
    )


def _named(message: _Row) -> str:
    """What an unknown message calls its content."""
    common = {"message_id", "from", "chat", "date", "sender_chat", "edit_date", "reply_to_message"}
    return next((key for key in message if key not in common), "")


def _origin(message: _Row, edits: str) -> dict[str, Any]:
    origin: dict[str, Any] = {}
    if edits:
        origin["edits"] = edits
    if answers := told.text(message, "reply_to_message", "message_id"):
        origin["answers"] = f"{told.text(message, 'chat', 'id')}:{answers}"
    if album := told.text(message, "media_group_id"):
        origin["album"] = album
    return origin


def _at(message: _Row) -> datetime | None:
    return told.moment(told.text(message, "edit_date") or told.text(message, "date"))
