"""The verbs of a consultation as agents use them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.desk import notices
from yizhan.desk.consultations import store
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Conflict, Forbidden, Invalid
from yizhan.foundation.journal import Event, emit
from yizhan.records import consultations, tickets
from yizhan.records.agents import Permission, Viewer, supervisors
from yizhan.records.consultations import Consultation, MemberState, NewConsultation
from yizhan.records.tickets import Note, Ticket

ASKED = "consultation.asked"


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """`war_room` 危机: everybody asked may come at once, and a supervisor draws the conclusion."""

    question: str
    agents: Sequence[UUID] = ()
    teams: Sequence[UUID] = ()
    conversation_id: UUID | None = None
    war_room: bool = False


async def ask(tx: Tx, ticket_id: UUID, wanted: Ask, *, by: UUID, now: datetime) -> Consultation:
    """发起会诊. The asker keeps the customer; nobody else may write to him."""
    agents = [each for each in dict.fromkeys(wanted.agents) if each != by]
    if not agents and not wanted.teams:
        raise Invalid("ask at least one colleague or team", "agents")
    ticket = await tickets.lock_ticket(tx, ticket_id)
    if ticket.status in tickets.FINAL or ticket.merged_into is not None:
        raise Conflict("a ticket that is over needs no consultation; reopen it")
    if await consultations.held_open(tx, None, ticket_id):
        raise Conflict("the ticket has an open consultation: invite into it, or close it first")
    made = await consultations.ask(tx, NewConsultation(
        ticket_id=ticket_id, conversation_id=wanted.conversation_id, contact_id=ticket.contact_id,
        brand_id=ticket.brand_id, team_id=ticket.team_id, question=wanted.question.strip(), asked_by=by,
        war_room=wanted.war_room,
    ), now=now)  # fmt: skip
    return await _invite(tx, ticket, made, agents, list(wanted.teams), by, now)


async def summon(
    tx: Tx, ticket: Ticket, question: str, people: Sequence[UUID], *, by: UUID, now: datetime
) -> Consultation | None:
    """A war room for a locked ticket that nobody had to open; whoever consults about it already is joined by the
    others. None where there is nobody to confer with, or who is asked is in it already."""
    agents = [each for each in dict.fromkeys(people) if each != by]
    if not agents or ticket.status in tickets.FINAL or ticket.merged_into is not None:
        return None
    running = await store.running(tx, ticket.id)
    if running is None:
        return await ask(tx, ticket.id, Ask(question=question, agents=agents, war_room=True), by=by, now=now)
    c = await consultations.lock_consultation(tx, running)
    inside = {c.asked_by, *(m.agent_id for m in await consultations.members_of(tx, c.id))}
    missing = [each for each in agents if each not in inside]
    return await _invite(tx, ticket, c, missing, [], by, now) if missing else None


async def invite(
    tx: Tx, consultation_id: UUID, agents: Sequence[UUID], teams: Sequence[UUID], *, by: Viewer, now: datetime
) -> Consultation:
    ticket, c = await _lock(tx, consultation_id)
    await _ensure_speaks(tx, ticket, c, by)
    return await _invite(tx, ticket, c, agents, teams, by.agent_id, now)


async def join(tx: Tx, consultation_id: UUID, *, by: Viewer, uninvited: bool, now: datetime) -> UUID:
    """Returns the membership, which is what he carries from now on."""
    ticket, c = await _lock(tx, consultation_id)
    member = await consultations.take_part(tx, c, by.agent_id, by.team_ids, uninvited=uninvited, now=now)
    await _stop_ringing(tx, ticket, c, by.agent_id, now)
    return member


async def decline_or_leave(tx: Tx, consultation_id: UUID, *, by: Viewer, now: datetime) -> UUID:
    _, c = await _lock(tx, consultation_id)
    return await consultations.answer(tx, c, by.agent_id, now=now)


async def say(
    tx: Tx, consultation_id: UUID, text: str, mentions: Sequence[UUID], *, client_id: str | None, by: Viewer,
    now: datetime,
) -> None:  # fmt: skip
    """Whoever is called by name and is not in it yet is asked into it."""
    ticket, c = await _lock(tx, consultation_id)
    await _ensure_speaks(tx, ticket, c, by)
    named = await store.people(tx, [each for each in dict.fromkeys(mentions) if each != by.agent_id], ())
    line = await consultations.say(tx, c, by.agent_id, text, named, client_id=client_id, now=now)
    if line is None or not named:
        return
    known = {m.agent_id for m in await consultations.members_of(tx, c.id) if m.state is MemberState.JOINED}
    strangers = [each for each in named if each not in {*known, c.asked_by, ticket.agent_id}]
    if strangers:
        c = await consultations.lock_consultation(tx, c.id)
        await consultations.invite(tx, c, strangers, [], by=by.agent_id, now=now)
    await _raise(tx, ticket, c, "consultation.mentioned", ("mentioned",), named, by.agent_id, now)


async def close(tx: Tx, consultation_id: UUID, conclusion: str, *, by: Viewer, now: datetime) -> list[UUID]:
    """结束会诊: what was found out is the ticket's processing note. Returns the memberships that weigh no more."""
    ticket, c = await _lock(tx, consultation_id)
    supervises = by.may(Permission.SUPERVISE)
    if c.war_room and not supervises:
        raise Forbidden("a supervisor closes a war room")
    if not supervises and by.agent_id not in (c.asked_by, ticket.agent_id):
        raise Forbidden("who asked, the handler or a supervisor draws the conclusion")
    closed = await consultations.close(tx, c, conclusion, by=by.agent_id, now=now)
    assert closed.conclusion is not None
    await tickets.add_note(tx, Note(
        ticket_id=ticket.id, action="consult", text=closed.conclusion, typed=True, actor=by.actor, at=now,
        conversation_id=c.conversation_id, from_status=ticket.status, to_status=ticket.status,
    ))  # fmt: skip
    members = await consultations.members_of(tx, c.id)
    joined = [m for m in members if m.agent_id is not None and m.state is MemberState.JOINED]
    told = {*(m.agent_id for m in joined), c.asked_by, ticket.agent_id} - {by.agent_id, None}
    people = sorted(each for each in told if each is not None)
    await _stop_ringing(tx, ticket, c, by.agent_id, now)
    await _raise(tx, ticket, closed, "consultation.closed", ("consulted",), people, by.agent_id, now)
    return [m.id for m in joined]


async def _lock(tx: Tx, consultation_id: UUID) -> tuple[Ticket, Consultation]:
    ticket = await tickets.lock_ticket(tx, await store.ticket_of(tx, consultation_id))
    return ticket, await consultations.lock_consultation(tx, consultation_id)


async def _ensure_speaks(tx: Tx, ticket: Ticket, c: Consultation, by: Viewer) -> None:
    leads = by.agent_id == ticket.agent_id or by.may(Permission.SUPERVISE)
    consultations.ensure_speaks(c, await consultations.members_of(tx, c.id), by.agent_id, leads=leads)


async def _invite(
    tx: Tx, ticket: Ticket, c: Consultation, agents: Sequence[UUID], teams: Sequence[UUID], by: UUID, now: datetime
) -> Consultation:
    known_agents, known_teams = await store.all_known(tx, agents, teams)
    if not known_agents:
        raise Invalid("somebody of these does not work here", "agents")
    if not known_teams:
        raise Invalid("there is no such team", "teams")
    after = await consultations.invite(tx, c, agents, teams, by=by, now=now)
    people = [each for each in await store.people(tx, agents, teams) if each != by]
    leads = await store.leads(tx, ticket.team_id) if c.war_room else []
    who = ("consulted", "lead") if c.war_room else ("consulted",)
    told = list(dict.fromkeys([*people, *(each for each in leads if each != by)]))
    await _raise(tx, ticket, after, ASKED, who, told, by, now)
    return after


async def _stop_ringing(tx: Tx, ticket: Ticket, c: Consultation, by: UUID, now: datetime) -> None:
    """Somebody is in the war room: whoever was called to it sees it there."""
    if c.war_room:
        await notices.seen_to(tx, ASKED, ticket.id, actor=f"agent:{by}", now=now, ticket_id=ticket.id)


async def _raise(
    tx: Tx, ticket: Ticket, c: Consultation, why: str, who: tuple[str, ...], agents: Collection[UUID], by: UUID,
    now: datetime,
) -> None:  # fmt: skip
    if not agents:
        return
    rings = c.war_room and why == ASKED
    then = [[each.agent_id for each in await supervisors(tx)]] if rings else []
    await emit(tx, [Event(
        kind="notice.raised", subject=ticket.id, subject_version=ticket.version, at=now, actor=f"agent:{by}",
        brand_id=ticket.brand_id, team_id=ticket.team_id, agent_id=ticket.agent_id, contact_id=ticket.contact_id,
        conversation_id=c.conversation_id, ticket_id=ticket.id,
        data={"who": list(who), "agents": list(agents), "how": "call" if rings else "notify", "why": why,
              "consultation": c.id, **({"then": then} if rings else {})},
    )])  # fmt: skip
