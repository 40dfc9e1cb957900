"""An inbox as it is shown, asked for and changed."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType


class Channel(StrEnum):
    """The channels that have doors of their own in the product; all others are adapters, known by their names."""

    WEBCHAT = "webchat"
    EMAIL = "email"
    GENERIC = "generic"


class Inbox(msgspec.Struct, frozen=True, kw_only=True):
    """`secret_names` tells which secrets are set; what they are is asked for with `secrets_of`."""

    id: UUID
    key: str
    channel: str
    name: str
    brand_id: UUID
    team_id: UUID | None
    settings: dict[str, object]
    secret_names: list[str]
    enabled: bool
    created_at: datetime
    version: int


class NewInbox(msgspec.Struct, frozen=True, kw_only=True):
    """`key` is part of public addresses; None makes one that cannot be guessed."""

    channel: str
    name: str
    brand_id: UUID
    team_id: UUID | None = None
    settings: Mapping[str, object] = {}
    secrets: Mapping[str, str] = {}
    key: str | None = None
    enabled: bool = True


class InboxChange(msgspec.Struct, frozen=True, kw_only=True):
    """Only what is set is changed. `settings` replaces them all; a secret of None is removed, others stay."""

    name: str | UnsetType = UNSET
    team_id: UUID | UnsetType | None = UNSET
    settings: Mapping[str, object] | UnsetType = UNSET
    secrets: Mapping[str, str | None] | UnsetType = UNSET
    enabled: bool | UnsetType = UNSET
