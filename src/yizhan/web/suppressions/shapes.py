"""Suppressed addresses on the wire, masked as everywhere."""

from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.records.outbox import Suppressed


class SuppressionShape(msgspec.Struct, frozen=True):
    """`scope` all or notices; `reason` bounced, complained or unsubscribed; `words` are the server's own."""

    id: UUID
    scope: str
    kind: str
    masked: str
    reason: str
    words: str
    message_id: UUID | None
    at: datetime


class SuppressionList(msgspec.Struct, frozen=True):
    """`next` asks for the following page."""

    items: list[SuppressionShape]
    next: UUID | None = None


def suppression_shape(of: Suppressed) -> SuppressionShape:
    return SuppressionShape(of.id, of.scope, of.kind, of.masked, of.reason, of.words, of.message_id, of.at)
