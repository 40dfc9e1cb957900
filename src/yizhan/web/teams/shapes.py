"""Teams, skills and brands on the wire."""

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from yizhan.records.agents import Team
from yizhan.web.shapes import Key, Name


class NewNamed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    key: Key
    name: Name


class NewTeamShape(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    key: Key
    name: Name
    brand_id: UUID | None = None


class TeamEdit(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`version` is the one that was read; only what is sent is changed."""

    version: int
    name: Name | UnsetType = UNSET
    brand_id: UUID | UnsetType | None = UNSET


class MemberShape(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    agent_id: UUID
    lead: bool = False


class TeamMembers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    members: Annotated[list[MemberShape], Meta(max_length=2000)]


class TeamShape(msgspec.Struct, frozen=True):
    id: UUID
    version: int
    key: str
    name: str
    brand_id: UUID | None
    members: list[MemberShape]


class NamedShape(msgspec.Struct, frozen=True):
    id: UUID
    key: str
    name: str


class TeamList(msgspec.Struct, frozen=True):
    items: list[TeamShape]


class NamedList(msgspec.Struct, frozen=True):
    items: list[NamedShape]


def team_shape(of: Team) -> TeamShape:
    members = [MemberShape(member.agent_id, member.lead) for member in of.members]
    return TeamShape(of.id, of.version, of.key, of.name, of.brand_id, members)
