"""What a connector does, how it stands, and what may go wrong with it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

import msgspec

from yizhan.foundation.errors import DomainError

FAILED = "connector.failed"
"""Event, once an outage. Subject: `subject_of` its name; data: connector, title, cause, error."""
RECOVERED = "connector.recovered"
"""Event: an outage that was told is over. Data: connector, title, lasted (seconds)."""
PULL = "connector_pull"
"""The job: connector, run."""


class Outage(StrEnum):
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    BLOCKED = "blocked"
    """We do not call there: not on the public internet, nor among the hosts the operator named."""
    DENIED = "denied"
    LIMITED = "limited"
    STATUS = "status"
    HTML = "html"
    NOT_JSON = "not_json"
    SHAPE = "shape"
    TOO_LARGE = "too_large"
    SETUP = "setup"
    """Something of ours is missing: a secret, an address that can be called."""


PASSING = frozenset({Outage.TIMEOUT, Outage.UNREACHABLE, Outage.LIMITED, Outage.STATUS})
"""What may be over in a moment: people are told when it lasts."""


class CallFailed(DomainError):  # noqa: N818 - what happened
    """`message` names neither the customer nor a secret. `path` is the place in the mapping, for a wrong shape."""

    code: ClassVar[str] = "connector_failed"

    def __init__(self, cause: Outage, message: str, path: str = "") -> None:
        super().__init__(message)
        self.cause = cause
        self.path = path

    @property
    def detail(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


class RowProblem(msgspec.Struct, frozen=True):
    """`what` is profile or order, `row` counts from 0, `field` is the place in the mapping."""

    what: str
    row: int
    field: str
    message: str


class Counts(msgspec.Struct, frozen=True):
    created: int = 0
    changed: int = 0
    same: int = 0
    refused: int = 0
    problems: tuple[RowProblem, ...] = ()

    def plus(self, other: Counts) -> Counts:
        return Counts(
            self.created + other.created, self.changed + other.changed, self.same + other.same,
            self.refused + other.refused, (*self.problems, *other.problems)[:MOST_PROBLEMS],
        )  # fmt: skip


MOST_PROBLEMS = 20


class State(msgspec.Struct, frozen=True, kw_only=True):
    """`failures` in a row; none when it answers."""

    connector: str
    failures: int = 0
    cause: Outage | None = None
    detail: str = ""
    failing_since: datetime | None = None
    told: bool = False
    tried_at: datetime | None = None
    succeeded_at: datetime | None = None
    pulled_since: datetime | None = None
    next_at: datetime | None = None
    version: int = 0


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One pull or look-up. A pull under way has no end, and `place` is where it goes on."""

    id: UUID
    connector: str
    why: str
    contact_id: UUID | None
    started_at: datetime
    moved_at: datetime
    ended_at: datetime | None
    place: str | None
    pages: int
    created: int
    changed: int
    same: int
    refused: int
    cause: Outage | None
    detail: str
    problems: tuple[RowProblem, ...]


class Freshness(StrEnum):
    FRESH = "fresh"
    LOOKING = "looking"
    STALE = "stale"
    """It does not answer: what is shown is of `as_of`."""
    UNASKED = "unasked"
    """The customer has proved nothing by which this source knows people."""


class Looked(msgspec.Struct, frozen=True, kw_only=True):
    """What an agent is told of one source. `as_of` None: nothing was ever learned there of this customer."""

    connector: str
    zh: str
    en: str
    source: str
    state: Freshness
    as_of: datetime | None = None
    cause: Outage | None = None
    since: datetime | None = None


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """A test: what the answer would have become. Nothing of it is kept."""

    profiles: tuple[dict[str, object], ...] = ()
    orders: tuple[dict[str, object], ...] = ()
    rows: int = 0
    problems: tuple[RowProblem, ...] = ()
    cause: Outage | None = None
    detail: str = ""
