"""The assistant at work: it takes a batch of turns, and answers, offers, or hands on; nobody is lost between."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.desk import serving
from yizhan.desk.reception import lines, policy, store
from yizhan.desk.reception.documents import ReceptionBook, reception_book
from yizhan.desk.reception.model import (
    ACTOR,
    Attendance,
    Attended,
    Heard,
    Outcome,
    Step,
    Turn,
    Wakes,
    Why,
    wakes_nobody,
)
from yizhan.desk.words import WordBook, allows, word_book
from yizhan.foundation.db import Tx
from yizhan.foundation.journal import Event, emit
from yizhan.foundation.timer import cancel_timers, set_timer
from yizhan.records import complaints, conversations, tickets
from yizhan.records.conversations import Conversation, Draft, EndReason, Phase
from yizhan.records.tickets import Action, By, Note, Status

SILENCE = "reception.silence"
ASKED_MEANWHILE = "meanwhile"
_BOT = By(ACTOR)


class Desk(msgspec.Struct, frozen=True):
    """What the assistant decides by."""

    book: ReceptionBook
    words: WordBook
    attended: Attended
    wakes: Wakes = wakes_nobody


def open_desk() -> Desk:
    """What ships, in a house where somebody is always there."""

    async def attended(tx: Tx, inbox_id: UUID, team_id: UUID | None, locale: str, now: datetime) -> Attendance:
        return Attendance(open=True, staffed=True)

    return Desk(reception_book(), word_book(), attended)


async def serve(tx: Tx, messages: Sequence[UUID], desk: Desk, now: datetime) -> None:
    """What customers said to the assistant, one turn a conversation; who left it meanwhile is passed over."""
    heard = await store.heard(tx, messages)
    held = {c.id: c for c in await conversations.lock_many(tx, [turn.conversation_id for turn in heard])}
    await tickets.lock_many(tx, sorted({c.ticket_id for c in held.values() if c.ticket_id is not None}))
    before = await store.turns(tx, list(held))
    for turn in heard:
        c = held[turn.conversation_id]
        seen = {earlier.message_id for earlier in before[c.id]}
        if c.phase is not Phase.BOT or set(turn.messages) <= seen:
            continue
        rules = desk.book.of(c.inbox_id, c.team_id)
        step = policy.step(turn, before[c.id], rules, desk.words.of(c.inbox_id, c.team_id))
        await _take(tx, c, turn, step, before[c.id], desk, now)


async def _take(
    tx: Tx, c: Conversation, turn: Heard, step: Step, before: Sequence[Turn], desk: Desk, now: datetime
) -> None:
    rules = desk.book.of(c.inbox_id, c.team_id)
    if step.outcome is Outcome.HANDED:
        await hand_on(tx, c, step, before, desk, now, message_id=turn.messages[-1])
        return
    draft = Draft(
        direction="out", author=ACTOR, text=step.text, payload=step.payload, human=False,
        client_id=f"reception:{turn.messages[-1]}",
    )  # fmt: skip
    if not await allows(tx, c.id, draft, desk.words, now=now):
        refused = msgspec.structs.replace(step, outcome=Outcome.HANDED, why=Why.REFUSED, options=())
        await hand_on(tx, c, refused, before, desk, now, message_id=turn.messages[-1])
        return
    await serving.reply(tx, c.id, draft, now=now)
    await _keep(tx, c, step, turn.messages[-1], rules.source, now)
    if step.outcome is Outcome.SOLVED:
        await _solved(tx, c, step, turn.messages[-1], now)
        return
    if c.ticket_id is not None:
        await tickets.wait_no_more(tx, [c.ticket_id])
    await cancel_timers(tx, c.id, SILENCE)
    await set_timer(tx, now + rules.silence, SILENCE, c.id, c.version, {"spoke": now.isoformat()})


async def hand_on(
    tx: Tx, c: Conversation, step: Step, before: Sequence[Turn], desk: Desk, now: datetime, *,
    message_id: UUID | None = None,
) -> None:  # fmt: skip
    """转人工: into the queue with the seniority of the first word; where nobody is there, the words are left.

    At night whoever is on call is woken only for what is dangerous, or what the rules name.
    """
    rules = desk.book.of(c.inbox_id, c.team_id)
    locale = await store.locale(tx, c.id)
    there = await desk.attended(tx, c.inbox_id, c.team_id, locale or "zh-CN", now)
    why = step.why or Why.FAILED
    goes = there.staffed or (there.on_call and (step.urgent or await desk.wakes(tx, c.id, now)))
    kept = msgspec.structs.replace(step, outcome=Outcome.HANDED if goes else Outcome.LEFT, why=why)
    await cancel_timers(tx, c.id, SILENCE)
    if goes:
        await conversations.hand_on(tx, [c], reason=f"reception.{why}", actor=_actor(c, why), now=now)
        await _tell(tx, c, "handing", locale, now)
    else:
        await conversations.leave_message(tx, c, actor=_actor(c, why), now=now)
        await _tell(tx, c, "left_by" if there.reply_by else "left", locale, now, by=there.reply_by or "")
    if message_id is not None:
        await _keep(tx, c, kept, message_id, rules.source, now)
    await _note(tx, c, kept, before, desk, now)
    await _emit(tx, c, "reception.handed", {"why": why, "left": not goes, "turns": len(before)}, now)


async def ask_for_person(tx: Tx, conversation_id: UUID, desk: Desk, *, now: datetime) -> None:
    """The button: at once, whatever the assistant is about to say."""
    c = await conversations.lock_conversation(tx, conversation_id)
    if c.phase is Phase.BOT:
        before = (await store.turns(tx, [c.id]))[c.id]
        await hand_on(tx, c, Step(outcome=Outcome.HANDED, why=Why.ASKED), before, desk, now)


async def ask_first(tx: Tx, conversation_id: UUID, desk: Desk, *, now: datetime) -> None:
    """先问智能助手 while queueing: open words are answered, or he is greeted; a person's matter stays in the queue."""
    c = await conversations.lock_conversation(tx, conversation_id)
    rules, words = desk.book.of(c.inbox_id, c.team_id), desk.words.of(c.inbox_id, c.team_id)
    if c.phase is not Phase.QUEUED or not rules.receives:
        return
    before = (await store.turns(tx, [c.id]))[c.id]
    seen = {turn.message_id for turn in before}
    heard = next(iter(await store.heard(tx, await store.said_by_customer(tx, c.id))), None)
    locale = await store.locale(tx, c.id)
    if heard is not None and (heard.frozen or policy.is_urgent(heard.text, words)):
        await _tell(tx, c, "persons", locale, now)
        return
    asks = heard is not None and not seen.intersection(heard.messages)
    asks = asks and heard is not None and policy.persons(heard.text, rules, words, plain=heard.plain) is None
    facts = {"why": ASKED_MEANWHILE, "messages": heard.messages if asks and heard is not None else []}
    if await conversations.ask_assistant(tx, c, facts, actor=f"customer:{c.contact_id}", now=now) and not asks:
        draft = Draft(
            direction="out", author=ACTOR, text=lines.said("meanwhile", locale), human=False,
            payload={"reception": {"outcome": Outcome.GREETED}, "options": [lines.said(lines.HUMAN, locale)]},
        )  # fmt: skip
        await serving.reply(tx, c.id, draft, now=now)
        c = await conversations.lock_conversation(tx, c.id)
        await set_timer(tx, now + rules.silence, SILENCE, c.id, c.version, {"spoke": now.isoformat()})


async def decline(tx: Tx, ids: Collection[UUID], desk: Desk, now: datetime) -> None:
    """Who is a person's from the first word on, while the assistant stands in for people: left, if nobody is there.

    Where somebody is on call the watch at night judges it, after triage: two who judge would contradict each other.
    """
    for c in await conversations.lock_many(tx, sorted(ids)):
        await _leave(tx, c, desk, now, on_call_judges=True)


async def leave_words(tx: Tx, conversation_id: UUID, desk: Desk, now: datetime) -> None:
    """What waits in a queue nobody is at becomes a message, and its customer reads until when he is answered."""
    await _leave(tx, await conversations.lock_conversation(tx, conversation_id), desk, now, on_call_judges=False)


async def _leave(tx: Tx, c: Conversation, desk: Desk, now: datetime, *, on_call_judges: bool) -> None:
    if c.phase is not Phase.QUEUED:
        return
    locale = await store.locale(tx, c.id)
    there = await desk.attended(tx, c.inbox_id, c.team_id, locale or "zh-CN", now)
    if there.staffed or (on_call_judges and there.on_call):
        return
    if await conversations.leave_message(tx, c, actor=ACTOR, now=now):
        await _tell(tx, c, "left_by" if there.reply_by else "left", locale, now, by=there.reply_by or "")


async def silence(tx: Tx, conversation_id: UUID, spoke: datetime, desk: Desk, now: datetime) -> None:
    """The customer said nothing more: after an answer the matter waits for his word, else a person looks at it."""
    c = await conversations.lock_conversation(tx, conversation_id)
    if c.phase is not Phase.BOT or (c.last_inbound_at is not None and c.last_inbound_at > spoke):
        return
    await conversations.end_conversation(
        tx, c, reason=EndReason.TIMEOUT, summary=None, actor=f"timer:{SILENCE}", now=now
    )  # fmt: skip
    await settle_end(tx, c, desk, now)


async def end_by_customer(tx: Tx, conversation_id: UUID, desk: Desk, *, now: datetime) -> None:
    """结束咨询 while the assistant had him."""
    c = await conversations.lock_conversation(tx, conversation_id)
    actor = f"customer:{c.contact_id}"
    await conversations.end_conversation(tx, c, reason=EndReason.CUSTOMER, summary=None, actor=actor, now=now)
    await settle_end(tx, c, desk, now)


async def settle_end(tx: Tx, c: Conversation, desk: Desk, now: datetime) -> None:
    before = (await store.turns(tx, [c.id]))[c.id]
    await cancel_timers(tx, c.id, SILENCE)
    real = [turn for turn in before if turn.outcome is not Outcome.GREETED]
    if c.ticket_id is not None and real and real[-1].outcome is Outcome.ANSWERED:
        ticket = await tickets.lock_ticket(tx, c.ticket_id)
        if ticket.status in (Status.NEW, Status.OPEN):
            title = _title(c, real[-1].entry, desk)
            await tickets.move_ticket(
                tx, ticket, Action.SOLVE, text=tickets.line("assistant_silent", entry=title), by=_BOT, now=now,
                typed=False, conversation_id=c.id,
            )  # fmt: skip
    # What is not answered is triaged now like any other, and dealt to somebody.
    await _emit(tx, c, "reception.closed", {"turns": len(before)}, now)


async def leave_to_people(tx: Tx, c: Conversation, now: datetime) -> None:
    """What the assistant had has become a message for later: it is triaged like any other."""
    await cancel_timers(tx, c.id, SILENCE)
    await _emit(tx, c, "reception.closed", {"turns": 0}, now)


async def _solved(tx: Tx, c: Conversation, step: Step, message_id: UUID, now: datetime) -> None:
    """By the customer's own word: 已完成, with his word as evidence."""
    actor = f"customer:{c.contact_id}"
    await cancel_timers(tx, c.id, SILENCE)
    await conversations.end_conversation(tx, c, reason=EndReason.CUSTOMER, summary=None, actor=actor, now=now)
    if c.ticket_id is not None:
        ticket = await tickets.lock_ticket(tx, c.ticket_id)
        text = tickets.line("assistant_solved", entry=step.title)
        if ticket.status in (Status.NEW, Status.OPEN):
            ticket = await tickets.move_ticket(
                tx, ticket, Action.SOLVE, text=text, by=_BOT, now=now, typed=False, conversation_id=c.id
            )
        if ticket.status is Status.PENDING:
            await tickets.move_ticket(
                tx, ticket, Action.CONFIRM, text=text, by=By(actor), now=now, typed=False, conversation_id=c.id,
                evidence={"message_id": str(message_id)},
            )  # fmt: skip
    await _emit(tx, c, "reception.solved", {"entry": step.entry}, now)


async def _keep(tx: Tx, c: Conversation, step: Step, message_id: UUID, source: str, now: datetime) -> None:
    turn = Turn(
        message_id=message_id, conversation_id=c.id, at=now, outcome=step.outcome, why=step.why, entry=step.entry,
        sure=step.sure, offered=list(step.offered), rules=source,
    )  # fmt: skip
    await store.keep(tx, c, turn)
    facts = {
        "message": message_id, "outcome": step.outcome, "entry": step.entry, "sure": step.sure, "why": step.why,
        "rules": source,
    }  # fmt: skip
    await _emit(tx, c, "reception.turned", facts, now)


async def _note(tx: Tx, c: Conversation, step: Step, before: Sequence[Turn], desk: Desk, now: datetime) -> None:
    """What the assistant tried, for whoever takes over."""
    if c.ticket_id is None:
        return
    ticket = await tickets.lock_ticket(tx, c.ticket_id)
    answered = dict.fromkeys(_title(c, t.entry, desk) for t in before if t.outcome is Outcome.ANSWERED)
    code, parts = ("assistant_tried", {"tried": "、".join(answered)}) if answered else ("assistant_nothing", {})
    text = tickets.line(code, why=step.why or Why.FAILED, **parts)
    await tickets.add_note(tx, Note(
        ticket_id=ticket.id, action="assistant", text=text, typed=False, actor=ACTOR, at=now, conversation_id=c.id,
        from_status=ticket.status, to_status=ticket.status,
    ))  # fmt: skip
    await tickets.wait_from(tx, [ticket.id], now)


def _title(c: Conversation, key: str | None, desk: Desk) -> str:
    entry = desk.book.of(c.inbox_id, c.team_id).entries.get(key or "")
    return entry.questions[0] if entry is not None else key or ""


def _actor(c: Conversation, why: Why) -> str:
    return f"customer:{c.contact_id}" if why in (Why.ASKED, Why.UNSOLVED) else ACTOR


async def _tell(tx: Tx, c: Conversation, code: str, locale: str | None, now: datetime, *, by: str = "") -> None:
    if await complaints.is_frozen(tx, c.contact_id):
        return  # in a crisis people speak
    draft = Draft(
        direction="system", author="system", text=lines.said(code, locale, by=by), human=False,
        payload={"code": code if code.startswith("left") or code == "persons" else "handing", "by": by},
    )  # fmt: skip
    await conversations.say(tx, c, draft, now=now)


async def _emit(tx: Tx, c: Conversation, kind: str, facts: Mapping[str, object], now: datetime) -> None:
    await emit(tx, [Event(
        kind=kind, subject=c.id, subject_version=c.version, at=now, actor=ACTOR, brand_id=c.brand_id,
        team_id=c.team_id, contact_id=c.contact_id, conversation_id=c.id, ticket_id=c.ticket_id, data=dict(facts),
    )])  # fmt: skip
