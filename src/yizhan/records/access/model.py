"""Sessions and tokens as the rest of the product sees them, and the refusals at the door."""

# ruff: noqa: N818 - the names are the words of the domain: what happened, not that it is an error

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from yizhan.foundation.errors import DomainError, Forbidden


class NotSignedIn(DomainError):
    """No session, an ended one, or a token we do not know: which of them is not told."""

    code = "not_signed_in"


class SessionEnded(NotSignedIn):
    """A secret that once opened a session: it was closed here or elsewhere, not outlived. What a device keeps goes."""

    code = "session_ended"


class StaleForm(Forbidden):
    """A write in a cookie session without that session's CSRF token."""

    code = "csrf"


class SessionTerms(msgspec.Struct, frozen=True, kw_only=True):
    """A session ends `life` after it was opened, or after `idle` without a request, whichever comes first."""

    life: timedelta = timedelta(hours=16)
    idle: timedelta = timedelta(hours=2)


class Session(msgspec.Struct, frozen=True):
    agent_id: UUID
    csrf: str
    created_at: datetime
    expires_at: datetime


class OpenedSession(msgspec.Struct, frozen=True):
    """The only moment at which the secret is known to us."""

    secret: str
    session: Session


class TokenGrant(msgspec.Struct, frozen=True):
    """What a presented token stands for; its scopes narrow the agent's permissions, never widen them."""

    token_id: UUID
    agent_id: UUID
    scopes: frozenset[str]


class ApiToken(msgspec.Struct, frozen=True):
    id: UUID
    name: str
    agent_id: UUID
    scopes: list[str]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


class IssuedToken(msgspec.Struct, frozen=True):
    """The only moment at which the secret is known to us."""

    secret: str
    token: ApiToken
