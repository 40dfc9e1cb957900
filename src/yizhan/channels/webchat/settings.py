"""A widget as an administrator fills it in: every field has a default that works on the first page."""

import fnmatch
from datetime import time
from enum import StrEnum
from typing import Annotated, Literal
from urllib.parse import urlsplit

import msgspec

from yizhan.desk.outbound import MAIL_AFTER_S
from yizhan.desk.push import PushSettings
from yizhan.foundation.calendar import WEEKDAYS, Calendar, read_calendar

MEBIBYTE = 1024 * 1024
Text = Annotated[str, msgspec.Meta(max_length=1000)]
Line = Annotated[str, msgspec.Meta(max_length=200)]
Name = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]{0,40}$")]
Color = Annotated[str, msgspec.Meta(pattern=r"^#[0-9a-fA-F]{6}$")]
Locale = Literal["zh-CN", "en"]
Count = Annotated[int, msgspec.Meta(ge=1, le=1000)]
Seconds = Annotated[int, msgspec.Meta(ge=0, le=24 * 3600)]


class HourBand(msgspec.Struct, frozen=True):
    """From `start` up to `end` on the inbox's clock; over midnight when `end` is not later."""

    start: time
    end: time

    def holds(self, at: time) -> bool:
        if self.start < self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end


class Welcome(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Said once for each conversation. Of several the first whose conditions all hold is taken; none means always."""

    text: Text
    questions: Annotated[tuple[Line, ...], msgspec.Meta(max_length=6)] = ()
    hours: HourBand | None = None
    locale: Locale | None = None
    sources: tuple[Line, ...] = ()  # campaign or site the visitor came from
    page: Line = ""  # part of the address of the page


class FieldType(StrEnum):
    TEXT = "text"
    EMAIL = "email"
    TEL = "tel"
    SELECT = "select"


class FormField(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: Name
    label: Line
    type: FieldType = FieldType.TEXT
    required: bool = False
    options: Annotated[tuple[Line, ...], msgspec.Meta(max_length=30)] = ()


class PreChat(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Asked before the first conversation, only for what is not known. Empty asks nothing, which is the default."""

    title: Line = ""
    fields: Annotated[tuple[FormField, ...], msgspec.Meta(max_length=8)] = ()


class Views(msgspec.Struct, frozen=True):
    """So many views of such addresses in one visit."""

    url_contains: Line
    count: Count


class InvitationRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The widget watches the conditions of the page; hours, sources and caps are decided here, before it is sent."""

    id: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
    url_contains: Line = ""
    page_seconds: Seconds = 0
    visit_seconds: Seconds = 0
    pages: Annotated[int, msgspec.Meta(ge=0, le=1000)] = 0
    views: Views | None = None
    scroll_percent: Annotated[int, msgspec.Meta(ge=0, le=100)] = 0
    exit_intent: bool = False
    event: Line = ""
    cart_value: Annotated[int, msgspec.Meta(ge=0)] = 0
    enabled: bool = True
    hours: HourBand | None = None
    sources: tuple[Line, ...] = ()
    only_online: bool = True  # an invitation nobody answers is worse than none


class IdentityMode(StrEnum):
    """What a host page's word about its visitor needs: a JWT, or a JWT or a hash (which never expires)."""

    JWT = "jwt"
    HASH = "hash"


_USUAL = ["09:30-21:00"]


class WebchatSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`allowed_origins`: host names with `*` as wildcard; empty allows every site. Sizes in bytes."""

    title: Line = ""  # empty: the inbox's name
    color: Color = "#2563eb"
    logo: Annotated[str, msgspec.Meta(pattern=r"^(https://.{1,500})?$")] = ""
    position: Literal["right", "left"] = "right"
    locale: Locale = "zh-CN"
    subtitle: Line = ""
    welcome: Annotated[tuple[Welcome, ...], msgspec.Meta(max_length=20)] = ()
    pre_chat: PreChat = PreChat()
    rules: Annotated[tuple[InvitationRule, ...], msgspec.Meta(max_length=30)] = ()
    invitations_per_day: Annotated[int, msgspec.Meta(ge=0, le=20)] = 2
    rating_tags: Annotated[tuple[Line, ...], msgspec.Meta(max_length=10)] = ()
    callback: bool = True
    answer_by_mail: Annotated[str, msgspec.Meta(max_length=36)] = ""  # an e-mail inbox; empty: answers only wait here
    answer_by_text: Annotated[str, msgspec.Meta(max_length=36)] = ""  # an SMS inbox, for who left a number only
    answer_by_mail_after: Annotated[int, msgspec.Meta(ge=30, le=24 * 3600)] = MAIL_AFTER_S
    push: PushSettings = PushSettings()
    wechat_mini: Annotated[str, msgspec.Meta(max_length=36)] = ""  # the inbox of the mini-program users sign in from
    wechat_phone: bool = False  # the number a user lets WeChat give us counts as proved
    wechat_mp: Annotated[str, msgspec.Meta(max_length=36)] = ""  # the 公众号 inbox that signs pages for the JS-SDK
    queue_cap: Annotated[int, msgspec.Meta(ge=0, le=10_000)] = 0  # so many may wait, then messages are left; 0: no cap
    tracking: bool = True
    consent: bool = False  # record a visit only after its visitor agreed
    identity: IdentityMode = IdentityMode.HASH
    allowed_origins: Annotated[tuple[Line, ...], msgspec.Meta(max_length=100)] = ()
    file_limit: Annotated[int, msgspec.Meta(ge=0, le=100 * MEBIBYTE)] = 10 * MEBIBYTE
    timezone: Line = "Asia/Shanghai"
    calendar: dict[str, object] = {}  # as foundation.calendar reads it; empty: every day 9:30 to 21:00

    def __post_init__(self) -> None:
        self.hours()  # a calendar that cannot be read is refused when it is saved

    def hours(self) -> Calendar:
        return read_calendar(self.calendar or {"tz": self.timezone, "weekly": dict.fromkeys(WEEKDAYS, _USUAL)})


class WebchatSecret(msgspec.Struct, frozen=True, kw_only=True):
    """Two HMAC secrets may be good at once, so that one can be changed; `identity_key` is an ES256 public key, PEM.

    `server_secret` proves that events come from the shop's own server. Of pushes: the .p8 file of APNs, the service
    account of FCM, the master secrets of 个推 and 极光.
    """

    identity_secret: str = ""
    identity_secret_next: str = ""
    identity_key: str = ""
    server_secret: str = ""
    push_apns_key: str = ""
    push_fcm_account: str = ""
    push_getui_secret: str = ""
    push_jpush_secret: str = ""

    @property
    def shared(self) -> tuple[str, ...]:
        return tuple(secret for secret in (self.identity_secret, self.identity_secret_next) if secret)


class Capability(msgspec.Struct, frozen=True):
    """What an agent may do in a conversation of this channel. None: no limit of the channel's own."""

    reply: bool = True
    recall: bool = True
    recall_seconds: int = 120
    files: bool = True
    html: bool = False
    typing: bool = True
    read: bool = True
    quota: int | None = None
    window_hours: int | None = None
    max_chars: int = 4000


CAPABILITY = Capability()


def origin_allowed(settings: WebchatSettings, origin: str | None) -> bool:
    """A browser states where a script runs; others can state anything, so this keeps sites out, not attackers."""
    if not settings.allowed_origins:
        return True
    try:
        host = (urlsplit(origin or "").hostname or "").lower()
    except ValueError:
        return False
    return bool(host) and any(fnmatch.fnmatchcase(host, allowed.lower()) for allowed in settings.allowed_origins)
