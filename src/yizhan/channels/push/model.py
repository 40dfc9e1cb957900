"""What the vendors have in common: one call, and what its answer means."""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Protocol
from uuid import UUID

import msgspec

from yizhan.desk.channels import Granted
from yizhan.desk.push import PushAccount, PushFailed, Ring
from yizhan.foundation.errors import TooLarge
from yizhan.foundation.http import Http, HttpFailed, HttpRefused, Response

Ask = Callable[[], Awaitable[Granted]]
_SECONDS = 10.0
_MOST_ANSWER = 64 * 1024
_SHOWN_CHARS = 160


class TokenOver(PushFailed):
    """The vendor does not take our access token (any more): with another one it may."""

    code = "push_token_over"

    def __init__(self, message: str) -> None:
        super().__init__(message, again=False)


class Keeping(Protocol):
    """One living access token for each inbox and name; `desk.channels.Tokens` is one."""

    async def token(self, inbox_id: UUID, name: str, ask: Ask) -> str: ...

    async def refused(self, inbox_id: UUID, name: str, token: str) -> None: ...


class Request(msgspec.Struct, frozen=True):
    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes = b""


class Vendor(Protocol):
    """A file of this folder. `entry` is who we are for an hour or so (None: nothing but the secret itself); `render`
    is pure; `read` is None when it was taken, and raises what is wrong. Its words say what an administrator can do."""

    def entry(self, http: Http, account: PushAccount, now: datetime) -> Ask | None: ...

    def render(self, account: PushAccount, ring: Ring, token: str) -> Request: ...

    def read(self, answer: Response, ring: Ring) -> bool:
        """False when the device is gone."""
        ...


async def call(http: Http, request: Request, *, repeatable: bool = True) -> Response:
    """Raises PushFailed. A push told twice is one on the screen (it collapses), unless the vendor says otherwise."""
    try:
        return await http.request(
            request.method, request.url, headers=request.headers, content=request.body or None, timeout=_SECONDS,
            max_bytes=_MOST_ANSWER,
        )  # fmt: skip
    except HttpRefused as refusal:
        raise PushFailed(refusal.message, again=False) from refusal
    except HttpFailed as failure:
        raise PushFailed(failure.message, again=repeatable or not failure.sent) from failure
    except TooLarge as wrong:
        raise PushFailed(wrong.message, again=False) from wrong


def unclear(answer: Response) -> PushFailed:
    """Neither taken nor refused in the vendor's own words: a gateway's page, or a vendor in trouble."""
    words = answer.content[:_SHOWN_CHARS].decode(errors="replace")
    return PushFailed(f"HTTP {answer.status}: {words}", again=answer.status in (200, 429) or answer.status >= 500)


def encoded(value: object) -> bytes:
    return msgspec.json.encode(value)


def b64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
