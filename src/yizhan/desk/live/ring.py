"""The last minutes of frames, for those who come back: each row once, in its latest form."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterator
from uuid import UUID

import msgspec

from yizhan.desk.live.frames import Put
from yizhan.desk.live.model import Reach

KEEP_SECONDS = 300.0
MOST_CHANGES = 50_000
MOST_CHARS = 12 << 20
_MOST_EARLIER = 4
_ROW = 1_500  # about the bytes of a row beside what was said in it


class Change(msgspec.Struct):
    """`whole` is the row as agents see it, `shown` as the visitor does; `earlier` whom it concerned before. `words` is
    how much was said in it."""

    pos: int
    entity: str
    id: UUID
    whole: Put
    reach: Reach
    beside: Reach | None = None
    earlier: tuple[Reach, ...] = ()
    shown: str | None = None
    identity_id: UUID | None = None
    words: int = 0


class Ring:
    """Bounded by age, number and size. `floor` is the oldest position from which nothing is missing."""

    def __init__(self, floor: int, *, most: int = MOST_CHANGES, chars: int = MOST_CHARS) -> None:
        self.floor = floor
        self._most = most
        self._most_chars = chars
        self._chars = 0
        self._changes: OrderedDict[UUID, Change] = OrderedDict()
        self._ages: deque[tuple[float, int]] = deque()

    def add(self, change: Change, seconds: float) -> None:
        old = self._changes.pop(change.id, None)
        if old is not None:
            self._chars -= _size(old)
            known = (*old.earlier, old.reach, *change.earlier)
            change.earlier = tuple(dict.fromkeys(known))[-_MOST_EARLIER:]
        self._changes[change.id] = change
        self._chars += _size(change)
        if not self._ages or self._ages[-1][1] != change.pos:
            self._ages.append((seconds, change.pos))

    def since(self, pos: int) -> list[Change] | None:
        """What changed after `pos`, oldest first; None when some of it is no longer known."""
        if pos < self.floor:
            return None
        return list(reversed(list(self._after(pos))))

    def _after(self, pos: int) -> Iterator[Change]:
        for change in reversed(self._changes.values()):
            if change.pos <= pos:
                return
            yield change

    def shorten(self, seconds: float) -> None:
        """To its bounds; after each tick."""
        while self._ages and seconds - self._ages[0][0] > KEEP_SECONDS:
            self.floor = max(self.floor, self._ages.popleft()[1])
        while self._changes:
            oldest = next(iter(self._changes.values()))
            full = len(self._changes) > self._most or self._chars > self._most_chars
            if not full and oldest.pos > self.floor:
                return
            self._changes.popitem(last=False)
            self._chars -= _size(oldest)
            self.floor = max(self.floor, oldest.pos)

    def __len__(self) -> int:
        return len(self._changes)


def _size(change: Change) -> int:
    return _ROW + change.words + len(change.shown or "")
