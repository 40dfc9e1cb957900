"""All SQL of the monitor: one row that is kept."""

from __future__ import annotations

import zlib
from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.desk.metrics.model import Late, State, Unassigned
from yizhan.foundation.db import Tx, load_queries

SQL = load_queries(__package__)

VERSION = 7
"""Of the shape of what is kept: raise it with any change to `State`, and the fold is made anew."""

_decoder = msgspec.msgpack.Decoder(State)
_encoder = msgspec.msgpack.Encoder()


async def newest(tx: Tx, epoch: int, head: int) -> State | None:
    """None where nothing fits: the first start, another shape, a journal that was restored to an earlier state."""
    row = await tx.fetchrow(SQL.newest)
    if row is None or row["v"] != VERSION or row["epoch"] != epoch or row["pos"] > head:
        return None
    return _decoder.decode(zlib.decompress(row["state"]))


async def unassigned(tx: Tx) -> dict[UUID, Unassigned]:
    """Tickets that nobody has, for a house that never counted before: some wait for longer than it looks back."""
    rows = await tx.fetch(SQL.unassigned)
    return {row["id"]: Unassigned(str(row["team_id"] or ""), row["created_at"].timestamp()) for row in rows}


async def late(tx: Tx) -> dict[UUID, Late]:
    """Tickets whose promises are nearly or really late, for a house that never counted before."""
    found: dict[UUID, Late] = {}
    for row in await tx.fetch(SQL.late):
        of = found.setdefault(row["ticket_id"], Late(str(row["team_id"] or "")))
        (of.held if row["paused"] else of.marks)[row["id"]] = "breached" if row["breached"] else "warned"
    return found


def packed(state: State) -> bytes:
    return zlib.compress(_encoder.encode(state), 1)


async def keep(tx: Tx, pos: int, epoch: int, state: bytes, at: datetime) -> None:
    await tx.execute(SQL.keep, pos, epoch, VERSION, state, at)
