"""What a channel is given to send, and what it answers."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar, Protocol
from uuid import UUID

import msgspec

from yizhan.foundation.errors import DomainError
from yizhan.records.outbox import Earlier


class ErrorClass(StrEnum):
    """Why a message was not sent, the same words for every channel."""

    AUTH = "auth"
    THROTTLE = "throttle"
    TRANSIENT = "transient"
    UNKNOWN = "unknown"  # perhaps sent
    WINDOW_CLOSED = "window_closed"
    QUOTA_EXHAUSTED = "quota_exhausted"
    RECIPIENT = "recipient_blocked"
    CONTENT = "content_rejected"
    PERMISSION = "permission"
    BAD_REQUEST = "bad_request"
    RECALLED = "recalled"  # its author took it back before it left


class LetterFile(msgspec.Struct, frozen=True):
    """A file in the blob store."""

    hash: str
    name: str
    type: str
    cid: str = ""


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """One reply, complete but for the channel's own form. `at` is the moment of this attempt, `to` in clear."""

    message_id: UUID
    conversation_id: UUID
    ticket_id: UUID | None
    inbox_id: UUID
    attempt: int
    at: datetime
    to: str
    to_name: str
    author: str
    author_name: str
    kind: str
    text: str
    html: str | None = None
    payload: dict[str, Any] | None = None
    files: tuple[LetterFile, ...] = ()
    subject: str = ""
    ticket_number: int | None = None
    earlier: tuple[Earlier, ...] = ()  # mails of the conversation, the newest first

    @property
    def automatic(self) -> bool:
        return not self.author.startswith("agent:")


class Mark(msgspec.Struct, frozen=True):
    """The id under which the world will know the message, when it is ours to give; `reference` is its short form."""

    external_id: str
    reference: bytes


class Receipt(msgspec.Struct, frozen=True):
    """The vendor has accepted the message."""

    vendor_id: str = ""


class SendFailed(DomainError):  # noqa: N818 - what happened
    """`retry_after` None is final. `ambiguous`: perhaps it was sent, so it is not sent again by itself."""

    code: ClassVar[str] = "send_failed"

    def __init__(
        self, error_class: ErrorClass, message: str, *, retry_after: timedelta | None = None, ambiguous: bool = False
    ) -> None:
        super().__init__(message)
        self.error_class = error_class
        self.retry_after = retry_after
        self.ambiguous = ambiguous


class Sender(Protocol):
    """A channel's way out of one inbox. With `idempotent` the vendor recognises a message it has had before."""

    @property
    def idempotent(self) -> bool: ...

    def mark(self, letter: Letter) -> Mark | None:
        """The same for every attempt of one message."""
        ...

    async def send(self, letter: Letter) -> Receipt:
        """Raises SendFailed."""
        ...

    async def close(self) -> None: ...
