"""What WeChat's error codes mean for a message, and for who reads them. Pure.

`retry` in seconds where it is worth trying again by itself. 企业微信 numbers most of them alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec

from yizhan.desk.channels import TokenRefused, Words
from yizhan.desk.outbound import ErrorClass, SendFailed
from yizhan.foundation.errors import DomainError

MOST_TRIES = 3
_RETRY_SECONDS = 2.0
_CHINA = timedelta(hours=8)


class Meaning(msgspec.Struct, frozen=True):
    error_class: ErrorClass
    words: Words
    retry: float | None = None
    until_midnight: bool = False  # the vendor counts a day of its own: it begins at midnight in UTC+8


class WeChatRefused(DomainError):  # noqa: N818 - what happened
    """The vendor answered, with an error code. `hint` is what it calls the request by."""

    code = "wechat_refused"

    def __init__(self, errcode: int, errmsg: str) -> None:
        super().__init__(f"{errcode} {errmsg}".strip())
        self.errcode = errcode
        self.errmsg = errmsg


class WeChatTokenRefused(TokenRefused):
    """The access token ended before its time, or another caller made a new one."""


TOKEN_CODES = frozenset({40001, 40014, 41001, 42001})

_AUTH, _CONTENT, _BAD = ErrorClass.AUTH, ErrorClass.CONTENT, ErrorClass.BAD_REQUEST
_RECIPIENT, _PERMISSION = ErrorClass.RECIPIENT, ErrorClass.PERMISSION


def _means(error_class: ErrorClass, zh: str, en: str, **more: float | bool) -> Meaning:
    return msgspec.convert({"error_class": error_class, "words": {"zh": zh, "en": en}, **more}, Meaning)


_TOKEN = _means(_AUTH, "接口凭证已失效", "the access token is not taken any more")
_MEDIA = _means(_CONTENT, "素材无效、已过期或格式大小不符", "the file is unknown there, has expired or is not taken")
_BUG = _means(_BAD, "请求内容不被接受", "the request is not taken as it is")
_BANNED = _means(_PERMISSION, "账号接口已被封禁或限制", "the account is banned from this or restricted")

MEANINGS: Mapping[int, Meaning] = {
    -1: _means(ErrorClass.TRANSIENT, "微信系统繁忙", "WeChat is busy", retry=_RETRY_SECONDS),
    **dict.fromkeys(TOKEN_CODES, _TOKEN),
    40125: _means(_AUTH, "AppSecret 不正确", "the AppSecret is wrong"),
    40013: _means(_AUTH, "AppID 不正确", "the AppID is wrong"),
    40164: _means(_AUTH, "本服务器 IP 不在白名单", "the IP address of this server is not on the allow-list"),
    61004: _means(_AUTH, "本服务器 IP 不在白名单", "the IP address of this server is not on the allow-list"),
    40003: _means(_RECIPIENT, "该 OpenID 不属于本账号", "this OpenID belongs to another account"),
    43004: _means(_RECIPIENT, "对方未关注", "he does not follow the account"),
    50005: _means(_RECIPIENT, "对方已取消关注", "he has unfollowed"),
    48002: _means(_RECIPIENT, "对方拒收消息", "he refuses messages of the account"),
    43019: _means(_RECIPIENT, "对方已将账号拉黑", "he has blocked the account"),
    43101: _means(_RECIPIENT, "对方未订阅该通知", "he has not subscribed to this notice"),
    **dict.fromkeys((40004, 40005, 40006, 40007, 40009, 40010, 40011, 40012, 45001, 45007), _MEDIA),
    **dict.fromkeys((40008, 40033, 40035, 44002, 44004, 47001, 47003, 41028, 41030, 40037), _BUG),
    45002: _means(_CONTENT, "内容过长", "the text is too long"),
    87014: _means(_CONTENT, "内容含有违规信息", "the content breaks WeChat's rules"),
    45009: _means(ErrorClass.THROTTLE, "接口今日调用次数已用完", "no more calls today", until_midnight=True),
    45011: _means(ErrorClass.THROTTLE, "调用过于频繁", "too many calls a minute", retry=60),
    45015: _means(
        ErrorClass.WINDOW_CLOSED, "超过回复时限，或对方已取消关注", "he wrote too long ago, or has unfollowed"
    ),
    45047: _means(ErrorClass.QUOTA_EXHAUSTED, "可回复条数已用完", "no more messages before he writes again"),
    48001: _means(_PERMISSION, "账号没有该接口权限", "the account may not use this interface"),
    40029: _means(_BAD, "登录凭证无效", "the code of the log-in is unknown"),
    40163: _means(_BAD, "登录凭证已用过", "the code of the log-in was used before"),
    48004: _BANNED,
    50002: _BANNED,
}


def failure(
    refused: WeChatRefused, attempt: int, now: datetime, meanings: Mapping[int, Meaning] = MEANINGS
) -> SendFailed:
    """What becomes of a message that was refused so at this attempt. An unknown code is final, with its words."""
    known = meanings.get(refused.errcode)
    if known is None:
        return SendFailed(_BAD, f"微信错误 WeChat error {refused}")
    words = f"{known.words.zh} {known.words.en} ({refused})"
    return SendFailed(known.error_class, words, retry_after=_pause(known, attempt, now))


def _pause(known: Meaning, attempt: int, now: datetime) -> timedelta | None:
    if known.until_midnight:
        there = now + _CHINA
        return (there.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)) - there
    if known.retry is None or attempt >= MOST_TRIES:
        return None
    return timedelta(seconds=known.retry * (1 << max(0, attempt - 1)))
