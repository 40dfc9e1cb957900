"""A stand-in and the adapters it speaks to, in one process: what it pushes is heard, what we send it is served."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

import httpx

from tests.channels.lines import TestLine, account_for
from tests.serving import served
from yizhan.channels import adapter
from yizhan.desk.channels import Account, Reply, Request, SignatureRefused
from yizhan.desk.outbound import Letter
from yizhan.foundation.clock import Clock
from yizhan.foundation.errors import Invalid
from yizhan.records.outbox import Earlier
from yizhan.simulator import Human, Vendor

ANNA = Human(key="anna", name="王晓燕", phone="+8619900000001")


class Ears:
    """The callback door of each channel: keeps what was heard, answers as the house would."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.accounts: dict[str, Account] = {}
        self.heard: list[Any] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body = (await receive()).get("body", b"")
        channel = scope["path"].rsplit("/", 1)[-1]
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        request = Request(method=scope["method"], query=scope["query_string"].decode(), headers=headers, body=body)
        reply = self._hear(channel, request)
        await send({"type": "http.response.start", "status": reply.status, "headers": []})
        await send({"type": "http.response.body", "body": reply.body})

    def _hear(self, channel: str, request: Request) -> Reply:
        found = adapter(channel)
        assert found is not None
        assert found.hear is not None
        try:
            heard = found.hear(self.accounts[channel], request, self._clock.now())
        except SignatureRefused:
            return Reply(status=403)
        except Invalid:
            return Reply(status=422)
        self.heard += heard.happenings
        return heard.reply


class Standing:
    """A vendor with `ears` at its callbacks, and a `line` for each of its doors."""

    def __init__(self, vendor: Vendor, ears: Ears, lines: Mapping[str, TestLine]) -> None:
        self.vendor: Any = vendor
        self.ears = ears
        self.lines = lines

    def take(self) -> list[Any]:
        """What was heard since last time."""
        taken, self.ears.heard = self.ears.heard, []
        return taken


@asynccontextmanager
async def standing(kind: type[Vendor], clock: Clock) -> AsyncIterator[Standing]:
    async def pause(_: float) -> None:
        pass

    ears = Ears(clock)
    vendor = kind(clock, client=httpx.AsyncClient(transport=httpx.ASGITransport(ears)), pause=pause)
    async with served(vendor) as base:
        vendor.base = base
        lines = {}
        for door in vendor.doors:
            found = adapter(door.channel)
            assert found is not None
            account = account_for(found, vendor.settings(door.channel), vendor.secrets(door.channel))
            ears.accounts[door.channel] = account
            vendor.callbacks[door.channel] = f"http://desk.test/hooks/{door.channel}"
            lines[door.channel] = TestLine(account, clock)
        try:
            yield Standing(vendor, ears, lines)
        finally:
            for line in lines.values():
                await line.http.close()
            await vendor.pusher.close()


def letter(to: str, text: str, at: datetime, **more: Any) -> Letter:
    """A reply of an agent; `answers` is the payload of what the customer wrote last, `answered` its id."""
    answers, answered = more.pop("answers", None), more.pop("answered", "1")
    earlier = (Earlier(answered, "in", answers),) if answers is not None else ()
    return Letter(
        message_id=UUID(int=3), conversation_id=UUID(int=4), ticket_id=None, inbox_id=UUID(int=77),
        attempt=more.pop("attempt", 1), at=at, to=to, to_name="王晓燕", author="agent:x", author_name="林一",
        kind=more.pop("kind", "text"), text=text, earlier=earlier, **more,
    )  # fmt: skip
