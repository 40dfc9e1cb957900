"""One's own replies, what fills the gaps, and counting what is sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from yizhan.desk.quick_replies import store
from yizhan.desk.quick_replies.model import Known, OwnReply
from yizhan.desk.quick_replies.policy import check_gaps
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Conflict, Invalid, NotFound
from yizhan.foundation.ids import new_id
from yizhan.records.orders import Order, OrderStatus

MOST_OWN = 200
_THERE = frozenset({OrderStatus.DELIVERED, OrderStatus.DONE})


async def keep_own(tx: Tx, agent_id: UUID, title: str, text: str, types: Sequence[str], *, now: datetime) -> OwnReply:
    check_gaps(text, "text")
    if len(await store.own_of(tx, agent_id)) >= MOST_OWN:
        raise Invalid(f"one keeps at most {MOST_OWN} replies of one's own", "title")
    made = OwnReply(new_id(now), title.strip(), text.strip(), list(types), 1)
    await store.keep(tx, made.id, agent_id, made.title, made.text, made.types)
    return made


async def change_own(tx: Tx, agent_id: UUID, given: OwnReply) -> OwnReply:
    """`version` of what is given is the one that was read. Raises Conflict when it was changed elsewhere meanwhile."""
    check_gaps(given.text, "text")
    made = OwnReply(given.id, given.title.strip(), given.text.strip(), given.types, given.version + 1)
    if await store.change(tx, given.id, agent_id, made.title, made.text, made.types, given.version) is None:
        raise Conflict("it was changed or deleted meanwhile: look at it again")
    return made


async def drop_own(tx: Tx, agent_id: UUID, id: UUID) -> None:
    if not await store.drop(tx, id, agent_id):
        raise NotFound(f"quick reply {id}")


async def count_use(tx: Tx, reply: str, agent_id: UUID, day: date) -> None:
    await store.count(tx, reply, agent_id, day)


def known_of(
    orders: Sequence[Order], named: str | None, *, customer: str | None, agent: str, inbox: str, brand: str | None,
    ticket: int | None,
) -> Known:  # fmt: skip
    """Of his orders that may be told: the one the ticket names, else the latest. One the ticket names stays named even
    where nothing else of it may be told."""
    of_ticket = next((each for each in orders if each.number == named), None)
    order = of_ticket or (orders[0] if orders and named is None else None)
    parcel = order.document.tracking if order else None
    return Known(
        customer=customer, order=named or (order.number if order else None), arrival=_arrival(order),
        carrier=parcel.carrier if parcel else None, parcel=parcel.number if parcel else None, agent=agent, inbox=inbox,
        brand=brand, ticket=ticket,
    )  # fmt: skip


def _arrival(order: Order | None) -> date | None:
    """As its source says; of what is there already, the day it was told so."""
    if order is None:
        return None
    told = order.document.tracking.arrives_on if order.document.tracking else None
    return told or (order.changed_at.date() if order.status in _THERE else None)
