"""Who is turned away, and why."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec


class Reason(StrEnum):
    ABUSE = "abuse"  # 辱骂
    HARASSMENT = "harassment"  # 骚扰
    ADVERTISING = "advertising"  # 广告
    FLOOD = "flood"  # 刷屏


class BlockScope(StrEnum):
    IDENTITY = "identity"
    DEVICE = "device"  # one browser at one address
    IP = "ip"  # an address: last of all, for behind one stands a campus


class Block(msgspec.Struct, frozen=True, kw_only=True):
    """`subject` is what is recognised: the identity's id, or the browser and address of its last visit.

    `until` None: until somebody lifts it.
    """

    id: UUID
    scope: BlockScope
    subject: str
    identity_id: UUID
    contact_id: UUID
    brand_id: UUID | None
    team_id: UUID | None
    conversation_id: UUID | None
    message_id: UUID | None
    reason: Reason
    note: str
    until: datetime | None
    made_by: str
    made_at: datetime
    reviewed_at: datetime | None = None
    reviewed_by: str | None = None
    ended_at: datetime | None = None
    ended_by: str | None = None
    turned_away: int = 0
    last_at: datetime | None = None
    told_at: datetime | None = None
    version: int = 1

    def holds(self, now: datetime) -> bool:
        return self.ended_at is None and (self.until is None or self.until > now)


class Warning(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    identity_id: UUID
    contact_id: UUID
    conversation_id: UUID
    message_id: UUID
    reason: Reason
    actor: str
    at: datetime
