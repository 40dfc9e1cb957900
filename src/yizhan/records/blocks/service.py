"""The verbs of the blacklist. Each leaves an event; what follows for conversations is decided a floor up."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Conflict, Invalid
from yizhan.foundation.journal import Event, emit
from yizhan.records.blocks import store
from yizhan.records.blocks.model import Block, Warning


async def warn(tx: Tx, one: Warning, *, now: datetime) -> None:
    if not await store.warn(tx, one):
        raise Conflict("this message was reported before")
    await emit(tx, [Event(
        kind="contact.warned", subject=one.identity_id, subject_version=1, at=now, actor=one.actor,
        contact_id=one.contact_id, conversation_id=one.conversation_id,
        data={"reason": one.reason.value, "message": one.message_id, "warning": one.id},
    )])  # fmt: skip


async def block(tx: Tx, one: Block) -> None:
    """In place of what is in force for the same."""
    if not one.note.strip():
        raise Invalid("say what happened", "note")
    await store.add(tx, one)
    facts: dict[str, object] = {"scope": one.scope.value, "reason": one.reason.value, "until": one.until}
    await emit(tx, [_event(one, "block.set", one.made_by, one.made_at, {**facts, "message": one.message_id})])


async def lift(tx: Tx, id: UUID, *, by: str, now: datetime) -> Block:
    one = await store.lock(tx, id)
    if one.ended_at is not None:
        raise Conflict("it was lifted before")
    await store.lift(tx, id, now, by)
    await emit(tx, [_event(one, "block.lifted", by, now, {"scope": one.scope.value})])
    return one


async def review(tx: Tx, id: UUID, *, by: str, now: datetime) -> Block:
    """It was looked at, and stays."""
    one = await store.lock(tx, id)
    if not one.holds(now):
        raise Conflict("it is not in force any more")
    await store.review(tx, id, now, by)
    await emit(tx, [_event(one, "block.reviewed", by, now, {"scope": one.scope.value})])
    return one


def _event(one: Block, kind: str, actor: str, now: datetime, facts: dict[str, object]) -> Event:
    return Event(
        kind=kind, subject=one.id, subject_version=one.version, at=now, actor=actor, brand_id=one.brand_id,
        team_id=one.team_id, contact_id=one.contact_id, conversation_id=one.conversation_id, data=facts,
    )  # fmt: skip
