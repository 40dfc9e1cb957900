"""Figures of the machine room."""

import msgspec


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


class State(msgspec.Struct, frozen=True, kw_only=True):
    """`unplaced` are committed events that have no position yet."""

    readers: list[ReaderState]
    unplaced: int
    timers_held: int
    outbound: OutboundState
    database: DatabaseState
