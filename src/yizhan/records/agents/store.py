"""The queries of this folder, and rows made into what they mean."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from yizhan.foundation.db import Record, load_queries
from yizhan.foundation.journal import Event
from yizhan.records.agents.model import (
    Agent,
    Load,
    Presence,
    PresenceState,
    Role,
    Scope,
    Team,
    TeamMembership,
    Viewer,
)

SQL = load_queries(__package__)


def viewer_of(row: Record) -> Viewer:
    return Viewer(
        agent_id=row["id"],
        name=row["name"],
        permissions=frozenset(row["permissions"]),
        scope=Scope(row["scope"]),
        team_ids=tuple(row["team_ids"]),
        brand_ids=tuple(row["brand_ids"]),
        grants_version=row["grants_version"],
    )


_PLAIN = (
    "id",
    "login",
    "name",
    "email",
    "role_id",
    "role_key",
    "role_name",
    "permissions",
    "locale",
    "live_cap",
    "async_cap",
    "active",
    "created_at",
    "version",
)


def agent_of(row: Record) -> Agent:
    plain: dict[str, Any] = {name: row[name] for name in _PLAIN}
    return Agent(
        **plain,
        scope=Scope(row["scope"]),
        teams=msgspec.convert(row["teams"], list[TeamMembership]),
        skills=msgspec.convert(row["skills"], dict[UUID, int]),
        presence=_presence(row, row["presence_version"]) if row["state"] else None,
        load=Load(row["live"], row["async"]),
    )


def presence_of(row: Record) -> Presence:
    return _presence(row, row["version"])


def _presence(row: Record, version: int) -> Presence:
    return Presence(PresenceState(row["state"]), row["reason"], row["since"], row["lost_at"], version)


def team_of(row: Record) -> Team:
    return msgspec.convert(dict(row), Team)


def role_of(row: Record) -> Role:
    return Role(row["id"], row["key"], row["name"], list(row["permissions"]), Scope(row["scope"]))


def agent_event(
    kind: str, agent_id: UUID, version: int, by: str, now: datetime, facts: dict[str, object] | None = None
) -> Event:
    return Event(
        kind=kind, subject=agent_id, subject_version=version, at=now, actor=by, agent_id=agent_id, data=facts or {}
    )
