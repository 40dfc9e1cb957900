"""订单卡片: an order of the customer goes into his conversation, if he has shown who he is."""

from __future__ import annotations

from uuid import UUID

from yizhan.desk import connectors, serving, views
from yizhan.desk.channels import Capabilities, ensure_sendable
from yizhan.desk.verification import Act
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Forbidden, Invalid, NotFound
from yizhan.records import contacts, conversations, orders
from yizhan.records.agents import Permission
from yizhan.records.conversations import Draft
from yizhan.web.call import Call
from yizhan.web.conversations.shapes import NewMessage
from yizhan.web.verification import ensure_shown


async def card_of(tx: Tx, conversation_id: UUID, data: NewMessage, call: Call) -> list[Draft]:
    """The order a reply brings along, as a message of its own after the words; none where it brings none. Raises
    NotVerified before 核身, and Invalid where others would read it too."""
    if data.order is None:
        return []
    if not call.viewer.may(Permission.CUSTOMER_READ):
        raise Forbidden("you may not see the orders of customers")
    if data.note:
        raise Invalid("an order goes to the customer, not into a note", "order")
    c = await conversations.lock_conversation(tx, conversation_id)
    house = call.services.channels
    can = (await house.can(tx, c.inbox_id) if house else None) or Capabilities()
    if can.public:
        raise Invalid("everybody reads along here: send the order where the customer alone reads it", "order")
    order = await _his(tx, c.contact_id, data.order)
    await ensure_shown(tx, call, await views.person_of(tx, c.contact_id), order.contact_id, Act.ORDER_DETAILS)
    locale = (await contacts.contact(tx, c.contact_id)).locale or data.locale
    card = serving.order_card(order, can.kinds, english=locale.lower().startswith("en"))
    ensure_sendable(can, card.text, [])
    alone = not data.text.strip() and not data.attachments and data.template is None
    return [Draft(
        direction="out", author=call.actor, text=card.text, kind=card.kind, payload=card.payload,
        client_id=data.client_id if alone else f"{data.client_id}:order",
    )]  # fmt: skip


async def _his(tx: Tx, contact_id: UUID, order_id: UUID) -> orders.Order:
    found = await orders.orders_by_id(tx, [order_id])
    if not found or found[0].contact_id not in await connectors.records_of(tx, contact_id):
        raise NotFound("this customer has no such order")
    return found[0]
