"""A customer at a glance, for whoever stands before him."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from yizhan.desk.counter import policy, store
from yizhan.desk.counter.model import CounterOrder, CounterTicket, Glance, Owed, ShownIdentity
from yizhan.desk.counter.store import SQL
from yizhan.desk.verification import Act, VerificationBook
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import NotFound
from yizhan.records.counter import Encounter, How

_SHORT = 5
_VISITS = 3
_LATELY = timedelta(hours=24)
_NAMED = frozenset({How.MEMBER_CODE, How.APPOINTMENT})
"""Whose name is no news to who is told it: he showed it himself, or is expected by it."""


async def glance(tx: Tx, of: Encounter, book: VerificationBook, now: datetime) -> Glance:
    """Whole where he has shown who he is; else what the policy of 核身 leaves."""
    seen = await _whole(tx, of.contact_id, now)
    if of.verified:
        return seen
    return policy.masked(seen, book.now.guards.of(Act.ORDER_DETAILS), named=of.how in _NAMED)


async def _whole(tx: Tx, contact_id: UUID, now: datetime) -> Glance:
    card = await tx.fetchrow(SQL.card, contact_id)
    if card is None:
        raise NotFound(f"contact {contact_id}")
    person = card["id"]
    tickets = [dict(row) for row in await tx.fetch(SQL.tickets, person, _SHORT)]
    orders = [dict(row) for row in await tx.fetch(SQL.orders, person, _SHORT)]
    return Glance(
        contact_id=person, name=card["name"], level=card["level"], known_since=card["created_at"], masked=False,
        identities=[ShownIdentity(*row.values()) for row in await tx.fetch(SQL.identities, person, _SHORT)],
        open=_count(tickets, "open"), tickets=[CounterTicket(*list(row.values())[:6]) for row in tickets],
        promises=[Owed(*row.values()) for row in await tx.fetch(SQL.promises, person, _SHORT)],
        order_count=_count(orders, "orders"), orders=[_order(row) for row in orders],
        visits=[store.visit_of(row) for row in await tx.fetch(SQL.visits, person, _VISITS)],
        appointments=await store.coming(tx, person, now - _LATELY, _SHORT),
    )  # fmt: skip


def _count(rows: list[dict[str, object]], column: str) -> int:
    return int(str(rows[0][column])) if rows else 0


def _order(row: Mapping[str, object]) -> CounterOrder:
    document = row["document"]
    assert isinstance(document, Mapping)
    return CounterOrder(
        str(row["number"]), str(row["status"]), _at(row["placed_at"]), str(row["currency"]),
        int(str(row["total_fen"])), policy.lines_of(document),
    )  # fmt: skip


def _at(value: object) -> datetime:
    assert isinstance(value, datetime)
    return value
