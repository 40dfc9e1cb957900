"""A low rating 差评 is followed up within a day by somebody else than the rated agent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.desk import routing
from yizhan.desk.satisfaction import store
from yizhan.desk.satisfaction.rules import SatisfactionBook
from yizhan.desk.satisfaction.store import Place
from yizhan.foundation.db import Tx
from yizhan.foundation.journal import Event, emit
from yizhan.foundation.timer import Timer, set_timer
from yizhan.records import conversations, ratings, tickets
from yizhan.records.config import TypeTree
from yizhan.records.ratings import Appeal, RatingRecord
from yizhan.records.tickets import By, LinkKind, Ticket

DUE = "satisfaction.follow_up_due"
_BY = By("satisfaction")
_TYPE = "callback"
_PRIORITY = 3


async def follow_up(tx: Tx, conversation_id: UUID, book: SatisfactionBook, types: TypeTree, now: datetime) -> None:
    """Once a rating; nothing where the customer has thought better of it before."""
    await conversations.lock_conversation(tx, conversation_id)
    rating = await ratings.find_rating(tx, conversation_id)
    if rating is None or not rating.low or rating.follow_up_id is not None:
        return
    place = await store.place(tx, conversation_id)
    matter = await tickets.lock_ticket(tx, place.ticket_id) if place.ticket_id else None
    said = tickets.line("low_rating", stars=rating.stars or "-")
    subject = f"{said} {matter.subject}" if matter else str(said)
    made = await tickets.create_ticket(
        tx, contact_id=place.contact_id, subject=subject, kind=types.known(_TYPE), priority=_PRIORITY, text=said,
        by=_BY, now=now, brand_id=place.brand_id, team_id=place.team_id, linked_to=place.ticket_id,
    )  # fmt: skip
    if matter is not None:
        one, other = await tickets.lock_two(tx, made, matter.id)
        await tickets.link_tickets(tx, one, other, LinkKind.RELATES, text=said, by=_BY, now=now)
    taker = taker_of(place, rating.agent_id, rating.others)
    if taker is not None:
        await routing.assign_ticket(
            tx, made, agent_id=taker, team_id=None, note=tickets.line("low_rating_given"), by=_BY, now=now
        )
    await ratings.follow_up(tx, rating, made, actor=_BY.actor, now=now)
    due = now + book.of(rating.inbox_id, rating.team_id).follow_up
    await set_timer(tx, due, DUE, made, 0, {"conversation": conversation_id})
    ticket = await tickets.lock_ticket(tx, made)
    told = [taker] if taker else [each for each in place.leads if each != rating.agent_id]
    facts: dict[str, object] = {"stars": rating.stars, "solved": rating.solved, "due_at": due}
    await tell(tx, ticket, "rating.low", ("handler",) if taker else ("lead",), told, facts, _BY.actor, now)


async def remind(tx: Tx, timer: Timer, now: datetime) -> None:
    """The day is over: who leads is told, unless it is done."""
    ticket = await tickets.lock_ticket(tx, timer.subject)
    if ticket.status in tickets.FINAL:
        return
    rating = await ratings.lock_rating(tx, UUID(str(timer.data["conversation"])))
    place = await store.place(tx, rating.conversation_id)
    told = place.supervisors if place.leads in ([], [rating.agent_id]) else place.leads
    await tell(tx, ticket, "rating.overdue", ("lead",), told, {"stars": rating.stars}, f"timer:{DUE}", now)


async def tell_appeal(tx: Tx, appeal: Appeal, rating: RatingRecord, now: datetime) -> None:
    """Those who decide hear of an appeal; who appealed hears of the decision."""
    place = await store.place(tx, rating.conversation_id)
    facts: dict[str, object] = {"appeal": appeal.id, "stars": rating.stars, "cause": appeal.cause}
    if appeal.decided_by is not None:
        facts["accepted"] = appeal.state
        await _rating_notice(tx, rating, "rating.decided", ("rated",), [appeal.agent_id], facts, now)
        return
    deciding = [each for each in [*place.leads, *place.supervisors] if each != appeal.agent_id]
    await _rating_notice(tx, rating, "rating.appealed", ("supervisor",), list(dict.fromkeys(deciding)), facts, now)


def taker_of(place: Place, rated: UUID | None, others: Sequence[UUID] = ()) -> UUID | None:
    """The 组长, else whoever of the team carries least, else a supervisor: never who was rated."""
    rest = [each for each in [*place.leads, *place.others, *place.supervisors] if each != rated]
    apart = [each for each in rest if each not in others]
    return next(iter(apart or rest), None)


async def tell(
    tx: Tx, t: Ticket, why: str, who: tuple[str, ...], agents: Sequence[UUID], facts: dict[str, object], actor: str,
    now: datetime,
) -> None:  # fmt: skip
    await emit(tx, [Event(
        kind="notice.raised", subject=t.id, subject_version=t.version, at=now, actor=actor, brand_id=t.brand_id,
        team_id=t.team_id, agent_id=t.agent_id, contact_id=t.contact_id, ticket_id=t.id,
        data={"who": list(who), "agents": list(agents), "how": "notify", "why": why, **facts},
    )])  # fmt: skip


async def _rating_notice(
    tx: Tx, r: RatingRecord, why: str, who: tuple[str, ...], agents: Sequence[UUID], facts: dict[str, object],
    now: datetime,
) -> None:  # fmt: skip
    await emit(tx, [Event(
        kind="notice.raised", subject=r.conversation_id, subject_version=r.version, at=now, actor=_BY.actor,
        brand_id=r.brand_id, team_id=r.team_id, agent_id=r.agent_id, contact_id=r.contact_id,
        conversation_id=r.conversation_id, ticket_id=r.ticket_id,
        data={"who": list(who), "agents": list(agents), "how": "notify", "why": why,
              **msgspec.to_builtins(facts)},
    )])  # fmt: skip
