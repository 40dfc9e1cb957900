"""The routes of consultations. What somebody carries by one is written with it, by routing."""

from __future__ import annotations

from uuid import UUID

from litestar import Response, get, post

from yizhan.desk import consultations as conferring
from yizhan.desk import routing, views
from yizhan.desk.consultations import Ask
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Invalid, NotFound
from yizhan.records import consultations
from yizhan.records.agents import Permission, Viewer
from yizhan.records.tickets import By
from yizhan.web.call import Call
from yizhan.web.consultations.shapes import (
    AskRequest,
    ConclusionRequest,
    ConsultationList,
    ConsultationShape,
    InviteRequest,
    LineList,
    SayRequest,
)
from yizhan.web.given import FromPath, FromQuery, GivenCall, GivenServices, GivenViewer, JSONBody
from yizhan.web.guards import permits
from yizhan.web.seen import readable_ticket, seen_conversation, seen_ticket

READ = [permits(Permission.TICKET_READ)]
WRITE = [permits(Permission.TICKET_WRITE)]


@post("/tickets/{ticket_id:uuid}/consultations", guards=WRITE)
async def ask_consultation(
    ticket_id: FromPath[UUID], data: JSONBody[AskRequest], call: GivenCall
) -> Response[ConsultationShape]:
    """发起会诊: the asker keeps the customer, who never sees any of it."""
    wanted = Ask(
        question=data.question, agents=data.agents, teams=data.teams, conversation_id=data.conversation_id,
        war_room=data.war_room,
    )  # fmt: skip

    async def verb(tx: Tx) -> ConsultationShape:
        await seen_ticket(tx, call.viewer, ticket_id)
        if data.conversation_id is not None:
            await seen_conversation(tx, call.viewer, data.conversation_id)
        made = await conferring.ask(tx, ticket_id, wanted, by=call.viewer.agent_id, now=call.now)
        return await _shape(tx, made.id)

    return await call.write(verb, 201)


@get("/tickets/{ticket_id:uuid}/consultations", guards=READ)
async def ticket_consultations(
    ticket_id: FromPath[UUID], services: GivenServices, viewer: GivenViewer
) -> ConsultationList:
    async with services.db.read() as tx:
        await readable_ticket(tx, viewer, ticket_id)
        return ConsultationList(await views.consultations_of_tickets(tx, await views.with_merged(tx, ticket_id)))


@get("/consultations", guards=READ)
async def open_consultations(
    services: GivenServices, viewer: GivenViewer, mine: FromQuery[bool] = True
) -> ConsultationList:
    """Those one is asked into or has asked; or all of the work one sees."""
    async with services.db.read() as tx:
        return ConsultationList(await views.consultations_open(tx, viewer, mine=mine))


@get("/consultations/{consultation_id:uuid}", guards=READ)
async def open_consultation(
    consultation_id: FromPath[UUID], services: GivenServices, viewer: GivenViewer
) -> ConsultationShape:
    async with services.db.read() as tx:
        await _readable(tx, viewer, consultation_id)
        return await _shape(tx, consultation_id)


@get("/consultations/{consultation_id:uuid}/messages", guards=READ)
async def consultation_messages(
    consultation_id: FromPath[UUID], services: GivenServices, viewer: GivenViewer, after: FromQuery[UUID | None] = None
) -> LineList:
    async with services.db.read() as tx:
        await _readable(tx, viewer, consultation_id)
        return LineList(await views.consultation_lines(tx, consultation_id, after))


@post("/consultations/{consultation_id:uuid}/join", guards=READ, status_code=200)
async def join_consultation(consultation_id: FromPath[UUID], call: GivenCall) -> Response[ConsultationShape]:
    """Accepts the invitation; it weighs as asynchronous work from now on."""

    async def verb(tx: Tx) -> ConsultationShape:
        sees = await _readable(tx, call.viewer, consultation_id)
        member = await conferring.join(tx, consultation_id, by=call.viewer, uninvited=sees, now=call.now)
        await routing.take_aside(tx, member, call.viewer.agent_id, by=_by(call), now=call.now)
        return await _shape(tx, consultation_id)

    return await call.write(verb)


@post("/consultations/{consultation_id:uuid}/leave", guards=READ, status_code=204)
async def leave_consultation(consultation_id: FromPath[UUID], call: GivenCall) -> Response[None]:
    """Declines an invitation that was not accepted yet, or leaves."""

    async def verb(tx: Tx) -> None:
        await _readable(tx, call.viewer, consultation_id)
        member = await conferring.decline_or_leave(tx, consultation_id, by=call.viewer, now=call.now)
        await routing.release(tx, [member], reason="left", by=_by(call), now=call.now)

    return await call.write(verb, 204)


@post("/consultations/{consultation_id:uuid}/invite", guards=READ, status_code=200)
async def invite_to_consultation(
    consultation_id: FromPath[UUID], data: JSONBody[InviteRequest], call: GivenCall
) -> Response[ConsultationShape]:
    async def verb(tx: Tx) -> ConsultationShape:
        await _readable(tx, call.viewer, consultation_id)
        if not data.agents and not data.teams:
            raise Invalid("ask at least one colleague or team", "agents")
        await conferring.invite(tx, consultation_id, data.agents, data.teams, by=call.viewer, now=call.now)
        return await _shape(tx, consultation_id)

    return await call.write(verb)


@post("/consultations/{consultation_id:uuid}/messages", guards=READ)
async def say_in_consultation(
    consultation_id: FromPath[UUID], data: JSONBody[SayRequest], call: GivenCall
) -> Response[ConsultationShape]:
    async def verb(tx: Tx) -> ConsultationShape:
        await _readable(tx, call.viewer, consultation_id)
        await conferring.say(
            tx, consultation_id, data.text, data.mentions, client_id=data.client_id, by=call.viewer, now=call.now
        )
        return await _shape(tx, consultation_id)

    return await call.write(verb, 201)


@post("/consultations/{consultation_id:uuid}/close", guards=WRITE, status_code=200)
async def close_consultation(
    consultation_id: FromPath[UUID], data: JSONBody[ConclusionRequest], call: GivenCall
) -> Response[ConsultationShape]:
    async def verb(tx: Tx) -> ConsultationShape:
        await _readable(tx, call.viewer, consultation_id)
        members = await conferring.close(tx, consultation_id, data.conclusion, by=call.viewer, now=call.now)
        await routing.release(tx, members, reason="closed", by=_by(call), now=call.now)
        return await _shape(tx, consultation_id)

    return await call.write(verb)


async def _readable(tx: Tx, viewer: Viewer, consultation_id: UUID) -> bool:
    """Whether he sees the ticket anyway; refused when he neither does nor is asked."""
    ticket_id, owner = await views.place_of_consultation(tx, consultation_id)
    if views.sees(viewer, owner):
        return True
    if await consultations.invited(tx, ticket_id, viewer.agent_id, viewer.team_ids):
        return False
    raise NotFound(f"consultation {consultation_id}")


async def _shape(tx: Tx, consultation_id: UUID) -> ConsultationShape:
    (row,) = await views.consultation_rows(tx, [consultation_id])
    return ConsultationShape(row, await views.consultation_lines(tx, consultation_id))


def _by(call: Call) -> By:
    return By(call.actor, call.viewer.agent_id)


routes = (
    ask_consultation, ticket_consultations, open_consultations, open_consultation, consultation_messages,
    join_consultation, leave_consultation, invite_to_consultation, say_in_consultation, close_consultation,
)  # fmt: skip
