"""The timers of routing: an offer nobody took, a first reply that did not come (floor rules 2.1 and 2.5)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from yizhan.desk.routing import offers, policy, service, store
from yizhan.foundation.db import Tx
from yizhan.foundation.journal import Event, emit
from yizhan.foundation.timer import Timer, Timers
from yizhan.records import agents, conversations
from yizhan.records.agents import PresenceState
from yizhan.records.conversations import Conversation, Phase
from yizhan.records.tickets import By

_TIMER = By("timer:routing.first_reply")
_MISSES_TO_BUSY = 2


def register_timers(timers: Timers, *, first_reply_ladder: bool = True) -> None:
    """Without the ladder an unanswered conversation stays with its agent."""

    async def first_reply(tx: Tx, timer: Timer, now: datetime) -> None:
        if first_reply_ladder:
            await move_on(tx, timer.subject, UUID(str(timer.data["assignment"])), now=now)

    async def offer(tx: Tx, timer: Timer, now: datetime) -> None:
        await offers.expire_offer(tx, timer.subject, now=now)

    timers.register(service.FIRST_REPLY_TIMER, first_reply)
    timers.register(offers.OFFER_TIMER, offer)


async def move_on(tx: Tx, conversation_id: UUID, assignment_id: UUID, *, now: datetime) -> None:
    """No first reply in time: to the front of the queue and the next agent, at most twice, then to the supervisor."""
    c = await conversations.lock_conversation(tx, conversation_id)
    current = (await store.open_assignments(tx, [c.id])).get(c.id)
    if current is None or current.id != assignment_id or _answered(c) or c.agent_id is None:
        return
    if await store.missed_moves(tx, c.id) >= policy.MOST_MISSES:
        await _call_supervisor(tx, c, now)
        return
    await service.requeue(tx, [c], reason="missed", by=_TIMER, now=now, front=True)
    if await store.last_endings(tx, c.agent_id, _MISSES_TO_BUSY) == ["missed"] * _MISSES_TO_BUSY:
        presence = await agents.presence_of(tx, c.agent_id)
        if presence is not None and presence.state is PresenceState.ONLINE:
            await agents.set_presence(tx, c.agent_id, PresenceState.BUSY, "missed", now, "system")


def _answered(c: Conversation) -> bool:
    if c.phase is not Phase.SERVED or c.waiting_since is None or c.assigned_at is None:
        return True
    return c.last_outbound_at is not None and c.last_outbound_at >= c.assigned_at


async def _call_supervisor(tx: Tx, c: Conversation, now: datetime) -> None:
    await emit(tx, [Event(
        kind="conversation.overdue", subject=c.id, subject_version=c.version, at=now, actor=_TIMER.actor,
        brand_id=c.brand_id, team_id=c.team_id, agent_id=c.agent_id, contact_id=c.contact_id, conversation_id=c.id,
        ticket_id=c.ticket_id, data={"what": "first_reply"},
    )])  # fmt: skip
