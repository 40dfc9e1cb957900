"""All that went over the wire, both ways, as a vendor's engineer would look it up."""

from __future__ import annotations

from collections import deque
from datetime import datetime
from typing import Literal

import msgspec

_KEPT = 500
_SHOWN_CHARS = 4_000


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """`way`: call when the platform called the vendor, push when the vendor called the platform. `status` 0: none."""

    number: int
    at: datetime
    way: Literal["call", "push"]
    method: str
    path: str
    status: int
    seconds: float
    asked: str = ""
    answered: str = ""
    note: str = ""


class Journal:
    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=_KEPT)
        self._number = 0

    def note(
        self, way: Literal["call", "push"], at: datetime, method: str, path: str, *, status: int, seconds: float,
        asked: bytes = b"", answered: bytes = b"", note: str = "",
    ) -> None:  # fmt: skip
        self._number += 1
        self._entries.append(Entry(
            number=self._number, at=at, way=way, method=method, path=path, status=status, seconds=round(seconds, 3),
            asked=_shown(asked), answered=_shown(answered), note=note,
        ))  # fmt: skip

    def entries(self, after: int = 0) -> list[Entry]:
        return [each for each in self._entries if each.number > after]

    def calls(self, path: str) -> list[Entry]:
        """Of the platform, to this path."""
        return [each for each in self._entries if each.way == "call" and each.path.split("?")[0] == path]


def _shown(content: bytes) -> str:
    try:
        return content.decode()[:_SHOWN_CHARS]
    except UnicodeDecodeError:
        return f"({len(content)} bytes)"
