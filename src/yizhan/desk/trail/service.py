"""Visits begin, are looked at and forgotten; visitors are invited, within bounds."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from yizhan.desk.trail import store
from yizhan.desk.trail.model import Answer, Invitation, InvitationCaps, OnlineVisit, Origin, Trail, Visit
from yizhan.desk.trail.policy import ONLINE_FOR, VISIT_GAP, may_invite, source_name
from yizhan.foundation.db import Tx
from yizhan.foundation.ids import new_id
from yizhan.foundation.journal import Event, emit
from yizhan.foundation.text import clean

KEEP = timedelta(days=90)
_KEEP_WORDS = timedelta(days=31)  # a visitor's pass lives for thirty
_KEEP_TAKEN = timedelta(days=7)
_LOOK_BACK = timedelta(days=7)
_PRUNE_AT_ONCE = 1_000


async def open_visit(
    tx: Tx, inbox_id: UUID, visitor: bytes, origin: Origin, now: datetime, *, contact_id: UUID | None = None
) -> Visit:
    """The visit going on, or a new one after half an hour of silence."""
    running = await store.latest_visit(tx, inbox_id, visitor)
    if running and now - running.seen_at < VISIT_GAP:
        await store.touch_visit(tx, running.id, now)
        return running
    visit = Visit(
        id=new_id(now), inbox_id=inbox_id, visitor=visitor, started_at=now, seen_at=now, origin=origin, pages=0,
        cart=running.cart if running else None,
    )  # fmt: skip
    await store.insert_visit(tx, visit)
    if visit.cart:
        await store.set_carts(tx, {visit.id: visit.cart})
    await emit(tx, [_event("visit.started", visit.id, inbox_id, now, "system", contact_id=contact_id)])
    return visit


async def adopt_visits(tx: Tx, inbox_id: UUID, before: bytes, visitor: bytes) -> int:
    """Who signs in brings along what he did as nobody, his cart with it. How many visits there were."""
    return await store.adopt_visits(tx, inbox_id, before, visitor)


async def running_visit(tx: Tx, inbox_id: UUID, visitor: bytes, now: datetime) -> UUID | None:
    """Of a visitor whose session was opened elsewhere or before."""
    return await store.running_visit(tx, inbox_id, visitor, now - VISIT_GAP)


async def visit_source(tx: Tx, inbox_id: UUID, visitor: bytes, now: datetime) -> str:
    """Where the visit going on began: its second page was reached from the first. Empty when none is recorded."""
    latest = await store.latest_visit(tx, inbox_id, visitor)
    return source_name(latest.origin) if latest and now - latest.seen_at < VISIT_GAP else ""


async def visits_now(tx: Tx, ids: Sequence[UUID]) -> list[OnlineVisit]:
    return await store.visits_now(tx, ids)


async def take_once(tx: Tx, keys: Sequence[bytes], now: datetime) -> set[bytes]:
    """Those of these keys that were never taken before; now they are."""
    return await store.take_once(tx, keys, now)


async def visit_by_id(tx: Tx, visit_id: UUID) -> Visit | None:
    return await store.visit_by_id(tx, visit_id)


async def trail_of(tx: Tx, visitors: Sequence[bytes], count: int = 50) -> Trail | None:
    """The newest visit of a customer who may have several browsers; None when none is kept."""
    visit = await store.newest_visit_of(tx, visitors)
    return Trail(visit, tuple(await store.items_of_visit(tx, visit.id, count))) if visit else None


async def online_visits(tx: Tx, now: datetime, count: int = 200) -> list[OnlineVisit]:
    return await store.online_visits(tx, now - ONLINE_FOR, count)


async def invited_rules(
    tx: Tx, inbox_id: UUID, visitor: bytes, caps: InvitationCaps, now: datetime
) -> list[str] | None:
    """Rules this visitor saw in the last week; None when no rule may invite him now."""
    past = await store.invitations_since(tx, inbox_id, visitor, now - _LOOK_BACK)
    return [each.rule for each in past if each.rule] if may_invite(past, caps, now) else None


async def invite(
    tx: Tx,
    inbox_id: UUID,
    visitor: bytes,
    text: str,
    now: datetime,
    *,
    rule: str = "",
    actor: str = "system",
    caps: InvitationCaps | None = None,
) -> Invitation | None:
    """None when the visitor was asked often enough. An agent's own invitation passes no `caps`: people decide."""
    await store.lock_visitor(tx, visitor)
    if caps:
        past = await store.invitations_since(tx, inbox_id, visitor, now - _LOOK_BACK)
        if not may_invite(past, caps, now):
            return None
    made = Invitation(
        id=new_id(now), inbox_id=inbox_id, visitor=visitor, rule=rule, text=clean(text)[:500], actor=actor, at=now,
        answer=None,
    )  # fmt: skip
    await store.insert_invitation(tx, made)
    await emit(tx, [_event("visit.invited", made.id, inbox_id, now, actor, rule=rule)])
    return made


async def answer_invitation(
    tx: Tx, inbox_id: UUID, visitor: bytes, reference: str, answer: Answer, now: datetime
) -> UUID | None:
    """`reference` is the invitation's id or its rule's. None when there is none to answer, or it was answered."""
    answered = await store.answer_invitation(tx, inbox_id, visitor, reference, answer)
    if answered and answer is not Answer.SHOWN:
        await emit(tx, [_event("visit.invitation_answered", answered, inbox_id, now, "system", answer=answer.value)])
    return answered


async def forget_trail(tx: Tx, visitors: Sequence[bytes]) -> int:
    """What these visitors looked at. How many visits there were; that they were invited is kept, for the caps.

    Of somebody under legal hold nothing is forgotten.
    """
    visits = await store.visits_of(tx, await store.free_visitors(tx, visitors))
    await store.delete_visits(tx, visits)
    return len(visits)


async def forget_visitors(tx: Tx, visitors: Sequence[bytes]) -> int:
    """Everything kept of these visitors, for an erasure. How many visits there were."""
    free = await store.free_visitors(tx, visitors)
    count = await forget_trail(tx, free)
    await store.delete_invitations_of(tx, free)
    await store.delete_words(tx, free)
    return count


async def prune(tx: Tx, now: datetime, keep: timedelta = KEEP) -> int:
    """Deletes up to a thousand visits that were kept long enough; call again while it returns so many."""
    visits = await store.visits_before(tx, now - keep, _PRUNE_AT_ONCE)
    await store.delete_visits(tx, visits)
    await store.delete_invitations_before(tx, now - keep)
    await store.delete_old_words(tx, now - _KEEP_WORDS, now - _KEEP_TAKEN)
    return len(visits)


def _event(
    kind: str,
    subject: UUID,
    inbox_id: UUID,
    at: datetime,
    actor: str,
    *,
    contact_id: UUID | None = None,
    **facts: str,
) -> Event:
    facts["inbox_id"] = str(inbox_id)
    return Event(kind=kind, subject=subject, subject_version=1, at=at, actor=actor, contact_id=contact_id, data=facts)
