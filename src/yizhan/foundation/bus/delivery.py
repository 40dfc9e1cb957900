"""Inside one process: from a topic to its subscribers, each at its own pace."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from yizhan.foundation.errors import TooLarge
from yizhan.foundation.log import get_logger

log = get_logger(__name__)

Receive: TypeAlias = Callable[[bytes], Awaitable[None] | None]
Unsubscribe: TypeAlias = Callable[[], None]

MAX_PAYLOAD = 4096
"""Bytes. The same for every bus, so that what works on a laptop works on a cluster; NOTIFY carries 8000 at most."""

_BACKLOG = 1000
_MAX_TOPIC = 80
_TOPIC = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*")


def check(topic: str, payload: bytes = b"") -> None:
    if len(topic) > _MAX_TOPIC or not _TOPIC.fullmatch(topic):
        raise ValueError(f"{topic!r} is no topic: words of a-z 0-9 _ - joined by dots, {_MAX_TOPIC} at most")
    if len(payload) > MAX_PAYLOAD:
        raise TooLarge(f"a signal has {MAX_PAYLOAD} bytes at most, this has {len(payload)}")


class Delivery:
    """A subscriber that falls behind loses its oldest signals; it never holds up the publisher or its neighbours."""

    def __init__(self, backlog: int = _BACKLOG) -> None:
        self._backlog = backlog
        self._inboxes: dict[str, list[_Inbox]] = {}

    def subscribe(self, topic: str, receive: Receive) -> Unsubscribe:
        check(topic)
        inbox = _Inbox(topic, receive, self._backlog)
        inboxes = self._inboxes.setdefault(topic, [])
        inboxes.append(inbox)

        def unsubscribe() -> None:
            inbox.close()
            if inbox in inboxes:
                inboxes.remove(inbox)

        return unsubscribe

    def deliver(self, topic: str, payload: bytes) -> None:
        for inbox in self._inboxes.get(topic, ()):
            inbox.put(payload)

    async def close(self) -> None:
        """What is still waiting is lost."""
        running = [inbox for inboxes in self._inboxes.values() for inbox in inboxes]
        self._inboxes.clear()
        for inbox in running:
            inbox.close()
        await asyncio.gather(*(inbox.task for inbox in running), return_exceptions=True)


class _Inbox:
    def __init__(self, topic: str, receive: Receive, backlog: int) -> None:
        self._topic = topic
        self._receive = receive
        self._waiting: asyncio.Queue[bytes] = asyncio.Queue(backlog)
        self._lost = 0
        self.task = asyncio.create_task(self._run(), name=f"bus {topic}")

    def put(self, payload: bytes) -> None:
        if self._waiting.full():
            self._waiting.get_nowait()
            self._lost += 1
        self._waiting.put_nowait(payload)

    def close(self) -> None:
        self.task.cancel()

    async def _run(self) -> None:
        while True:
            payload = await self._waiting.get()
            if self._lost:
                log.warning("bus.subscriber_behind", topic=self._topic, lost=self._lost)
                self._lost = 0
            try:
                waited = self._receive(payload)
                if waited is not None:
                    await waited
            except Exception:
                log.exception("bus.subscriber_failed", topic=self._topic)
