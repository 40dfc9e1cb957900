"""The rows of alerts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.desk.alerts.model import Alert
from yizhan.foundation.db import Record, Tx, load_queries

SQL = load_queries(__package__)


class Named(msgspec.Struct, frozen=True):
    kind: str
    id: UUID
    key: str
    name: str


async def open_alerts(tx: Tx) -> list[Alert]:
    return [_alert(row) for row in await tx.fetch(SQL.open_alerts)]


async def put(tx: Tx, alert: Alert) -> Alert | None:
    """With its version raised; None when it was changed meanwhile."""
    raised = msgspec.structs.replace(alert, version=alert.version + 1)
    return raised if await tx.fetchval(SQL.put, raised) is not None else None


async def drop(tx: Tx, alert_id: UUID) -> None:
    await tx.execute(SQL.drop, alert_id)


async def acknowledge(tx: Tx, alert_id: UUID, agent_id: UUID, now: datetime) -> int | None:
    version: int | None = await tx.fetchval(SQL.acknowledge, alert_id, agent_id, now)
    return version


async def rows(tx: Tx, ids: Iterable[UUID]) -> list[tuple[Alert, str | None]]:
    """Of those that fired, with the name of who has each."""
    return [(_alert(row), row["acknowledged_name"]) for row in await tx.fetch(SQL.rows, list(ids))]


async def firing(tx: Tx) -> list[UUID]:
    return [row["id"] for row in await tx.fetch(SQL.firing)]


async def history(tx: Tx, before: datetime | None, count: int) -> list[UUID]:
    return [row["id"] for row in await tx.fetch(SQL.history, before, count)]


async def places(tx: Tx) -> list[Named]:
    return [Named(row["kind"], row["id"], row["key"], row["name"]) for row in await tx.fetch(SQL.places)]


async def agents_of_roles(tx: Tx, roles: Sequence[str]) -> list[UUID]:
    return [row["id"] for row in await tx.fetch(SQL.agents_of_roles, list(roles))] if roles else []


async def leads_of(tx: Tx, team_id: UUID) -> list[UUID]:
    return [row["agent_id"] for row in await tx.fetch(SQL.leads_of, team_id)]


def _alert(row: Record) -> Alert:
    return msgspec.convert({name: row[name] for name in Alert.__struct_fields__}, Alert)
