"""API tokens on the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from yizhan.records.access import ApiToken
from yizhan.records.agents import Permission
from yizhan.web.shapes import Name


class NewToken(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`scopes` are permissions the agent has; without `expires_at` the token is good until it is withdrawn."""

    name: Name
    scopes: Annotated[list[Permission], Meta(min_length=1, max_length=50)]
    expires_at: Annotated[datetime, Meta(tz=True)] | None = None


class TokenShape(msgspec.Struct, frozen=True):
    id: UUID
    name: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


class IssuedTokenShape(msgspec.Struct, frozen=True):
    """`secret` is shown this once."""

    token: TokenShape
    secret: str


class TokenList(msgspec.Struct, frozen=True):
    items: list[TokenShape]


def token_shape(of: ApiToken) -> TokenShape:
    return TokenShape(of.id, of.name, of.scopes, of.created_at, of.expires_at, of.revoked_at)
