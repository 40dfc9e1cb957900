"""The verbs of waiting and being served: set-based, because a busy minute moves many conversations at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from yizhan.foundation.db import Tx
from yizhan.foundation.journal import Event, emit
from yizhan.records.conversations import store
from yizhan.records.conversations.model import Conversation


class Handing(msgspec.Struct, frozen=True):
    """A locked conversation and who serves it from now on; `facts` go into its event."""

    conversation: Conversation
    agent_id: UUID
    facts: Mapping[str, object] = {}


async def mark_triaged(
    tx: Tx, needs: Mapping[UUID, dict[str, Any]], *, actor: str, now: datetime, late: bool = False
) -> list[UUID]:
    """Makes conversations ready for routing, once; returns those that were not ready before."""
    rows = await store.triaged(tx, needs)
    await emit(tx, [Event(
        kind="work.ready", subject=r["id"], subject_version=r["version"], at=now, actor=actor, brand_id=r["brand_id"],
        team_id=r["team_id"], contact_id=r["contact_id"], conversation_id=r["id"], ticket_id=r["ticket_id"],
        data={"work": "conversation", "late": late},
    ) for r in rows])  # fmt: skip
    return [r["id"] for r in rows]


async def hand_to(tx: Tx, handings: Sequence[Handing], *, actor: str, now: datetime) -> None:
    """Gives locked conversations to agents: 接待中, awake."""
    versions = await store.hand_to(tx, {h.conversation.id: h.agent_id for h in handings}, now)
    await emit(tx, [
        _event(h.conversation, "conversation.assigned", versions[h.conversation.id], actor, now,
               {"from": h.conversation.agent_id, "to": h.agent_id, **h.facts}, agent_id=h.agent_id)
        for h in handings if h.conversation.id in versions
    ])  # fmt: skip


async def requeue(
    tx: Tx, held: Sequence[Conversation], *, reason: str, actor: str, now: datetime, front: bool = False,
    team_id: UUID | None = None,
) -> None:  # fmt: skip
    """Back to 排队中; whoever waited longest before still does."""
    versions = await store.requeue(tx, {c.id: team_id for c in held}, now, front=front)
    await emit(tx, [
        _event(c, "conversation.requeued", versions[c.id], actor, now,
               {"from": c.agent_id, "reason": reason, "front": front, "team": team_id}, team_id=team_id)
        for c in held if c.id in versions
    ])  # fmt: skip


async def receive(tx: Tx, why: Mapping[UUID, Mapping[str, object]], *, actor: str, now: datetime) -> list[UUID]:
    """机器人接待 instead of 排队中, where nobody was asked yet; `why` are the facts of each one's event."""
    rows = await store.receive(tx, list(why))
    await emit(tx, [Event(
        kind="reception.began", subject=r["id"], subject_version=r["version"], at=now, actor=actor,
        brand_id=r["brand_id"], team_id=r["team_id"], contact_id=r["contact_id"], conversation_id=r["id"],
        ticket_id=r["ticket_id"], data={"inbox": r["inbox_id"], **why[r["id"]]},
    ) for r in rows])  # fmt: skip
    return [r["id"] for r in rows]


async def ask_assistant(tx: Tx, c: Conversation, facts: Mapping[str, object], *, actor: str, now: datetime) -> bool:
    """先问智能助手: a locked conversation that queues goes to the assistant; it comes back to the same place."""
    version = await store.to_assistant(tx, c.id)
    if version is None:
        return False
    await emit(tx, [_event(c, "reception.began", version, actor, now, {"inbox": c.inbox_id, **facts})])
    return True


async def hand_on(tx: Tx, held: Sequence[Conversation], *, reason: str, actor: str, now: datetime) -> None:
    """转人工: locked conversations leave the assistant for the queue; whoever came first still did."""
    versions = await store.hand_on(tx, [c.id for c in held], now)
    await emit(tx, [
        _event(c, "conversation.requeued", versions[c.id], actor, now,
               {"from": None, "reason": reason, "front": False, "team": None})
        for c in held if c.id in versions
    ])  # fmt: skip


async def fall_asleep(tx: Tx, c: Conversation, *, actor: str, now: datetime) -> None:
    """The customer has been silent since our last word: the place of the agent is free again."""
    version = await store.set_asleep(tx, c.id, True)
    await emit(tx, [_event(c, "conversation.slept", version, actor, now, {}, agent_id=c.agent_id)])


async def wake_up(tx: Tx, c: Conversation, *, actor: str, now: datetime) -> None:
    version = await store.set_asleep(tx, c.id, False)
    await emit(tx, [_event(c, "conversation.woke", version, actor, now, {}, agent_id=c.agent_id)])


async def tell_overdue(tx: Tx, c: Conversation, *, what: str, actor: str, now: datetime) -> None:
    """The customer waits too long: `queue` for somebody at all, `reply` for the first word, `moved` on too often."""
    since = c.waiting_since or c.seniority
    facts: dict[str, object] = {"what": what, "seconds": max(0, int((now - since).total_seconds()))}
    await emit(tx, [_event(c, "conversation.overdue", c.version, actor, now, facts, agent_id=c.agent_id)])


async def tell_positions(tx: Tx, places: Mapping[UUID, int]) -> dict[UUID, int]:
    """The places to tell customers, never higher than what was told before; without those who do not queue."""
    return await store.tell_positions(tx, places)


def _event(
    c: Conversation, kind: str, version: int, actor: str, now: datetime, facts: dict[str, object], *,
    agent_id: UUID | None = None, team_id: UUID | None = None,
) -> Event:  # fmt: skip
    return Event(
        kind=kind, subject=c.id, subject_version=version, at=now, actor=actor, brand_id=c.brand_id,
        team_id=team_id or c.team_id, agent_id=agent_id, contact_id=c.contact_id, conversation_id=c.id,
        ticket_id=c.ticket_id, data=facts,
    )  # fmt: skip
