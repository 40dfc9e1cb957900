"""Asking and deciding: within one's own limit it is granted at once, above it waits for who may."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Conflict, Forbidden, Invalid
from yizhan.foundation.journal import Event, emit
from yizhan.records.compensations import policy, store
from yizhan.records.compensations.model import Allowed, Compensation, PayState, Wish


async def ask(tx: Tx, wish: Wish, allowed: Allowed, *, asked_by: UUID, now: datetime) -> Compensation:
    """The person's contacts are locked by the caller, so that two who pay at once see each other."""
    policy.check_wish(wish)
    total = policy.total_with(wish, await store.ledger(tx, wish.contact_id))
    granted = policy.within(total, allowed.limit_fen)
    if not granted and allowed.needs is None:
        raise Invalid("nobody in this house may grant so much", "fen")
    state = PayState.GRANTED if granted else PayState.PENDING
    made = await store.add(tx, wish, state, allowed, total, asked_by, now)
    await _tell(tx, made, "compensation.granted" if granted else "compensation.asked", asked_by, now)
    return made


async def decide(
    tx: Tx, asked: Compensation, approve: bool, allowed: Allowed, *, text: str, by: UUID, now: datetime
) -> Compensation:
    """Of a locked one, by somebody else whose own limit covers all that the matter costs."""
    _ensure_pending(asked)
    if by == asked.asked_by:
        raise Forbidden("who asked for it does not approve it")
    if not policy.within(asked.total_fen, allowed.limit_fen):
        raise Forbidden("it is above your own limit")
    if not approve and not text.strip():
        raise Invalid("say why it is refused", "text")
    state = PayState.GRANTED if approve else PayState.REFUSED
    made = await store.decide(tx, asked.id, state, by, now, text.strip())
    await _tell(tx, made, f"compensation.{state}", by, now)
    return made


async def withdraw(tx: Tx, asked: Compensation, *, by: UUID, now: datetime) -> Compensation:
    _ensure_pending(asked)
    if by != asked.asked_by:
        raise Forbidden("only who asked for it withdraws it")
    made = await store.decide(tx, asked.id, PayState.WITHDRAWN, by, now, "")
    await _tell(tx, made, "compensation.withdrawn", by, now)
    return made


def _ensure_pending(asked: Compensation) -> None:
    if asked.state is not PayState.PENDING:
        raise Conflict("it was decided already")


async def _tell(tx: Tx, c: Compensation, kind: str, by: UUID, now: datetime) -> None:
    await emit(tx, [Event(
        kind=kind, subject=c.id, subject_version=c.version, at=now, actor=f"agent:{by}", contact_id=c.contact_id,
        ticket_id=c.ticket_id, data={
            "fen": c.fen, "total_fen": c.total_fen, "kind": c.kind, "limit_fen": c.limit_fen, "needs": c.needs,
            "asked_by": c.asked_by, "addition": c.addition,
        },
    )])  # fmt: skip
