"""The timers of routing: an offer nobody took, a first reply that did not come (floor rules 2.1 and 2.5)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from yizhan.desk.routing import offers, service, store
from yizhan.desk.routing.rules import RoutingBook, routing_book
from yizhan.foundation.db import Tx
from yizhan.foundation.timer import Timer, Timers, set_timer
from yizhan.records import agents, conversations
from yizhan.records.agents import PresenceState
from yizhan.records.conversations import Conversation, Phase
from yizhan.records.tickets import By

_TIMER = By("timer:routing.first_reply")


def register_timers(timers: Timers, book: RoutingBook | None = None) -> None:
    rules = book or routing_book()

    async def first_reply(tx: Tx, timer: Timer, now: datetime) -> None:
        assignment = UUID(str(timer.data["assignment"]))
        step = turn_red if timer.data.get("step") == "red" else move_on
        await step(tx, timer.subject, assignment, rules, now=now)

    async def offer(tx: Tx, timer: Timer, now: datetime) -> None:
        await offers.expire_offer(tx, timer.subject, now=now)

    timers.register(service.FIRST_REPLY_TIMER, first_reply)
    timers.register(offers.OFFER_TIMER, offer)


async def turn_red(tx: Tx, conversation_id: UUID, assignment_id: UUID, book: RoutingBook, *, now: datetime) -> None:
    """No first reply for a minute: the supervisor sees it; it stays where it is for a while."""
    c = await _unanswered(tx, conversation_id, assignment_id)
    if c is None or c.assigned_at is None:
        return
    await conversations.tell_overdue(tx, c, what="reply", actor=_TIMER.actor, now=now)
    move = book.of(c.inbox_id, c.team_id).move
    if move is not None:
        facts = {"assignment": assignment_id, "step": "move"}
        await set_timer(tx, c.assigned_at + move, service.FIRST_REPLY_TIMER, c.id, 0, facts)


async def move_on(tx: Tx, conversation_id: UUID, assignment_id: UUID, book: RoutingBook, *, now: datetime) -> None:
    """No first reply in time: to the front of the queue and the next agent, at most twice, then to the supervisor."""
    c = await _unanswered(tx, conversation_id, assignment_id)
    if c is None or c.agent_id is None:
        return
    rules = book.of(c.inbox_id, c.team_id)
    if await store.missed_moves(tx, c.id) >= rules.most_moves:
        await conversations.tell_overdue(tx, c, what="moved", actor=_TIMER.actor, now=now)
        return
    await service.requeue(tx, [c], reason="missed", by=_TIMER, now=now, front=True)
    misses = rules.misses_to_busy
    if misses and await store.last_endings(tx, c.agent_id, misses) == ["missed"] * misses:
        presence = await agents.presence_of(tx, c.agent_id)
        if presence is not None and presence.state is PresenceState.ONLINE:
            await agents.set_presence(tx, c.agent_id, PresenceState.BUSY, "missed", now, "system")


async def _unanswered(tx: Tx, conversation_id: UUID, assignment_id: UUID) -> Conversation | None:
    """Locked, when it is still with whom it was given to then, and nobody has said a word of ours since."""
    c = await conversations.lock_conversation(tx, conversation_id)
    current = (await store.open_assignments(tx, [c.id])).get(c.id)
    return None if current is None or current.id != assignment_id or _answered(c) else c


def _answered(c: Conversation) -> bool:
    if c.phase is not Phase.SERVED or c.waiting_since is None or c.assigned_at is None:
        return True
    return c.last_outbound_at is not None and c.last_outbound_at >= c.assigned_at
