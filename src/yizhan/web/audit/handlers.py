"""The route of the audit page."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import get
from litestar.params import QueryParameter

from yizhan.desk.audit import AuditFilter, audit_page
from yizhan.foundation import journal
from yizhan.foundation.errors import Invalid
from yizhan.records.agents import Permission
from yizhan.web.audit.shapes import AuditPage, Proof, audit_row
from yizhan.web.given import FromQuery, GivenServices, GivenViewer
from yizhan.web.guards import permits

_DIGITS = 18  # more do not fit a position
_LARGEST = 10**_DIGITS - 1


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


@get("/audit/proof", guards=[permits(Permission.AUDIT_READ)])
async def prove_audit(
    services: GivenServices,
    after: Annotated[int, QueryParameter(ge=0, le=_LARGEST)] = 0,
    count: Annotated[int, QueryParameter(ge=1, le=50_000)] = 20_000,
) -> Proof:
    """Proves one stretch of the hash chain, computed anew from what is stored; ask on until `upto` is `head`."""
    async with services.db.read() as tx:
        head = (await journal.head(tx)).pos
        upto = min(after + count, head)
        broken = await journal.first_broken(tx, after + 1, upto) if upto > after else None
    return Proof(upto, head, broken)


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
