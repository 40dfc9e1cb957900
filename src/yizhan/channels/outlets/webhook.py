"""Signed webhooks, and the gateway for text messages, which is one with numbers and a short text. Pure.

Signed as our generic channel signs: hex(HMAC-SHA256(secret, timestamp + "." + body)), the timestamp in Unix seconds.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import timedelta
from hashlib import sha256

import msgspec

from yizhan.channels.outlets.model import Request, cut, rest_of
from yizhan.desk.outlets import Cause, Dispatch, Item, PostFailed

_SMS_CHARS = 200
_LONGEST_PAUSE = timedelta(hours=1)


class _Notices(msgspec.Struct, frozen=True):
    """What the other system receives; `id` is the same for each try."""

    id: str
    title: str
    level: str
    more: int
    notices: tuple[Item, ...]


class _Sms(msgspec.Struct, frozen=True):
    id: str
    to: tuple[str, ...]
    text: str


def render(dispatch: Dispatch, secrets: Mapping[str, str]) -> Request:
    said = _Notices(str(dispatch.id), dispatch.title, dispatch.level, dispatch.more, dispatch.items)
    return _signed(dispatch, secrets, msgspec.json.encode(said))


def render_sms(dispatch: Dispatch, secrets: Mapping[str, str]) -> Request:
    first = dispatch.items[0]
    words = [dispatch.title, *(first.lines if len(dispatch.items) == 1 else ()), rest_of(dispatch)]
    text = " ".join(filter(None, words))[:_SMS_CHARS]
    return _signed(dispatch, secrets, msgspec.json.encode(_Sms(str(dispatch.id), dispatch.to, cut(text, 600))))


def _signed(dispatch: Dispatch, secrets: Mapping[str, str], body: bytes) -> Request:
    headers = {"content-type": "application/json", "idempotency-key": str(dispatch.id)}
    if secrets.get("secret"):
        timestamp = str(int(dispatch.at.timestamp()))
        signed = b"%b.%b" % (timestamp.encode(), body)
        headers["x-yizhan-timestamp"] = timestamp
        headers["x-yizhan-signature"] = hmac.digest(secrets["secret"].encode(), signed, sha256).hex()
    return Request(secrets.get("url", ""), body, headers)


def read(status: int, headers: Mapping[str, str]) -> None:
    """Raises PostFailed for every answer but a 2xx."""
    if 200 <= status < 300:
        return
    if status == 429:
        asked = headers.get("retry-after", "")
        seconds = int(asked) if asked.isdecimal() and len(asked) < 6 else 60
        raise PostFailed(Cause.LIMITED, "HTTP 429", pause=min(timedelta(seconds=seconds), _LONGEST_PAUSE))
    raise PostFailed(Cause.TRANSPORT if status >= 500 else Cause.REFUSED, f"HTTP {status}")
