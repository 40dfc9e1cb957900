"""What the callback of an application brings: messages and events. Pure, and nothing raises on what it holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from yizhan.channels.wechat.emoji import as_unicode
from yizhan.channels.wechat.xml import Tree, text_of
from yizhan.desk.channels import SAME_WORDS, Arrival, ChannelEvent, Happening, Media
from yizhan.desk.intake import Sender

KIND = "wecom"
_DAY = timedelta(days=1)
_EVENTS: Mapping[str, str] = {
    "subscribe": "follow", "unsubscribe": "unfollow", "enter_agent": "enter", "click": "menu", "view": "menu",
    "location": "location", "scancode_push": "scan", "scancode_waitmsg": "scan",
}  # fmt: skip
# What the vendor tells of the company's own directory and forms is nothing a person said.
_NOT_SAID = frozenset({"batch_job_result", "change_contact", "sys_approval_change", "template_card_menu_event"})


class Said(NamedTuple):
    """The part of a message that its type decides."""

    kind: str
    text: str = ""
    payload: dict[str, Any] | None = None


def happenings(said: Tree, raw: bytes, media_days: int) -> list[Happening]:
    """`raw` is kept beside what nobody here knows."""
    member = text_of(said, "FromUserName")
    if not member:
        return []
    if text_of(said, "MsgType") == "event":
        return _event(said, member)
    return [_message(said, member, raw, media_days)]


def who(member: str) -> Sender:
    masked = f"{member[:2]}***" if len(member) > 3 else "***"
    return Sender(kind=KIND, value=member, inbox_scoped=True, masked=masked)


def _message(said: Tree, member: str, raw: bytes, media_days: int) -> Arrival:
    type, at = text_of(said, "MsgType"), _moment(said)
    reader = _TYPES.get(type)
    body = (reader(said) if reader else None) or Said("unsupported", payload={"type": type[:40]})
    id = text_of(said, "MsgId") or f"{member}:{text_of(said, 'CreateTime')}:{type}"
    return Arrival(
        id=id, who=who(member), name=member, kind=body.kind, text=body.text, payload=body.payload, at=at,
        media=_media(type, said, at, media_days), raw=raw if body.kind == "unsupported" else b"",
    )  # fmt: skip


def _event(said: Tree, member: str) -> list[Happening]:
    event = text_of(said, "Event").lower()
    if event in _NOT_SAID:
        return []
    key = text_of(said, "EventKey")
    place = {name: value for name in ("Latitude", "Longitude") if (value := text_of(said, name))}
    detail = {"event": event[:60], **({"key": key[:200]} if key else {}), **place}
    id = f"{member}:{text_of(said, 'CreateTime')}:{event}:{key}"
    kind = _EVENTS.get(event, "other")
    return [ChannelEvent(id=id, who=who(member), name=member, kind=kind, detail=detail, at=_moment(said))]


def _moment(said: Tree) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(text_of(said, "CreateTime")), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _media(type: str, said: Tree, at: datetime | None, days: int) -> tuple[Media, ...]:
    kind, id = SAME_WORDS.get(type), text_of(said, "MediaId")
    if kind is None or not id:
        return ()
    name, expires = text_of(said, "FileName", "Title"), at + _DAY * days if at is not None else None
    return (Media(kind=kind, ref={"media_id": id}, name=name, expires_at=expires),)


def _text(said: Tree) -> Said:
    return Said("text", as_unicode(text_of(said, "Content")))


def _file(said: Tree) -> Said | None:
    return Said(text_of(said, "MsgType")) if text_of(said, "MediaId") else None


def _location(said: Tree) -> Said | None:
    try:
        spot = {"latitude": float(text_of(said, "Location_X")), "longitude": float(text_of(said, "Location_Y"))}
    except ValueError:
        return None
    address = text_of(said, "Label")
    return Said("location", address, {**spot, "name": "", "address": address})


def _link(said: Tree) -> Said:
    title, url = text_of(said, "Title"), text_of(said, "Url")
    link = {"title": title, "text": text_of(said, "Description"), "url": url, "picture": text_of(said, "PicUrl")}
    return Said("link", title or url, link)


_TYPES: Mapping[str, Callable[[Tree], Said | None]] = {
    "text": _text, "image": _file, "voice": _file, "video": _file, "file": _file, "location": _location, "link": _link,
}  # fmt: skip
