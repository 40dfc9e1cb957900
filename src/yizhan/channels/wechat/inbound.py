"""What 公众号 and 小程序 push: from the tree of a message to what happened. Pure.

Nothing in it raises over its content: a type we do not know is kept as it came, an event we do not know stands in the
customer's timeline under the vendor's name for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from yizhan.channels.wechat.emoji import as_unicode
from yizhan.channels.wechat.xml import Tree, text_of
from yizhan.desk.channels import Arrival, ChannelEvent, Media
from yizhan.desk.intake import Sender
from yizhan.foundation.errors import Invalid
from yizhan.foundation.text import clean
from yizhan.records.contacts import mask

MEDIA_KEPT = timedelta(days=3)
PRIVACY = {
    "user_info_modified": "profile_changed",
    "user_authorization_revoke": "authorization_revoked",
    "user_authorization_cancellation": "authorization_cancelled",
}
"""What the law asks us to hear: the platform cleared his profile, he took consent back, he closed his account."""
_MOST_CHARS = 2_000
_COMMON = frozenset({"ToUserName", "FromUserName", "CreateTime", "MsgType", "Event", "MsgId"})
_LATEST = 253_402_300_799  # the last second a datetime can say

Parts = Mapping[str, Any]
"""What a type adds to its Arrival."""
Reader = Callable[[Tree, datetime | None], Parts]


def sender_of(appid: str, tree: Tree) -> Sender:
    """An OpenID is unique below its AppID. Raises Invalid where there is none."""
    openid = clean(text_of(tree, "FromUserName")).strip()
    if not openid or len(openid) > 128:
        raise Invalid("a message names its sender", "FromUserName")
    return person(appid, openid)


def person(appid: str, openid: str) -> Sender:
    value = f"{appid}:{openid}"
    return Sender(kind="openid", value=value, inbox_scoped=False, authenticated=True, masked=mask("openid", value))


def openid_of(value: str) -> str:
    """Of the address of a letter."""
    return value.rpartition(":")[2]


def name_of(who: Sender) -> str:
    """The vendor tells no names since 2021."""
    return f"微信用户-{who.value[-4:]}"


def said_at(tree: Tree) -> datetime | None:
    seconds = text_of(tree, "CreateTime")
    if not seconds.isascii() or not seconds.isdigit() or int(seconds) > _LATEST:
        return None
    return datetime.fromtimestamp(int(seconds), UTC)


def arrival(appid: str, tree: Tree, raw: bytes, readers: Mapping[str, Reader]) -> Arrival:
    """`readers` by MsgType."""
    who, at, type = sender_of(appid, tree), said_at(tree), text_of(tree, "MsgType").lower()
    reader = readers.get(type)
    if reader is None:
        parts: Parts = {"kind": "unsupported", "payload": {"type": clean(type)[:60]}, "raw": raw}
    else:
        parts = reader(tree, at)
    return Arrival(id=_message_id(who, tree, raw), who=who, name=name_of(who), at=at, origin=_origin(tree), **parts)


def _message_id(who: Sender, tree: Tree, raw: bytes) -> str:
    """Without a MsgId the message itself is what cannot change."""
    return text_of(tree, "MsgId", "MsgID") or f"{who.value}:{sha256(raw).hexdigest()}"


def _origin(tree: Tree) -> dict[str, Any]:
    """Written from below an article of the account."""
    article = text_of(tree, "MsgDataId")
    return {"article": f"{article}_{text_of(tree, 'Idx') or '1'}"} if article else {}


def event(appid: str, tree: Tree, kind: str, detail: Mapping[str, str] | None = None) -> ChannelEvent:
    """Two events can share a second: what names them is part of their id."""
    who = sender_of(appid, tree)
    named = (text_of(tree, name) for name in ("CreateTime", "Event", "EventKey", "MsgID"))
    said = {name: clean(value)[:_MOST_CHARS] for name, value in (detail or {}).items() if value}
    return ChannelEvent(
        id=":".join((who.value, *named)), who=who, name=name_of(who), kind=kind, detail=said, at=said_at(tree)
    )


def privacy_event(appid: str, tree: Tree, name: str) -> ChannelEvent:
    """`OpenID` is whose it is; the sender is the platform. Each thing he takes back is told of by itself."""
    what = text_of(tree, "RevokeInfo")
    his = {**tree, "FromUserName": text_of(tree, "OpenID", "FromUserName"), "EventKey": what}
    return event(appid, his, PRIVACY[name], {"what": what})


def unknown_event(appid: str, tree: Tree) -> ChannelEvent:
    """With what it says, as far as that is text."""
    said = {name: value for name, value in tree.items() if isinstance(value, str) and name not in _COMMON}
    return event(appid, tree, "other", {"type": text_of(tree, "Event")[:60], **dict(list(said.items())[:20])})


# the types ------------------------------------------------------------------------------------------------------------


def read_text(tree: Tree, _: datetime | None) -> Parts:
    """An item of a menu that was tapped is written by WeChat in the customer's name, and counted as a tap."""
    said: dict[str, Any] = {"text": as_unicode(text_of(tree, "Content"))}
    chosen = text_of(tree, "bizmsgmenuid")
    return said | ({"payload": {"menu": clean(chosen)[:200]}, "opens": "menu"} if chosen else {})


def read_image(tree: Tree, at: datetime | None) -> Parts:
    ref = {"media_id": text_of(tree, "MediaId"), "url": text_of(tree, "PicUrl")}
    return {"kind": "image", "media": (Media(kind="image", ref=ref, expires_at=_expiry(at)),)}


def read_voice(tree: Tree, at: datetime | None) -> Parts:
    """What the vendor understood of it is a hint, not the customer's words."""
    ref = {"media_id": text_of(tree, "MediaId16K", "MediaId"), "format": text_of(tree, "Format")}
    heard = as_unicode(text_of(tree, "Recognition"))
    return {
        "kind": "voice", "payload": {"transcript": heard} if heard else None,
        "media": (Media(kind="voice", ref=ref, expires_at=_expiry(at)),),
    }  # fmt: skip


def read_video(tree: Tree, at: datetime | None) -> Parts:
    ref = {"media_id": text_of(tree, "MediaId"), "thumb": text_of(tree, "ThumbMediaId")}
    return {"kind": "video", "media": (Media(kind="video", ref=ref, expires_at=_expiry(at)),)}


def read_location(tree: Tree, _: datetime | None) -> Parts:
    where = number_of(tree, "Location_X"), number_of(tree, "Location_Y")
    payload = {"latitude": where[0], "longitude": where[1], "name": "", "address": clean(text_of(tree, "Label"))}
    return {"kind": "location", "text": text_of(tree, "Label"), "payload": payload}


def read_link(tree: Tree, _: datetime | None) -> Parts:
    payload = {
        "title": clean(text_of(tree, "Title")), "text": clean(text_of(tree, "Description")),
        "url": clean(text_of(tree, "Url")), "picture": clean(text_of(tree, "ThumbUrl")),
    }  # fmt: skip
    return {"kind": "link", "text": text_of(tree, "Title"), "payload": payload}


def read_card(tree: Tree, _: datetime | None) -> Parts:
    payload = {
        "title": clean(text_of(tree, "Title")), "text": "", "url": "", "picture": clean(text_of(tree, "ThumbUrl")),
        "app": clean(text_of(tree, "AppId")), "path": clean(text_of(tree, "PagePath")),
    }  # fmt: skip
    return {"kind": "card", "text": text_of(tree, "Title"), "payload": payload}


def number_of(tree: Tree, name: str) -> float | None:
    try:
        value = float(text_of(tree, name))
    except ValueError:
        return None
    return value if abs(value) <= 180 else None


def _expiry(at: datetime | None) -> datetime | None:
    return at + MEDIA_KEPT if at is not None else None
