"""Who went offline and did not come back: his tickets do not wait for him, whether a roster speaks of him or not.

A while after he was seen last, what is promised inside the coming hours goes to the team; much later all he has. He is
looked after until he is back: what falls due only tomorrow is found tomorrow.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from yizhan.desk import routing
from yizhan.desk.handover import store
from yizhan.desk.handover.model import Left
from yizhan.desk.handover.store import Item
from yizhan.desk.roster import RosterBook, RosterRules
from yizhan.desk.routing import RoutingBook, WorkKind
from yizhan.foundation.db import Tx
from yizhan.foundation.journal import Event, emit
from yizhan.foundation.timer import Timer, drop_timers, set_timer
from yizhan.records import agents, rosters, tickets
from yizhan.records.agents import Presence, PresenceState
from yizhan.records.rosters import ShiftKind
from yizhan.records.tickets import By

ABSENT = "handover.absent"
_BY = By(f"timer:{ABSENT}")
_IDLE_LOOK = timedelta(hours=4)


async def count(tx: Tx, agent_id: UUID, book: RosterBook, *, away: bool) -> None:
    """His absence begins or is over."""
    await drop_timers(tx, [agent_id], ABSENT)
    presence = await agents.presence_of(tx, agent_id)
    since = gone_since(presence)
    rules = _rules(await store.teams_of(tx, agent_id), book)
    if away and since is not None and rules.absent is not None:
        await set_timer(tx, since + rules.absent, ABSENT, agent_id, 0)


async def look(
    tx: Tx, timer: Timer, book: RosterBook, now: datetime, routing_book: RoutingBook | None = None
) -> None:  # fmt: skip
    """What cannot wait for him goes to the team; looks again while he is away."""
    agent_id = timer.subject
    teams = await store.teams_of(tx, agent_id)
    since, rules = gone_since(await agents.presence_of(tx, agent_id)), _rules(teams, book)
    if since is None or rules.absent is None:
        return
    if now < since + rules.absent:
        await set_timer(tx, since + rules.absent, ABSENT, agent_id, 0)
        return
    everything, until = await _reach(tx, agent_id, since, rules, now)
    left = await store.held_by_absent(tx, agent_id, until, everything=everything)
    minutes = int((now - since).total_seconds() // 60)
    for each in left:
        await _to_pool(tx, agent_id, each, each.team_id or next(iter(teams), None), minutes, now, routing_book)
    if left:
        await emit(tx, [Event(
            kind="handover.swept", subject=agent_id, subject_version=1, at=now, actor=_BY.actor, agent_id=agent_id,
            data={"shift": None, "chats": 0, "tickets": len(left), "minutes": minutes},
        )])  # fmt: skip
    holds = await store.holds_any(tx, agent_id)
    await set_timer(tx, now + (rules.absent if holds else max(rules.absent, _IDLE_LOOK)), ABSENT, agent_id, 0)


def gone_since(presence: Presence | None) -> datetime | None:
    """None while he is here, or was never here."""
    if presence is None:
        return None
    return presence.since if presence.state is PresenceState.OFFLINE else presence.lost_at


async def _reach(
    tx: Tx, agent_id: UUID, since: datetime, rules: RosterRules, now: datetime
) -> tuple[bool, datetime]:  # fmt: skip
    """Whether all he has is meant, and until when what is due is: his next shift, where the roster names one."""
    running = any(d.agent_id == agent_id and d.kind is not ShiftKind.ON_CALL for d in await rosters.on_duty(tx, now))
    following = await rosters.next_shift(tx, agent_id, now)
    long = rules.absent_all
    comes = following is not None and (long is None or following.starts_at <= now + long)
    everything = long is not None and now - since >= long and not comes
    back = following.starts_at if following is not None and comes and not running else now + rules.absent_ahead
    return everything, back


async def _to_pool(
    tx: Tx, agent_id: UUID, each: Left, team: UUID | None, minutes: int, now: datetime, book: RoutingBook | None
) -> None:
    words = tickets.line("absent", minutes=minutes)
    if team is None:
        await routing.put_back(tx, WorkKind.TICKET, each.ticket_id, note=words, by=_BY, now=now)
    else:
        await routing.assign_ticket(
            tx, each.ticket_id, agent_id=None, team_id=team, note=words, by=_BY, now=now, book=book
        )
    await store.add_item(tx, Item(
        shift_id=None, from_agent=agent_id, how="pool", note=words, to_team=team, ticket_id=each.ticket_id,
    ), now)  # fmt: skip


def _rules(teams: list[UUID], book: RosterBook) -> RosterRules:
    """Of his teams the one that waits least for him."""
    said = [book.of(None, team) for team in teams] or [book.of()]
    return min(said, key=lambda rules: rules.absent or timedelta.max)
