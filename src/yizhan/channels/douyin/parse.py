"""From Douyin's webhooks to what happened. Pure: whatever it does not know it keeps as it came."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import msgspec

from yizhan.channels.douyin.emoji import FACES
from yizhan.desk.channels import Arrival, ChannelEvent, Happening, Recall
from yizhan.desk.intake import Sender
from yizhan.foundation.errors import Invalid

KIND = "douyin"
VERIFY = "verify_webhook"
ENTER = "enter"
EVENTS = {
    "im_enter_direct_msg": ENTER, "im_message_read": "read", "im_send_msg": "answered_elsewhere",
    "im_authorize": "authorize", "authorize": "authorize", "unauthorize": "unauthorize",
    "contract_authorize": "authorize", "contract_unauthorize": "unauthorize", "item_comment_reply": "comment",
}  # fmt: skip
"""What a customer does that is no message."""
_NAMED = ("scene_type", "objectId", "path", "query", "comment_id", "reply_to_item_id", "server_message_id", "index")


class Envelope(msgspec.Struct, frozen=True):
    """`content` is an object, or a text that is one."""

    event: str
    client_key: str = ""
    from_user_id: str = ""
    to_user_id: str = ""
    content: Any = None
    log_id: str = ""


_DECODER = msgspec.json.Decoder(Envelope)


class Push(msgspec.Struct, frozen=True):
    """An envelope and its content, read; `id` makes every delivery of it the same."""

    event: str
    client_key: str
    sender: str
    receiver: str
    content: dict[str, Any]
    id: str
    body: bytes


def decode(body: bytes, message_id: str = "") -> Push:
    """`message_id` is the header Msg-Id. Raises Invalid for what is no webhook of Douyin's at all."""
    try:
        said = _DECODER.decode(body)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise Invalid(str(error), "body") from None
    id = message_id[:150] or sha256(body).hexdigest()
    content = _content(said.content)
    return Push(said.event, said.client_key, said.from_user_id, said.to_user_id, content, id, body)


def _content(content: Any) -> dict[str, Any]:
    if isinstance(content, str):
        try:
            content = msgspec.json.decode(content)
        except msgspec.DecodeError:
            return {}
    return content if isinstance(content, dict) else {}


def happening(push: Push, account: str, client_key: str = "") -> Happening | None:
    """None for what is about no customer: the account's own doings, and echoes of what we sent ourselves."""
    other = push.sender if push.sender != account else push.receiver
    if push.event == "im_recall_msg" and word(push.content, "server_message_id"):
        return Recall(id=word(push.content, "server_message_id"), at=moment(push.content))
    if push.event == "im_send_msg" and word(push.content, "source") == client_key:
        return None
    if push.event in EVENTS:
        return _event(push, other) if other not in ("", account) else None
    if push.event == "im_receive_msg" and other and word(push.content, "server_message_id"):
        return _message(push, other)
    return unsupported(push, other)


def unsupported(push: Push, other: str) -> Arrival:
    return Arrival(
        id=push.id, who=who(other or "unknown"), name=_name(push.content, other), kind="unsupported",
        payload={"type": push.event[:60]}, at=moment(push.content), raw=push.body,
    )  # fmt: skip


def _event(push: Push, other: str) -> ChannelEvent:
    detail = {name: word(push.content, name)[:200] for name in _NAMED if word(push.content, name)}
    return ChannelEvent(
        id=push.id, who=who(other), name=_name(push.content, other), kind=EVENTS[push.event], detail=detail,
        at=moment(push.content),
    )  # fmt: skip


def _message(push: Push, other: str) -> Arrival:
    said = push.content
    kind, payload = _formed(word(said, "message_type"), said)
    id = word(said, "server_message_id")
    payload["handle"] = {"message": id, "conversation": word(said, "conversation_short_id")}
    return Arrival(
        id=id, who=who(other), name=_name(said, other), kind=kind, text=FACES.to_unicode(word(said, "text")),
        payload=payload, at=moment(said), raw=push.body if kind == "unsupported" else b"",
    )  # fmt: skip


def _formed(type: str, said: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Pictures and films are announced, but not delivered to applications like ours: they are told by their type."""
    if type == "text" and word(said, "text").strip():
        return "text", {}
    if type == "emoji":
        return "sticker", {"name": FACES.to_unicode(word(said, "text")) or "表情"}
    if type == "video" and word(said, "item_id"):
        return "card", {"title": "分享的视频", "text": "", "url": "", "picture": "", "app": "douyin",
                        "path": word(said, "item_id")}  # fmt: skip
    if type == "retain_consult_card":
        return "card", {"title": "留资卡", "text": _card(said), "url": "", "picture": "", "app": "douyin", "path": ""}
    return "unsupported", {"type": type[:60] or "?"}


def _card(said: dict[str, Any]) -> str:
    """What he filled in, name by name."""
    card = said.get("retain_consult_card") or said.get("card_data")
    if not isinstance(card, dict):
        return ""
    return "\n".join(f"{name}: {value}" for name, value in card.items() if isinstance(value, str | int))[:2_000]


def who(open_id: str) -> Sender:
    """An open_id is of one application; several inboxes may use it, so it is not the inbox's."""
    return Sender(kind=KIND, value=open_id, inbox_scoped=False, masked=f"抖音用户 ***{open_id[-4:]}")


def under(item: str, open_id: str) -> Sender:
    """What he says below one video is one conversation, and what he says below another is another."""
    return Sender(kind=f"{KIND}_comment", value=f"{item}/{open_id}", inbox_scoped=False, masked=who(open_id).masked)


def _name(said: dict[str, Any], other: str) -> str:
    for each in said.get("user_infos") or ():
        if isinstance(each, dict) and each.get("open_id") == other:
            return word(each, "nick_name")
    return ""


def moment(said: dict[str, Any]) -> datetime | None:
    """Thirteen digits; ten in comments."""
    text = word(said, "create_time")
    if not (text.isascii() and text.isdecimal() and len(text) in (10, 13)):
        return None
    return datetime.fromtimestamp(int(text) / (1000 if len(text) == 13 else 1), UTC)


def word(said: dict[str, Any], name: str) -> str:
    value = said.get(name)
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
