"""The numbers on the sockets, once a second to those who look, at once when something is late; and what is done."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from yizhan.desk.live import AgentSocket, Hub, PartRow
from yizhan.desk.metrics import Metrics
from yizhan.foundation.clock import Clock
from yizhan.foundation.db import Tx
from yizhan.foundation.journal import Entry, Wake
from yizhan.web.monitor.handlers import steps_now
from yizhan.web.monitor.shapes import figures_shape

_EVERY = 1.0
_LEAST = 0.25
_AT_ONCE = frozenset({"sla.warned", "sla.breached"})
_HOUSE = UUID(int=0)


class MonitorNews:
    """The entity `metrics`; those who see the same get the same frame, made once."""

    def __init__(self, hub: Hub, metrics: Metrics, clock: Clock) -> None:
        self._hub = hub
        self._metrics = metrics
        self._clock = clock
        self._soon = Wake()

    async def hear(self, entries: Sequence[Entry]) -> None:
        """Behind the metrics on the feed: what is late is on the wall before the next second."""
        if any(entry.kind in _AT_ONCE for entry in entries):
            self._soon.ring()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(_LEAST)
            await self._soon.wait(_EVERY - _LEAST)
            self.tell()

    def tell(self) -> None:
        groups: dict[object, list[AgentSocket]] = defaultdict(list)
        for socket in self._hub.audience.sockets:
            if socket.watch.monitor and socket.supervises:
                groups[socket.viewer.scope, socket.viewer.team_ids, socket.viewer.brand_ids].append(socket)
        for sockets in groups.values():
            shape = figures_shape(self._metrics, self._clock.now(), sockets[0].viewer)
            self._hub.tell(sockets, "metrics", _HOUSE, self._metrics.state.pos, shape)


class StepsPart:
    """The entity `steps`: measures and overflows that run, to every supervisor."""

    entity = "steps"

    def wants(self, entry: Entry) -> bool:
        return entry.kind.startswith(("measure.", "overflow."))

    async def rows(self, tx: Tx, entries: Sequence[Entry]) -> Sequence[PartRow]:
        return [PartRow(_HOUSE, entries[-1].pos, await steps_now(tx), frozenset(), supervised=True)]
