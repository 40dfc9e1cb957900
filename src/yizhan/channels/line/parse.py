"""From a webhook call of LINE to what happened; no events means that LINE tries the address. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec

from yizhan.desk.channels import (
    Account,
    Arrival,
    ChannelEvent,
    Happening,
    Media,
    MediaKind,
    Recall,
    SignatureRefused,
    told,
)
from yizhan.desk.intake import Sender
from yizhan.foundation.errors import Invalid

_Row = Mapping[str, Any]
_FILES: Mapping[str, MediaKind] = {"image": "image", "video": "video", "audio": "voice", "file": "file"}
_REPLY_SECONDS = 50  # about a minute, says LINE
_ACTS = frozenset({
    "follow", "unfollow", "join", "leave", "memberJoined", "memberLeft", "beacon", "accountLink", "videoPlayComplete",
    "membership", "activated", "deactivated", "botSuspended", "botResumed",
})  # fmt: skip


def parse(account: Account, body: bytes) -> tuple[Happening, ...]:
    """Raises Invalid, and SignatureRefused where it is for another account."""
    said = told.told(body)
    if not isinstance(said.get("events"), list):
        raise Invalid("no events", "events")
    wanted = account.settings.bot_id
    if wanted and told.text(said, "destination") != wanted:
        raise SignatureRefused("this is for another account")
    return tuple(_happenings(told.rows(said, "events")))


def _happenings(events: Iterable[_Row]) -> Iterable[Happening]:
    for event in events:
        found = _of(event)
        if found is not None:
            yield found


def _of(event: _Row) -> Happening | None:
    who = _who(event)
    if who is None:
        return None  # of the account itself; nobody wrote
    kind = told.text(event, "type")
    id = told.text(event, "webhookEventId") or told.digest(event)
    at = told.moment(told.text(event, "timestamp"), 1000)
    if kind == "unsend":
        return Recall(id=told.text(event, "unsend", "messageId"), at=at)
    if kind in _ACTS:
        detail = {"first": not told.at(event, "follow", "isUnblocked")} if kind == "follow" else {}
        return ChannelEvent(id=id, who=who, name="", kind=kind, detail=detail, at=at)
    start = Arrival(id=id, who=who, name="", at=at, origin=_origin(event))
    found = _said(start, event, kind)
    handle = _handle(event)
    return msgspec.structs.replace(found, payload={**(found.payload or {}), **handle}) if handle else found


def _handle(event: _Row) -> dict[str, Any]:
    """What answers it for nothing, within a minute and once."""
    token, sent = told.text(event, "replyToken"), told.number(event, "timestamp")
    if not token or sent is None or told.text(event, "mode") == "standby":
        return {}
    return {"handle": {"reply": token[:200], "until": sent / 1000 + _REPLY_SECONDS}}


def _said(start: Arrival, event: _Row, kind: str) -> Arrival:
    if kind == "postback":
        key = told.text(event, "postback", "data")
        return msgspec.structs.replace(start, kind="event", text=key, payload={"name": "button", "key": key[:300]})
    message = told.part(event, "message")
    if kind != "message" or not told.text(message, "id"):
        return _unsupported(start, event, kind)
    start = msgspec.structs.replace(start, id=told.text(message, "id"))  # a recall names this one
    read = _READ.get(told.text(message, "type"))
    return (read(start, message) if read is not None else None) or _unsupported(
        start, event, told.text(message, "type")
    )


def _text(start: Arrival, message: _Row) -> Arrival:
    return msgspec.structs.replace(start, text=told.text(message, "text"))


def _file(start: Arrival, message: _Row) -> Arrival:
    kind = _FILES[told.text(message, "type")]
    ref = {"id": told.text(message, "id")}
    if told.text(message, "contentProvider", "type") == "external":
        ref = {"url": told.text(message, "contentProvider", "originalContentUrl")}
    media = Media(
        kind=kind, ref=ref, name=told.text(message, "fileName"), size=int(told.number(message, "fileSize") or 0),
    )  # fmt: skip
    return msgspec.structs.replace(start, kind=kind, media=(media,))


def _sticker(start: Arrival, message: _Row) -> Arrival:
    """What it is called is all there is: its picture is LINE's."""
    keywords = told.at(message, "keywords")
    words = [each for each in keywords if isinstance(each, str)] if isinstance(keywords, list) else []
    name = told.text(message, "text") or ", ".join(words[:3])
    numbers = f"{told.text(message, 'packageId')}/{told.text(message, 'stickerId')}"
    return msgspec.structs.replace(start, kind="sticker", text=name, payload={"name": name or numbers})


def _location(start: Arrival, message: _Row) -> Arrival | None:
    latitude, longitude = told.number(message, "latitude"), told.number(message, "longitude")
    if latitude is None or longitude is None:
        return None
    name, address = told.text(message, "title"), told.text(message, "address")
    place = {"latitude": latitude, "longitude": longitude, "name": name, "address": address}
    return msgspec.structs.replace(start, kind="location", text=name or address, payload=place)


_READ: Mapping[str, Callable[[Arrival, _Row], Arrival | None]] = {
    "text": _text, **dict.fromkeys(_FILES, _file), "sticker": _sticker, "location": _location,
}  # fmt: skip


def _unsupported(start: Arrival, event: _Row, kind: str) -> Arrival:
    raw = msgspec.json.encode(event)
    return msgspec.structs.replace(start, kind="unsupported", payload={"type": kind[:60]}, raw=raw)


def _who(event: _Row) -> Sender | None:
    """Whom we answer: a group is one customer, and is answered there."""
    source = told.part(event, "source")
    value = told.text(source, "groupId") or told.text(source, "roomId") or told.text(source, "userId")
    if not value:
        return None
    return Sender(kind="line", value=value[:64], inbox_scoped=True, masked=f"{value[:3]}***")


def _origin(event: _Row) -> dict[str, Any]:
    origin: dict[str, Any] = {}
    if told.text(event, "mode") == "standby":  # another tool of the house answers just now
        origin["standby"] = True
    if answers := told.text(event, "message", "quotedMessageId"):
        origin["answers"] = answers
    if (group := told.text(event, "source", "type")) in ("group", "room"):
        origin["group"] = {"type": group, "user": told.text(event, "source", "userId")}
    return origin
