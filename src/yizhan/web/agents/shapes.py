"""Agents on the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from yizhan.records.agents import Agent, PresenceState, Role, Scope
from yizhan.web.shapes import Address, Line, Locale, Login, Name

LiveCap = Annotated[int, Meta(ge=0, le=50)]
AsyncCap = Annotated[int, Meta(ge=0, le=1000)]
Password = Annotated[str, Meta(min_length=1, max_length=200)]
"""Weakness is judged by policy, which knows the login."""


class NewAgentShape(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Without a password nobody can sign in until one is set."""

    login: Login
    name: Name
    role_id: UUID
    email: Address | None = None
    password: Password | None = None
    locale: Locale = "zh-CN"
    live_cap: LiveCap = 5
    async_cap: AsyncCap = 30


class AgentEdit(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`version` is the one that was read; only what is sent is changed. A new password ends the agent's sessions."""

    version: int
    name: Name | UnsetType = UNSET
    email: Address | UnsetType | None = UNSET
    role_id: UUID | UnsetType = UNSET
    locale: Locale | UnsetType = UNSET
    live_cap: LiveCap | UnsetType = UNSET
    async_cap: AsyncCap | UnsetType = UNSET
    active: bool | UnsetType = UNSET
    password: Password | UnsetType = UNSET


class PasswordEdit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    old: Password
    new: Password


class SkillLevel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    skill_id: UUID
    level: Annotated[int, Meta(ge=1, le=5)]


class AgentSkills(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    skills: Annotated[list[SkillLevel], Meta(max_length=200)]


class ForcedPresence(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A supervisor says why: the agent reads it."""

    state: PresenceState
    reason: Annotated[Line, Meta(min_length=1)]


class AgentTeam(msgspec.Struct, frozen=True):
    id: UUID
    name: str
    lead: bool


class AgentShape(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    version: int
    login: str
    name: str
    email: str | None
    role_id: UUID
    role: str
    role_name: str
    locale: str
    live_cap: int
    async_cap: int
    active: bool
    created_at: datetime
    presence: PresenceState
    teams: list[AgentTeam]
    skills: list[SkillLevel]


class RoleShape(msgspec.Struct, frozen=True):
    id: UUID
    key: str
    name: str
    permissions: list[str]
    scope: Scope


class AgentList(msgspec.Struct, frozen=True):
    items: list[AgentShape]


class RoleList(msgspec.Struct, frozen=True):
    items: list[RoleShape]


def agent_shape(of: Agent) -> AgentShape:
    return AgentShape(
        id=of.id,
        version=of.version,
        login=of.login,
        name=of.name,
        email=of.email,
        role_id=of.role_id,
        role=of.role_key,
        role_name=of.role_name,
        locale=of.locale,
        live_cap=of.live_cap,
        async_cap=of.async_cap,
        active=of.active,
        created_at=of.created_at,
        presence=of.presence.state if of.presence else PresenceState.OFFLINE,
        teams=[AgentTeam(team.id, team.name, team.lead) for team in of.teams],
        skills=[SkillLevel(skill, level) for skill, level in of.skills.items()],
    )


def role_shape(of: Role) -> RoleShape:
    return RoleShape(of.id, of.key, of.name, of.permissions, of.scope)
