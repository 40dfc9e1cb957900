"""Weibo's error codes: what each means to the queue, and in what words it is told."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta

import msgspec

from yizhan.desk.channels import TokenRefused, Words
from yizhan.desk.outbound import ErrorClass, SendFailed

_PAUSE = timedelta(minutes=1)
_MOST_TRIES = 4
FINE = frozenset({20032})
"""Taken, and shown a minute or two later."""

_TOKEN = Words(
    "微博授权失效,请在微博后台取得新的 access_token", "Weibo no longer takes the access token; get a new one there"
)
_OFTEN = Words("微博限制了调用次数", "Weibo limits how often it is called")
_BUSY = Words("微博服务繁忙", "Weibo is busy")
_SAME = Words("微博不接受重复内容,请改写", "Weibo takes nothing twice; write it differently")
_TEXT = Words("微博不接受这些内容", "Weibo does not take these words")
_RIGHT = Words("微博应用或账号没有此权限", "The Weibo app or account has no permission for this")
_STRANGER = Words("对方已取消关注或不接收私信", "He does not follow the account or takes no private messages")
_LATE = Words("已超过可回复的时间", "The time to reply is over")
_GONE = Words("这条微博或评论已不存在", "The post or comment is gone")

_TABLE: Mapping[ErrorClass, Mapping[Words, tuple[int, ...]]] = {
    ErrorClass.AUTH: {_TOKEN: (10006, 21301, *range(21314, 21320), 21325, 21327, 21332)},
    ErrorClass.THROTTLE: {_OFTEN: (10022, 10023, 10024, 20016, 20308)},
    ErrorClass.TRANSIENT: {_BUSY: (10001, 10002, 10003, 10009, 10010, 10011, 21602)},
    ErrorClass.CONTENT: {
        _SAME: (20017, 20019, 20111, 20306),
        _TEXT: (20008, 20012, 20013, 20018, 20020, 20021, 20202, 20302, 20311),
    },
    ErrorClass.PERMISSION: {_RIGHT: (10004, 10005, 10014, 20015, 20022, 20031, 20034, 20035, 20203, 21321)},
    ErrorClass.RECIPIENT: {_STRANGER: (10013, 20003, 20206, 20207, 20301, 20403, 20508), _GONE: (20101, 20104, 20201)},
}
_OF = {code: (cause, words) for cause, some in _TABLE.items() for words, codes in some.items() for code in codes}


class WeiboError(msgspec.Struct, frozen=True):
    """Every refusal has this form; `error_code` is a number or a number as text."""

    error_code: int | str = 0
    error: str = ""

    @property
    def code(self) -> int:
        text = str(self.error_code)
        return int(text) if text.isascii() and text.isdecimal() else -1


def meaning(code: int) -> tuple[ErrorClass, Words]:
    return _OF.get(code, (ErrorClass.BAD_REQUEST, Words("微博拒绝了请求", "Weibo refused the request")))


def refusal(said: WeiboError, attempt: int, window_codes: Collection[str] = ()) -> Exception | None:
    """What to raise; None when it was taken after all."""
    if not said.code or said.code in FINE:
        return None
    cause, words = (ErrorClass.WINDOW_CLOSED, _LATE) if str(said.code) in window_codes else meaning(said.code)
    text = f"{words.zh} / {words.en} ({said.code} {said.error[:120]})"
    if cause is ErrorClass.AUTH:
        return TokenRefused(text)
    again = cause in (ErrorClass.THROTTLE, ErrorClass.TRANSIENT) and attempt < _MOST_TRIES
    return SendFailed(cause, text, retry_after=_PAUSE * attempt if again else None)
