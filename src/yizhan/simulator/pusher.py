"""The way from a vendor to the platform: signed anew for every attempt, given up as the vendor gives up."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

import httpx
import msgspec

if TYPE_CHECKING:
    from yizhan.simulator.vendor import Vendor

_SHOWN_CHARS = 500


class Retry(msgspec.Struct, frozen=True):
    """`attempts` in all, each given `timeout` seconds; `pauses` between them, the last one repeated."""

    attempts: int = 3
    timeout: float = 5.0
    pauses: tuple[float, ...] = (0.0,)

    def pause(self, after: int) -> float:
        return self.pauses[min(after, len(self.pauses)) - 1] if self.pauses else 0.0


class Wire(msgspec.Struct, frozen=True, kw_only=True):
    """One request to the platform's callback address; `query` goes behind it."""

    body: bytes = b""
    method: str = "POST"
    query: str = ""
    headers: Mapping[str, str] = {}


class Answered(msgspec.Struct, frozen=True):
    """What the platform said; `status` 0 and `error` when it said nothing."""

    status: int
    body: bytes
    seconds: float
    error: str = ""


def is_200(answered: Answered) -> bool:
    return answered.status == 200


class Push(msgspec.Struct, frozen=True, kw_only=True):
    """`sign` makes the request, once for each attempt: same message, new nonce and timestamp. `accepts` says whether
    the vendor takes this answer for an acknowledgement; `heard` is told the one that was."""

    channel: str
    sign: Callable[[], Wire]
    label: str = ""
    accepts: Callable[[Answered], bool] = is_200
    heard: Callable[[Answered], Awaitable[None]] | None = None


class Delivery(msgspec.Struct):
    """How a push went."""

    accepted: bool = False
    attempts: list[Answered] = []

    @property
    def note(self) -> str:
        """In short, what the platform answered last."""
        if not self.attempts:
            return "no callback address"
        last = self.attempts[-1]
        said = last.error or f"HTTP {last.status} {last.body.decode(errors='replace')[:_SHOWN_CHARS]}".strip()
        return said if len(self.attempts) == 1 else f"{said} ({len(self.attempts)} attempts)"


class Pusher:
    """`pause` waits between attempts, in seconds; tests wait for nothing."""

    def __init__(
        self, vendor: Vendor, client: httpx.AsyncClient | None = None,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:  # fmt: skip
        self._vendor = vendor
        self._client = client
        self._pause = pause
        self._tasks: set[asyncio.Task[Delivery]] = set()

    async def push(self, push: Push) -> Delivery:
        """Returns when it is acknowledged or given up."""
        url = self._vendor.callbacks.get(push.channel)
        if not url:
            return Delivery()
        mischief = self._vendor.faults.take_mischief()
        if mischief == "thrice":
            first, *_ = await asyncio.gather(*(self._deliver(push, url, "") for _ in range(3)))
            return first
        return await self._deliver(push, url, mischief)

    def soon(self, push: Push) -> None:
        """A report that follows by itself: the caller does not wait."""
        task = asyncio.create_task(self.push(push))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settled(self) -> None:
        """When everything that goes by itself has gone."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

    async def once(self, push: Push, wire: Wire) -> Answered:
        """One attempt with this very request."""
        url = self._vendor.callbacks[push.channel]
        return await self._ask(url, wire, push.label, self._vendor.retry.timeout)

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._client is not None:
            await self._client.aclose()

    async def _deliver(self, push: Push, url: str, mischief: str) -> Delivery:
        retry, done = self._vendor.retry, Delivery()
        for attempt in range(1, retry.attempts + 1):
            wire = push.sign()
            if mischief == "tamper":
                wire = tampered(wire)
            answered = await self._ask(url, wire, push.label, retry.timeout)
            done.attempts = [*done.attempts, answered]
            if push.accepts(answered):
                done.accepted = True
                if push.heard is not None:
                    await push.heard(answered)
                break
            if attempt < retry.attempts and (seconds := retry.pause(attempt)):
                await self._pause(seconds)
        return done

    async def _ask(self, url: str, wire: Wire, label: str, seconds: float) -> Answered:
        if self._client is None:
            self._client = httpx.AsyncClient(trust_env=False)
        if wire.query:
            url += ("&" if "?" in url else "?") + wire.query
        at, started = self._vendor.clock.now(), time.perf_counter()
        try:
            got = await self._client.request(
                wire.method, url, content=wire.body, headers=dict(wire.headers), timeout=seconds
            )
            answered = Answered(got.status_code, got.content, time.perf_counter() - started)
        except httpx.TimeoutException:
            answered = Answered(0, b"", time.perf_counter() - started, f"no answer within {seconds:g} s")
        except httpx.HTTPError as failure:
            answered = Answered(0, b"", time.perf_counter() - started, str(failure) or type(failure).__name__)
        self._vendor.journal.note(
            "push", at, wire.method, url, status=answered.status, seconds=answered.seconds, asked=wire.body,
            answered=answered.body, note=answered.error or label,
        )  # fmt: skip
        return answered


def tampered(wire: Wire) -> Wire:
    """One letter in the middle of the body is another one."""
    at = len(wire.body) // 2
    altered = wire.body[:at] + bytes([wire.body[at] ^ 1]) + wire.body[at + 1 :] if wire.body else b"x"
    return msgspec.structs.replace(wire, body=altered)
