"""The journal over NATS: who gives the positions also sends the entries, so that many nodes do not all ask PostgreSQL.

Nothing depends on it. A packet that is lost, late or larger than a signal leaves a gap, and who sees a gap reads the
journal itself; PostgreSQL stays the truth and the only log, so core NATS is enough.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from yizhan.foundation.bus import MAX_PAYLOAD, Bus
from yizhan.foundation.journal import Entry, Feed
from yizhan.foundation.lease import Lease
from yizhan.foundation.log import get_logger

log = get_logger(__name__)

_TOPIC = "journal.entries"
_MOST_IN_PACKET = 50


class Packet(msgspec.Struct, frozen=True, array_like=True):
    epoch: int
    entries: list[Entry]


_decoder = msgspec.msgpack.Decoder(Packet)


class Pump:
    """The sending end: follows the feed of its process, and speaks while it holds the journal's lease."""

    def __init__(self, bus: Bus, feed: Feed, journal: Lease) -> None:
        self._bus = bus
        self._feed = feed
        self._journal = journal
        feed.listen(self.hear)

    async def hear(self, entries: Sequence[Entry]) -> None:
        if self._journal.held:
            for packet in packets(self._feed.epoch, entries):
                await self._bus.publish(_TOPIC, packet)


def packets(epoch: int, entries: Sequence[Entry]) -> Iterator[bytes]:
    """In order; an entry too large for any signal is left out, and missed."""
    for start in range(0, len(entries), _MOST_IN_PACKET):
        yield from _halved(epoch, list(entries[start : start + _MOST_IN_PACKET]))


def _halved(epoch: int, entries: list[Entry]) -> Iterator[bytes]:
    packet = msgspec.msgpack.encode(Packet(epoch, entries))
    if len(packet) <= MAX_PAYLOAD:
        yield packet
    elif len(entries) > 1:
        middle = len(entries) // 2
        yield from _halved(epoch, entries[:middle])
        yield from _halved(epoch, entries[middle:])


def follow(bus: Bus, feed: Feed, journal: Lease) -> None:
    """The receiving end, where somebody else holds the journal's lease."""

    def heard(payload: bytes) -> None:
        if journal.held:
            return
        try:
            packet = _decoder.decode(payload)
        except msgspec.DecodeError as strange:
            log.warning("pump.not_ours", error=repr(strange))
            return
        if packet.epoch == feed.epoch:
            feed.offer(packet.entries)

    bus.subscribe(_TOPIC, heard)
