"""What waits, in buckets of works that need the same, each in order; the buckets that a decision must look at."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from heapq import heappop, heappush
from typing import NamedTuple, TypeAlias
from uuid import UUID

from yizhan.desk.routing.model import LoadKind, Work
from yizhan.desk.routing.pools import Pool, must_of
from yizhan.desk.routing.reach import next_step, rank_of

Key: TypeAlias = tuple[int, bool, datetime, UUID]


class Kind(NamedTuple):
    """Works of one kind can be given to the same people; one that was returned, or that somebody never gets, is of a
    kind of its own."""

    load: LoadKind
    weight: int
    team_id: UUID | None
    must: frozenset[tuple[UUID, int]]
    wishes: frozenset[UUID]
    senior: bool
    waited: int  # 0 in the team, 1 in the house, 2 without the skill
    priority: int
    alone: UUID | None


class Bucket:
    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.order: list[Key] = []
        self.pool: Pool | None = None  # found when first needed
        self.is_steady = kind.alone is not None or kind.weight > 1  # looked at even when nobody is able

    def leave_pool(self) -> None:
        if self.pool is not None:
            self.pool.users.discard(self)
            self.pool = None


class Queues:
    def __init__(self) -> None:
        self.works: dict[UUID, Work] = {}
        self.dirty: set[Bucket] = set()
        self.of_team: dict[UUID, set[Bucket]] = defaultdict(set)
        self._buckets: dict[Kind, Bucket] = {}
        self._filed: dict[UUID, tuple[Bucket, Key]] = {}
        self._fresh: dict[UUID, None] = {}
        self._steps: list[tuple[datetime, UUID]] = []
        self._since: dict[tuple[UUID, LoadKind], list[tuple[datetime, UUID]]] = defaultdict(list)

    def add(self, work: Work) -> None:
        self.drop(work.id)
        self.works[work.id] = work
        self._fresh[work.id] = None
        if work.team_id is not None:
            insort(self._since[work.team_id, work.load], (work.since, work.id))

    def drop(self, work_id: UUID) -> None:
        work = self.works.pop(work_id, None)
        if work is None:
            return
        self._fresh.pop(work_id, None)
        self._take_out(work_id)
        if work.team_id is not None:
            waits = self._since[work.team_id, work.load]
            del waits[bisect_left(waits, (work.since, work_id))]

    def file(self, now: datetime) -> None:
        """Puts new works into their buckets, and those whose time has come into others."""
        while self._steps and self._steps[0][0] <= now:
            self._fresh.setdefault(heappop(self._steps)[1])
        fresh, self._fresh = self._fresh, {}
        for work_id in fresh:
            work = self.works.get(work_id)
            if work is not None:
                self._file(work, now)

    def waiting(self, team_id: UUID, loads: Sequence[LoadKind]) -> tuple[int, datetime | None]:
        """How much waits for a team, and since when the first of it."""
        waits = [w for load in loads if (w := self._since.get((team_id, load)))]
        return sum(map(len, waits)), min((w[0][0] for w in waits), default=None)

    def ordered(self) -> Iterator[Work]:
        """By the order in which they will be served; new ones by what they are."""

        def key(work: Work) -> Key:
            filed = self._filed.get(work.id)
            return filed[1] if filed else (-work.priority, not work.front, work.seniority, work.id)

        return iter(sorted(self.works.values(), key=key))

    def _file(self, work: Work, now: datetime) -> None:
        self._take_out(work.id)
        step = next_step(work, now)
        if step is not None:
            heappush(self._steps, (step, work.id))
        if work.pulled:
            return
        kind = _kind(work, now)
        bucket = self._buckets.get(kind)
        if bucket is None:
            bucket = self._buckets[kind] = Bucket(kind)
            if kind.team_id is not None:
                self.of_team[kind.team_id].add(bucket)
        key = -rank_of(work, now), not work.front, work.seniority, work.id
        insort(bucket.order, key)
        self._filed[work.id] = bucket, key
        self.dirty.add(bucket)

    def _take_out(self, work_id: UUID) -> None:
        filed = self._filed.pop(work_id, None)
        if filed is None:
            return
        bucket, key = filed
        del bucket.order[bisect_left(bucket.order, key)]
        if not bucket.order:
            self._forget(bucket)

    def _forget(self, bucket: Bucket) -> None:
        del self._buckets[bucket.kind]
        self.dirty.discard(bucket)
        bucket.leave_pool()
        if bucket.kind.team_id is not None:
            self.of_team[bucket.kind.team_id].discard(bucket)


def _kind(work: Work, now: datetime) -> Kind:
    waited = 0
    if work.skills:
        waited = 2 if _past(work.should_at, now) else int(_past(work.house_at, now))
    alone = work.id if work.returned or work.barred else None
    return Kind(
        work.load, work.weight, work.team_id, must_of(work), work.wishes, work.senior, waited, work.priority, alone
    )


def _past(at: datetime | None, now: datetime) -> bool:
    return at is not None and now >= at
