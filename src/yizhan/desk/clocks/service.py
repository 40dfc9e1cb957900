"""What the clocks do when they strike: each looks at the locked row again, and does nothing when it moved on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from yizhan.desk.clocks import policy, store
from yizhan.desk.clocks.model import Pending, Queued, Silent, Stage
from yizhan.desk.clocks.rules import ClockBook, clock_book
from yizhan.desk.clocks.signs import BUSY_FOR, LifeSigns
from yizhan.foundation.db import Tx
from yizhan.foundation.timer import cancel_timers, set_timer
from yizhan.records import complaints, consultations, conversations, outbox, promises, tickets
from yizhan.records.config import SHIPPED_TREE, TypeTree
from yizhan.records.conversations import Conversation, Draft, EndReason, Phase
from yizhan.records.tickets import Action, By, Note, Status

SILENCE = "clocks.silence"
CONFIRM = "clocks.confirm"
LEFT = "clocks.left"
QUEUE = "clocks.queue"
RATED = "clocks.rated"
OVERDUE = "overdue"
_SILENCE = By(f"timer:{SILENCE}")
_CONFIRM = By(f"timer:{CONFIRM}")
_LEFT = By(f"timer:{LEFT}")
_QUEUE = By(f"timer:{QUEUE}")
_TICKETS = By("system")
_LOOK_AGAIN = timedelta(hours=1)


async def count_silence(tx: Tx, c: Silent, book: ClockBook) -> None:
    """Starts the clock of a customer's silence anew: we have just spoken."""
    await cancel_timers(tx, c.id, SILENCE)
    rules, spoke = book.of(c.inbox_id, c.team_id), c.last_outbound_at
    await _set_stage(tx, c.id, c.version, Stage.PROMPT, spoke + rules.prompt_after, spoke, spoke)


async def silence(
    tx: Tx, conversation_id: UUID, facts: Mapping[str, object], book: ClockBook, now: datetime,
    signs: LifeSigns | None = None, *, types: TypeTree = SHIPPED_TREE,
) -> None:  # fmt: skip
    """One step of a silence: 请问还在吗?, asleep, the end with a farewell. Who types or uploads is not silent; nobody
    is seen off whose line has just dropped."""
    stage, spoke = Stage(str(facts["stage"])), datetime.fromisoformat(str(facts["spoke"]))
    began = datetime.fromisoformat(str(facts["began"]))
    c = await conversations.lock_conversation(tx, conversation_id)
    if not policy.still_silent(c, spoke):
        return
    if signs is not None and signs.may_be_busy(c.id, now):
        await _set_stage(tx, c.id, c.version, stage, now + BUSY_FOR, spoke, began)
        return
    rules = book.of(c.inbox_id, c.team_id)
    back_by = signs.back_by(c.id, rules.left_grace, now) if signs is not None and stage is Stage.END else None
    if back_by is not None:
        await _set_stage(tx, c.id, c.version, stage, back_by, spoke, began)
        return
    owed = await _owed_until(tx, c.id, c.ticket_id, now + policy.span_of(rules.end_after, c.channel))
    if stage is Stage.PROMPT and owed is None and policy.prompts(c, rules) and await _say(tx, c, "still_there", now):
        spoke = now
    if stage is Stage.SLEEP and not c.asleep:
        await conversations.fall_asleep(tx, c, actor=_SILENCE.actor, now=now)
    if stage is Stage.END and owed is not None:
        await _set_stage(tx, c.id, c.version, stage, owed, spoke, began)
        return
    if stage is Stage.END:
        await _end_in_silence(tx, c, rules.source, types, now)
        return
    following = policy.stage_after(stage, rules, c.channel)
    if following is not None:
        await _set_stage(tx, c.id, c.version, following[0], began + following[1], spoke, began)


async def count_wait(tx: Tx, c: Queued, book: ClockBook) -> None:
    """Somebody waits: each line has its own words and its own time, none is said twice; then the supervisor sees it."""
    await cancel_timers(tx, c.id, QUEUE)
    rules = book.of(c.inbox_id, c.team_id)
    for code, span in {**rules.queue_lines, OVERDUE: rules.overdue_after}.items():
        await set_timer(tx, c.queued_at + span, QUEUE, c.id, c.version, {"code": code})


async def wait_line(tx: Tx, conversation_id: UUID, code: str, now: datetime) -> None:
    c = await conversations.lock_conversation(tx, conversation_id)
    if c.phase is not Phase.QUEUED:
        return
    if code == OVERDUE:
        await conversations.tell_overdue(tx, c, what="queue", actor=_QUEUE.actor, now=now)
    else:
        await _say(tx, c, code, now, direction="system")


async def await_consent(tx: Tx, p: Pending, book: ClockBook) -> None:
    await cancel_timers(tx, p.id, CONFIRM)
    rules = book.of(p.inbox_id, p.team_id)
    due = policy.confirm_due(p, rules)
    if due is not None:
        facts = {"since": p.pending_since.isoformat(), "hours": policy.hours(due - p.pending_since)}
        await set_timer(tx, due, CONFIRM, p.id, p.version, {**facts, "rules": rules.source})


async def confirm(tx: Tx, ticket_id: UUID, facts: Mapping[str, object], now: datetime) -> None:
    """待客户确认 → 已完成, when the customer let the time go by."""
    held = await conversations.lock_of_ticket(tx, ticket_id)
    ticket = await tickets.lock_ticket(tx, ticket_id)
    found = await store.pending(tx, [ticket_id])
    if not found or found[0].pending_since.isoformat() != facts["since"]:
        return
    if await tickets.open_children(tx, ticket_id):
        return  # a person says whether it is over although a sub-task is not
    if (await complaints.states_of(tx, [ticket_id])).get(ticket_id):
        return  # a complaint never ends by a timer
    owed = await _owed_until(tx, None, ticket_id, now + _LOOK_AGAIN)
    if owed is not None:
        await set_timer(tx, owed, CONFIRM, ticket_id, ticket.version, facts)
        return
    await tickets.move_ticket(
        tx, ticket, Action.CONFIRM, text=tickets.line("confirmed", hours=facts["hours"]), by=_CONFIRM, now=now,
        typed=False, evidence={"rules": str(facts.get("rules", ""))},
    )  # fmt: skip
    await _end_with_ticket(tx, held, now)


async def rated(tx: Tx, ticket_id: UUID, facts: Mapping[str, object], now: datetime) -> None:
    """The customer's rating speaks for the ticket, where that still waits for it."""
    stars = facts["stars"] if isinstance(facts["stars"], int) else None
    solved = facts["solved"] if isinstance(facts["solved"], bool) else None
    action = policy.answer_to_rating(stars, solved)
    if action is None:
        return
    held = await conversations.lock_of_ticket(tx, ticket_id)
    ticket = await tickets.lock_ticket(tx, ticket_id)
    if ticket.status is not Status.PENDING:
        return
    moved = await tickets.move_ticket(
        tx, ticket, action, text=policy.rating_line(stars, solved), by=By(str(facts["actor"])), now=now,
        typed=False, conversation_id=UUID(str(facts["conversation"])),
        evidence={"conversation_id": str(facts["conversation"])},
    )  # fmt: skip
    if moved.status in tickets.FINAL:
        await _end_with_ticket(tx, held, now)


async def end_with_tickets(tx: Tx, ticket_ids: Sequence[UUID], now: datetime) -> None:
    """Mail conversations live as long as their tickets."""
    held = await conversations.lock_many(tx, [], ticket_ids)
    closed = await store.closed(tx, ticket_ids)
    await _end_with_ticket(tx, [c for c in held if c.ticket_id in closed], now)


async def hear_rating(
    tx: Tx, ticket_id: UUID, conversation_id: UUID, *, stars: object, solved: object, actor: str, now: datetime
) -> None:
    """Acted on in a transaction of its own: a reader's batch may not hold the ticket of one and lock another."""
    facts = {"conversation": str(conversation_id), "stars": stars, "solved": solved, "actor": actor}
    await set_timer(tx, now, RATED, ticket_id, 0, facts)


async def left_queue(tx: Tx, conversation_id: UUID, *, now: datetime, book: ClockBook | None = None) -> None:
    """The customer's last connection is gone: not yet an abandoned conversation, the line may have dropped.

    Also for one that is being served: only who still queues when the grace is over has left the queue.
    """
    grace = (book or clock_book()).of(*await store.place(tx, conversation_id)).left_grace
    await cancel_timers(tx, conversation_id, LEFT)
    facts = {"left": now.isoformat(), "grace": grace.total_seconds()}
    await set_timer(tx, now + grace, LEFT, conversation_id, 0, facts)


async def came_back(tx: Tx, conversation_id: UUID) -> None:
    await cancel_timers(tx, conversation_id, LEFT)


async def gone(
    tx: Tx, conversation_id: UUID, facts: Mapping[str, object], now: datetime, signs: LifeSigns | None = None
) -> None:
    """The grace is over: 放弃, unless another tab spoke up, or nobody could have been heard for all of it."""
    left = datetime.fromisoformat(str(facts["left"]))
    grace = timedelta(seconds=float(str(facts["grace"])))
    if signs is not None and signs.seen_since(conversation_id, left):
        return
    if signs is not None and now < signs.since + grace:
        await set_timer(tx, signs.since + grace, LEFT, conversation_id, 0, facts)
        return
    await abandon(tx, conversation_id, actor=_LEFT.actor, now=now, left=left)


async def abandon(tx: Tx, conversation_id: UUID, *, actor: str, now: datetime, left: datetime | None = None) -> bool:
    """放弃: the customer left before anybody came. Its ticket stays for a follow-up; False when somebody serves it."""
    c = await conversations.lock_conversation(tx, conversation_id)
    if c.phase is not Phase.QUEUED or _wrote_since(c, left):
        return False
    await conversations.end_conversation(tx, c, reason=EndReason.ABANDONED, summary=None, actor=actor, now=now)
    if c.ticket_id is not None:
        ticket = await tickets.lock_ticket(tx, c.ticket_id)
        waited = int(((left or now) - c.seniority).total_seconds())
        await tickets.add_note(tx, Note(
            ticket_id=ticket.id, action="abandoned", text=tickets.line("abandoned", seconds=waited), typed=False,
            actor=actor, at=now, conversation_id=c.id, from_status=ticket.status, to_status=ticket.status,
        ))  # fmt: skip
    return True


def _wrote_since(c: Conversation, left: datetime | None) -> bool:
    return left is not None and c.last_inbound_at is not None and c.last_inbound_at > left


async def _owed_until(
    tx: Tx, conversation_id: UUID | None, ticket_id: UUID | None, soonest: datetime
) -> datetime | None:
    """When to look again, `soonest` or later: a promise 承诺 is owed, or colleagues are consulted 会诊. The silence is
    ours then, and ends nothing."""
    due = await promises.held_until(tx, conversation_id, ticket_id)
    if due is not None:
        return max(due, soonest)
    return soonest if await consultations.held_open(tx, conversation_id, ticket_id) else None


async def _set_stage(
    tx: Tx, conversation_id: UUID, version: int, stage: Stage, due: datetime, spoke: datetime, began: datetime
) -> None:
    facts = {"stage": stage, "spoke": spoke.isoformat(), "began": began.isoformat()}
    await set_timer(tx, due, SILENCE, conversation_id, version, facts)


async def _say(tx: Tx, c: Conversation, code: str, now: datetime, *, direction: str = "out") -> bool:
    """A line of ours that is nobody's answer, once a conversation; False when it was said before.
    Towards a customer in a crisis nothing automatic is said. A system line is for those who look at the screen; what
    goes out reaches the customer wherever he is.
    """
    if await complaints.is_frozen(tx, c.contact_id):
        return False
    if direction == "out" and not await outbox.has_room(tx, c.id, c.channel, now):
        return False  # outside the channel's window, or what is left is people's
    text = policy.line(code, await store.locale(tx, c.contact_id))
    draft = Draft(
        direction=direction, author="system", text=text, payload={"code": code}, human=False, client_id=f"clock:{code}"
    )
    stored = await conversations.say(tx, c, draft, now=now)
    if stored.repeated:
        return False
    if direction == "out":
        await outbox.enqueue(
            tx, message_id=stored.message_id, inbox_id=c.inbox_id, conversation_id=c.id, channel=c.channel, now=now
        )
    return True


async def _end_in_silence(tx: Tx, c: Conversation, source: str, types: TypeTree, now: datetime) -> None:
    await _say(tx, c, "farewell", now)
    await conversations.end_conversation(tx, c, reason=EndReason.TIMEOUT, summary=None, actor=_SILENCE.actor, now=now)
    if c.ticket_id is None or c.first_response_at is None:
        return
    ticket = await tickets.lock_ticket(tx, c.ticket_id)
    if ticket.status is Status.OPEN and not types.own_words(ticket.type):
        await tickets.move_ticket(
            tx, ticket, Action.SOLVE, text=tickets.line("silent"), by=_SILENCE, now=now, typed=False,
            conversation_id=c.id, evidence={"rules": source},
        )  # fmt: skip


async def _end_with_ticket(tx: Tx, held: list[Conversation], now: datetime) -> None:
    for c in held:
        if not c.live:
            await conversations.end_conversation(
                tx, c, reason=EndReason.TICKET, summary=None, actor=_TICKETS.actor, now=now
            )
