"""小休: so many of a team at a time, and a line for the others, in which the next one is told."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.desk.roster import policy, store
from yizhan.desk.roster.policy import Break
from yizhan.desk.roster.rules import RosterBook
from yizhan.desk.roster.store import InLine
from yizhan.desk.roster.telling import tell
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Conflict
from yizhan.foundation.journal import Event, emit
from yizhan.foundation.timer import Timer, set_timer
from yizhan.records import agents
from yizhan.records.agents import Presence, PresenceState

OFFER = "roster.break_offer"
_BREAKS = "roster"


class BreakFull(Conflict):
    """As many are on a break as the team can spare: stand in line."""

    code = "break_full"


class BreakState(msgspec.Struct, frozen=True):
    """The team whose quota counts: how many may rest, who does, who waits, and the place of who asks (0: none).

    `until` is how long his turn stands. Without a quota all of it is empty.
    """

    team_id: UUID | None = None
    quota: int | None = None
    resting: tuple[str, ...] = ()
    waiting: int = 0
    place: int = 0
    reason: str | None = None
    until: datetime | None = None


async def set_own_state(
    tx: Tx, agent_id: UUID, state: PresenceState, reason: str | None, *, now: datetime, by: str, book: RosterBook
) -> Presence:
    """What an agent says of itself. A break beyond the quota is refused; taking one ends the waiting for it."""
    current = await agents.presence_of(tx, agent_id)
    agents.ensure_own_state(current.state if current else PresenceState.OFFLINE, state)
    if state is PresenceState.BREAK and (current is None or current.state is not PresenceState.BREAK):
        await store.hold_breaks(tx)
        if await _full_team(tx, agent_id, book) is not None:
            raise BreakFull("as many are on a break as the team can spare")
        await store.leave_line(tx, agent_id)
    return await agents.set_presence(tx, agent_id, state, reason, now, by)


async def join_line(tx: Tx, agent_id: UUID, reason: str, *, now: datetime, by: str, book: RosterBook) -> BreakState:
    """排队小休; refused while there is room: then it is simply taken."""
    await store.hold_breaks(tx)
    team = await _full_team(tx, agent_id, book)
    if team is None:
        raise Conflict("there is room: take the break")
    await store.join_line(tx, agent_id, team, reason, now)
    await emit(tx, [_event("break.queued", agent_id, team, by, now)])
    return await break_state(tx, agent_id, book)


async def leave_line(tx: Tx, agent_id: UUID, *, now: datetime, by: str, book: RosterBook) -> None:
    await store.hold_breaks(tx)
    team = await store.leave_line(tx, agent_id)
    if team is not None:
        await emit(tx, [_event("break.left", agent_id, team, by, now)])
        await offer_next(tx, team, now, book)


async def break_state(tx: Tx, agent_id: UUID, book: RosterBook) -> BreakState:
    place = await store.place_in_line(tx, agent_id)
    team, quota = await _tightest(tx, agent_id, book)
    if place is not None:
        team, quota = place.team_id, book.of(None, place.team_id).break_quota
    if team is None:
        return BreakState()
    resting, line = await store.on_break(tx, team, agent_id), await store.line(tx, team)
    at = next((n for n, each in enumerate(line, 1) if each.agent_id == agent_id), 0)
    until = place.offered_at + book.of(None, team).break_offer if place and place.offered_at else None
    names = tuple(each.name for each in resting)
    return BreakState(team, quota, names, len(line), at, place.reason if place else None, until)


async def offer_next(tx: Tx, team_id: UUID, now: datetime, book: RosterBook) -> None:
    """As many of the line as there is room for are told; their turn stands for a while."""
    rules = book.of(None, team_id)
    line = await store.line(tx, team_id)
    if not line or rules.break_quota is None:
        return
    await store.hold_breaks(tx)
    line = await store.line(tx, team_id)
    taken = len(await store.on_break(tx, team_id, UUID(int=0))) + sum(w.offered_at is not None for w in line)
    for each in [w for w in line if w.offered_at is None][: max(0, rules.break_quota - taken)]:
        await store.offer_break(tx, each.agent_id, now)
        until = now + rules.break_offer
        await set_timer(tx, until, OFFER, each.agent_id, 1, {"team": team_id, "offered_at": now.isoformat()})
        await emit(tx, [_event("break.offered", each.agent_id, team_id, _BREAKS, now)])
        await tell(
            tx, each.agent_id, who="agent", agents=[each.agent_id], why="break.your_turn", now=now, actor=_BREAKS,
            facts={"until": until, "reason": each.reason}, team_id=team_id,
        )  # fmt: skip


async def offer_over(tx: Tx, timer: Timer, now: datetime, book: RosterBook) -> None:
    """He did not take it in time: the next one's turn."""
    place = await store.place_in_line(tx, timer.subject)
    if place is None or place.offered_at is None or place.offered_at.isoformat() != str(timer.data["offered_at"]):
        return
    await leave_line(tx, timer.subject, now=now, by=f"timer:{OFFER}", book=book)


async def _full_team(tx: Tx, agent_id: UUID, book: RosterBook) -> UUID | None:
    """The first of his teams that can spare nobody just now."""
    for team in await store.teams_of(tx, agent_id):
        quota = book.of(None, team).break_quota
        if quota is not None and await _verdict(tx, agent_id, team, quota) is not Break.YES:
            return team
    return None


async def _verdict(tx: Tx, agent_id: UUID, team: UUID, quota: int) -> Break:
    line: list[InLine] = await store.line(tx, team)
    mine = next((each for each in line if each.agent_id == agent_id), None)
    others = [each for each in line if each.agent_id != agent_id]
    ahead = [w for w in others if w.offered_at is None and (mine is None or w.since < mine.since)]
    resting = len(await store.on_break(tx, team, agent_id))
    return policy.may_break(
        quota, resting, sum(w.offered_at is not None for w in others), len(ahead),
        offered=mine is not None and mine.offered_at is not None,
    )  # fmt: skip


async def _tightest(tx: Tx, agent_id: UUID, book: RosterBook) -> tuple[UUID | None, int | None]:
    quotas = [(q, team) for team in await store.teams_of(tx, agent_id) if (q := book.of(None, team).break_quota)]
    quota, team = min(quotas, default=(None, None))
    return team, quota


def _event(kind: str, agent_id: UUID, team_id: UUID, by: str, now: datetime) -> Event:
    return Event(kind=kind, subject=agent_id, subject_version=1, at=now, actor=by, agent_id=agent_id, team_id=team_id)
