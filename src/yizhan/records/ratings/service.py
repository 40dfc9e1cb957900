"""The verbs of ratings: asked, given, followed up, appealed against, decided."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Conflict
from yizhan.foundation.ids import new_id
from yizhan.foundation.journal import Event, emit
from yizhan.records.ratings import policy, store
from yizhan.records.ratings.model import Appeal, AppealState, Cause, RatingRecord, TicketRating, TicketSurvey


async def follow_up(tx: Tx, rating: RatingRecord, ticket_id: UUID, *, actor: str, now: datetime) -> None:
    version = await store.follow_up(tx, rating.conversation_id, ticket_id)
    await _tell(tx, "rating.followed_up", rating, version, actor, now, {"follow_up": ticket_id})


async def appeal(
    tx: Tx, conversation_id: UUID, cause: Cause, words: str, *, agent_id: UUID, now: datetime
) -> tuple[Appeal, RatingRecord]:
    """差评申诉 of the rated agent, once."""
    rating = await store.lock_rating(tx, conversation_id)
    said = policy.check_appeal(rating, agent_id, words)
    made = Appeal(
        id=new_id(now), conversation_id=conversation_id, agent_id=agent_id, cause=cause, words=said, made_at=now
    )
    if not await store.add_appeal(tx, made):
        raise Conflict("there is an appeal against this rating already")
    facts: dict[str, object] = {"appeal": made.id, "cause": cause}
    await _tell(tx, "rating.appealed", rating, rating.version, f"agent:{agent_id}", now, facts)
    return made, rating


async def decide(
    tx: Tx, appeal_id: UUID, *, accept: bool, words: str, cause: Cause | None, by: UUID, now: datetime
) -> tuple[Appeal, RatingRecord]:
    """Accepted, the rating leaves the agent's figures; the business's keep it."""
    found = await store.lock_appeal(tx, appeal_id)
    said = policy.check_decision(found, by, words)
    rating = await store.lock_rating(tx, found.conversation_id)
    state = AppealState.ACCEPTED if accept else AppealState.REFUSED
    after = msgspec.structs.replace(
        found, state=state, decided_by=by, decided_at=now, decision=said, cause=cause or found.cause
    )
    await store.decide(tx, appeal_id, state, by, now, said, after.cause)
    version = await store.exclude(tx, rating.conversation_id, accept)
    facts: dict[str, object] = {"appeal": appeal_id, "accepted": accept, "cause": after.cause}
    await _tell(tx, "rating.decided", rating, version, f"agent:{by}", now, facts)
    return after, rating


async def _tell(
    tx: Tx, kind: str, r: RatingRecord, version: int, actor: str, now: datetime, facts: dict[str, object]
) -> None:
    """`agent_id` is who is rated."""
    await emit(tx, [Event(
        kind=kind, subject=r.conversation_id, subject_version=version, at=now, actor=actor, brand_id=r.brand_id,
        team_id=r.team_id, agent_id=r.agent_id, contact_id=r.contact_id, conversation_id=r.conversation_id,
        ticket_id=r.ticket_id, data=facts,
    )])  # fmt: skip


async def ask_about_ticket(tx: Tx, survey: TicketSurvey, *, version: int, brand_id: UUID, now: datetime) -> bool:
    """Once a ticket; False where he was asked before."""
    if not await store.keep_ticket_survey(tx, survey):
        return False
    await emit(tx, [Event(
        kind="ticket.surveyed", subject=survey.ticket_id, subject_version=version, at=now, actor="system",
        brand_id=brand_id, contact_id=survey.contact_id, conversation_id=survey.conversation_id,
        ticket_id=survey.ticket_id, data={"way": survey.way, "hours": survey.took_hours},
    )])  # fmt: skip
    return True


async def rate_ticket(tx: Tx, rating: TicketRating, *, actor: str) -> None:
    version = await store.keep_ticket_rating(tx, rating)
    facts: dict[str, object] = {"stars": rating.stars, "solved": rating.solved, "hours": rating.took_hours}
    await _tell_of_ticket(tx, "ticket.rated", rating, version, actor, rating.changed_at, facts)


async def follow_up_ticket(tx: Tx, rating: TicketRating, follow_up: UUID, *, actor: str, now: datetime) -> None:
    version = await store.follow_up_ticket(tx, rating.ticket_id, follow_up)
    await _tell_of_ticket(tx, "ticket.rating_followed_up", rating, version, actor, now, {"follow_up": follow_up})


async def _tell_of_ticket(
    tx: Tx, kind: str, r: TicketRating, version: int, actor: str, now: datetime, facts: dict[str, object]
) -> None:
    await emit(tx, [Event(
        kind=kind, subject=r.ticket_id, subject_version=version, at=now, actor=actor, brand_id=r.brand_id,
        team_id=r.team_id, contact_id=r.contact_id, conversation_id=r.conversation_id, ticket_id=r.ticket_id,
        data=facts,
    )])  # fmt: skip
