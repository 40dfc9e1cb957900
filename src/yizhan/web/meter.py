"""Counts answers and their time for /metrics: a raw ASGI wrapper, in a fixed number of series."""

import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable

import msgspec

from yizhan.web.asgi import App, Message, Receive, Scope, Send

BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Counts(msgspec.Struct, frozen=True):
    """What one process saw: (method, status, count), and how many answers took no longer than each of `BOUNDS`."""

    answers: list[tuple[str, int, int]]
    buckets: list[int]
    seconds: float
    sockets: int


class Meter:
    """Wraps the application; `counts` is what it saw."""

    def __init__(self, app: App, ticks: Callable[[], float] = time.monotonic) -> None:
        self._app = app
        self._ticks = ticks
        self._answers: Counter[tuple[str, int]] = Counter()
        self._buckets = [0] * (len(BOUNDS) + 1)
        self._seconds = 0.0
        self._sockets = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._sockets += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._sockets -= 1

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = self._ticks()
        method = scope["method"] if scope["method"] in _METHODS else "other"

        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._note(method, int(message["status"]), self._ticks() - started)
            await send(message)

        await self._app(scope, receive, watched)

    def _note(self, method: str, status: int, seconds: float) -> None:
        self._answers[(method, status)] += 1
        self._buckets[bisect_left(BOUNDS, seconds)] += 1
        self._seconds += seconds

    def counts(self) -> Counts:
        answers = [(method, status, count) for (method, status), count in sorted(self._answers.items())]
        return Counts(answers, list(self._buckets), round(self._seconds, 6), self._sockets)
