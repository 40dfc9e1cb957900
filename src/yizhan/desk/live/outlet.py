"""What waits to go out to one socket: bounded, so that a slow reader costs memory to nobody."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

RESYNC = 4408
"""Close code: what the client knows is no longer a base to go on from."""

_MOST_FRAMES = 2_000
_MOST_CHARS = 2 << 20


class Outlet:
    """Frames are JSON texts made once and shared by all who get them; several go out as one array."""

    def __init__(self, *, most_frames: int = _MOST_FRAMES, most_chars: int = _MOST_CHARS) -> None:
        self._frames: list[str] = []
        self._chars = 0
        self._most_frames = most_frames
        self._most_chars = most_chars
        self._bell = asyncio.Event()
        self.closing: int | None = None

    def put(self, frames: Sequence[str]) -> None:
        """Too much waiting means that the reader cannot follow: it is told to read anew, and let go."""
        if self.closing is not None or not frames:
            return
        self._frames.extend(frames)
        self._chars += sum(map(len, frames))
        if len(self._frames) > self._most_frames or self._chars > self._most_chars:
            self.resync("slow")
            return
        self._bell.set()

    def resync(self, reason: str) -> None:
        self.finish(RESYNC, f'{{"t":"resync","reason":"{reason}"}}')

    def finish(self, code: int, last: str | None = None) -> None:
        """Nothing more is taken; what waits is dropped for a last word."""
        if self.closing is not None:
            return
        self._frames = [last] if last else []
        self.closing = code
        self._bell.set()

    async def next(self) -> str | None:
        """All that waits as one text; None once it is finished and empty."""
        await self._bell.wait()
        text = self.take()
        if text is None and self.closing is None:
            return await self.next()
        return text

    def take(self) -> str | None:
        frames, self._frames, self._chars = self._frames, [], 0
        if self.closing is None:
            self._bell.clear()
        return packed(frames) if frames else None

    def drain(self) -> list[str]:
        """For long polls, which answer a list."""
        frames, self._frames, self._chars = self._frames, [], 0
        if self.closing is None:
            self._bell.clear()
        return frames

    async def wait(self) -> None:
        await self._bell.wait()


def packed(frames: Sequence[str]) -> str:
    return frames[0] if len(frames) == 1 else f"[{','.join(frames)}]"
