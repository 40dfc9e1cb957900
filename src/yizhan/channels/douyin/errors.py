"""Douyin's error codes: what each means to the queue, and in what words it is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from yizhan.desk.channels import TokenRefused, Words, failed
from yizhan.desk.outbound import ErrorClass

_TOKEN = Words("抖音授权失效,请重新授权账号", "Douyin no longer takes the authorisation; authorise the account anew")
_OFTEN = Words("抖音限制了调用频率", "Douyin limits how often it is called")
_BUSY = Words("抖音服务繁忙", "Douyin is busy")
_USED = Words("这条消息的可回复条数已用完", "All replies to this message are used")
_LATE = Words("已超过可回复的时间", "The time to reply is over")
_TEXT = Words("抖音不接受这些内容", "Douyin does not take these words")
_RIGHT = Words("抖音应用或账号没有此权限", "The Douyin app or account has no permission for this")
_WHO = Words("对方不能接收私信", "He cannot be written to")

_TABLE: Mapping[ErrorClass, tuple[Words, tuple[int, ...]]] = {
    ErrorClass.AUTH: (_TOKEN, (2190002, 2190008, 2190015, 10008, 10010, 28001003, 28001008)),
    ErrorClass.THROTTLE: (_OFTEN, (2190001, 28003018, 28001019)),
    ErrorClass.TRANSIENT: (_BUSY, (2100004, 28001005, 28001006, 2100001)),
    ErrorClass.QUOTA_EXHAUSTED: (_USED, (28003070,)),
    ErrorClass.WINDOW_CLOSED: (_LATE, (28003080, 28003081)),
    ErrorClass.CONTENT: (_TEXT, (28001038, 28003040)),
    ErrorClass.PERMISSION: (_RIGHT, (2190004, 2190005, 28001014, 28001016, 28001018, 28003095, 28029004)),
    ErrorClass.RECIPIENT: (_WHO, (28003082, 28003101)),
}
_OF = {code: (cause, words) for cause, (words, codes) in _TABLE.items() for code in codes}


class Answered(msgspec.Struct, frozen=True):
    """The two forms of answers: `data` and `extra`, or `err_no`. Neither is in all of them."""

    data: dict[str, Any] | None = None
    extra: dict[str, Any] | None = None
    err_no: int = 0
    err_msg: str = ""

    @property
    def code(self) -> int:
        places = (self.err_no, (self.extra or {}).get("error_code"), (self.data or {}).get("error_code"))
        return next((each for each in places if isinstance(each, int) and each), 0)

    @property
    def words(self) -> str:
        places = (self.err_msg, (self.extra or {}).get("description"), (self.data or {}).get("description"))
        return next((each for each in places if isinstance(each, str) and each), "")[:120]

    def text(self, name: str) -> str:
        """An id in `data`, whether it was written as a number or not."""
        value = (self.data or {}).get(name)
        return str(value) if isinstance(value, str | int) else ""


def refusal(said: Answered, attempt: int) -> Exception | None:
    """What to raise; None when it was taken."""
    if not said.code:
        return None
    fallback = (ErrorClass.BAD_REQUEST, Words("抖音拒绝了请求", "Douyin refused the request"))
    cause, words = _OF.get(said.code, fallback)
    text = f"{words.zh} / {words.en} ({said.code} {said.words})"
    if cause is ErrorClass.AUTH:
        return TokenRefused(text)
    return failed(cause, text, attempt)
