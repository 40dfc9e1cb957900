"""Measures: begun by hand, ended by hand or by their time, and always put back to how it was."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from yizhan.desk.supervision import store
from yizhan.desk.supervision.model import Ending, Measure, MeasureKind
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Conflict, Invalid, NotFound
from yizhan.foundation.ids import new_id
from yizhan.foundation.journal import Event, emit
from yizhan.foundation.timer import cancel_timers, set_timer
from yizhan.records import agents, complaints, conversations
from yizhan.records.agents import AgentChange, Viewer
from yizhan.records.conversations import Draft, Phase

OVER = "supervision.over"
TELL = "supervision.tell"
TELL_EVERY = timedelta(seconds=10)
MOST_RAISE = 5
_MOST_TOLD = 100


async def reinforce(
    tx: Tx, team_id: UUID, agent_ids: Sequence[UUID], *, minutes: int, by: Viewer, now: datetime
) -> list[Measure]:
    """增派: they serve this team too until the time is over, and return by themselves."""
    begun = []
    for agent_id in dict.fromkeys(agent_ids):
        if not await agents.join_team(tx, team_id, agent_id, now, by.actor):
            raise Conflict("somebody of these is in this team anyway")
        begun.append(await _begin(tx, _new(MeasureKind.REINFORCE, team_id, minutes, by, now, agent_id=agent_id)))
    return begun


async def raise_caps(tx: Tx, team_id: UUID, *, more: int, minutes: int, by: Viewer, now: datetime) -> list[Measure]:
    """提高接待上限: everybody of the team who is there takes so many more."""
    if not 1 <= more <= MOST_RAISE:
        raise Invalid(f"1 to {MOST_RAISE} more", "more")
    raised = {m.agent_id for m in await store.running(tx) if m.kind is MeasureKind.CAPS}
    members = sorted(member.agent_id for member in (await agents.team(tx, team_id)).members)
    begun = []
    for agent_id in members:
        who = await agents.agent(tx, agent_id)
        there = who.active and who.presence is not None and who.presence.state != "offline"
        if not there or agent_id in raised:
            continue
        cap = min(50, who.live_cap + more)
        await agents.change_agent(tx, agent_id, who.version, AgentChange(live_cap=cap), now, by.actor)
        begun.append(await _begin(tx, _new(
            MeasureKind.CAPS, team_id, minutes, by, now, agent_id=agent_id, cap_before=who.live_cap, cap_after=cap,
        )))  # fmt: skip
    if not begun:
        raise Conflict("nobody of this team is there whose limit could be raised")
    return begun


async def announce(tx: Tx, team_id: UUID, text: str, *, minutes: int, by: Viewer, now: datetime) -> Measure:
    """排队公告: said once to everybody who queues for the team, now or while it is in force."""
    words = text.strip()
    if not words:
        raise Invalid("write what shall be said", "text")
    if any(m.kind is MeasureKind.NOTICE and m.team_id == team_id for m in await store.running(tx)):
        raise Conflict("a notice is being said to this queue already")
    begun = await _begin(tx, _new(MeasureKind.NOTICE, team_id, minutes, by, now, text=words))
    await set_timer(tx, now, TELL, begun.id, 0)
    return begun


async def bot_first(tx: Tx, team_id: UUID, *, minutes: int, by: Viewer, now: datetime) -> Measure:
    """机器人优先: new conversations of the team begin with the assistant until the time is over."""
    if any(m.kind is MeasureKind.BOT_FIRST and m.team_id == team_id for m in await store.running(tx)):
        raise Conflict("the assistant receives first already")
    return await _begin(tx, _new(MeasureKind.BOT_FIRST, team_id, minutes, by, now))


async def teams_bot_first(tx: Tx) -> frozenset[UUID]:
    return frozenset(m.team_id for m in await store.running(tx) if m.kind is MeasureKind.BOT_FIRST)


async def tell_queue(tx: Tx, measure_id: UUID, now: datetime) -> None:
    measure = await store.lock(tx, measure_id)
    if measure.ended_at is not None or measure.text is None:
        return
    said = f"notice:{measure.id}"
    for id in await store.unnoticed(tx, measure.team_id, said, _MOST_TOLD):
        c = await conversations.lock_conversation(tx, id)
        if c.phase is Phase.QUEUED and not await complaints.is_frozen(tx, c.contact_id):
            line = Draft(
                direction="system", author="system", text=measure.text, payload={"code": "queue_notice"}, human=False,
                client_id=said,
            )  # fmt: skip
            await conversations.say(tx, c, line, now=now)
    await set_timer(tx, now + TELL_EVERY, TELL, measure_id, 0)


async def end(tx: Tx, measure_id: UUID, *, why: Ending, actor: str, now: datetime) -> None:
    """Everything is as before, but for what somebody changed by hand meanwhile: that stays."""
    measure = await store.lock(tx, measure_id)
    if measure.ended_at is not None:
        return
    undone = await _undo(tx, measure, actor, now)
    await cancel_timers(tx, measure_id)
    why = why if undone else Ending.MOOT
    await store.finish(tx, measure_id, now, why)
    await _tell(tx, "measure.ended", measure, actor, now, why)


async def running(tx: Tx) -> list[Measure]:
    return await store.running(tx)


async def _undo(tx: Tx, m: Measure, actor: str, now: datetime) -> bool:
    if m.agent_id is None:
        return True
    if m.kind is MeasureKind.REINFORCE:
        return await agents.leave_team(tx, m.team_id, m.agent_id, now, actor)
    try:
        who = await agents.agent(tx, m.agent_id)
    except NotFound:
        return False
    if who.live_cap != m.cap_after or m.cap_before is None:
        return False
    await agents.change_agent(tx, who.id, who.version, AgentChange(live_cap=m.cap_before), now, actor)
    return True


def _new(
    kind: MeasureKind, team_id: UUID, minutes: int, by: Viewer, now: datetime, *, agent_id: UUID | None = None,
    text: str | None = None, cap_before: int | None = None, cap_after: int | None = None,
) -> Measure:  # fmt: skip
    return Measure(
        id=new_id(now), kind=kind, team_id=team_id, agent_id=agent_id, text=text, cap_before=cap_before,
        cap_after=cap_after, by_agent=by.agent_id, began_at=now, until_at=now + timedelta(minutes=minutes),
    )  # fmt: skip


async def _begin(tx: Tx, m: Measure) -> Measure:
    await store.add(tx, m)
    await set_timer(tx, m.until_at, OVER, m.id, 0)
    await _tell(tx, "measure.began", m, f"agent:{m.by_agent}", m.began_at, None)
    return m


async def _tell(tx: Tx, kind: str, m: Measure, actor: str, now: datetime, why: str | None) -> None:
    facts: dict[str, object] = {"kind": m.kind, "until": m.until_at}
    if m.cap_after is not None:
        facts |= {"before": m.cap_before, "after": m.cap_after}
    if why is not None:
        facts["why"] = why
    await emit(tx, [Event(
        kind=kind, subject=m.id, subject_version=1 if why is None else 2, at=now, actor=actor, team_id=m.team_id,
        agent_id=m.agent_id, data=facts,
    )])  # fmt: skip
