"""转接: a live conversation is offered, and stays with its giver until somebody accepts (floor rule 2.5)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.desk.routing import policy, store, verbs, wording
from yizhan.desk.routing.model import Explanation, Gift, Offer, OfferState, Reason, WorkKind
from yizhan.desk.routing.rules import RoutingBook, limited, routing_book
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Conflict, Forbidden, Invalid
from yizhan.foundation.ids import new_id
from yizhan.foundation.journal import Event, emit
from yizhan.foundation.timer import set_timer
from yizhan.records import agents, conversations, tickets
from yizhan.records.agents import PresenceState, Room
from yizhan.records.conversations import Conversation, Draft, Phase
from yizhan.records.rosters import Duty
from yizhan.records.tickets import By, Line, Note

OFFER_TIMER = "routing.offer"
_HOW = {"transfer_declined": "declined", "transfer_expired": "expired"}


async def transfer(
    tx: Tx, conversation_id: UUID, *, to_agent: UUID | None = None, to_team: UUID | None = None, note: str, by: By,
    now: datetime, book: RoutingBook | None = None, duty: Duty | None = None,
) -> Offer:  # fmt: skip
    """Offers the conversation; whoever is asked has twenty seconds. The note is for the receiver and is mandatory."""
    rules = book or routing_book()
    if (to_agent is None) == (to_team is None):
        raise Invalid("choose an agent or a team", "agent_id")
    words = tickets.check_note(note)
    c = await conversations.lock_conversation(tx, conversation_id)
    if c.phase is not Phase.SERVED or not c.live:
        raise Conflict("only a live conversation that is being served can be transferred")
    if await store.open_offer_of(tx, c.id) is not None:
        raise Conflict("it is being offered to somebody already")
    await _ensure_receiver(tx, c, to_agent, to_team, rules, duty or Duty())
    if to_agent is not None:
        await verbs.ensure_not_rated(tx, WorkKind.CONVERSATION, c.id, to_agent, by, words)
    offer = Offer(
        new_id(now), WorkKind.CONVERSATION, c.id, c.agent_id, to_agent, to_team, words, OfferState.OPEN, now,
        now + rules.of(c.inbox_id, c.team_id).offer_life,
    )  # fmt: skip
    await store.add_offer(tx, offer)
    await set_timer(tx, offer.expires_at, OFFER_TIMER, offer.id, 1)
    await _tell(tx, offer, c, "offer.made", 1, by.actor, now)
    return offer


async def accept_offer(
    tx: Tx, offer_id: UUID, agent_id: UUID, *, now: datetime, book: RoutingBook | None = None, duty: Duty | None = None
) -> None:
    """The receiver has it from now on; the customer reads one line and keeps his seniority."""
    offer, c = await _open_offer(tx, offer_id, agent_id, now)
    verbs.ensure_staying(agent_id, duty)
    await _decide(tx, offer, c, OfferState.ACCEPTED, f"agent:{agent_id}", now, by_agent=agent_id)
    if c.agent_id != offer.from_agent or c.phase is not Phase.SERVED:
        raise Conflict("the conversation is no longer with who offered it")
    giver = By(f"agent:{offer.from_agent}", offer.from_agent)
    gift = Gift(
        kind=WorkKind.CONVERSATION, work_id=c.id, agent_id=agent_id, text=offer.note, take=True,
        explanation=Explanation(Reason.TRANSFERRED, policy.seconds(now - offer.created_at), 0, 0),
    )  # fmt: skip
    await verbs.give_one(tx, gift, by=giver, now=now, book=book)
    await _say_who(tx, c, agent_id, now)


async def take_over(
    tx: Tx, conversation_id: UUID, to_agent: UUID, *, note: str, by: By, now: datetime, book: RoutingBook | None = None
) -> None:
    """接管 and 改派 by a supervisor: at once, whatever the receiver carries; seniority stays."""
    words = tickets.check_note(note)
    c = await conversations.lock_conversation(tx, conversation_id)
    if not c.live or c.phase is Phase.ENDED:
        raise Conflict("only a live conversation can be taken over")
    if c.agent_id == to_agent:
        raise Conflict("the conversation is with this agent")
    gift = Gift(
        kind=WorkKind.CONVERSATION, work_id=c.id, agent_id=to_agent, over=None, text=words, take=True,
        explanation=Explanation(Reason.ASSIGNED, policy.seconds(now - c.seniority), 0, 0),
    )  # fmt: skip
    await verbs.give_one(tx, gift, by=by, now=now, book=book)
    await _say_who(tx, c, to_agent, now)


async def take_matter(
    tx: Tx, ticket_id: UUID, *, agent_id: UUID, note: str, by: By, now: datetime, book: RoutingBook | None = None
) -> None:
    """转派 to somebody who takes a matter over, with the live conversation in which its customer is just now.

    Only who is there is given a live conversation: Away says so.
    """
    live = next((c for c in await conversations.lock_of_ticket(tx, ticket_id) if c.live), None)
    if live is None:
        await verbs.assign_ticket(
            tx, ticket_id, agent_id=agent_id, team_id=None, note=note, by=by, now=now, book=book
        )  # fmt: skip
        return
    if live.agent_id == agent_id:
        return
    room = (await agents.rooms(tx, [agent_id])).get(agent_id)
    if room is None or room.state is not PresenceState.ONLINE or room.lost:
        raise verbs.Away("the agent is not there")
    await take_over(tx, live.id, agent_id, note=note, by=by, now=now, book=book)


async def _say_who(tx: Tx, c: Conversation, agent_id: UUID, now: datetime) -> None:
    """The one line the customer reads."""
    room = (await agents.rooms(tx, [agent_id]))[agent_id]
    text, parts = wording.transferring(next(iter(room.teams), ""), room.name, await store.locale(tx, c.contact_id))
    line = Draft(direction="system", author="system", text=text, kind="event", payload=dict(parts), human=False)
    await conversations.say(tx, c, line, now=now)


async def decline_offer(tx: Tx, offer_id: UUID, agent_id: UUID, *, reason: str, now: datetime) -> None:
    """With a reason; the giver has kept the conversation."""
    if not reason.strip():
        raise Invalid("say why you do not take it", "reason")
    offer, c = await _open_offer(tx, offer_id, agent_id, now)
    if offer.to_agent is None:
        raise Conflict("an offer to a team is left to the others, it is not declined")
    words = reason.strip()[:200]
    await _decide(tx, offer, c, OfferState.DECLINED, f"agent:{agent_id}", now, reason=words)
    line = tickets.line("transfer_declined", words=words)
    await _give_back(tx, offer, c, line, f"agent:{agent_id}", now)


async def expire_offer(tx: Tx, offer_id: UUID, *, now: datetime) -> None:
    """Nobody took it in time; does nothing when it was decided."""
    offer = await store.offer(tx, offer_id)
    if offer.state is not OfferState.OPEN:
        return
    c = await conversations.lock_conversation(tx, offer.work_id)
    if await store.decide_offer(tx, offer.id, OfferState.EXPIRED, now, None):
        await _tell(tx, offer, c, "offer.expired", 2, "timer:routing.offer", now)
        await _give_back(tx, offer, c, tickets.line("transfer_expired"), "timer:routing.offer", now)


async def _give_back(tx: Tx, o: Offer, c: Conversation, line: Line, actor: str, now: datetime) -> None:
    """Who offered it has kept it, and is told why he still has it; the reason stays with the matter."""
    if c.ticket_id is not None:
        await tickets.add_note(tx, Note(
            ticket_id=c.ticket_id, conversation_id=c.id, action="transfer", text=line, typed=False, actor=actor, at=now,
        ))  # fmt: skip
    if o.from_agent is not None and c.agent_id == o.from_agent:
        await emit(tx, [Event(
            kind="notice.raised", subject=o.id, subject_version=2, at=now, actor=actor, brand_id=c.brand_id,
            team_id=c.team_id, agent_id=o.from_agent, contact_id=c.contact_id, conversation_id=c.id,
            ticket_id=c.ticket_id,
            data={"who": ["giver"], "agents": [o.from_agent], "how": "notify", "why": f"offer.{_HOW[line.code]}"},
        )])  # fmt: skip


async def offers_for(tx: Tx, agent_id: UUID, *, now: datetime) -> list[Offer]:
    """What an agent may accept just now."""
    return await store.open_offers(tx, agent_id, now)


async def _ensure_receiver(
    tx: Tx, c: Conversation, to_agent: UUID | None, to_team: UUID | None, book: RoutingBook, duty: Duty
) -> None:
    """Who is not there, goes home soon, or is full is not asked; the third transfer goes to a 组长."""
    last_word = await store.accepted_offers(tx, c.id) >= book.of(c.inbox_id, c.team_id).transfers_before_lead
    if to_agent is not None:
        if to_agent == c.agent_id:
            raise Invalid("the conversation is with this agent", "agent_id")
        if last_word and not any((await store.membership(tx, to_agent)).values()):
            raise Conflict("it was transferred twice: it goes to a lead now")
        if to_agent in duty.leaving or to_agent in duty.off:
            raise verbs.Away("the shift of this agent is about to end")
        _ensure_free((await agents.rooms(tx, [to_agent])).get(to_agent), book)
        return
    assert to_team is not None
    if last_word:
        raise Conflict("it was transferred twice: it goes to a lead now")
    gone = {c.agent_id} | duty.leaving | duty.off
    members = [m for m in await store.team_members(tx, to_team) if m not in gone]
    rooms = await agents.rooms(tx, members)
    if not any(_is_there(room) and _has_room(room, book) for room in rooms.values()):
        raise verbs.Away("nobody of this team is free")


def _ensure_free(room: Room | None, book: RoutingBook) -> None:
    if room is None or not _is_there(room):
        raise verbs.Away("the agent is not online")
    if not _has_room(room, book):
        raise verbs.NoRoom("the agent has no room left")


def _is_there(room: Room) -> bool:
    return room.active and room.state is PresenceState.ONLINE and not room.lost


def _has_room(room: Room, book: RoutingBook) -> bool:
    return not room.alone and room.live < limited(book, room.team_ids, room.live_cap, room.async_cap)[0]


async def _open_offer(tx: Tx, offer_id: UUID, agent_id: UUID, now: datetime) -> tuple[Offer, Conversation]:
    """The offer with its conversation locked first: all deciders meet at that lock."""
    offer = await store.offer(tx, offer_id)
    c = await conversations.lock_conversation(tx, offer.work_id)
    offer = await store.offer(tx, offer_id)
    if offer.state is not OfferState.OPEN or offer.expires_at <= now:
        raise Conflict("this offer is over")
    asked = offer.to_agent == agent_id if offer.to_agent else offer.to_team in await store.membership(tx, agent_id)
    if not asked or agent_id == offer.from_agent:
        raise Forbidden("this offer is for somebody else")
    return offer, c


async def _decide(
    tx: Tx, offer: Offer, c: Conversation, state: OfferState, actor: str, now: datetime, *, reason: str | None = None,
    by_agent: UUID | None = None,
) -> None:  # fmt: skip
    if not await store.decide_offer(tx, offer.id, state, now, reason, by_agent):
        raise Conflict("this offer is over")
    decided = msgspec.structs.replace(offer, to_agent=by_agent or offer.to_agent)
    await _tell(tx, decided, c, f"offer.{state}", 2, actor, now)


async def _tell(tx: Tx, o: Offer, c: Conversation, kind: str, version: int, actor: str, now: datetime) -> None:
    await emit(tx, [Event(
        kind=kind, subject=o.id, subject_version=version, at=now, actor=actor, brand_id=c.brand_id,
        team_id=o.to_team or c.team_id, agent_id=o.to_agent, contact_id=c.contact_id, conversation_id=c.id,
        ticket_id=c.ticket_id, data={"from": o.from_agent, "to": o.to_agent, "team": o.to_team},
    )])  # fmt: skip
