"""The steps of an escalation that change a ticket, each in a transaction of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from yizhan.desk.notices import acknowledged_at, topic_of
from yizhan.desk.sla import service, store
from yizhan.desk.sla.calls import CALL, Ring, is_over, next_ring
from yizhan.desk.sla.documents import Step
from yizhan.desk.sla.library import Library
from yizhan.desk.sla.model import URGENT, Target, Told
from yizhan.desk.sla.telling import Notice, raise_notices, tell
from yizhan.foundation.db import Tx, is_transient
from yizhan.foundation.timer import set_timers
from yizhan.records import conversations, tickets
from yizhan.records.conversations import Phase
from yizhan.records.tickets import By, TicketChange

ACTOR = f"timer:{service.STEP}"
_BY = By(ACTOR)


async def take_step(
    tx: Tx, target_id: UUID, place: int, library: Library, *, now: datetime, ring: Ring | None = None
) -> None:
    """One that fails is taken back, left out and said; those after it have timers of their own and go on."""
    glimpse = await store.target(tx, target_id)
    if glimpse is None:
        return
    step: Step | None = None
    try:
        async with tx.transaction():
            steps = (await library.versions.policy(tx, glimpse.policy, glimpse.policy_version)).escalation
            if place < len(steps):
                step = steps[place]
                await _take(tx, glimpse, steps, place, ring or Ring(now), now)
    except Exception as error:
        if is_transient(error):
            raise
        library.note(glimpse, error, f"escalation[{place}]")
        do, at = (step.do, step.at) if step is not None else ("", "")
        facts = {"policy": glimpse.policy, "step": do, "at": at, "place": place, "why": "failed"}
        await tell(tx, [Told("skipped", glimpse, now, facts)], actor=ACTOR)
        await library.faults.tell(tx, actor=ACTOR, now=now)


async def _take(tx: Tx, glimpse: Target, steps: Sequence[Step], place: int, ring: Ring, now: datetime) -> None:
    """Tickets are locked before their targets, as everywhere; a target that no longer runs asks for nothing."""
    step = steps[place]
    if step.do == "raise_priority":
        await _raise_priority(tx, glimpse, step, now)
    elif step.do == "move":
        await _move(tx, glimpse, step, now)
    else:
        target = await store.lock_late(tx, glimpse.id)
        if target is not None:
            await _notify(tx, target, steps, place, ring, now)


async def _notify(tx: Tx, target: Target, steps: Sequence[Step], place: int, ring: Ring, now: datetime) -> None:
    step = steps[place]
    topic = topic_of(CALL, target.id)
    if ring.number > 1 and (is_over(step, steps, target, now) or await acknowledged_at(tx, topic, ring.since)):
        return
    stage = "warning" if step.at == "warning" else "breach"
    told = Notice(target, step.to or ("duty",), step.do, stage, ring.number)
    await raise_notices(tx, [told], actor=ACTOR, now=now)
    if step.do == "call":
        await set_timers(tx, [next_ring(target, place, step, ring, now)])


async def _raise_priority(tx: Tx, glimpse: Target, step: Step, now: datetime) -> None:
    ticket = await tickets.lock_ticket(tx, glimpse.ticket_id)
    target = await store.lock_late(tx, glimpse.id)
    if target is None or ticket.status in tickets.FINAL or ticket.merged_into is not None:
        return
    if ticket.priority >= URGENT:
        await _skip(tx, target, step, "urgent", now)
        return
    await tickets.change_ticket(
        tx, ticket, TicketChange(priority=ticket.priority + 1), expected=ticket.version, by=_BY, now=now,
        text=tickets.line("sla_raised", target=target.kind, **_stage(step)),
    )  # fmt: skip


async def _move(tx: Tx, glimpse: Target, step: Step, now: datetime) -> None:
    """To the other team's queue. A customer in the middle of a chat is left with whoever talks to him."""
    held = await conversations.lock_of_ticket(tx, glimpse.ticket_id)
    ticket = await tickets.lock_ticket(tx, glimpse.ticket_id)
    target = await store.lock_late(tx, glimpse.id)
    if target is None or ticket.status in tickets.FINAL or ticket.merged_into is not None:
        return
    team = await store.team(tx, step.team or "")
    if team is None or team[0] == ticket.team_id:
        await _skip(tx, target, step, "no_team" if team is None else "there_already", now)
        return
    if any(c.live and c.phase is Phase.SERVED for c in held):
        await _skip(tx, target, step, "live", now)
        return
    team_id, name = team
    await tickets.hand_over(
        tx, ticket, agent_id=None, team_id=team_id, by=_BY, now=now, typed=False,
        text=tickets.line("sla_moved", target=target.kind, team=name, **_stage(step)),
    )  # fmt: skip
    await conversations.requeue(tx, held, reason="escalated", actor=ACTOR, now=now, team_id=team_id)


async def _skip(tx: Tx, target: Target, step: Step, why: str, now: datetime) -> None:
    """A step that cannot be taken holds nothing up, and is said."""
    facts = {"policy": target.policy, "step": step.do, "at": step.at, "why": why}
    await tell(tx, [Told("skipped", target, now, facts)], actor=ACTOR)


def _stage(step: Step) -> dict[str, object]:
    """Before, at, or so many minutes after the breach: the parts of its line."""
    if step.at in ("warning", "breach"):
        return {"stage": step.at}
    return {"stage": "late", "minutes": int(step.at)}
