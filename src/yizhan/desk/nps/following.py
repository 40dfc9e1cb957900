"""A detractor is called back: a task like any other follow-up call, dealt out by the router."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from yizhan.desk.callbacks import CALLBACK
from yizhan.desk.nps import store
from yizhan.desk.nps.model import LOW
from yizhan.desk.nps.rules import document_of
from yizhan.foundation.db import Tx
from yizhan.foundation.journal import Event, emit
from yizhan.records import tickets
from yizhan.records.config import TypeTree
from yizhan.records.tickets import By, LinkKind

_BY = By("timer:nps.low")
_PRIORITY = 3


async def follow_up(tx: Tx, invitation_id: UUID, types: TypeTree, now: datetime) -> UUID | None:
    """Once an invitation; nothing where he has thought better of it, or the campaign wants none."""
    invitation = await store.lock_invitation(tx, invitation_id)
    if invitation.score is None or invitation.score > LOW or invitation.follow_up_id is not None:
        return None
    document = document_of(await store.lock_run(tx, invitation.run_id))
    if not document.follow_up:
        return None
    team = await store.team_named(tx, document.follow_up_team) if document.follow_up_team else None
    said = tickets.line("nps_low", score=invitation.score)
    matter = await store.newest_ticket(tx, invitation.contact_id)
    subject = f"{said} {invitation.comment}".strip()
    made = await tickets.create_ticket(
        tx, contact_id=invitation.contact_id, subject=subject, kind=types.known(CALLBACK), priority=_PRIORITY,
        text=said, by=_BY, now=now, brand_id=invitation.brand_id, team_id=team or invitation.team_id, linked_to=matter,
    )  # fmt: skip
    if matter is not None:
        one, other = await tickets.lock_two(tx, made, matter)
        await tickets.link_tickets(tx, one, other, LinkKind.RELATES, text=said, by=_BY, now=now)
    await store.follow_up(tx, invitation.id, made)
    await emit(tx, [Event(
        kind="nps.followed_up", subject=invitation.id, subject_version=invitation.version + 1, at=now, actor=_BY.actor,
        brand_id=invitation.brand_id, team_id=invitation.team_id, contact_id=invitation.contact_id, ticket_id=made,
        data={"run": invitation.run_id, "score": invitation.score, "follow_up": made},
    )])  # fmt: skip
    return made
