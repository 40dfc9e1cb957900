"""The journal on the wire."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from yizhan.desk.audit import AuditEntry


class AuditRow(msgspec.Struct, frozen=True):
    """`hash` proves this entry and everything before it."""

    pos: int
    at: datetime
    kind: str
    subject: UUID
    version: int
    actor: str
    actor_name: str | None
    on_behalf: str | None
    agent_id: UUID | None
    contact_id: UUID | None
    conversation_id: UUID | None
    ticket_id: UUID | None
    cause: int | None
    data: dict[str, Any]
    hash: str


class AuditPage(msgspec.Struct, frozen=True):
    items: list[AuditRow]
    next: str | None


class Proof(msgspec.Struct, frozen=True):
    """`broken` is the first entry that is not what was written; null when all up to `upto` are."""

    upto: int
    head: int
    broken: int | None


def audit_row(of: AuditEntry) -> AuditRow:
    return AuditRow(
        of.pos,
        of.at,
        of.kind,
        of.subject,
        of.subject_version,
        of.actor,
        of.actor_name,
        of.on_behalf,
        of.agent_id,
        of.contact_id,
        of.conversation_id,
        of.ticket_id,
        of.cause,
        of.data,
        of.hash.hex(),
    )
