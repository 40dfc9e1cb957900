"""What travels between a visitor and us; the public protocol of the widget."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta

from yizhan.channels.webchat import FormField, InvitationRule
from yizhan.desk.live import WidgetConversation, WidgetMessage
from yizhan.desk.outlets import Quiet
from yizhan.desk.push import Provider
from yizhan.desk.trail import Answer, WireItem
from yizhan.web.nps import NpsQuestion

Id = Annotated[str, Meta(max_length=64)]
Text = Annotated[str, Meta(max_length=8_000)]
Long = Annotated[str, Meta(max_length=2_000)]
Short = Annotated[str, Meta(max_length=300)]


class PageShape(msgspec.Struct, frozen=True):
    url: Long = ""
    title: Long = ""
    referrer: Long = ""


class IdentityShape(msgspec.Struct, frozen=True):
    """What a site says of its visitor; a proof is `jwt` or `hash`, or the `pass` of a sign-in with WeChat."""

    id: Annotated[str, Meta(min_length=1, max_length=200)]
    email: Short = ""
    name: Short = ""
    jwt: Annotated[str, Meta(max_length=8_000)] = ""
    hash: Short = ""
    signed: Annotated[str, Meta(max_length=2_000)] = msgspec.field(default="", name="pass")


class SessionWish(msgspec.Struct, frozen=True):
    visitor: Annotated[str, Meta(max_length=100)] | None = None
    token: Annotated[str, Meta(max_length=2_000)] | None = None
    identity: IdentityShape | None = None
    page: PageShape = PageShape()
    locale: Annotated[str, Meta(max_length=35)] = ""
    tracking: bool = True


class SessionShape(msgspec.Struct, frozen=True):
    token: str
    visitor: str
    expires: datetime
    pos: str
    conversation: WidgetConversation | None
    messages: list[WidgetMessage]
    unread: int
    profile: dict[str, str]
    more: bool = False
    nps: NpsQuestion | None = None


class HistoryShape(msgspec.Struct, frozen=True):
    """Messages before a known one, the oldest first; `more` when there are still older ones."""

    messages: list[WidgetMessage]
    more: bool


class WelcomeShape(msgspec.Struct, frozen=True):
    text: str
    questions: tuple[str, ...]


class PreChatShape(msgspec.Struct, frozen=True):
    title: str | None
    fields: tuple[FormField, ...]


class ConfigShape(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    color: str
    locale: str
    logo: str | None
    subtitle: str | None
    position: str
    welcome: WelcomeShape
    pre_chat: PreChatShape
    online: bool
    opens: str | None
    reply_by: str | None
    night: bool
    rules: list[InvitationRule]
    file_limit: int
    rating_tags: tuple[str, ...] | None
    callback: bool
    assistant: bool
    tracking: bool
    consent: bool
    visits: bool


class MessageFrame(msgspec.Struct, tag_field="t", tag="message"):
    client_id: Annotated[str, Meta(min_length=1, max_length=64)]
    text: Text = ""
    attachments: Annotated[list[Annotated[str, Meta(max_length=2_000)]], Meta(max_length=10)] = []
    payload: dict[str, Any] | None = None


class HumanFrame(msgspec.Struct, tag_field="t", tag="human"):
    client_id: Id = ""


class AssistantFrame(msgspec.Struct, tag_field="t", tag="assistant"):
    """先问智能助手: whoever queues asks it meanwhile, and keeps his place."""

    client_id: Id = ""


class EndFrame(msgspec.Struct, tag_field="t", tag="end"):
    client_id: Id = ""


class RateFrame(msgspec.Struct, tag_field="t", tag="rate"):
    conversation_id: UUID
    solved: bool | None = None
    stars: Annotated[int, Meta(ge=1, le=5)] | None = None
    tags: Annotated[list[Short], Meta(max_length=10)] = []
    comment: Annotated[str, Meta(max_length=1_000)] = ""
    client_id: Id = ""


class ProfileFrame(msgspec.Struct, tag_field="t", tag="profile"):
    name: Short | None = None
    email: Short | None = None
    phone: Short | None = None
    fields: dict[str, Any] | None = None
    client_id: Id = ""


class InviteFrame(msgspec.Struct, tag_field="t", tag="invite"):
    id: Annotated[str, Meta(max_length=60)]
    answer: Answer
    client_id: Id = ""


class ConsentFrame(msgspec.Struct, tag_field="t", tag="consent"):
    """The visitor agrees that his visit is recorded, or no longer does."""

    granted: bool
    client_id: Id = ""


class PushFrame(msgspec.Struct, tag_field="t", tag="push"):
    """The visitor's app says under which token it can be rung when he is gone, or that it no longer may."""

    provider: Provider
    token: Annotated[str, Meta(min_length=1, max_length=512)]
    withdrawn: bool = False
    locale: Annotated[str, Meta(max_length=35)] = ""
    quiet: Quiet | None = None
    client_id: Id = ""


class LeaveFrame(msgspec.Struct, tag_field="t", tag="leave"):
    text: Text
    contact: Short
    name: Short = ""
    callback: bool = False
    client_id: Id = ""


class TypingFrame(msgspec.Struct, tag_field="t", tag="typing"):
    """The visitor types; what he types is never sent."""


class ReadFrame(msgspec.Struct, tag_field="t", tag="read"):
    message_id: UUID


class TrailFrame(msgspec.Struct, tag_field="t", tag="trail"):
    """`sent_at` is the browser's clock as it sends: how far that is off, the items are moved."""

    items: Annotated[list[WireItem], Meta(max_length=200)]
    sent_at: datetime | None = None


class PingFrame(msgspec.Struct, tag_field="t", tag="ping"):
    """The page is still open."""


VisitorFrame = (
    MessageFrame | HumanFrame | AssistantFrame | EndFrame | RateFrame | ProfileFrame | InviteFrame | ConsentFrame
    | PushFrame | LeaveFrame | TypingFrame | ReadFrame | TrailFrame | PingFrame
)  # fmt: skip


class Beacon(msgspec.Struct):
    items: Annotated[list[WireItem], Meta(max_length=200)]
    sent_at: datetime | None = None


class MessageLeft(msgspec.Struct, frozen=True):
    contact: Short
    text: Text = ""
    name: Short = ""
    callback: bool = False
    client_id: Id = ""


class LeaveAnswer(msgspec.Struct, frozen=True):
    """`reply_by` as one says it: 明早 9:30."""

    reply_by: str | None


class VisitorFile(msgspec.Struct, frozen=True):
    """`hash` is what the visitor's message names the file by; it is of use to him alone."""

    hash: str
    name: str
    type: str
    size: int
    url: str
