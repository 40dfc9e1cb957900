"""What this process remembers of visitors between two requests. Losing it costs nobody a message."""

import time
from collections import OrderedDict
from typing import Generic, TypeVar
from uuid import UUID

import msgspec

from yizhan.web.buckets import Buckets, Rate

Value = TypeVar("Value")

MESSAGES = Rate(0.7, 15)
FRAMES = Rate(10, 100)
SESSIONS = Rate(0.5, 20)
FILES = Rate(0.2, 12)


class Page(msgspec.Struct, frozen=True):
    """Where a visitor was when his widget opened a session."""

    url: str = ""
    title: str = ""
    referrer: str = ""


class Kept(Generic[Value]):
    """The newest `most` values by the blind index of a visitor."""

    def __init__(self, most: int = 20_000) -> None:
        self._values: OrderedDict[bytes, Value] = OrderedDict()
        self._most = most

    def put(self, blind: bytes, value: Value) -> None:
        self._values.pop(blind, None)
        self._values[blind] = value
        if len(self._values) > self._most:
            self._values.popitem(last=False)

    def get(self, blind: bytes) -> Value | None:
        return self._values.get(blind)

    def pop(self, blind: bytes) -> Value | None:
        return self._values.pop(blind, None)


class WidgetMemory:
    def __init__(self) -> None:
        self.pages: Kept[Page] = Kept()
        self.visits: Kept[UUID] = Kept()
        self.duties: Kept[str] = Kept()
        self.leaving: Kept[bool] = Kept()
        self.messages = Buckets(MESSAGES, time.monotonic)
        self.frames = Buckets(FRAMES, time.monotonic)
        self.sessions = Buckets(SESSIONS, time.monotonic)
        self.files = Buckets(FILES, time.monotonic)
