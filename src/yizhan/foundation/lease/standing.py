"""Who holds what, for the people who look."""

import msgspec

from yizhan.foundation.db import Tx, load_queries

SQL = load_queries(__package__)


class LeaseState(msgspec.Struct, frozen=True):
    """`left_s` is what the holder has left before the next one may take over; 0 when nobody holds it."""

    name: str
    holder: str
    term: int
    left_s: float


async def leases(tx: Tx) -> list[LeaseState]:
    """Every lease that was ever held, by name."""
    return [LeaseState(**row) for row in await tx.fetch(SQL.leases)]
