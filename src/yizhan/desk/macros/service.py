"""What was applied is told to the journal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from yizhan.desk.macros.model import MacroStep
from yizhan.foundation.db import Tx
from yizhan.foundation.journal import Event, emit
from yizhan.records.tickets import By, Ticket


async def tell_applied(tx: Tx, ticket: Ticket, name: str, steps: Sequence[MacroStep], *, by: By, now: datetime) -> None:
    """Which macro and which steps; each step tells of itself what it did."""
    await emit(tx, [Event(
        kind="macro.applied", subject=ticket.id, subject_version=ticket.version, at=now, actor=by.actor,
        request=by.request, brand_id=ticket.brand_id, team_id=ticket.team_id, agent_id=ticket.agent_id,
        contact_id=ticket.contact_id, ticket_id=ticket.id,
        data={"macro": name, "steps": [step.deed.value for step in steps]},
    )])  # fmt: skip
