"""Compensation 补偿: what a customer is paid for a trouble, in fen, and who answers for it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from yizhan.foundation.errors import Conflict


class PayKind(StrEnum):
    COUPON = "coupon"  # 优惠券
    REFUND = "refund"  # 退补款
    GOODS = "goods"  # 补发
    POINTS = "points"  # 积分


class PayState(StrEnum):
    PENDING = "pending"  # 待审批
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class PaidAlready(Conflict):
    """The same matter was compensated before; more of it is asked for knowingly."""

    code = "paid_already"


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """`addition` says that it is known what was paid for the same matter: the same ticket, one merged with it, which
    `family` names, or the same order in another one. Another order number alone makes no other matter of a ticket."""

    ticket_id: UUID
    contact_id: UUID
    kind: PayKind
    fen: int
    reason: str
    order_no: str | None = None
    addition: bool = False
    family: frozenset[UUID] = frozenset()


class Allowed(msgspec.Struct, frozen=True):
    """What one person may grant for a matter; `limit_fen` None is without limit. `needs` is who may grant the rest."""

    limit_fen: int | None
    needs: str | None = None


class Compensation(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    ticket_id: UUID
    contact_id: UUID
    kind: PayKind
    fen: int
    order_no: str | None
    reason: str
    addition: bool
    state: PayState
    asked_by: UUID
    asked_at: datetime
    limit_fen: int | None
    needs: str | None
    total_fen: int
    decided_by: UUID | None
    decided_at: datetime | None
    decision: str | None
    version: int
