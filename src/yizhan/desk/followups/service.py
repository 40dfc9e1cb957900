"""The steps that bring somebody back to a ticket."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.desk.followups import policy, store
from yizhan.desk.followups.policy import Step
from yizhan.foundation.db import Tx
from yizhan.foundation.journal import Entry, Event, emit
from yizhan.foundation.text import is_thanks_only
from yizhan.foundation.timer import NewTimer, Timer, set_timers
from yizhan.records import tickets
from yizhan.records.tickets import By, Ticket, TicketChange

CHASED = "followups.chased"
ANSWERED = "followups.answered"
URGENT = 4

_ASIDE = frozenset({"aside", "confirm"})
_OVER = frozenset({"done", "cancelled"})
_WATCHED = frozenset({"ticket.moved", "ticket.assigned", "ticket.chased"})


class Notice(msgspec.Struct, frozen=True):
    """`who` are words for those whom `agents` names: handler, owner, lead, watcher, mentioned."""

    ticket_id: UUID
    who: tuple[str, ...]
    agents: Sequence[UUID]
    why: str
    facts: dict[str, object] = {}


async def chase(tx: Tx, ticket_id: UUID, *, text: str, by: By, now: datetime, typed: bool) -> Ticket:
    """催单: the 1st tells the handler, the 2nd raises the priority, the 3rd reaches the 组长."""
    ticket = await tickets.lock_ticket(tx, ticket_id)
    chased = await tickets.chase(tx, ticket, text=text, by=by, now=now, typed=typed)
    step = policy.step_of(chased.chases)
    if step is Step.RAISE and chased.priority < URGENT:
        chased = await tickets.change_ticket(
            tx, chased, TicketChange(priority=chased.priority + 1), expected=chased.version,
            text=tickets.line("chase_raised", count=chased.chases), by=By("chase"), now=now,
        )  # fmt: skip
    place = (await store.places(tx, [ticket_id]))[ticket_id]
    told = {"handler": [place.agent_id] if place.agent_id else [], "lead": place.leads}
    who = ("lead", "handler") if step is Step.LEAD or not place.agent_id else ("handler",)
    agents = list(dict.fromkeys(agent for word in who for agent in told[word]))
    await _raise(tx, [Notice(ticket_id, who, agents, "ticket.chased", {"count": chased.chases})], by.actor, now)
    return chased


async def chased_by_customer(tx: Tx, timer: Timer, now: datetime) -> None:
    """His words were a chase. Not counted: what he has only just opened, or asks again in the same breath."""
    ticket = await tickets.lock_ticket(tx, timer.subject)
    over = ticket.status in tickets.FINAL or ticket.merged_into is not None
    if not over and policy.counts(now, ticket.created_at, ticket.chased_at):
        by = By(str(timer.data["actor"]))
        await chase(tx, ticket.id, text=tickets.line("chased", words=timer.data["text"]), by=by, now=now, typed=False)


async def answered(tx: Tx, timer: Timer, now: datetime) -> None:
    """The customer said what was waited for."""
    ticket = await tickets.lock_ticket(tx, timer.subject)
    if ticket.waiting_reason in tickets.OF_CUSTOMER:
        by = By(str(timer.data["actor"]))
        await tickets.go_on(tx, ticket, text=tickets.line("answered"), by=by, now=now, typed=False)


async def follow_up(tx: Tx, timer: Timer, now: datetime) -> None:
    """下次跟进 has come; one that was moved meanwhile has a timer of its own."""
    ticket = await tickets.lock_ticket(tx, timer.subject)
    due = ticket.next_follow_up
    if due is None or due.isoformat() != timer.data["at"] or ticket.status in tickets.FINAL:
        return
    by = By(f"timer:{tickets.FOLLOW_UP}")
    await tickets.follow_up(tx, ticket, by=by, now=now)
    place = (await store.places(tx, [ticket.id]))[ticket.id]
    who, agents = (("handler",), [place.agent_id]) if place.agent_id else (("lead",), place.leads)
    facts: dict[str, object] = {"waiting_reason": ticket.waiting_reason}
    await _raise(tx, [Notice(ticket.id, who, agents, "ticket.follow_up_due", facts)], by.actor, now)


async def hear(tx: Tx, entries: Sequence[Entry], now: datetime) -> None:
    """Of a batch of the journal. What locks a ticket is a timer: a batch may not hold one and lock another."""
    await _hear_customers(tx, entries, now)
    await _hear_mentions(tx, entries, now)
    await _hear_outcomes(tx, entries, now)
    watched = await store.watched(tx, {e.ticket_id for e in entries if e.kind in _WATCHED and e.ticket_id})
    for e in entries:
        if e.kind not in _WATCHED or e.ticket_id not in watched:
            continue
        agents = [each for each in watched[e.ticket_id] if f"agent:{each}" != e.actor]
        if agents:
            facts: dict[str, object] = {key: e.data[key] for key in ("action", "from", "to", "count") if key in e.data}
            await _raise(tx, [Notice(e.ticket_id, ("watcher",), agents, e.kind, facts)], e.actor, now)


async def _hear_customers(tx: Tx, entries: Sequence[Entry], now: datetime) -> None:
    said = {
        UUID(str(e.data["message"])): e for e in entries
        if e.kind == "message.received" and e.ticket_id and not e.data.get("automatic") and e.data.get("message")
    }  # fmt: skip
    words = await store.words_of(tx, said)
    asked = {e.ticket_id for e in said.values() if e.data.get("effect") not in _ASIDE}
    waiting = await store.waiting_for_customers(tx, {ticket for ticket in asked if ticket})
    thanks = {w.message_id for w in words if w.ticket_id in waiting and is_thanks_only(w.text)}
    answers = {
        e.ticket_id: e.actor for message, e in said.items()
        if e.ticket_id in waiting and e.data.get("effect") not in _ASIDE and message not in thanks
    }  # fmt: skip
    due = [NewTimer(now, ANSWERED, ticket, 0, {"actor": actor}) for ticket, actor in answers.items() if ticket]
    actors = {e.ticket_id: e.actor for e in said.values()}
    # What does not count is not asked again under the ticket's lock.
    due += [
        NewTimer(now, CHASED, w.ticket_id, 0, {"actor": actors.get(w.ticket_id, "system"), "text": w.text.strip()})
        for w in words if policy.counts(now, w.created_at, w.chased_at) and policy.is_chase(w.text)
    ]  # fmt: skip
    await set_timers(tx, due)


async def _hear_mentions(tx: Tx, entries: Sequence[Entry], now: datetime) -> None:
    """@ in an internal note: told, and from then on watching."""
    noted = [UUID(str(e.data["message"])) for e in entries if e.kind == "message.noted" and e.data.get("message")]
    mentions = await store.mentions_of(tx, noted)
    await tickets.watch(tx, [(m.ticket_id, agent) for m in mentions for agent in m.agents], now=now)
    for m in mentions:
        if m.agents:
            facts: dict[str, object] = {"message": m.message_id}
            await _raise(tx, [Notice(m.ticket_id, ("mentioned",), m.agents, "note.mentioned", facts)], m.author, now)


async def _hear_outcomes(tx: Tx, entries: Sequence[Entry], now: datetime) -> None:
    """首问负责: who took it first hears what became of it, whoever has it by then."""
    over = {e.ticket_id: e for e in entries if e.kind == "ticket.moved" and e.ticket_id and e.data.get("to") in _OVER}
    owners = await store.owned_by_others(tx, over)
    for ticket_id, owner in owners.items():
        e = over[ticket_id]
        if e.actor != f"agent:{owner}":
            facts: dict[str, object] = {"action": e.data["action"]}
            await _raise(tx, [Notice(ticket_id, ("owner",), [owner], "ticket.over", facts)], e.actor, now)


async def _raise(tx: Tx, notices: Sequence[Notice], actor: str, now: datetime) -> None:
    places = await store.places(tx, {notice.ticket_id for notice in notices})
    await emit(tx, [
        Event(
            kind="notice.raised", subject=place.id, subject_version=place.version, at=now, actor=actor,
            brand_id=place.brand_id, team_id=place.team_id, agent_id=place.agent_id, contact_id=place.contact_id,
            ticket_id=place.id,
            data={"who": list(n.who), "agents": list(n.agents), "how": "notify", "why": n.why, **n.facts},
        ) for n in notices for place in [places[n.ticket_id]]
    ])  # fmt: skip
