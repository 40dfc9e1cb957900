"""From a notification of Messenger or Instagram to what happened. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

import msgspec

from yizhan.desk.channels import (
    Account,
    Arrival,
    ChannelEvent,
    DeliveryReport,
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
_LINKS = frozenset({"fallback", "share", "story_mention", "ig_reel", "reel", "template"})
_ACTS = ("reaction", "referral", "optin", "pass_thread_control", "take_thread_control")


def parse(account: Account, body: bytes) -> tuple[Happening, ...]:
    """Raises Invalid, and SignatureRefused where all of it is for another account."""
    said = told.told(body)
    kind = told.text(said, "object")
    if kind not in ("page", "instagram"):
        raise Invalid("not a notification of Messenger", "object")
    entries = told.rows(said, "entry")
    ours = [
        each for each in entries
        if kind == account.settings.platform and told.text(each, "id") == account.settings.account_id
    ]  # fmt: skip
    if entries and not ours:
        raise SignatureRefused("this is for another account")
    return tuple(happening for each in ours for happening in _of(each, kind))


def _of(entry: _Row, platform: str) -> Iterator[Happening]:
    for row in [*told.rows(entry, "messaging"), *told.rows(entry, "standby")]:
        yield from _happenings(row, platform)
    for change in told.rows(entry, "changes"):
        author = told.text(change, "value", "from", "id")
        if author:
            name = told.text(change, "value", "from", "name")
            yield _unsupported(
                _start(change, author, name, platform, told.digest(change)), change, told.text(change, "field")
            )


def _happenings(row: _Row, platform: str) -> Iterator[Happening]:
    author = told.text(row, "sender", "id")
    message = told.part(row, "message")
    if message.get("is_echo"):
        yield from _echo(message)
        return
    if "delivery" in row:
        mids = told.at(row, "delivery", "mids")
        for mid in mids if isinstance(mids, list) else []:
            yield DeliveryReport(vendor_id=str(mid), state="delivered")
        return
    if "read" in row:
        if mid := told.text(row, "read", "mid"):
            yield DeliveryReport(vendor_id=mid, state="read")
        return
    if not author:
        raise Invalid("nobody has written this", "messaging")
    yield _said(row, message, author, platform)


def _echo(message: _Row) -> Iterator[Happening]:
    """What we said ourselves: it settles a call that was never answered."""
    try:
        ours = UUID(told.text(message, "metadata"))
    except ValueError:
        return
    if mid := told.text(message, "mid"):
        yield DeliveryReport(vendor_id=mid, state="sent", ours=ours)


def _said(row: _Row, message: _Row, author: str, platform: str) -> Happening:
    mid = told.text(message, "mid") or told.text(row, "postback", "mid")
    if message.get("is_deleted") and mid:
        return Recall(id=mid, at=_at(row))
    start = _start(row, author, "", platform, mid or told.digest(row))
    if "postback" in row:
        title, key = told.text(row, "postback", "title"), told.text(row, "postback", "payload")
        return msgspec.structs.replace(
            start, kind="event", text=title, payload={"name": "button", "key": key[:2_000]}, origin=_ad(row)
        )
    for act in _ACTS:
        if act in row:
            detail = {key: told.text(row, act, key)[:300] for key in told.part(row, act)}
            return ChannelEvent(id=start.id, who=start.who, name="", kind=act, detail=detail, at=start.at)
    if not message:
        return _unsupported(start, row, next((key for key in row if key not in _COMMON), ""))
    return _message(start, row, message)


_COMMON = ("sender", "recipient", "timestamp")


def _message(start: Arrival, row: _Row, message: _Row) -> Arrival:
    text, files = told.text(message, "text"), told.rows(message, "attachments")
    origin = _ad(message)
    if answers := told.text(message, "reply_to", "mid"):
        origin["answers"] = answers
    start = msgspec.structs.replace(start, text=text, origin=origin)
    if key := told.text(message, "quick_reply", "payload"):
        return msgspec.structs.replace(start, kind="event", payload={"name": "button", "key": key[:2_000]})
    if sticker := told.text(message, "sticker_id") or next((_sticker(each) for each in files if _sticker(each)), ""):
        return msgspec.structs.replace(start, kind="sticker", payload={"name": sticker}, media=_media(files))
    if media := _media(files):
        return msgspec.structs.replace(start, kind=media[0].kind, media=media)
    if files and told.text(files[0], "type") in _LINKS:
        return _link(start, files[0])
    if files and told.text(files[0], "type") == "location":
        return _location(start, files[0], row)
    return start if text else _unsupported(start, row, told.text(files[0], "type") if files else "")


def _media(files: list[dict[str, Any]]) -> tuple[Media, ...]:
    return tuple(
        Media(kind=_FILES[told.text(each, "type")], ref={"url": told.text(each, "payload", "url")})
        for each in files
        if told.text(each, "type") in _FILES and told.text(each, "payload", "url")
    )


def _sticker(file: _Row) -> str:
    return told.text(file, "payload", "sticker_id")


def _link(start: Arrival, file: _Row) -> Arrival:
    url = told.text(file, "payload", "url") or told.text(file, "url")
    title = told.text(file, "title") or told.text(file, "payload", "title") or told.text(file, "type")
    return msgspec.structs.replace(
        start, kind="link", text=start.text or title, payload={"title": title, "text": "", "url": url, "picture": ""}
    )


def _location(start: Arrival, file: _Row, row: _Row) -> Arrival:
    place = told.part(file, "payload", "coordinates")
    latitude, longitude = told.number(place, "lat"), told.number(place, "long")
    if latitude is None or longitude is None:
        return _unsupported(start, row, "location")
    title = told.text(file, "title")
    where = {"latitude": latitude, "longitude": longitude, "name": title, "address": ""}
    return msgspec.structs.replace(start, kind="location", text=start.text or title, payload=where)


def _start(row: _Row, author: str, name: str, platform: str, id: str) -> Arrival:
    kind = "messenger" if platform == "page" else "instagram"
    who = Sender(kind=kind, value=author[:128], inbox_scoped=True, masked=f"{author[:3]}***")
    return Arrival(id=id, who=who, name=name, at=_at(row))


def _unsupported(start: Arrival, row: _Row, kind: str) -> Arrival:
    return msgspec.structs.replace(start, kind="unsupported", payload={"type": kind[:60]}, raw=msgspec.json.encode(row))


def _at(row: _Row) -> Any:
    return told.moment(told.text(row, "timestamp"), 1000)


def _ad(said: _Row) -> dict[str, Any]:
    ad = told.part(said, "referral")
    return {"ad": {key: told.text(ad, key)[:300] for key in ("ref", "source", "type", "ad_id")}} if ad else {}
