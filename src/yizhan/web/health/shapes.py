"""What machines, and the people who run them, are told."""

from datetime import datetime

import msgspec

from yizhan.desk.operations import (
    Alarm,
    DatabaseState,
    Disk,
    HeldWork,
    OutboundState,
    ReaderState,
    Retried,
    State,
)
from yizhan.foundation.lease import LeaseState


class Health(msgspec.Struct, frozen=True):
    status: str
    version: str


class Operations(msgspec.Struct, frozen=True, kw_only=True):
    """`lag` is of the slowest reader of the journal, `held` of all of them together.

    `retry` says whether held work can be taken again from here.
    """

    lag: int
    held: int
    readers: list[ReaderState]
    unplaced: int
    timers_held: int
    jobs_queued: int
    jobs_held: int
    conversations_queued: int
    leases: list[LeaseState]
    outbound: OutboundState
    pg: DatabaseState
    disk: Disk | None
    alarms: list[Alarm]
    retry: bool
    version: str


class HeldList(msgspec.Struct, frozen=True):
    items: list[HeldWork]


class FailedRule(msgspec.Struct, frozen=True):
    """A rule that was skipped: of which documents, since when, and how often."""

    kind: str
    source: str
    rule: str
    error: str
    first_at: datetime
    last_at: datetime
    times: int


class FailedRules(msgspec.Struct, frozen=True):
    items: list[FailedRule]


class RetriedList(msgspec.Struct, frozen=True):
    items: list[Retried]


def operations_shape(of: State, disk: Disk | None, alarms: list[Alarm], *, retry: bool, version: str) -> Operations:
    return Operations(
        lag=max((reader.lag for reader in of.readers), default=0),
        held=sum(reader.held for reader in of.readers),
        readers=of.readers,
        unplaced=of.unplaced,
        timers_held=of.timers_held,
        jobs_queued=of.jobs_queued,
        jobs_held=of.jobs_held,
        conversations_queued=of.conversations_queued,
        leases=of.leases,
        outbound=of.outbound,
        pg=of.database,
        disk=disk,
        alarms=alarms,
        retry=retry,
        version=version,
    )
