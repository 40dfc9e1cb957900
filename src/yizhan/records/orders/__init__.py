"""Orders 订单: purchases as source systems tell them, each on the identity of who bought."""

from yizhan.records.orders.model import Document, KnownOrder, Order, OrderLine, OrderStatus, Tracking
from yizhan.records.orders.policy import MOST_FEN, currency_of, fen_of, masked, number_of, status_of
from yizhan.records.orders.store import add, change, known, orders_by_id, orders_numbered, orders_of, told

__all__ = [
    "MOST_FEN",
    "Document",
    "KnownOrder",
    "Order",
    "OrderLine",
    "OrderStatus",
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
    "status_of",
    "told",
]
