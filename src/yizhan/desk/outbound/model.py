"""What a channel is given to send, and what it answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar, Protocol, runtime_checkable
from uuid import UUID

import msgspec

from yizhan.desk.outbound.policy import Limit
from yizhan.foundation.errors import DomainError
from yizhan.records.outbox import Earlier, ErrorClass

__all__ = ["ErrorClass", "Letter", "LetterFile", "Limited", "Mark", "Receipt", "SendFailed", "Sender"]


class LetterFile(msgspec.Struct, frozen=True):
    """A file in the blob store; `size` in bytes."""

    hash: str
    name: str
    type: str
    cid: str = ""
    size: int = 0


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

    @property
    def answers_to(self) -> str:
        """What the vendor calls the message that this one quotes; empty where it quotes none."""
        quote = (self.payload or {}).get("quote")
        return str(quote.get("vendor_id") or "") if isinstance(quote, dict) else ""


class Mark(msgspec.Struct, frozen=True):
    """The id under which the world will know the message, when it is ours to give; `reference` is its short form."""

    external_id: str
    reference: bytes


class Receipt(msgspec.Struct, frozen=True):
    """The vendor has accepted the message. `reported`: what becomes of it is told later under `vendor_id`."""

    vendor_id: str = ""
    reported: bool = False


class SendFailed(DomainError):  # noqa: N818 - what happened
    """`retry_after` None is final. `ambiguous`: perhaps it was sent, so it is not sent again by itself.

    `gone`: the vendor says that there is no such address, so it is not written to again.
    """

    code: ClassVar[str] = "send_failed"

    def __init__(
        self, error_class: ErrorClass, message: str, *, retry_after: timedelta | None = None, ambiguous: bool = False,
        gone: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(message)
        self.error_class = error_class
        self.retry_after = retry_after
        self.ambiguous = ambiguous
        self.gone = gone


@runtime_checkable
class Limited(Protocol):
    """A sender whose account has a rate or a quota."""

    @property
    def limits(self) -> Sequence[Limit]: ...


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
