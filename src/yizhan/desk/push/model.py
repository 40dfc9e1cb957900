"""What a push is, and the port through which it leaves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Protocol
from uuid import UUID

import msgspec

from yizhan.desk.outlets import Quiet, check_quiet
from yizhan.foundation.errors import DomainError, Invalid

Line = Annotated[str, msgspec.Meta(max_length=200)]
Time = Annotated[str, msgspec.Meta(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9])?$")]
Url = Annotated[str, msgspec.Meta(pattern=r"^https?://.{1,300}$")]
AFTER_S = 10


class Provider(StrEnum):
    APNS = "apns"
    FCM = "fcm"
    GETUI = "getui"
    JPUSH = "jpush"


class PushSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Part of a web chat's settings; a provider without its ids is switched off. `after`: seconds he has to read."""

    after: Annotated[int, msgspec.Meta(ge=1, le=3600)] = AFTER_S
    quiet_start: Time = ""  # between these nobody is rung; what is unread at the end rings once
    quiet_end: Time = ""
    quiet_tz: Line = "Asia/Shanghai"
    with_text: bool = False  # otherwise a push says only that there is a message: it is read by who holds the phone
    apns_topic: Line = ""
    apns_team: Line = ""
    apns_key_id: Line = ""
    apns_url: Url = "https://api.push.apple.com"
    fcm_url: Url = "https://fcm.googleapis.com"
    getui_app_id: Line = ""
    getui_app_key: Line = ""
    getui_url: Url = "https://restapi.getui.com"
    jpush_app_key: Line = ""
    jpush_production: bool = True  # which of Apple's two services JPush speaks to
    jpush_url: Url = "https://api.jpush.cn"

    def __post_init__(self) -> None:
        if bool(self.quiet_start) != bool(self.quiet_end):
            raise ValueError("quiet hours need both a start and an end, or neither")
        try:
            check_quiet(self.quiet, "quiet_start")
        except Invalid as wrong:
            raise ValueError(wrong.message) from None

    @property
    def quiet(self) -> Quiet | None:
        return Quiet(self.quiet_start, self.quiet_end, self.quiet_tz) if self.quiet_start else None


class PushAccount(msgspec.Struct, frozen=True):
    """The house at its providers. `secrets` are the inbox's: push_apns_key, push_fcm_account, push_getui_secret,
    push_jpush_secret."""

    inbox_id: UUID
    settings: PushSettings
    secrets: Mapping[str, str]


class Device(msgspec.Struct, frozen=True):
    id: UUID
    provider: Provider
    token: str
    locale: str


class Ringable(msgspec.Struct, frozen=True):
    """A device that is to ring, unless it is silent just now by what its owner says, or the house."""

    id: UUID
    own: Quiet | None
    house: Quiet | None


class Ring(msgspec.Struct, frozen=True, kw_only=True):
    """One push to one device. `key` is the same when it is tried again; `badge` is how many answers are unread."""

    key: UUID
    token: str
    title: str
    body: str
    badge: int
    conversation_id: UUID
    at: datetime


class Fate(StrEnum):
    TAKEN = "taken"
    GONE = "gone"  # the app was removed, or the token replaced


class PushFailed(DomainError):  # noqa: N818 - a word of the domain
    """`again`: it may pass when tried later; otherwise somebody has to change the settings."""

    code = "push_failed"

    def __init__(self, message: str, *, again: bool) -> None:
        super().__init__(message)
        self.again = again


class Pusher(Protocol):
    async def push(self, provider: Provider, account: PushAccount, ring: Ring) -> Fate:
        """Raises PushFailed."""
        ...


class Unheard(msgspec.Struct, frozen=True):
    """Answers of people that a visitor has not seen; `heard` is the last message by which he was there, `rung` the
    answer with which he was last rung."""

    inbox_id: UUID
    count: int
    last: UUID | None
    text: str
    heard: UUID | None
    rung: UUID | None
