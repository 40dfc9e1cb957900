"""Orders 订单: purchases as source systems tell them, each on the identity of who bought."""

from yizhan.records.orders.model import (
    MOST_PARCEL_EVENTS,
    Document,
    KnownOrder,
    Order,
    OrderLine,
    OrderStatus,
    ParcelEvent,
    ParcelState,
    Tracking,
)
from yizhan.records.orders.policy import (
    MOST_FEN,
    currency_of,
    fen_of,
    masked,
    number_of,
    page_of,
    parcel_of,
    parcel_state_of,
    status_of,
)
from yizhan.records.orders.store import add, change, known, orders_by_id, orders_numbered, orders_of, told

__all__ = [
    "MOST_FEN",
    "MOST_PARCEL_EVENTS",
    "Document",
    "KnownOrder",
    "Order",
    "OrderLine",
    "OrderStatus",
    "ParcelEvent",
    "ParcelState",
    "Tracking",
    "add",
    "change",
    "currency_of",
    "fen_of",
    "known",
    "masked",
    "number_of",
    "orders_by_id",
    "orders_numbered",
    "orders_of",
    "page_of",
    "parcel_of",
    "parcel_state_of",
    "status_of",
    "told",
]
