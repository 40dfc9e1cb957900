"""What is known of one try to learn who somebody is."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

import msgspec

from yizhan.foundation.errors import Conflict


class Way(StrEnum):
    SMS = "sms"  # a code to a mobile
    MAIL = "mail"  # a code and a link to a mailbox
    LINK = "link"  # a link into a conversation by mail
    LOGIN = "login"  # he is signed in on the house's own site


class State(StrEnum):
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"  # it could not be sent
    PROVED = "proved"
    REFUSED = "refused"  # too many wrong codes
    REPLACED = "replaced"  # by a newer one, whose code alone counts


class CodeRefused(Conflict):
    """No code that counts: over, used, replaced, or tried too often."""

    code: ClassVar[str] = "code_refused"


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """`code` is its HMAC; None where only a link counts."""

    conversation_id: UUID
    contact_id: UUID
    ticket_id: UUID | None
    way: Way
    kind: str
    blind: bytes
    masked: str
    code: bytes | None
    asked_by: UUID
    expires_at: datetime


class Verification(msgspec.Struct, frozen=True, kw_only=True):
    """`good_until` is the end of what it opens; a proof of yesterday opens nothing today."""

    id: UUID
    conversation_id: UUID
    contact_id: UUID
    ticket_id: UUID | None
    way: Way
    kind: str
    blind: bytes
    masked: str
    code: bytes | None
    state: State
    tries: int
    error: str | None
    asked_by: UUID | None
    asked_at: datetime
    expires_at: datetime
    proved_at: datetime | None
    good_until: datetime | None
    version: int

    def waits(self, now: datetime) -> bool:
        return self.state is State.SENT and now < self.expires_at

    def counts(self, now: datetime) -> bool:
        return self.state is State.PROVED and self.good_until is not None and now < self.good_until
