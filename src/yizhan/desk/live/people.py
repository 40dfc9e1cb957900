"""Frames about people: presence, load, changed lists of colleagues, and what calls for an agent's attention."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from yizhan.desk.live import frames
from yizhan.desk.live.agents import Audience
from yizhan.desk.live.dirty import Dirty
from yizhan.desk.live.spread import KnownRows
from yizhan.desk.views import MessageRow
from yizhan.foundation.db import Tx
from yizhan.foundation.journal import Head
from yizhan.records import agents
from yizhan.records.agents import Agent

_EACH = 3


async def spread_people(
    tx: Tx, dirty: Dirty, rows: KnownRows, messages: Sequence[MessageRow], audience: Audience, at: Head
) -> None:
    if not audience.sockets:
        return
    _alerts(dirty, rows, messages, audience)
    for agent_id, (version, load) in dirty.loads.items():
        frame = frames.put("load", agent_id, version, {"agent_id": agent_id, **load}, at)
        for socket in audience.of_agent(agent_id) | audience.supervisors():
            socket.outlet.put([frame])
    if dirty.reference is not None:
        changed = {"t": "patch", "e": "reference", "id": dirty.reference, "v": at.pos, "row": {}, "pos": str(at)}
        _to_all(audience, frames.text(changed))
    for who in await _people(tx, dirty.presences):
        if who.presence is not None:
            _to_all(audience, frames.put("presence", who.id, who.presence.version, _presence(who), at))


async def _people(tx: Tx, ids: set[UUID]) -> list[Agent]:
    if len(ids) > _EACH:
        return [who for who in await agents.agents(tx) if who.id in ids]
    return [await agents.agent(tx, id) for id in ids]


def _presence(who: Agent) -> dict[str, Any]:
    assert who.presence
    return {
        "agent_id": who.id,
        "name": who.name,
        "state": who.presence.state,
        "reason": who.presence.reason,
        "since": who.presence.since,
        "lost_at": who.presence.lost_at,
        "live": who.load.live,
        "live_cap": who.live_cap,
        "async": who.load.async_,
        "async_cap": who.async_cap,
    }


def _alerts(dirty: Dirty, rows: KnownRows, messages: Sequence[MessageRow], audience: Audience) -> None:
    for conversation_id, agent_id in dirty.handed.items():
        row = rows.conversation(conversation_id)
        if row is not None and row.agent_id == agent_id and row.phase == "served":
            _alert(audience, agent_id, "new_chat", conversation_id, f"{row.contact_name}:{row.preview}")
    for message in messages:
        if message.id in dirty.failed and message.author.id is not None:
            _alert(audience, message.author.id, "failed", message.conversation_id, message.text[:140])
        if message.id in dirty.noted:
            for mentioned in (message.payload or {}).get("mentions", ()):
                words = f"{message.author.name}:{message.text[:140]}"
                _alert(audience, UUID(mentioned), "mention", message.conversation_id, words)


def _alert(audience: Audience, agent_id: UUID, kind: str, conversation_id: UUID, words: str) -> None:
    frame = frames.alert(kind, conversation_id, words)
    for socket in audience.of_agent(agent_id):
        socket.outlet.put([frame])


def _to_all(audience: Audience, frame: str) -> None:
    for socket in audience.sockets:
        socket.outlet.put([frame])
