"""What a person does with work by hand: 领取, 转派, 退回. Race-free: the locks decide, and the loser is told."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from yizhan.desk.routing import policy, service, store
from yizhan.desk.routing.model import Explanation, Gift, Reason, Refused, WorkKind
from yizhan.desk.routing.rules import RoutingBook
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Conflict, Forbidden, Invalid
from yizhan.records import agents, conversations, tickets
from yizhan.records.conversations import Conversation, Phase
from yizhan.records.rosters import Duty
from yizhan.records.tickets import Action, By, Status


class NoRoom(Conflict):
    """Whoever should take it carries as much as the cap allows."""

    code = "full"


class Taken(Conflict):
    """Somebody else was faster."""

    code = "taken"


class Away(Conflict):
    """Whoever should take it is not there."""

    code = "away"


class Leaving(Conflict):
    """预下班: whoever goes home soon begins nothing live any more, not even by hand."""

    code = "leaving"


class Rated(Conflict):
    """差评由他人回访: who was rated low does not follow up his own rating."""

    code = "rated"


_LEAST_REASON = 10
_ERRORS: dict[Refused, tuple[type[Conflict], str]] = {
    Refused.GONE: (Conflict, "it has ended, is closed, or its customer is in a live conversation"),
    Refused.TAKEN: (Taken, "somebody has it already"),
    Refused.FULL: (NoRoom, "no room left under the cap"),
    Refused.AWAY: (Away, "the agent is not there"),
}


async def pull(
    tx: Tx, kind: WorkKind, work_id: UUID, agent_id: UUID, *, now: datetime, book: RoutingBook | None = None,
    duty: Duty | None = None,
) -> None:  # fmt: skip
    """领取: the first who pulls has it. A ticket and its queueing live conversation are pulled as the conversation.

    Shortly before the shift ends only what can lie over night is pulled: a ticket.
    """
    kind, work_id, since = await _pulled(tx, kind, work_id)
    if kind is WorkKind.CONVERSATION:
        ensure_staying(agent_id, duty)
    told = Explanation(Reason.PULLED, policy.seconds(now - since), 0, 0)
    by = By(f"agent:{agent_id}", agent_id)
    gift = Gift(kind=kind, work_id=work_id, agent_id=agent_id, explanation=told)
    await give_one(tx, gift, by=by, now=now, book=book)


async def assign_ticket(
    tx: Tx, ticket_id: UUID, *, agent_id: UUID | None, team_id: UUID | None, note: str, by: By, now: datetime,
    book: RoutingBook | None = None,
) -> None:  # fmt: skip
    """转派: to a person at once, whatever he carries, or to a team's queue."""
    if (agent_id is None) == (team_id is None):
        raise Invalid("choose an agent or a team", "agent_id")
    words = tickets.check_note(note)
    if agent_id is not None:
        gift = Gift(
            kind=WorkKind.TICKET, work_id=ticket_id, agent_id=agent_id, over=None, text=words, take=True,
            explanation=Explanation(Reason.ASSIGNED, 0, 0, 0),
        )  # fmt: skip
        await give_one(tx, gift, by=by, now=now, book=book)
        return
    held = await conversations.lock_of_ticket(tx, ticket_id)
    if any(c.live for c in held):
        raise Conflict("the customer is in a live conversation: transfer that one")
    ticket = await tickets.lock_ticket(tx, ticket_id)
    if ticket.status in tickets.FINAL or ticket.merged_into is not None:
        raise Conflict("the ticket is closed")
    typed = not isinstance(words, tickets.Line)
    await tickets.hand_over(tx, ticket, agent_id=None, team_id=team_id, text=words, by=by, now=now, typed=typed)
    await service.release(tx, [ticket_id], reason="assigned", by=by, now=now)
    await conversations.requeue(tx, held, reason="assigned", actor=by.actor, now=now, team_id=team_id)


async def put_back(tx: Tx, kind: WorkKind, work_id: UUID, *, note: str, by: By, now: datetime) -> None:
    """退回: to the queue with its seniority; the same agent rests from it while others are there."""
    words = tickets.check_note(note)
    if kind is WorkKind.CONVERSATION:
        c = await conversations.lock_conversation(tx, work_id)
        if c.phase is not Phase.SERVED:
            raise Conflict("nobody serves this conversation")
        if c.live:
            await _put_back_live(tx, c, words, by, now)
            return
        if c.ticket_id is None:
            raise Conflict("this conversation has no ticket")
        work_id = c.ticket_id
    held = await conversations.lock_of_ticket(tx, work_id)
    ticket = await tickets.lock_ticket(tx, work_id)
    if ticket.status is not Status.OPEN:
        raise Conflict("only a ticket in 处理中 can be put back")
    await service.release(tx, [work_id], reason="returned", by=by, now=now)
    typed = not isinstance(words, tickets.Line)
    await tickets.move_ticket(tx, ticket, Action.RETURN_TO_QUEUE, text=words, by=by, now=now, typed=typed)
    held = [c for c in held if not c.live]
    await conversations.requeue(tx, held, reason="returned", actor=by.actor, now=now)


def ensure_staying(agent_id: UUID, duty: Duty | None) -> None:
    """Raises Leaving for who is given nothing live any more."""
    if duty is not None and agent_id in duty.leaving:
        raise Leaving("your shift is about to end: no new live conversations; tickets can still be taken")


async def ensure_not_rated(
    tx: Tx, kind: WorkKind, work_id: UUID, agent_id: UUID, by: By, note: str | None
) -> None:  # fmt: skip
    """Raises Rated where it follows up a low rating of this agent. A supervisor may all the same, in his own words."""
    spoken_of = await store.tickets_of(tx, [work_id]) if kind is WorkKind.CONVERSATION else [work_id]
    if not any([await store.follows_up(tx, ticket, agent_id) for ticket in spoken_of]):
        return
    viewer = await agents.viewer(tx, by.agent_id) if by.agent_id is not None else None
    reason = "" if note is None or isinstance(note, tickets.Line) else note.strip()
    if viewer is None or not viewer.may("supervise") or len(reason) < _LEAST_REASON:
        raise Rated(
            "it follows up a low rating of this agent: somebody else does; "
            "a supervisor may decide otherwise with a reason of at least 10 characters"
        )


async def give_one(tx: Tx, gift: Gift, *, by: By, now: datetime, book: RoutingBook | None = None) -> None:
    """Writes one gift or says why not."""
    if by.agent_id is not None:
        await ensure_not_rated(tx, gift.kind, gift.work_id, gift.agent_id, by, gift.text)
    refused = (await service.give(tx, [gift], by=by, now=now, book=book)).get(gift.work_id)
    if refused is not None:
        error, message = _ERRORS[refused]
        raise error(message)


async def _pulled(tx: Tx, kind: WorkKind, work_id: UUID) -> tuple[WorkKind, UUID, datetime]:
    """What a pull really takes, and since when it waits."""
    if kind is WorkKind.CONVERSATION:
        c = await conversations.lock_conversation(tx, work_id)
        if c.live or c.ticket_id is None:
            return WorkKind.CONVERSATION, c.id, c.seniority
        work_id = c.ticket_id
    live = next((c for c in await conversations.lock_of_ticket(tx, work_id) if c.live), None)
    if live is not None:
        return WorkKind.CONVERSATION, live.id, live.seniority
    # Not locked yet: a conversation may join it now, and conversations are locked before tickets.
    return WorkKind.TICKET, work_id, await store.waits_since(tx, work_id)


async def _put_back_live(tx: Tx, c: Conversation, words: str, by: By, now: datetime) -> None:
    if by.agent_id is not None and c.agent_id != by.agent_id:
        viewer = await agents.viewer(tx, by.agent_id)
        if viewer is None or not viewer.may("supervise"):
            raise Forbidden("only who serves it, or a supervisor, puts a conversation back")
    ticket = await tickets.lock_ticket(tx, c.ticket_id) if c.ticket_id else None
    await service.requeue(tx, [c], reason="returned", by=by, now=now)
    if ticket is not None and ticket.status not in tickets.FINAL and ticket.agent_id == c.agent_id:
        await service.release(tx, [ticket.id], reason="returned", by=by, now=now)
        await tickets.hand_over(
            tx, ticket, agent_id=None, team_id=None, text=words, by=by, now=now, typed=True, conversation_id=c.id
        )
