"""Signals between processes: typing, presence, doorbells. They may be lost; what must not be is in the journal.

Within a process a signal arrives at once, whatever lies between the processes.
"""

from yizhan.foundation.bus.delivery import MAX_PAYLOAD, Receive
from yizhan.foundation.bus.local import Bus, LocalBus
from yizhan.foundation.bus.nats import BusUnreachable, NatsBus
from yizhan.foundation.bus.postgres import PostgresBus
from yizhan.foundation.bus.starting import keep_starting
from yizhan.foundation.db import Database
from yizhan.foundation.errors import Invalid

__all__ = [
    "MAX_PAYLOAD",
    "Bus",
    "BusUnreachable",
    "LocalBus",
    "NatsBus",
    "PostgresBus",
    "Receive",
    "keep_starting",
    "open_bus",
]


def open_bus(url: str, db: Database) -> Bus:
    """`local`, `postgres`, or `nats://host`. Not started yet."""
    if url == "local":
        return LocalBus()
    if url == "postgres":
        return PostgresBus(db)
    if url.startswith(("nats://", "tls://")):
        return NatsBus(url)
    raise Invalid("a bus is local, postgres or nats://host", "bus_url")
