"""One call of a vendor by a sender; what becomes of it is said in the words of the queue."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TypeVar

import msgspec

from yizhan.desk.channels.contract import Line
from yizhan.desk.outbound import ErrorClass, SendFailed
from yizhan.foundation.errors import TooLarge
from yizhan.foundation.http import HttpFailed, HttpRefused, Response

T = TypeVar("T")

_FIRST_PAUSE = timedelta(seconds=5)
_MOST_TRIES = 4
_DID_NOTHING = frozenset({500, 503})  # any other page in place of an answer is a gateway's, and says nothing
_PASSES = frozenset({ErrorClass.THROTTLE, ErrorClass.TRANSIENT})
_SHOWN_CHARS = 120


async def call(
    line: Line, method: str, url: str, *, attempt: int, repeatable: bool = False,
    headers: Mapping[str, str] | None = None, content: bytes | None = None, timeout: float = 10.0,  # noqa: ASYNC109
) -> Response:  # fmt: skip
    """Raises SendFailed where no answer came. `repeatable`: the vendor knows a message it has had before, so it may be
    told again; else a lost answer means that perhaps it was sent."""
    try:
        return await line.http.request(method, url, headers=headers, content=content, timeout=timeout)
    except HttpRefused as refusal:
        raise SendFailed(ErrorClass.BAD_REQUEST, refusal.message) from refusal
    except HttpFailed as failure:
        if failure.sent and not repeatable:
            raise SendFailed(ErrorClass.UNKNOWN, failure.message, ambiguous=True) from failure
        raise again(failure.message, attempt) from failure
    except TooLarge as wrong:
        raise _unclear(wrong.message, attempt, repeatable=repeatable) from wrong


def understood(answer: Response, kind: type[T], *, attempt: int, repeatable: bool = False) -> T:
    """The answer as JSON; raises SendFailed for a page of a gateway or anything else that was not agreed."""
    try:
        return msgspec.json.decode(answer.content, type=kind)
    except (msgspec.DecodeError, UnicodeError):
        pass
    if answer.status == 429:
        raise throttled("HTTP 429", attempt, answer)
    words = f"HTTP {answer.status}: {answer.content[:_SHOWN_CHARS].decode(errors='replace')}"
    if answer.status in _DID_NOTHING:
        raise again(words, attempt)
    raise _unclear(words, attempt, repeatable=repeatable)


def again(words: str, attempt: int, error_class: ErrorClass = ErrorClass.TRANSIENT) -> SendFailed:
    """Certainly not sent; tried again a few times, later each time."""
    return SendFailed(error_class, words, retry_after=pause(attempt))


def failed(cause: ErrorClass, words: str, attempt: int) -> SendFailed:
    """Tried again where the cause passes by itself."""
    return SendFailed(cause, words, retry_after=pause(attempt) if cause in _PASSES else None)


def throttled(words: str, attempt: int, answer: Response) -> SendFailed:
    """The vendor says when, or we wait longer each time."""
    named = answer.headers.get("retry-after", "")
    wait = timedelta(seconds=min(3600, int(named))) if named.isascii() and named.isdigit() else pause(attempt)
    return SendFailed(ErrorClass.THROTTLE, words, retry_after=wait)


def pause(attempt: int) -> timedelta | None:
    """Doubles from five seconds; None when it has been tried often enough."""
    return _FIRST_PAUSE * (1 << max(0, attempt - 1)) if attempt < _MOST_TRIES else None


def _unclear(words: str, attempt: int, *, repeatable: bool) -> SendFailed:
    return again(words, attempt) if repeatable else SendFailed(ErrorClass.UNKNOWN, words, ambiguous=True)
