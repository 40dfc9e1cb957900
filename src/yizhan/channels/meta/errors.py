"""What the codes of the Graph API mean for a message."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from yizhan.desk.channels import Words, again
from yizhan.desk.outbound import ErrorClass, SendFailed

_WINDOW = Words("对方太久没来信,只能发模板消息", "he wrote too long ago; only a template goes")
_BLOCKED = Words("发不到这个人", "this person cannot be reached")
_SPAM = Words("被限制发送,请看账号质量", "sending is restricted; see the quality of the account")
_LIMIT = Words("对此人的营销已达上限", "this person has had enough marketing")
_TEMPLATE = Words("模板不可用", "the template cannot be used")

CODES: dict[int, tuple[ErrorClass, Words]] = {
    131047: (ErrorClass.WINDOW_CLOSED, _WINDOW),
    2018278: (ErrorClass.WINDOW_CLOSED, _WINDOW),
    131026: (ErrorClass.RECIPIENT, _BLOCKED),
    131021: (ErrorClass.RECIPIENT, _BLOCKED),
    551: (ErrorClass.RECIPIENT, _BLOCKED),
    131051: (ErrorClass.BAD_REQUEST, Words("不支持这种消息", "this type is not supported")),
    131052: (ErrorClass.TRANSIENT, Words("对方取不到文件", "the file could not be fetched")),
    131053: (ErrorClass.BAD_REQUEST, Words("文件不能用", "the file cannot be used")),
    131048: (ErrorClass.QUOTA_EXHAUSTED, _SPAM),
    131049: (ErrorClass.QUOTA_EXHAUSTED, _LIMIT),
    131031: (ErrorClass.PERMISSION, Words("账号被停用", "the account is locked")),
    131042: (ErrorClass.PERMISSION, Words("付款方式有问题", "there is a trouble with the payment method")),
    131005: (ErrorClass.PERMISSION, Words("令牌没有权限", "the token may not do this")),
    368: (ErrorClass.PERMISSION, Words("账号被限制", "the account is blocked for a while")),
    10: (ErrorClass.PERMISSION, Words("没有权限,或超过可回复时限", "no permission, or outside the window")),
    200: (ErrorClass.PERMISSION, Words("令牌没有权限", "the token may not do this")),
    190: (ErrorClass.AUTH, Words("访问令牌失效", "the access token is no longer good")),
    0: (ErrorClass.AUTH, Words("访问令牌失效", "the access token is no longer good")),
    100: (ErrorClass.BAD_REQUEST, Words("参数不对", "a wrong parameter")),
    131008: (ErrorClass.BAD_REQUEST, Words("缺少参数", "a parameter is missing")),
    131009: (ErrorClass.BAD_REQUEST, Words("参数不对", "a wrong parameter")),
}
_BUSY = {1, 2, 131000, 131016, 133004}
_THROTTLED = {4, 80007, 130429, 613, 32, 17}
_PAIR = 131056


class GraphError(msgspec.Struct):
    code: int = -1
    error_subcode: int = 0
    message: str = ""


def kind_of(code: int, subcode: int = 0) -> ErrorClass:
    """Of an error that comes later, in a report."""
    if code in _BUSY:
        return ErrorClass.TRANSIENT
    if code in _THROTTLED or code == _PAIR:
        return ErrorClass.THROTTLE
    if 132000 <= code <= 132099:
        return ErrorClass.CONTENT
    found = CODES.get(subcode or code) or CODES.get(code)
    return found[0] if found else ErrorClass.BAD_REQUEST


def failure(error: GraphError, attempt: int) -> SendFailed:
    words = f"{error.code} {error.message}".strip()
    if error.code in _BUSY:
        return again(words, attempt)
    if error.code in _THROTTLED:
        return SendFailed(ErrorClass.THROTTLE, words, retry_after=timedelta(seconds=1 << min(attempt, 8)))
    if error.code == _PAIR:  # too many to one person: nobody else has to wait for it
        wait = timedelta(seconds=6 << min(attempt, 6)) if attempt < 6 else None
        return SendFailed(
            ErrorClass.QUOTA_EXHAUSTED, f"对此人发送过快 too fast to this person: {words}", retry_after=wait
        )
    known = CODES.get(error.error_subcode or error.code) or CODES.get(error.code)
    if known is None:
        if 132000 <= error.code <= 132099:
            return SendFailed(ErrorClass.CONTENT, f"{_TEMPLATE.zh} {_TEMPLATE.en}: {words}")
        return SendFailed(ErrorClass.BAD_REQUEST, words)
    return SendFailed(known[0], f"{known[1].zh} {known[1].en}: {words}")
