"""话后整理: half a minute after a call, extended once, then 在线 again by itself."""

from __future__ import annotations

from datetime import datetime
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


async def count_wrap_up(tx: Tx, agent_id: UUID, since: datetime, book: RosterBook) -> None:
    """He is 话后整理 since then."""
    teams = await teams_of(tx, agent_id)
    span = max((book.of(None, team).wrap_up for team in teams), default=book.of().wrap_up)
    await set_timer(tx, since + span, WRAP_UP, agent_id, 0, {"since": since.isoformat()})


async def extend_wrap_up(tx: Tx, agent_id: UUID, *, now: datetime, by: str, book: RosterBook) -> Presence:
    """Once."""
    presence = await agents.presence_of(tx, agent_id)
    if presence is None or presence.state is not PresenceState.WRAPUP:
        raise Conflict("only in 话后整理")
    if presence.reason == EXTENDED:
        raise Conflict("it was extended once already")
    await cancel_timers(tx, agent_id, WRAP_UP)
    said = await agents.set_presence(tx, agent_id, PresenceState.WRAPUP, EXTENDED, now, by)
    teams = await teams_of(tx, agent_id)
    span = max((book.of(None, team).wrap_up for team in teams), default=book.of().wrap_up)
    await set_timer(tx, now + span, WRAP_UP, agent_id, 0, {"since": said.since.isoformat()})
    return said


async def back_online(tx: Tx, timer: Timer, now: datetime) -> None:
    """Unless he said something else meanwhile."""
    presence = await agents.presence_of(tx, timer.subject)
    if presence is None or presence.state is not PresenceState.WRAPUP:
        return
    if presence.since.isoformat() == str(timer.data["since"]):
        await agents.set_presence(tx, timer.subject, PresenceState.ONLINE, None, now, f"timer:{WRAP_UP}")
