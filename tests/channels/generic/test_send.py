"""A reply goes to the other system, signed; every refusal has its class."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from tests.channels.lines import TestLine, account_for
from yizhan.channels.generic import (
    ADAPTER,
    SIGNATURE,
    TIMESTAMP,
    GenericSecret,
    GenericSender,
    GenericSettings,
    verify,
)
from yizhan.desk.outbound import ErrorClass, Letter, LetterFile, SendFailed
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.http import Guard, Http

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
SECRET = GenericSecret(secret="s1", secret_next="s2")
LETTER = Letter(
    message_id=UUID(int=3), conversation_id=UUID(int=4), ticket_id=None, inbox_id=UUID(int=5), attempt=1, at=NOW,
    to="buyer-9", to_name="王晓燕", author="agent:x", author_name="林一", kind="text", text="明天到",
    files=(LetterFile(hash="h", name="a.txt", type="text/plain"),),
)  # fmt: skip
Answer = Callable[[bytes, dict[str, str]], Awaitable[tuple[int, bytes]]]


class Other:
    """The other system: keeps what it was sent, answers as told."""

    def __init__(self) -> None:
        self.status = 200
        self.heard: list[tuple[bytes, dict[str, str]]] = []

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        body = b""
        while True:
            part = await receive()
            body += part.get("body", b"")
            if not part.get("more_body"):
                break
        self.heard.append((body, {k.decode(): v.decode() for k, v in scope["headers"]}))
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": b'{"id":"their-1"}'})


async def _load(_: str) -> bytes:
    return b"hello"


async def sent(other: Other, serve: Any, letter: Letter = LETTER, **settings: Any) -> Any:
    async with serve(other) as base:
        http = Http(Guard(allow=["127.0.0.1"]))
        sender = GenericSender(http, GenericSettings(callback_url=f"{base}/back", **settings), SECRET, _load)
        try:
            return await sender.send(letter)
        finally:
            await http.close()


async def test_a_reply_is_signed_and_carries_its_id(serve: Any) -> None:
    other = Other()
    assert (await sent(other, serve)).vendor_id == "their-1"
    [(body, headers)] = other.heard
    verify(SECRET.all, headers[TIMESTAMP], headers[SIGNATURE], body, NOW)
    assert headers["idempotency-key"] == str(LETTER.message_id)
    said = json.loads(body)
    assert (said["text"], said["to"], said["author"]) == ("明天到", {"id": "buyer-9", "name": "王晓燕"}, "林一")
    assert said["attachments"] == [{"name": "a.txt", "type": "text/plain", "content_base64": "aGVsbG8="}]


@pytest.mark.parametrize(
    ("status", "error_class", "again"),
    [
        (500, ErrorClass.TRANSIENT, True),
        (503, ErrorClass.TRANSIENT, True),
        (429, ErrorClass.THROTTLE, True),
        (401, ErrorClass.AUTH, False),
        (422, ErrorClass.CONTENT, False),
    ],
)
async def test_a_refusal_has_its_class(serve: Any, status: int, error_class: ErrorClass, *, again: bool) -> None:
    other = Other()
    other.status = status
    with pytest.raises(SendFailed) as failure:
        await sent(other, serve)
    assert (failure.value.error_class, failure.value.retry_after is not None) == (error_class, again)


async def test_an_address_inside_is_never_called() -> None:
    http = Http(Guard())
    sender = GenericSender(http, GenericSettings(callback_url="http://127.0.0.1:1/"), SECRET, _load)
    with pytest.raises(SendFailed) as failure:
        await sender.send(LETTER)
    assert failure.value.error_class is ErrorClass.BAD_REQUEST
    await http.close()


async def test_the_check_pings_the_callback(serve: Any) -> None:
    other = Other()
    async with serve(other) as base:
        assert ADAPTER.check is not None
        account = account_for(ADAPTER, {"callback_url": f"{base}/back"}, {"secret": "s1"})
        checks = await ADAPTER.check(TestLine(account, FakeClock(NOW)))
        assert [(each.name, each.ok) for each in checks] == [("secret", True), ("callback", True)]
        nothing = TestLine(account_for(ADAPTER, {}, {}), FakeClock(NOW))
        assert [each.ok for each in await ADAPTER.check(nothing)] == [False]
