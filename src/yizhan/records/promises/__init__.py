"""Promises 承诺: what an agent told a customer by when, and whether it was kept.

A promise is owed until it is settled: kept, or withdrawn with a reason. Past its time it is late, and still owed.
"""

from yizhan.records.promises.model import NewPromise, Promise, PromiseKind, PromiseState
from yizhan.records.promises.policy import LONGEST, check_new
from yizhan.records.promises.service import fall_due, keep, keep_by_reply, make, settle_with_tickets, withdraw
from yizhan.records.promises.store import held_until, lock_promise, promises_by_id

__all__ = [
    "LONGEST",
    "NewPromise",
    "Promise",
    "PromiseKind",
    "PromiseState",
    "check_new",
    "fall_due",
    "held_until",
    "keep",
    "keep_by_reply",
    "lock_promise",
    "make",
    "promises_by_id",
    "settle_with_tickets",
    "withdraw",
]
