"""What the archive of a group pushes, and what of it concerns us. Pure.

A person is somebody else in every group: what is answered in one is never said in another.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from urllib.parse import quote, unquote

import msgspec

from yizhan.channels.wechat.emoji import as_unicode
from yizhan.channels.wechat.group.settings import GroupSettings
from yizhan.channels.wechat.xml import Tree, branch_of, branches_of, read_json, text_of
from yizhan.desk.channels import SAME_WORDS, Arrival, ChannelEvent, DeliveryReport, Happening, Media, Recall
from yizhan.desk.intake import Sender
from yizhan.desk.outbound import ErrorClass
from yizhan.foundation.errors import Invalid
from yizhan.records.contacts import Identifier

KIND = "wecom_group"
CALLED = "called"
_OURS = frozenset({"employee", "bot"})
RICH = frozenset({"location", "link", "card", "order"})
_MOST_EVENTS, _MOST_FILES = 100, 10
_STATES: dict[str, Literal["sent", "delivered", "read", "failed"]] = {
    "sent": "sent", "delivered": "delivered", "read": "read", "failed": "failed",
}  # fmt: skip


def happenings(body: bytes, settings: GroupSettings, now: datetime) -> list[Happening]:
    """Of one event, or of several together. Raises Invalid for what is no event of the bridge."""
    said = read_json(body)
    events = branches_of(said, "events") if "events" in said else [said]
    if len(events) > _MOST_EVENTS:
        raise Invalid(f"at most {_MOST_EVENTS} events", "events")
    return [each for event in events for each in _event(event, settings, now)]


def _event(said: Tree, settings: GroupSettings, now: datetime) -> list[Happening]:
    type = text_of(said, "type")
    if not text_of(said, "event_id") or not type:
        raise Invalid("event_id and type are needed", "event_id")
    if type == "message":
        return _message(said, settings, now)
    if type == "recall":
        id = text_of(branch_of(said, "recall"), "message_id")
        return [Recall(id=id, at=_moment(said))] if id else []
    status = branch_of(said, "status")
    if type == "status" and text_of(status, "state") in _STATES:
        return [_report(status, _moment(said))]
    return []


def address(group: str, member: str) -> str:
    """As the identity is called: the member of a group, or without one himself."""
    return f"{quote(group, safe='')}/{quote(member, safe='')}" if group else quote(member, safe="")


def whereto(address: str) -> tuple[str, str]:
    """The group, empty for nobody but him, and the member."""
    group, slash, member = address.partition("/")
    return (unquote(group), unquote(member)) if slash else ("", unquote(group))


def calls_us(message: Tree, settings: GroupSettings) -> bool:
    text = text_of(message, "text").casefold()
    named = [each.casefold() for each in settings.mentions]
    mentioned = {each.casefold() for each in _strings(message.get("mentions"))}
    return (
        text_of(message, "to_house") == "1"
        or any(each in mentioned or f"@{each}" in text for each in named)
        or any(each.casefold() in text for each in settings.keywords)
    )


def _message(said: Tree, settings: GroupSettings, now: datetime) -> list[Happening]:
    customer, message, group = (branch_of(said, name) for name in ("customer", "message", "group"))
    member, id = text_of(customer, "id"), text_of(message, "id") or text_of(said, "event_id")
    if not member:
        raise Invalid("a message has a sender", "customer.id")
    alone = not text_of(group, "id")
    calls = alone or settings.take_all or calls_us(message, settings)
    if text_of(customer, "role") in _OURS or not (calls or settings.continue_minutes):
        return []
    media = _media(message)
    kind, payload = _kind(message, media)
    unionid = text_of(customer, "unionid")
    proofs = (Identifier("unionid", unionid, now),) if unionid else ()
    origin = {} if alone else {"group": text_of(group, "id")[:200], "group_name": text_of(group, "name")[:100]}
    found: list[Happening] = [
        Arrival(
            id=id[:200], who=_who(text_of(group, "id"), member), name=text_of(customer, "name"), kind=kind,
            text=_without_call(as_unicode(text_of(message, "text")), settings), payload=payload, at=_moment(said),
            media=media, origin=origin, order_no=_order_no(message), proofs=proofs,
            raw=msgspec.json.encode(said) if kind == "unsupported" else b"",
            continues=None if calls else timedelta(minutes=settings.continue_minutes),
        )
    ]  # fmt: skip
    if proofs and calls and not alone and settings.private_hours:
        found.append(_reachable(member, text_of(customer, "name"), id[:200], origin, proofs, _moment(said)))
    return found


def _reachable(
    member: str, name: str, id: str, origin: dict[str, Any], proofs: tuple[Identifier, ...], at: datetime | None
) -> ChannelEvent:
    """Who called us in a group may be written to alone. That both are one customer is what his UnionID proves."""
    alone = _who("", member)
    return ChannelEvent(id=id, who=alone, name=name or alone.masked, kind=CALLED, detail=origin, at=at, proofs=proofs)


def _who(group: str, member: str) -> Sender:
    masked = f"{member[:3]}***"
    return Sender(kind=KIND, value=address(group, member), inbox_scoped=True, masked=masked)


def _kind(message: Tree, media: Sequence[Media]) -> tuple[str, dict[str, Any] | None]:
    kind = text_of(message, "kind") or "text"
    if kind == "text" or (kind in SAME_WORDS and media):
        silent = not text_of(message, "text").strip()
        return media[0].kind if media and silent else kind, None
    payload = branch_of(message, kind)
    if kind in RICH and payload:
        return kind, {name: value for name, value in payload.items() if isinstance(value, str)}
    return "unsupported", {"type": kind[:40]}


def _order_no(message: Tree) -> str | None:
    return (text_of(message, "order_number") or text_of(branch_of(message, "order"), "number"))[:60] or None


def _media(message: Tree) -> tuple[Media, ...]:
    return tuple(_file(each) for each in branches_of(message, "attachments")[:_MOST_FILES])


def _file(file: Tree) -> Media:
    content = None
    if encoded := text_of(file, "content_base64"):
        try:
            content = base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError):
            raise Invalid("the file is not base64", "message.attachments.content_base64") from None
    return Media(
        kind=SAME_WORDS.get(text_of(file, "kind"), "file"),
        ref={"url": text_of(file, "url")} if content is None else {}, name=text_of(file, "name"),
        type=text_of(file, "type"), content=content, expires_at=_moment(file, "expires_at"),
    )  # fmt: skip


def _without_call(text: str, settings: GroupSettings) -> str:
    """The @ that called us is no part of what he said."""
    names = "|".join(re.escape(each) for each in sorted(settings.mentions, key=len, reverse=True))
    return re.sub(rf"@(?:{names})[\s\u2005]*", "", text, flags=re.IGNORECASE).strip() or text if names else text


def _report(status: Tree, at: datetime | None) -> DeliveryReport:
    try:
        cause = ErrorClass(text_of(status, "error_class"))
    except ValueError:
        cause = ErrorClass.UNKNOWN
    return DeliveryReport(
        vendor_id=text_of(status, "message_id"), state=_STATES[text_of(status, "state")], error_class=cause,
        words=text_of(status, "error")[:300], at=at,
    )  # fmt: skip


def _moment(said: Tree, name: str = "at") -> datetime | None:
    """ISO 8601, or Unix time in seconds or milliseconds."""
    at = text_of(said, name)
    try:
        if at.isascii() and at.isdigit():
            return datetime.fromtimestamp(int(at) / (1000 if len(at) > 11 else 1), UTC)
        found = datetime.fromisoformat(at)
    except (ValueError, OverflowError, OSError):
        return None
    return found if found.tzinfo is not None else None


def _strings(value: object) -> Sequence[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []
