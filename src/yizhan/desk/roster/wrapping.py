"""话后整理: half a minute after a call, extended once, then 在线 again by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from yizhan.desk.roster.rules import RosterBook
from yizhan.desk.roster.store import teams_of
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Conflict
from yizhan.foundation.timer import Timer, cancel_timers, set_timer
from yizhan.records import agents
from yizhan.records.agents import Presence, PresenceState

WRAP_UP = "roster.wrap_up"
EXTENDED = "extended"
CALL = "call"
Spans = Callable[[UUID | None, str], timedelta | None]
"""Of a team and a channel, as the rules of routing say it; None where they say nothing."""
AfterCalls = Callable[[UUID | None], timedelta | None]


async def count_wrap_up(
    tx: Tx, agent_id: UUID, since: datetime, book: RosterBook, after_calls: AfterCalls = lambda team: None
) -> None:
    """He is 话后整理 since then, as the telephone says; what began with the end of a chat is counted already."""
    presence = await agents.presence_of(tx, agent_id)
    if presence is None or presence.reason is not None:
        return
    span = max([_of_calls(team, book, after_calls) for team in await teams_of(tx, agent_id) or (None,)])
    await set_timer(tx, since + span, WRAP_UP, agent_id, 0, {"since": since.isoformat()})


async def begin_wrap_up(tx: Tx, agent_id: UUID, channel: str, span: timedelta, *, now: datetime, by: str) -> None:
    """After the end of a conversation, where its channel asks for it; only of who is 在线."""
    presence = await agents.presence_of(tx, agent_id)
    if span <= timedelta() or presence is None or presence.state is not PresenceState.ONLINE:
        return
    said = await agents.set_presence(tx, agent_id, PresenceState.WRAPUP, channel, now, by)
    await set_timer(tx, now + span, WRAP_UP, agent_id, 0, {"since": said.since.isoformat()})


async def extend_wrap_up(
    tx: Tx, agent_id: UUID, *, now: datetime, by: str, book: RosterBook, spans: Spans = lambda team, channel: None
) -> Presence:
    """Once, by as much as it lasts."""
    presence = await agents.presence_of(tx, agent_id)
    if presence is None or presence.state is not PresenceState.WRAPUP:
        raise Conflict("only in 话后整理")
    if presence.reason == EXTENDED:
        raise Conflict("it was extended once already")
    await cancel_timers(tx, agent_id, WRAP_UP)
    said = await agents.set_presence(tx, agent_id, PresenceState.WRAPUP, EXTENDED, now, by)
    channel = presence.reason or CALL
    teams = await teams_of(tx, agent_id) or (None,)
    span = max(spans(team, channel) or book.of(None, team).wrap_up for team in teams)
    await set_timer(tx, now + span, WRAP_UP, agent_id, 0, {"since": said.since.isoformat()})
    return said


def _of_calls(team: UUID | None, book: RosterBook, after_calls: AfterCalls) -> timedelta:
    asked = after_calls(team)
    return book.of(None, team).wrap_up if asked is None else asked


async def back_online(tx: Tx, timer: Timer, now: datetime) -> None:
    """Unless he said something else meanwhile."""
    presence = await agents.presence_of(tx, timer.subject)
    if presence is None or presence.state is not PresenceState.WRAPUP:
        return
    if presence.since.isoformat() == str(timer.data["since"]):
        await agents.set_presence(tx, timer.subject, PresenceState.ONLINE, None, now, f"timer:{WRAP_UP}")
