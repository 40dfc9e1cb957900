"""What waits to leave, what a channel is given to post, and what it may answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar, Protocol
from uuid import UUID

import msgspec

from yizhan.desk.outlets.documents import Outlet
from yizhan.foundation.errors import DomainError

FAILED = "outlet.failed"
"""Event: an outlet did not take something for good. Subject: `subject_of` its name; data: outlet, error."""


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One notice for machines. Nothing of a customer's is in it but the number of his ticket."""

    id: UUID
    why: str
    level: str
    title: str
    lines: tuple[str, ...]
    link: str
    ticket_number: int | None
    raised_at: datetime
    facts: Mapping[str, Any]


class Dispatch(msgspec.Struct, frozen=True, kw_only=True):
    """One call: a notice, or several as a digest. `id` is the same for each try; `at` is the moment of this one.

    `values` are what a template may ask for, where that is more than the title and its lines."""

    id: UUID
    at: datetime
    title: str
    items: tuple[Item, ...]
    more: int = 0
    level: str
    language: str
    to: tuple[str, ...] = ()
    values: Mapping[str, str] = {}


class Cause(StrEnum):
    TRANSPORT = "transport"
    """Nobody answered, or the vendor has troubles of his own: tried again."""
    LIMITED = "limited"
    """Too many: the outlet rests."""
    REFUSED = "refused"
    """It will not be taken another time either."""


class PostFailed(DomainError):  # noqa: N818 - what happened
    code: ClassVar[str] = "post_failed"

    def __init__(self, cause: Cause, message: str, *, pause: timedelta | None = None) -> None:
        super().__init__(message)
        self.cause = cause
        self.pause = pause


class Poster(Protocol):
    """The way out for one or several kinds of outlets."""

    async def warm(self) -> None:
        """Called before the first notice comes, so that it does not wait for what is loaded once."""
        ...

    async def post(self, outlet: Outlet, secrets: Mapping[str, str], dispatch: Dispatch) -> None:
        """Returns when the vendor said that he has it; raises PostFailed."""
        ...


class NewPost(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    outlet: str
    topic: str
    why: str
    level: str
    ticket_id: UUID | None
    agents: tuple[UUID, ...]
    facts: dict[str, Any]
    state: str = "waiting"
    raised_at: datetime
    due_at: datetime
    tries: int = 0


class PostRow(msgspec.Struct, frozen=True, kw_only=True):
    """A post as it stands, with what its words need."""

    id: UUID
    outlet: str
    why: str
    level: str
    agents: list[UUID]
    facts: dict[str, Any]
    state: str
    raised_at: datetime
    due_at: datetime
    tries: int
    call: UUID | None
    called_at: datetime | None
    error: str | None
    ticket_id: UUID | None
    ticket_number: int | None = None
    team_name: str | None = None
    agent_name: str | None = None


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How an outlet does. `secrets` are the names of those that are set."""

    name: str
    secrets: list[str]
    waiting: int
    sent: int
    failed: int
    sent_at: datetime | None
    error: str | None
