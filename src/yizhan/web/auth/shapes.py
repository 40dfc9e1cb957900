"""What is said while signing in."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from yizhan.records.agents import Agent, Load, Presence, PresenceState, Scope
from yizhan.web.shapes import Line


class SignIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    login: Annotated[str, Meta(min_length=1, max_length=100)]
    password: Annotated[str, Meta(min_length=1, max_length=200)]


class DemoSignIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    login: Annotated[str, Meta(min_length=1, max_length=100)]


class PresenceWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    state: PresenceState
    reason: Line | None = None


class MyTeam(msgspec.Struct, frozen=True):
    id: UUID
    name: str
    lead: bool


class MyAgent(msgspec.Struct, frozen=True):
    id: UUID
    login: str
    name: str
    role: str
    role_name: str
    permissions: list[str]
    scope: Scope
    locale: str
    live_cap: int
    async_cap: int
    teams: list[MyTeam]


class PresenceShape(msgspec.Struct, frozen=True):
    state: PresenceState
    reason: str | None
    since: datetime


class OwnLoadShape(msgspec.Struct, frozen=True):
    live: int
    async_: int = msgspec.field(name="async")


class SignedIn(msgspec.Struct, frozen=True):
    """`csrf` goes into the header X-CSRF-Token of every write of this session."""

    agent: MyAgent
    csrf: str


class Me(msgspec.Struct, frozen=True):
    agent: MyAgent
    csrf: str
    presence: PresenceShape
    load: OwnLoadShape
    demo: bool
    now: datetime


class DemoAccount(msgspec.Struct, frozen=True):
    login: str
    name: str
    role: str
    role_name: str


class Demo(msgspec.Struct, frozen=True):
    enabled: bool
    accounts: list[DemoAccount]
    visitor_url: str | None


def my_agent(of: Agent, permissions: frozenset[str]) -> MyAgent:
    """`permissions` are those of the caller: a token may hold fewer than its agent."""
    return MyAgent(
        id=of.id,
        login=of.login,
        name=of.name,
        role=of.role_key,
        role_name=of.role_name,
        permissions=sorted(permissions),
        scope=of.scope,
        locale=of.locale,
        live_cap=of.live_cap,
        async_cap=of.async_cap,
        teams=[MyTeam(team.id, team.name, team.lead) for team in of.teams],
    )


def presence_shape(of: Presence | None, since: datetime) -> PresenceShape:
    """离线 until the agent says otherwise."""
    if of is None:
        return PresenceShape(PresenceState.OFFLINE, None, since)
    return PresenceShape(of.state, of.reason, of.since)


def load_shape(of: Load) -> OwnLoadShape:
    return OwnLoadShape(of.live, of.async_)
