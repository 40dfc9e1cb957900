"""A message on its way out, and what its letter is made of."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

MAILED = "mailed"
"""The kind of the line in a chat that says its answers went by mail, and of the letter that carries them."""

SURVEY = "survey"
"""The kind of a message that asks how it was: the one a counted channel keeps room for."""


class State(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"  # committed before the vendor is called: found at a start, nobody knows what became of it
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"  # perhaps sent: only a person may send it again


class ErrorClass(StrEnum):
    """Why a message was not sent: stable codes, the same for every channel."""

    AUTH = "auth"
    THROTTLE = "throttle"
    TRANSIENT = "transient"
    UNKNOWN = "unknown"  # perhaps sent
    WINDOW_CLOSED = "window_closed"
    QUOTA_EXHAUSTED = "quota_exhausted"
    RECIPIENT = "recipient_blocked"
    SUPPRESSED = "suppressed"  # we stopped writing to this address
    CONTENT = "content_rejected"
    PERMISSION = "permission"
    BAD_REQUEST = "bad_request"
    RECALLED = "recalled"  # its author took it back before it left
    UNWANTED = "unwanted"  # a machine's answer that must not be sent


class NextStep(StrEnum):
    """What whoever sees a failure may do about it."""

    WAIT = "wait"  # it is tried again by itself
    RETRY = "retry"
    EDIT_ADDRESS = "edit_address"
    ALLOW_ADDRESS = "allow_address"
    CHANGE_TEXT = "change_text"
    OTHER_CHANNEL = "other_channel"
    REAUTHORISE = "reauthorise"  # who keeps the inbox signs in again
    MEND_INBOX = "mend_inbox"


class Failure(msgspec.Struct, frozen=True):
    """`code` is an ErrorClass; `words` are the vendor's own, for who wants to know."""

    code: str
    steps: tuple[NextStep, ...]
    words: str


class Suppressed(msgspec.Struct, frozen=True):
    """An address we stopped writing to. `scope` is `all`, or `notices` for what nobody asked for."""

    id: UUID
    scope: str
    kind: str
    masked: str
    reason: str
    words: str
    message_id: UUID | None
    at: datetime


class Outgoing(msgspec.Struct, frozen=True):
    """One row of the queue. `attempt` counts the calls of the vendor, from 1 once the first has begun."""

    message_id: UUID
    inbox_id: UUID
    conversation_id: UUID
    channel: str
    state: State
    attempt: int
    next_at: datetime
    started_at: datetime | None


class Written(msgspec.Struct, frozen=True):
    """A message as it was stored, with what its letter needs of its surroundings."""

    message_id: UUID
    conversation_id: UUID
    identity_id: UUID
    ticket_id: UUID | None
    ticket_number: int | None
    ticket_subject: str | None
    author: str
    kind: str
    text: str
    html: str | None
    payload: dict[str, Any] | None
    attachments: list[dict[str, Any]] | None
    at: datetime
    recalled_at: datetime | None
    contact_name: str
    contact_locale: str | None
    agent_name: str | None
    contact_id: UUID
    claim: bytes | None = None  # goes to this address that the customer left, not to the identity he writes from


class Way(msgspec.Struct, frozen=True):
    """An inbox through which answers follow who is gone, to the address of this kind that he left."""

    inbox_id: UUID
    channel: str
    kind: str
    most_chars: int


class Answer(msgspec.Struct, frozen=True):
    """One of the answers that a mail to an absent visitor is made of."""

    author: str
    agent_name: str | None
    text: str
    attachments: list[dict[str, Any]] | None


class Earlier(msgspec.Struct, frozen=True):
    """An earlier message of the conversation under the id its channel gave it."""

    external_id: str
    direction: str
    payload: dict[str, Any] | None


class Spoken(msgspec.Struct, frozen=True):
    """Something a customer wrote, or a machine of ours answered; `here`: in the conversation that was asked about."""

    direction: str
    at: datetime
    here: bool
