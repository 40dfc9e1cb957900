"""What Telegram's refusals mean for a message."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from yizhan.desk.channels import again, pause
from yizhan.desk.outbound import ErrorClass, SendFailed

_GONE = ("chat not found", "user is deactivated", "bot was kicked", "group chat was deactivated")


class Parameters(msgspec.Struct):
    retry_after: int = 0


class Answer(msgspec.Struct):
    """`result` is read by whoever asked."""

    ok: bool = False
    result: msgspec.Raw = msgspec.Raw(b"null")
    error_code: int = 0
    description: str = ""
    parameters: Parameters = msgspec.field(default_factory=Parameters)


def failure(answer: Answer, attempt: int) -> SendFailed:
    words, code = f"{answer.error_code} {answer.description}".strip(), answer.error_code
    if code == 429:
        named = answer.parameters.retry_after
        wait = timedelta(seconds=min(named, 3600)) if named else pause(attempt)
        return SendFailed(ErrorClass.THROTTLE, words, retry_after=wait)
    if code >= 500:
        return again(words, attempt)
    if code in (401, 404):
        return SendFailed(ErrorClass.AUTH, f"机器人令牌失效 the bot's token is not good: {words}")
    if code == 403:
        return SendFailed(ErrorClass.RECIPIENT, f"对方已停用机器人 he has blocked the bot: {words}")
    if any(each in answer.description.lower() for each in _GONE):
        return SendFailed(ErrorClass.RECIPIENT, f"没有这个会话 there is no such chat: {words}")
    return SendFailed(ErrorClass.BAD_REQUEST, words)
