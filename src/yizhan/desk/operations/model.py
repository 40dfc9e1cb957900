"""Figures of the machine room."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from yizhan.foundation.lease import LeaseState
from yizhan.foundation.upkeep import Outcome


class ReaderState(msgspec.Struct, frozen=True):
    """`lag` is how many events a reader of the journal is behind, `held` how many it has put aside."""

    reader: str
    lag: int
    held: int


class OutboundState(msgspec.Struct, frozen=True):
    """Replies on their way: `overdue_s` is how long the oldest of them has been due."""

    queued: int
    sending: int
    failed: int
    unknown: int
    overdue_s: float


class DatabaseState(msgspec.Struct, frozen=True):
    version: str
    bytes: int
    connections: int


class HeldKind(StrEnum):
    EVENT = "event"
    TIMER = "timer"
    JOB = "job"


class HeldWork(msgspec.Struct, frozen=True):
    """Put aside after failing too often. `by` is who could not take it; `at` is null where nobody noted it."""

    kind: HeldKind
    id: int
    what: str
    by: str
    tries: int
    error: str
    at: datetime | None


class Retried(msgspec.Struct, frozen=True):
    """What taking held work again came to; what is merely set going again is `taken`."""

    by: str
    taken: int
    failing: int


class Disk(msgspec.Struct, frozen=True):
    free: int
    total: int


class Level(StrEnum):
    WARN = "warn"
    BAD = "bad"


class Alarm(msgspec.Struct, frozen=True):
    """`code` names the sentence that says what to do; `figure` is what is wrong with it."""

    code: str
    level: Level
    figure: int


class State(msgspec.Struct, frozen=True, kw_only=True):
    """`unplaced` are committed events that have no position yet, `astray` rows that no partition was made for.

    `upkeep` is what the tasks of the day last came to.
    """

    readers: list[ReaderState]
    unplaced: int
    timers_held: int
    jobs_queued: int
    jobs_held: int
    conversations_queued: int
    leases: list[LeaseState]
    outbound: OutboundState
    database: DatabaseState
    astray: int
    upkeep: list[Outcome]


class Receiving(msgspec.Struct, frozen=True):
    """Whether the server of an inbox lets us fetch, since when, and what it says if not."""

    ok: bool
    error_class: str = ""
    detail: str = ""
    at: str = ""
    steps: tuple[str, ...] = ()  # such as `reauthorise`


class InboxTraffic(msgspec.Struct, frozen=True, kw_only=True):
    """What went through an inbox. Times and failures of the last seven days; `last_error` is the newest refusal.

    `receiving` is null for channels that do not fetch.
    """

    inbox_id: UUID
    received_at: datetime | None
    sent_at: datetime | None
    waiting: int
    failed: int
    unknown: int
    error_class: str | None
    last_error: str | None
    error_at: datetime | None
    receiving: Receiving | None
