"""What LINE's refusals mean for a message."""

from __future__ import annotations

import msgspec

from yizhan.desk.channels import again, throttled
from yizhan.desk.outbound import ErrorClass, SendFailed
from yizhan.foundation.http import Response


class Detail(msgspec.Struct):
    message: str = ""
    property: str = ""


class Refusal(msgspec.Struct):
    message: str = ""
    details: list[Detail] = []

    @property
    def words(self) -> str:
        return "; ".join([self.message, *(f"{each.property}: {each.message}" for each in self.details)])[:300]


def failure(answer: Response, said: Refusal, attempt: int) -> SendFailed:
    words = f"HTTP {answer.status} {said.words}"
    if answer.status == 429:
        if "monthly limit" in said.message.lower():
            return SendFailed(ErrorClass.QUOTA_EXHAUSTED, f"本月条数已用完 the month's messages are used up: {words}")
        return throttled(words, attempt, answer)
    if answer.status >= 500:
        return again(words, attempt)
    if answer.status == 401:
        return SendFailed(ErrorClass.AUTH, f"访问令牌失效 the access token is not good: {words}")
    if answer.status == 403:
        return SendFailed(ErrorClass.PERMISSION, f"没有权限 the plan does not allow it: {words}")
    if answer.status == 404 or "failed to send" in said.message.lower() or "property, 'to'" in said.message:
        return SendFailed(ErrorClass.RECIPIENT, f"发不到这个人 this person cannot be reached: {words}")
    return SendFailed(ErrorClass.BAD_REQUEST, words)
