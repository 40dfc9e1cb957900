"""Agents, teams and what may be known of them; and `Viewer`, the eyes through which every list is read."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType


class Permission(StrEnum):
    TICKET_READ = "ticket.read"
    TICKET_WRITE = "ticket.write"
    MESSAGE_REPLY = "message.reply"
    CUSTOMER_READ = "customer.read"
    CUSTOMER_REVEAL = "customer.reveal"
    CUSTOMER_WRITE = "customer.write"
    CUSTOMER_MERGE = "customer.merge"
    CUSTOMER_IMPORT = "customer.import"
    CUSTOMER_EXPORT = "customer.export"
    CONNECTOR_WRITE = "connector.write"
    COUNTER_SERVE = "counter.serve"
    INBOX_MANAGE = "inbox.manage"
    AGENT_MANAGE = "agent.manage"
    CONFIG_MANAGE = "config.manage"
    SUPERVISE = "supervise"
    COMPLAINT_MANAGE = "complaint.manage"
    COMPLAINT_CLOSE = "complaint.close"
    WORDS_APPROVE = "words.approve"
    TAG_MANAGE = "tag.manage"
    BLOCK_SET = "block.set"
    BLOCK_KEEP = "block.keep"
    AUDIT_READ = "audit.read"
    API_TOKEN = "api.token"  # noqa: S105 - a permission's name


class Scope(StrEnum):
    """Which rows a role sees: its own work, its teams', its brands', or all of the house."""

    OWN = "own"
    TEAM = "team"
    BRAND = "brand"
    ALL = "all"


class PresenceState(StrEnum):
    """在线 · 忙碌 · 小休 · 通话中 · 话后整理 · 离线"""

    ONLINE = "online"
    BUSY = "busy"
    BREAK = "break"
    CALL = "call"
    WRAPUP = "wrapup"
    OFFLINE = "offline"


class Viewer(msgspec.Struct, frozen=True, kw_only=True):
    """Who looks: what it may do (`permissions`) and which rows it may see (`scope` over its teams and brands).

    `grants_version` rises when any of this changes; a socket opened under an older one is told to resync.
    """

    agent_id: UUID
    name: str
    permissions: frozenset[str]
    scope: Scope
    team_ids: tuple[UUID, ...] = ()
    brand_ids: tuple[UUID, ...] = ()
    grants_version: int = 1

    def may(self, permission: str) -> bool:
        return permission in self.permissions

    @property
    def actor(self) -> str:
        """As the journal writes it."""
        return f"agent:{self.agent_id}"


class Role(msgspec.Struct, frozen=True):
    id: UUID
    key: str
    name: str
    permissions: list[str]
    scope: Scope


class Brand(msgspec.Struct, frozen=True):
    id: UUID
    key: str
    name: str


class Skill(msgspec.Struct, frozen=True):
    id: UUID
    key: str
    name: str


class Member(msgspec.Struct, frozen=True):
    agent_id: UUID
    lead: bool


class Team(msgspec.Struct, frozen=True):
    id: UUID
    key: str
    name: str
    brand_id: UUID | None
    version: int
    members: list[Member]


class TeamMembership(msgspec.Struct, frozen=True):
    """A team as one of its members sees it."""

    id: UUID
    name: str
    lead: bool


class Spell(msgspec.Struct, frozen=True):
    """One state of an agent's presence, from when to when."""

    state: PresenceState
    reason: str | None
    starts_at: datetime
    ends_at: datetime


class Presence(msgspec.Struct, frozen=True):
    """`lost_at` is set while the connection is lost: the state stands until the grace of routing is over."""

    state: PresenceState
    reason: str | None
    since: datetime
    lost_at: datetime | None = None
    version: int = 1


class Load(msgspec.Struct, frozen=True):
    live: int = 0
    async_: int = msgspec.field(default=0, name="async")


class Agent(msgspec.Struct, frozen=True, kw_only=True):
    """`skills` are levels 1 to 5 by skill id; `presence` is None until the first log-in."""

    id: UUID
    login: str
    name: str
    email: str | None
    role_id: UUID
    role_key: str
    role_name: str
    permissions: list[str]
    scope: Scope
    locale: str
    live_cap: int
    async_cap: int
    active: bool
    created_at: datetime
    version: int
    teams: list[TeamMembership]
    skills: dict[UUID, int]
    presence: Presence | None
    load: Load


class Credentials(msgspec.Struct, frozen=True):
    """What a log-in is checked against. Without a hash, or inactive, no password fits."""

    agent_id: UUID
    password_hash: str | None


class NewAgent(msgspec.Struct, frozen=True, kw_only=True):
    login: str
    name: str
    role_id: UUID
    email: str | None = None
    password_hash: str | None = None
    locale: str = "zh-CN"
    live_cap: int = 5
    async_cap: int = 30


class AgentChange(msgspec.Struct, frozen=True, kw_only=True):
    """Only what is set is changed."""

    name: str | UnsetType = UNSET
    email: str | UnsetType | None = UNSET
    role_id: UUID | UnsetType = UNSET
    locale: str | UnsetType = UNSET
    live_cap: int | UnsetType = UNSET
    async_cap: int | UnsetType = UNSET
    active: bool | UnsetType = UNSET


class NewTeam(msgspec.Struct, frozen=True, kw_only=True):
    key: str
    name: str
    brand_id: UUID | None = None


class TeamChange(msgspec.Struct, frozen=True, kw_only=True):
    """Only what is set is changed."""

    name: str | UnsetType = UNSET
    brand_id: UUID | UnsetType | None = UNSET
