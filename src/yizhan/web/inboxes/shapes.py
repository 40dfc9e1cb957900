"""Inboxes on the wire. Secrets go in and never come out."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from yizhan.desk.operations import InboxTraffic
from yizhan.records.inboxes import Check, Inbox
from yizhan.web.shapes import Key, Name

Settings = dict[str, object]
ChannelName = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,29}$")]
Secret = Annotated[str, Meta(max_length=20_000)]


class NewInboxShape(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`brand_id` may be left out where the house has one brand. `key` is part of public addresses."""

    channel: ChannelName
    name: Name
    brand_id: UUID | None = None
    team_id: UUID | None = None
    settings: Settings = {}
    secrets: dict[str, Secret] = {}
    key: Key | None = None
    enabled: bool = True


class InboxEdit(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`settings` replaces them all; of `secrets` only those named change, null removes one."""

    version: int
    name: Name | UnsetType = UNSET
    team_id: UUID | UnsetType | None = UNSET
    settings: Settings | UnsetType = UNSET
    secrets: dict[str, Secret | None] | UnsetType = UNSET
    enabled: bool | UnsetType = UNSET


class Trial(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Settings to be tried without being saved."""

    channel: ChannelName
    settings: Settings
    secrets: dict[str, Secret] = {}


class SavedTrial(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is sent is tried in place of what is saved; with nothing sent, what is saved."""

    settings: Settings | None = None
    secrets: dict[str, Secret] = {}


class InboxShape(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    version: int
    key: str
    channel: str
    name: str
    brand_id: UUID
    team_id: UUID | None
    settings: Settings
    secrets_set: list[str]
    enabled: bool
    created_at: datetime


class InboxList(msgspec.Struct, frozen=True):
    items: list[InboxShape]


class HealthList(msgspec.Struct, frozen=True):
    items: list[InboxTraffic]


class SuggestedSettings(msgspec.Struct, frozen=True):
    settings: Settings | None


class CheckShape(msgspec.Struct, frozen=True):
    name: str
    ok: bool
    detail: str
    hint_zh: str
    hint_en: str


class Checks(msgspec.Struct, frozen=True):
    checks: list[CheckShape]


class Snippet(msgspec.Struct, frozen=True):
    snippet: str


def inbox_shape(of: Inbox) -> InboxShape:
    return InboxShape(
        id=of.id,
        version=of.version,
        key=of.key,
        channel=of.channel,
        name=of.name,
        brand_id=of.brand_id,
        team_id=of.team_id,
        settings=of.settings,
        secrets_set=of.secret_names,
        enabled=of.enabled,
        created_at=of.created_at,
    )


def checks_shape(of: list[Check]) -> Checks:
    return Checks([CheckShape(check.name, check.ok, check.detail, check.hint_zh, check.hint_en) for check in of])
