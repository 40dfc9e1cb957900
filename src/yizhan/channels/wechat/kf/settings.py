"""A 微信客服 account as an administrator fills it in. What only changes when the vendor changes it is a setting too."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from yizhan.channels.wechat.qyapi import QySecrets, QySettings

_Words = Annotated[str, Meta(max_length=1_000)]


class KfSettings(QySettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`open_kfid` names the account. `welcome` is said when somebody enters, within `welcome_seconds` of it, with
    `welcome_menu` to choose from; `farewell` when a session ends. Sessions are kept with us, since the vendor lets
    nobody write into one that its own client serves, unless `leave_sessions` leaves them to it. `duplicate_codes` are
    what a repeated msgid is refused with: the vendor does not say as what, but where the very same call is made again,
    a wrong parameter can only be that."""

    open_kfid: Annotated[str, Meta(max_length=64, pattern=r"^[0-9A-Za-z_-]*$")] = ""
    welcome: _Words = ""
    welcome_menu: Annotated[tuple[Annotated[str, Meta(min_length=1, max_length=40)], ...], Meta(max_length=10)] = ()
    farewell: _Words = ""
    leave_sessions: bool = False
    window_messages: Annotated[int, Meta(ge=1, le=100)] = 5
    window_hours: Annotated[int, Meta(ge=1, le=24 * 30)] = 48
    welcome_seconds: Annotated[int, Meta(ge=1, le=600)] = 20
    page: Annotated[int, Meta(ge=1, le=1_000)] = 200
    duplicate_codes: Annotated[tuple[int, ...], Meta(max_length=10)] = (40058,)


class KfSecrets(QySecrets, frozen=True, kw_only=True):
    """As the application has them that may call 微信客服."""
