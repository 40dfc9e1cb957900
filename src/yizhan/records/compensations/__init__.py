"""Compensations 补偿: the ledger of what a person was paid, limits, and approvals above them."""

from yizhan.records.compensations.model import Allowed, Compensation, PaidAlready, PayKind, PayState, Wish
from yizhan.records.compensations.policy import MOST_FEN, total_with, within
from yizhan.records.compensations.service import ask, decide, withdraw
from yizhan.records.compensations.store import ledger, lock_compensation, lock_person, pending, ticket_of

__all__ = [
    "MOST_FEN",
    "Allowed",
    "Compensation",
    "PaidAlready",
    "PayKind",
    "PayState",
    "Wish",
    "ask",
    "decide",
    "ledger",
    "lock_compensation",
    "lock_person",
    "pending",
    "ticket_of",
    "total_with",
    "withdraw",
    "within",
]
