"""The route of the audit page."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import get
from litestar.params import QueryParameter

from yizhan.desk.audit import AuditFilter, audit_page
from yizhan.foundation.errors import Invalid
from yizhan.records.agents import Permission
from yizhan.web.audit.shapes import AuditPage, audit_row
from yizhan.web.given import FromQuery, GivenServices, GivenViewer
from yizhan.web.guards import permits

_DIGITS = 18  # more do not fit a position


@get("/audit", guards=[permits(Permission.AUDIT_READ)])
async def read_audit(
    services: GivenServices,
    viewer: GivenViewer,
    kind: FromQuery[str | None] = None,
    subject: FromQuery[UUID | None] = None,
    actor: FromQuery[str | None] = None,
    agent_id: FromQuery[UUID | None] = None,
    contact_id: FromQuery[UUID | None] = None,
    conversation_id: FromQuery[UUID | None] = None,
    ticket_id: FromQuery[UUID | None] = None,
    since: FromQuery[datetime | None] = None,
    until: FromQuery[datetime | None] = None,
    cursor: FromQuery[str | None] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=200)] = 50,
) -> AuditPage:
    """`kind` may end with a dot: `ticket.` is every event of tickets. `actor` is written `agent:<id>`, `router` …"""
    wanted = AuditFilter(
        kind=kind,
        subject=subject,
        actor=actor,
        agent_id=agent_id,
        contact_id=contact_id,
        conversation_id=conversation_id,
        ticket_id=ticket_id,
        since=_aware(since, "since"),
        until=_aware(until, "until"),
        before=_position(cursor),
        limit=limit,
    )
    async with services.db.read() as tx:
        entries = await audit_page(tx, viewer, wanted)
    following = str(entries[-1].pos) if len(entries) == limit else None
    return AuditPage([audit_row(entry) for entry in entries], following)


def _position(cursor: str | None) -> int | None:
    if cursor is None:
        return None
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) <= _DIGITS):
        raise Invalid("not a cursor of ours", "cursor")
    return int(cursor)


def _aware(at: datetime | None, field: str) -> datetime | None:
    if at is not None and at.tzinfo is None:
        raise Invalid("a time needs its zone", field)
    return at
