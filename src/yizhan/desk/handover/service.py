"""The verbs of a shift's end: the sheet, what is done with it, and what happens to what nobody did anything with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from yizhan.desk import routing, serving
from yizhan.desk.handover import policy, store
from yizhan.desk.handover.model import ChatChoice, Given, Left, Received, Sheet, TicketChoice
from yizhan.desk.handover.store import Item
from yizhan.desk.roster import tell
from yizhan.desk.routing import RoutingBook
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Conflict, Forbidden, Invalid
from yizhan.foundation.journal import Event, emit
from yizhan.records import agents, conversations, rosters, tickets
from yizhan.records.agents import Presence, PresenceState
from yizhan.records.conversations import Phase, Solved, Summary
from yizhan.records.rosters import Duty, OnDuty, Shift, ShiftKind
from yizhan.records.tickets import By

STAYING = "handover"
SHIFT_OVER = "shift_over"
_LATELY = timedelta(minutes=30)
_SHEET_DAYS = timedelta(hours=20)
_SWEEP = By("timer:handover.sweep")


async def sheet(tx: Tx, agent_id: UUID, now: datetime) -> Sheet:
    """What he has in hand that cannot wait until he is back."""
    shift = await _shift_of(tx, agent_id, now)
    ends = shift.until if shift else None
    after = ends or now
    following = await rosters.next_shift(tx, agent_id, after)
    back = following.starts_at if following else after + policy.NIGHT_OFF
    teams = await store.teams_of(tx, agent_id)
    coming = await rosters.shifts_between(tx, after, after + policy.LOOK_AHEAD, teams=teams)
    return Sheet(
        ends, back, tuple(await store.live_of_agent(tx, agent_id)),
        tuple(await store.due_of_agent(tx, agent_id, back, now)), tuple(policy.next_people(coming, agent_id, after)),
    )  # fmt: skip


async def hand_over(
    tx: Tx, agent_id: UUID, chats: Sequence[ChatChoice], given: Sequence[TicketChoice], *, by: By, now: datetime,
    book: RoutingBook | None = None, duty: Duty | None = None,
) -> Given:  # fmt: skip
    """Does it all or nothing, then he is 离线; while a chat is kept or on offer he is 忙碌 and finishes it."""
    shift = await _shift_of(tx, agent_id, now)
    shift_id = shift.shift_id if shift else None
    for chat in sorted(chats, key=lambda c: c.id):
        await _chat(tx, agent_id, chat, shift_id, by, now, book, duty)
    handed: list[UUID] = []
    coming = (await sheet(tx, agent_id, now)).next
    for number, choice in enumerate(sorted(given, key=lambda t: t.id)):
        to = await _ticket(tx, agent_id, choice, policy.turn(coming, number), shift_id, by, now, book)
        handed += [to] if to else []
    staying = await store.live_of_agent(tx, agent_id)
    state, reason = (PresenceState.BUSY, STAYING) if staying else (PresenceState.OFFLINE, None)
    await agents.set_presence(tx, agent_id, state, reason, now, by.actor)
    await emit(tx, [_event("handover.made", agent_id, shift_id, by.actor, now, {
        "chats": len(chats), "tickets": len(given), "staying": len(staying),
    })])  # fmt: skip
    for receiver in sorted(set(handed)):
        await tell(
            tx, receiver, who="agent", agents=[receiver], why="handover.received", now=now, actor=by.actor,
            facts={"from": agent_id, "count": handed.count(receiver)},
        )  # fmt: skip
    return Given(len(chats) + len(given), tuple(staying))


async def received(tx: Tx, agent_id: UUID, now: datetime) -> list[Received]:
    """交接单: what was left to him and to his teams since about a day ago."""
    return await store.received(tx, agent_id, now - _SHEET_DAYS)


async def see(tx: Tx, agent_id: UUID, now: datetime) -> None:
    await store.see(tx, agent_id, now)


async def sweep(tx: Tx, shift: Shift, minutes: int, now: datetime, book: RoutingBook | None = None) -> None:
    """A while after the end what is left goes to the team. Who said 在线 anew since stays of his own will."""
    agent_id = shift.agent_id
    presence = await agents.presence_of(tx, agent_id)
    if await _shift_of(tx, agent_id, now) is not None or _works_on(presence, shift):
        return
    connected = presence is not None and presence.state is not PresenceState.OFFLINE and presence.lost_at is None
    kept = await store.kept(tx, agent_id, shift.ends_at - _LATELY)
    words = tickets.line("shift_over", minutes=minutes)
    chats = [c for c in await store.live_of_agent(tx, agent_id) if not policy.stays(c in kept, connected)]
    held = [c for c in await conversations.lock_many(tx, chats) if c.agent_id == agent_id and c.phase is Phase.SERVED]
    await routing.requeue(tx, held, reason=SHIFT_OVER, by=_SWEEP, now=now, front=True)
    for c in held:
        await store.add_item(tx, Item(
            shift_id=shift.id, from_agent=agent_id, how="pool", note=words, to_team=c.team_id or shift.team_id,
            conversation_id=c.id, ticket_id=c.ticket_id,
        ), now)  # fmt: skip
    following = await rosters.next_shift(tx, agent_id, now)
    left = await store.due_of_agent(tx, agent_id, following.starts_at if following else now + policy.NIGHT_OFF, now)
    for each in left:
        await _to_pool(tx, each, shift, words, now, book)
    if connected and not kept and presence is not None and presence.state is PresenceState.ONLINE:
        await agents.set_presence(tx, agent_id, PresenceState.BUSY, SHIFT_OVER, now, _SWEEP.actor)
    if held or left:
        facts: dict[str, object] = {"chats": len(held), "tickets": len(left)}
        await emit(tx, [_event("handover.swept", agent_id, shift.id, _SWEEP.actor, now, facts)])


async def _chat(
    tx: Tx, agent_id: UUID, chat: ChatChoice, shift_id: UUID | None, by: By, now: datetime, book: RoutingBook | None,
    duty: Duty | None,
) -> None:  # fmt: skip
    c = await conversations.lock_conversation(tx, chat.id)
    if c.agent_id != agent_id or c.phase is not Phase.SERVED:
        raise Conflict("the conversation is no longer yours; look again")
    if chat.do == "transfer":
        await routing.transfer(
            tx, c.id, to_agent=chat.agent_id, to_team=chat.team_id, note=chat.note, by=by, now=now, book=book,
            duty=duty,
        )  # fmt: skip
    elif chat.do == "end":
        proposed, _ = await serving.proposed_summary(tx, c)
        text = chat.note.strip() or proposed.text
        await serving.end(
            tx, c.id, Summary(proposed.type, Solved(proposed.solved), text), typed=bool(chat.note.strip()), by=by,
            now=now,
        )  # fmt: skip
        return
    await store.add_item(tx, Item(
        shift_id=shift_id, from_agent=agent_id, how=chat.do, note=chat.note, conversation_id=c.id,
        ticket_id=c.ticket_id, to_agent=chat.agent_id, to_team=chat.team_id,
    ), now)  # fmt: skip


async def _ticket(
    tx: Tx, agent_id: UUID, choice: TicketChoice, following: UUID | None, shift_id: UUID | None, by: By, now: datetime,
    book: RoutingBook | None,
) -> UUID | None:  # fmt: skip
    """Who has it now; None is the team."""
    owner = await tickets.lock_ticket(tx, choice.id)
    if owner.agent_id != agent_id:
        raise Forbidden("only one's own tickets are handed over")
    to = {"next": following, "agent": choice.agent_id, "team": None}[choice.to]
    if choice.to == "agent" and to is None:
        raise Invalid("to whom?", "agent_id")
    team = owner.team_id or next(iter(await store.teams_of(tx, agent_id)), None)
    if to is None and team is None:
        raise Conflict("nobody works next and the ticket has no team: choose somebody")
    await routing.assign_ticket(
        tx, choice.id, agent_id=to, team_id=None if to else team, note=choice.note, by=by, now=now, book=book
    )
    await store.add_item(tx, Item(
        shift_id=shift_id, from_agent=agent_id, how="agent" if to else "team", note=choice.note, to_agent=to,
        to_team=team, ticket_id=choice.id,
    ), now)  # fmt: skip
    return to


async def _to_pool(tx: Tx, each: Left, shift: Shift, words: str, now: datetime, book: RoutingBook | None) -> None:
    team = each.team_id or shift.team_id
    await routing.assign_ticket(
        tx, each.ticket_id, agent_id=None, team_id=team, note=words, by=_SWEEP, now=now, book=book
    )
    await store.add_item(tx, Item(
        shift_id=shift.id, from_agent=shift.agent_id, how="pool", note=words, to_team=team, ticket_id=each.ticket_id,
    ), now)  # fmt: skip


async def _shift_of(tx: Tx, agent_id: UUID, now: datetime) -> OnDuty | None:
    running = [d for d in await rosters.on_duty(tx, now) if d.agent_id == agent_id and d.kind is not ShiftKind.ON_CALL]
    return max(running, key=lambda d: d.until, default=None)


def _works_on(presence: Presence | None, shift: Shift) -> bool:
    return presence is not None and presence.state is PresenceState.ONLINE and presence.since >= shift.ends_at


def _event(kind: str, agent_id: UUID, shift_id: UUID | None, by: str, now: datetime, facts: dict[str, object]) -> Event:
    return Event(
        kind=kind, subject=agent_id, subject_version=1, at=now, actor=by, agent_id=agent_id,
        data={"shift": shift_id, **facts},
    )  # fmt: skip
