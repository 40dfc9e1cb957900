"""Who the user of a mini-program is: what `wx.login` and `getPhoneNumber` gave its page, exchanged at WeChat.

The session key never leaves the server: the caller keeps it sealed.
"""

from __future__ import annotations

from typing import ClassVar
from urllib.parse import urlencode

import msgspec

from yizhan.channels.wechat.api import checked
from yizhan.channels.wechat.errors import WeChatRefused
from yizhan.channels.wechat.inbound import name_of, person
from yizhan.channels.wechat.mini.adapter import api_of
from yizhan.channels.wechat.mini.profile import phone_of
from yizhan.channels.wechat.mini.settings import MiniSecrets, MiniSettings
from yizhan.desk.channels import Line
from yizhan.desk.intake import Sender
from yizhan.foundation.errors import DomainError, Forbidden
from yizhan.foundation.http import HttpFailed

_STALE = frozenset({40029, 40163})  # the code is unknown, or was used before
_RISKY = 40226


class CodeRefused(Forbidden):
    """WeChat does not know the code (any more): the page asks for another one."""

    code: ClassVar[str] = "wechat_code_refused"


class WeChatUnready(DomainError):  # noqa: N818 - what is the matter
    """WeChat could not be asked; the reason is the administrator's to mend, and stands in the inbox's check list."""

    code: ClassVar[str] = "wechat_unready"


class LoggedIn(msgspec.Struct, frozen=True):
    """`session_key` is secret. `unionid` is empty where the mini-program is bound to no Open Platform account."""

    appid: str
    openid: str
    session_key: str
    unionid: str = ""

    @property
    def sender(self) -> Sender:
        """The address by which he also writes to 小程序客服."""
        return person(self.appid, self.openid)

    @property
    def name(self) -> str:
        return name_of(self.sender)


async def log_in(line: Line, code: str) -> LoggedIn:
    """Exchanges a code of `wx.login`; good once, for five minutes. Raises CodeRefused and WeChatUnready."""
    settings: MiniSettings = line.account.settings
    secrets: MiniSecrets = line.account.secrets
    asked = urlencode({
        "appid": settings.appid, "secret": secrets.app_secret, "js_code": code, "grant_type": "authorization_code",
    })  # fmt: skip
    url = f"{settings.base_url.rstrip('/')}/sns/jscode2session?{asked}"
    try:
        said = checked(await line.http.request("GET", url, timeout=settings.timeout))
    except DomainError as wrong:
        raise _meant(wrong) from wrong
    openid, key = str(said.get("openid") or ""), str(said.get("session_key") or "")
    if not openid or not key or len(openid) > 128:
        raise WeChatUnready("WeChat named nobody")
    return LoggedIn(settings.appid, openid, key, str(said.get("unionid") or ""))


async def phone_behind(line: Line, code: str) -> str:
    """The number a user agreed to give, by the code of its button. Raises CodeRefused and WeChatUnready."""
    try:
        said = await api_of(line).post("/wxa/business/getuserphonenumber", {"code": code})
    except DomainError as wrong:
        raise _meant(wrong) from wrong
    told = said.get("phone_info")
    phone = phone_of(told) if isinstance(told, dict) else ""
    if not phone:
        raise WeChatUnready("WeChat named no number")
    return phone


def _meant(wrong: DomainError) -> DomainError:
    """Without the address: the secret stands in it."""
    if isinstance(wrong, WeChatRefused):
        if wrong.errcode in _STALE:
            return CodeRefused("the code is not good (any more); ask WeChat for another one")
        if wrong.errcode == _RISKY:
            return Forbidden("WeChat holds this user's log-in back for its risk")
    if isinstance(wrong, HttpFailed):
        return WeChatUnready("WeChat did not answer; try again")
    return WeChatUnready(wrong.message)
