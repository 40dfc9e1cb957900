"""Rows of other capabilities on the agents' sockets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

import msgspec

from yizhan.desk.live import frames
from yizhan.desk.live.agents import Audience
from yizhan.desk.live.spread import Spread
from yizhan.foundation.db import Tx
from yizhan.foundation.journal import Entry, Head


class PartRow(msgspec.Struct, frozen=True):
    """`row` None means gone; `agents` None means everybody. Supervisors get it too when `supervised`."""

    id: UUID
    version: int
    row: object | None
    agents: frozenset[UUID] | None = None
    supervised: bool = False
    alert: tuple[str, UUID | None, str] | None = None


class LivePart(Protocol):
    """Another capability's rows on the agents' sockets: offers, the demo's drive …"""

    entity: str

    def wants(self, entry: Entry) -> bool: ...

    async def rows(self, tx: Tx, entries: Sequence[Entry]) -> Sequence[PartRow]: ...


async def part_rows(part: LivePart, tx: Tx, entries: Sequence[Entry]) -> Sequence[PartRow]:
    wanted = [entry for entry in entries if part.wants(entry)]
    return await part.rows(tx, wanted) if wanted else ()


def spread_part(spread: Spread, audience: Audience, entity: str, rows: Sequence[PartRow], at: Head) -> None:
    for row in rows:
        if row.agents is None:
            sockets = set(audience.sockets)
        else:
            sockets = set().union(*(audience.of_agent(agent) for agent in row.agents))
        told = sockets | audience.supervisors() if row.supervised else sockets
        if row.row is None:
            spread.to(told, frames.gone(entity, row.id, at))
        else:
            spread.to(told, frames.put(entity, row.id, row.version, row.row, at))
        if row.alert is not None:
            spread.to(sockets, frames.alert(*row.alert))
