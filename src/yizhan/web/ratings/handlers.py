"""The routes of ratings for agents and supervisors."""

from __future__ import annotations

from uuid import UUID

from litestar import Response, get, post

from yizhan.desk import satisfaction, views
from yizhan.desk.views import RatingsAsked
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import NotFound
from yizhan.records import ratings
from yizhan.records.agents import Permission
from yizhan.web.call import Call
from yizhan.web.given import FromPath, FromQuery, GivenCall, GivenServices, GivenViewer, JSONBody
from yizhan.web.guards import permits
from yizhan.web.ratings.links import rate_link
from yizhan.web.ratings.shapes import (
    AppealDecisionRequest,
    AppealRequest,
    RatingAnswer,
    RatingList,
    RatingShape,
    TicketRatingList,
)
from yizhan.web.seen import seen_conversation

READ = [permits(Permission.TICKET_READ)]
REPLY = [permits(Permission.MESSAGE_REPLY)]
SUPERVISE = [permits(Permission.SUPERVISE)]
_MOST = 200


@get("/ratings", guards=READ)
async def list_ratings(
    services: GivenServices, viewer: GivenViewer, which: FromQuery[RatingsAsked] = "mine"
) -> RatingList:
    """One's own, the low ones, or those with an appeal, of what one sees; the newest first."""
    async with services.db.read() as tx:
        return RatingList(await views.ratings_listed(tx, viewer, which, _MOST))


@get("/ratings/tickets", guards=SUPERVISE)
async def list_ticket_ratings(services: GivenServices, viewer: GivenViewer) -> TicketRatingList:
    """整单评价: what customers said of whole tickets that took long, the newest first."""
    async with services.db.read() as tx:
        return TicketRatingList(await views.ticket_ratings_listed(tx, viewer, _MOST))


@get("/conversations/{conversation_id:uuid}/rating", guards=READ)
async def conversation_rating(
    conversation_id: FromPath[UUID], services: GivenServices, viewer: GivenViewer
) -> RatingAnswer:
    async with services.db.read() as tx:
        await seen_conversation(tx, viewer, conversation_id)
        rows = await views.rating_rows(tx, [conversation_id])
        return RatingAnswer(rows[0] if rows else None, await views.may_invite(tx, conversation_id))


@post("/conversations/{conversation_id:uuid}/invite-rating", guards=REPLY, status_code=200)
async def invite_rating(conversation_id: FromPath[UUID], call: GivenCall) -> Response[RatingAnswer]:
    """邀评, once a conversation. The answer is the same whether the customer is asked or spared."""

    async def verb(tx: Tx) -> RatingAnswer:
        await seen_conversation(tx, call.viewer, conversation_id)
        services = call.services
        await satisfaction.invite(
            tx, conversation_id, services.satisfaction_book, rate_link(services.settings.public_url, services.signer),
            by=call.viewer.agent_id, now=call.now,
        )  # fmt: skip
        return RatingAnswer(None, may_invite=False)

    return await call.write(verb)


@post("/conversations/{conversation_id:uuid}/rating/appeal", guards=REPLY)
async def appeal_rating(
    conversation_id: FromPath[UUID], data: JSONBody[AppealRequest], call: GivenCall
) -> Response[RatingShape]:
    """差评申诉 of whoever is rated, once."""

    async def verb(tx: Tx) -> RatingShape:
        made, rating = await ratings.appeal(
            tx, conversation_id, data.cause, data.words, agent_id=call.viewer.agent_id, now=call.now
        )
        await satisfaction.tell_appeal(tx, made, rating, call.now)
        return await _shape(tx, conversation_id)

    return await call.write(verb, 201)


@post("/ratings/appeals/{appeal_id:uuid}/decide", guards=SUPERVISE, status_code=200)
async def decide_appeal(
    appeal_id: FromPath[UUID], data: JSONBody[AppealDecisionRequest], call: GivenCall
) -> Response[RatingShape]:
    """Accepted, it leaves the agent's figures and stays in the business's. Nobody decides his own."""

    async def verb(tx: Tx) -> RatingShape:
        after, rating = await ratings.decide(
            tx, appeal_id, accept=data.accept, words=data.words, cause=data.cause, by=call.viewer.agent_id, now=call.now
        )
        await _ensure_seen(tx, call, rating.conversation_id)
        await satisfaction.tell_appeal(tx, after, rating, call.now)
        return await _shape(tx, rating.conversation_id)

    return await call.write(verb)


async def _ensure_seen(tx: Tx, call: Call, conversation_id: UUID) -> None:
    (row,) = await views.rating_rows(tx, [conversation_id])
    if not views.sees(call.viewer, row):
        raise NotFound(f"rating of conversation {conversation_id}")


async def _shape(tx: Tx, conversation_id: UUID) -> RatingShape:
    (row,) = await views.rating_rows(tx, [conversation_id])
    return RatingShape(row)


routes = (list_ratings, list_ticket_ratings, conversation_rating, invite_rating, appeal_rating, decide_appeal)
