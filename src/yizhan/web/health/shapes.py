"""What machines, and the people who run them, are told."""

import msgspec

from yizhan.desk.operations import State


class Health(msgspec.Struct, frozen=True):
    status: str
    version: str


class ReaderShape(msgspec.Struct, frozen=True):
    reader: str
    lag: int
    held: int


class OutboundShape(msgspec.Struct, frozen=True):
    queued: int
    sending: int
    failed: int
    unknown: int
    overdue_s: float


class DatabaseShape(msgspec.Struct, frozen=True):
    version: str
    bytes: int
    connections: int


class Operations(msgspec.Struct, frozen=True, kw_only=True):
    """`lag` is of the slowest reader of the journal, `held` of all of them together."""

    lag: int
    held: int
    readers: list[ReaderShape]
    unplaced: int
    timers_held: int
    outbound: OutboundShape
    pg: DatabaseShape
    version: str


def operations_shape(of: State, version: str) -> Operations:
    return Operations(
        lag=max((reader.lag for reader in of.readers), default=0),
        held=sum(reader.held for reader in of.readers),
        readers=[ReaderShape(reader.reader, reader.lag, reader.held) for reader in of.readers],
        unplaced=of.unplaced,
        timers_held=of.timers_held,
        outbound=OutboundShape(
            of.outbound.queued, of.outbound.sending, of.outbound.failed, of.outbound.unknown, of.outbound.overdue_s
        ),
        pg=DatabaseShape(of.database.version, of.database.bytes, of.database.connections),
        version=version,
    )
