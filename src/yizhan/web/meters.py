"""What all web processes of the product count: each tells the others, so that whichever is asked answers for all."""

from __future__ import annotations

import asyncio
import os
import resource
import socket
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from yizhan.foundation.bus import Bus, LocalBus
from yizhan.foundation.log import get_logger
from yizhan.web.meter import Counts, Meter

log = get_logger(__name__)

PROCESS = "_YIZHAN_PROCESS"  # not a setting: which of the processes below the main one this is
_TOPIC = "meters"
_EVERY_SECONDS = 5.0
_SILENT_SECONDS = 20.0  # who has said nothing for so long is gone, and starts from nothing when it is back
_KIB = 1024


class Reading(msgspec.Struct, frozen=True):
    """Of one process. `cpu` in seconds, `resident` in bytes."""

    process: str
    counts: Counts
    cpu: float
    resident: int


def process_name() -> str:
    return f"{socket.gethostname()}/{os.environ.get(PROCESS, 'main')}"


class Meters:
    """`own` is set by who builds the application."""

    def __init__(
        self, bus: Bus | None = None, process: str | None = None, ticks: Callable[[], float] = time.monotonic
    ) -> None:
        self.own: Meter | None = None
        self.process = process or process_name()
        self._bus = bus
        self._ticks = ticks
        self._others: dict[str, tuple[float, Reading]] = {}
        self._decoder = msgspec.json.Decoder(Reading)
        if bus is not None:
            bus.subscribe(_TOPIC, self._heard)

    async def run(self) -> None:
        """Until cancelled. A process that is alone has nobody to tell."""
        while self._bus is not None and not isinstance(self._bus, LocalBus):
            await self.tell()
            await asyncio.sleep(_EVERY_SECONDS)

    async def tell(self) -> None:
        if self.own is not None and self._bus is not None:
            await self._bus.publish(_TOPIC, msgspec.json.encode(self._read(self.own)))

    def readings(self) -> list[Reading]:
        """Our own as it is now, the others' as they were some seconds ago."""
        heard = self._ticks() - _SILENT_SECONDS
        others = [reading for at, reading in self._others.values() if at > heard]
        own = [self._read(self.own)] if self.own is not None else []
        return sorted([*own, *others], key=lambda one: one.process)

    def _read(self, meter: Meter) -> Reading:
        usage = resource.getrusage(resource.RUSAGE_SELF)
        cpu = round(usage.ru_utime + usage.ru_stime, 3)
        return Reading(self.process, meter.counts(), cpu, _resident(usage.ru_maxrss * _KIB))

    def _heard(self, payload: bytes) -> None:
        try:
            reading = self._decoder.decode(payload)
        except msgspec.DecodeError as strange:  # of another version, while one is rolled out
            log.warning("meters.not_ours", error=repr(strange))
            return
        if reading.process != self.process:
            self._others[reading.process] = (self._ticks(), reading)


def _resident(peak: int) -> int:
    """As Linux tells it; elsewhere the peak is the nearest there is."""
    statm = Path("/proc/self/statm")
    return int(statm.read_text().split()[1]) * resource.getpagesize() if statm.exists() else peak
