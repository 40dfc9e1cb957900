"""订单卡片: an order of the customer goes into his conversation, if he has shown who he is."""

from __future__ import annotations

from uuid import UUID

from yizhan.desk import connectors, serving, views
from yizhan.desk.channels import Capabilities
from yizhan.desk.serving import OrderCard
from yizhan.desk.verification import Act
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Forbidden, Invalid, NotFound
from yizhan.records import contacts, orders
from yizhan.records.agents import Permission
from yizhan.records.conversations import Conversation
from yizhan.web.call import Call
from yizhan.web.conversations.shapes import NewMessage
from yizhan.web.verification import ensure_shown


async def ordered(
    tx: Tx, c: Conversation, data: NewMessage, order_id: UUID, can: Capabilities | None, call: Call
) -> OrderCard:
    """Raises NotVerified before 核身, and Invalid where others would read it too."""
    if not call.viewer.may(Permission.CUSTOMER_READ):
        raise Forbidden("you may not see the orders of customers")
    if data.note or data.text.strip() or data.attachments:
        raise Invalid("an order goes to the customer as a message of its own: send the words apart", "order")
    if can is not None and can.public:
        raise Invalid("everybody reads along here: send the order where the customer alone reads it", "order")
    order = await _his(tx, c.contact_id, order_id)
    await ensure_shown(tx, call, await views.person_of(tx, c.contact_id), order.contact_id, Act.ORDER_DETAILS)
    locale = (await contacts.contact(tx, c.contact_id)).locale or data.locale
    return serving.order_card(order, can.kinds if can else (), english=locale.lower().startswith("en"))


async def _his(tx: Tx, contact_id: UUID, order_id: UUID) -> orders.Order:
    found = await orders.orders_by_id(tx, [order_id])
    if not found or found[0].contact_id not in await connectors.records_of(tx, contact_id):
        raise NotFound("this customer has no such order")
    return found[0]
