"""Shifts as they run: who is on duty, and what is told when one begins, winds down and ends."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from yizhan.desk.roster import policy
from yizhan.desk.roster.rules import RosterBook
from yizhan.desk.roster.telling import tell
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Conflict
from yizhan.foundation.journal import Event, emit
from yizhan.foundation.timer import NewTimer, Timer, set_timers
from yizhan.records import agents, rosters
from yizhan.records.agents import Presence, PresenceState
from yizhan.records.rosters import Duty, OnDuty, Shift, ShiftKind

WIND_DOWN = "roster.wind_down"
ENDED = "roster.ended"
_TIMER = "timer:roster"
_LATELY = timedelta(seconds=policy.LONGEST_LOOK_BACK_S)


async def duty(tx: Tx, now: datetime, book: RosterBook) -> Duty:
    """What routing asks: two statements for everybody."""
    running = await rosters.on_duty(tx, now, _LATELY)
    people = await rosters.people(tx)
    return policy.duty_from(running, people, book, now)


async def shift_of(tx: Tx, agent_id: UUID, now: datetime) -> OnDuty | None:
    """The shift in which somebody works just now."""
    running = [d for d in await rosters.on_duty(tx, now) if d.agent_id == agent_id and d.kind is not ShiftKind.ON_CALL]
    return max(running, key=lambda d: d.until, default=None)


async def ensure_not_leaving(tx: Tx, agent_id: UUID, now: datetime, book: RosterBook) -> None:
    """No transfer in the last minutes of a shift: that is 交接, which everybody else sees too."""
    shift = await shift_of(tx, agent_id, now)
    if shift is not None and now >= shift.until - book.of(None, shift.team_id).no_transfer:
        raise Conflict("the shift ends in a few minutes: hand over instead of transferring")


async def force_state(tx: Tx, agent_id: UUID, state: PresenceState, reason: str, *, by: str, now: datetime) -> Presence:
    """A supervisor sets somebody's state; he is told by whom and why."""
    said = await agents.set_presence(tx, agent_id, state, reason, now, by)
    facts = {"state": state, "reason": reason}
    await tell(tx, agent_id, who="agent", agents=[agent_id], why="presence.forced", now=now, actor=by, facts=facts)
    return said


async def begin(tx: Tx, timer: Timer, book: RosterBook, now: datetime) -> None:
    """The rules of this moment say when the shift winds down; one that is over already says nothing."""
    shift = await _same(tx, timer)
    if shift is None or shift.ends_at <= now:
        return
    await emit(tx, [_event("shift.began", shift, now)])
    if shift.kind is not ShiftKind.ON_CALL:
        rules = book.of(None, shift.team_id)
        await set_timers(tx, [
            NewTimer(max(now, shift.ends_at - rules.wind_down), WIND_DOWN, shift.id, shift.version),
            NewTimer(shift.ends_at, ENDED, shift.id, shift.version),
        ])  # fmt: skip


async def wind_down(tx: Tx, timer: Timer, now: datetime) -> None:
    """预下班: nothing live is given any more. Whose next shift follows at once goes on."""
    shift = await _same(tx, timer)
    if shift is None or await _goes_on(tx, shift):
        return
    await emit(tx, [_event("shift.winding_down", shift, now)])
    presence = await agents.presence_of(tx, shift.agent_id)
    if presence is not None and presence.state is not PresenceState.OFFLINE:
        await tell(
            tx, shift.id, who="agent", agents=[shift.agent_id], why="shift.winding_down", now=now, actor=_TIMER,
            facts={"ends_at": shift.ends_at}, team_id=shift.team_id,
        )  # fmt: skip


async def end(tx: Tx, timer: Timer, now: datetime) -> None:
    shift = await _same(tx, timer)
    if shift is not None and not await _goes_on(tx, shift):
        await emit(tx, [_event("shift.ended", shift, now)])


async def _same(tx: Tx, timer: Timer) -> Shift | None:
    shift = await rosters.shift(tx, timer.subject)
    return shift if shift is not None and timer.fits(shift.version) else None


async def _goes_on(tx: Tx, shift: Shift) -> bool:
    at = shift.ends_at
    following = await rosters.shifts_between(tx, at, at + timedelta(seconds=1), agents=[shift.agent_id])
    return any(s.starts_at == at and s.kind is not ShiftKind.ON_CALL for s in following)


def _event(kind: str, s: Shift, now: datetime) -> Event:
    return Event(
        kind=kind, subject=s.id, subject_version=s.version, at=now, actor=_TIMER, team_id=s.team_id,
        agent_id=s.agent_id, data={"kind": s.kind, "starts_at": s.starts_at, "ends_at": s.ends_at},
    )  # fmt: skip
