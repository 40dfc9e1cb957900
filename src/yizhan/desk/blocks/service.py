"""A message is reported: first a warning, then the end and a limit. Who is limited is stored, told, and not dealt out.

Words of danger, a matter about an order and whoever is in a crisis come through; to him no template is said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from yizhan.desk import serving
from yizhan.desk.blocks import store
from yizhan.desk.blocks.documents import BlacklistDocument
from yizhan.desk.blocks.store import Limited, Reported, Said
from yizhan.desk.words import WordBook, speaks_of_danger
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Invalid
from yizhan.foundation.ids import new_id
from yizhan.foundation.journal import Entry, Event, emit
from yizhan.foundation.timer import set_timer
from yizhan.records import blocks, complaints, conversations, outbox, tickets
from yizhan.records.blocks import Block, BlockScope, Reason, Warning
from yizhan.records.conversations import Conversation, Draft, EndReason, Phase
from yizhan.records.tickets import Action, By

ACTOR = "blacklist"
REVIEW = "blocks.review"
_BY = By(ACTOR)
_NAMES = {Reason.ABUSE: "辱骂", Reason.HARASSMENT: "骚扰", Reason.ADVERTISING: "广告", Reason.FLOOD: "刷屏"}

Rules = Callable[[], BlacklistDocument]


class Step(msgspec.Struct, frozen=True):
    """What a report led to: `warned`, or `blocked` until then."""

    what: str
    until: datetime | None = None
    block_id: UUID | None = None


async def report(tx: Tx, message_id: UUID, reason: Reason, rules: BlacklistDocument, *, by: By, now: datetime) -> Step:
    """The first times a warning; then the conversation ends and the identity is limited."""
    found = await _reported(tx, message_id)
    c = await conversations.lock_conversation(tx, found.conversation_id)
    if await complaints.is_frozen(tx, c.contact_id):
        raise serving.KeptSilent("a crisis: no warning is sent, people speak to this customer; ask a supervisor")
    since = now - timedelta(days=rules.remember_days)
    if await blocks.warned_since(tx, found.identity_id, since) < rules.warnings:
        await blocks.warn(tx, Warning(
            id=new_id(now), identity_id=found.identity_id, contact_id=found.contact_id, conversation_id=c.id,
            message_id=message_id, reason=reason, actor=by.actor, at=now,
        ), now=now)  # fmt: skip
        await _say(tx, c, rules.warning.to(found.locale), f"warning:{message_id}", now)
        return Step("warned")
    until = now + timedelta(hours=rules.hours)
    made = await _block(tx, found, BlockScope.IDENTITY, reason, until, f"{_NAMES[reason]},警告后再次出现", by, now)
    await _part(tx, c, rules.farewell.to(found.locale), f"{_NAMES[reason]},已限制 {rules.hours} 小时", made.id, by, now)
    return Step("blocked", until, made.id)


async def keep_out(
    tx: Tx, message_id: UUID, reason: Reason, scope: BlockScope, until: datetime | None, note: str,
    rules: BlacklistDocument, *, by: By, now: datetime,
) -> Block:  # fmt: skip
    """A supervisor's decision: as long as he says, for good without `until`, by identity, browser or address."""
    if until is not None and until <= now:
        raise Invalid("the end lies ahead", "until")
    found = await _reported(tx, message_id)
    c = await conversations.lock_conversation(tx, found.conversation_id)
    made = await _block(tx, found, scope, reason, until, note, by, now)
    await _part(tx, c, rules.farewell.to(found.locale), f"{_NAMES[reason]},已加入黑名单", made.id, by, now)
    if until is None:
        await set_timer(tx, now + timedelta(days=rules.review_days), REVIEW, made.id, 1)
    return made


async def turn_away(tx: Tx, entries: Sequence[Entry], rules: BlacklistDocument, words: WordBook, now: datetime) -> None:
    """Before triage: what limited identities wrote is kept and told of, and becomes nobody's work."""
    heard = [e for e in entries if e.kind == "message.received" and e.data.get("identity")]
    limited = await store.in_force(tx, {e.data["identity"] for e in heard}, now) if heard else {}
    if begun := _threads(entries):
        limited |= await store.in_other_threads(
            tx, {UUID(e.data["identity"]) for e in heard if e.conversation_id in begun}, now
        )
    if not limited:
        return
    # What was written before the limit, and is only read now, counts as it did then.
    since = [UUID(e.data["message"]) for e in heard if _is_limited(UUID(e.data["identity"]), e.at, limited)]
    if not since:
        return
    said = await store.said(tx, since)
    # All of the batch at once, because triage locks some of them when tickets are locked here already.
    everybody = sorted({e.conversation_id for e in entries if e.conversation_id is not None})
    held = {c.id: c for c in await conversations.lock_many(tx, everybody)}
    away = _without(said, held, words)
    told = set[UUID]()
    for conversation_id in sorted({one.conversation_id for one in away}):
        one = next(each for each in away if each.conversation_id == conversation_id)
        by_block = limited[one.identity_id]
        if _tells(by_block, told, rules, now):
            told.add(by_block.block_id)
            await _say(tx, held[conversation_id], rules.turned_away.to(one.locale), f"away:{one.message_id}", now)
        if held[conversation_id].phase is not Phase.ENDED and held[conversation_id].agent_id is None:
            await conversations.end_conversation(
                tx, held[conversation_id], reason=EndReason.SYSTEM, summary=None, actor=ACTOR, now=now
            )
    for ticket_id in await store.born_now(tx, {one.ticket_id for one in away if one.ticket_id}):
        ticket = await tickets.lock_ticket(tx, ticket_id)
        await tickets.move_ticket(
            tx, ticket, Action.CANCEL, text="客户在黑名单限制中,内容已保存,未进入排队", by=_BY, now=now, typed=False
        )
    if away:
        await blocks.turned_away(tx, Counter(limited[one.identity_id].block_id for one in away), told, now)


def _threads(entries: Sequence[Entry]) -> set[UUID | None]:
    """Conversations that began in public, below a post: whoever is limited below one is below all."""
    return {
        e.conversation_id for e in entries
        if e.kind == "conversation.started" and str(e.data.get("channel", "")).endswith("_comment")
    }  # fmt: skip


def _is_limited(identity: UUID, at: datetime, limited: dict[UUID, Limited]) -> bool:
    return identity in limited and at >= limited[identity].made_at


def _without(said: Sequence[Said], held: dict[UUID, Conversation], words: WordBook) -> list[Said]:
    """Those of whose conversation nothing speaks of danger or of an order that is being looked after."""
    through = set[UUID]()
    for one in said:
        c = held[one.conversation_id]
        if one.ordered or one.crisis or speaks_of_danger(one.text, words.of(c.inbox_id, c.team_id)):
            through.add(one.conversation_id)
    return [one for one in said if one.conversation_id not in through]


def _tells(limited: Limited, told: set[UUID], rules: BlacklistDocument, now: datetime) -> bool:
    if limited.block_id in told:
        return False
    return limited.told_at is None or now - limited.told_at >= timedelta(minutes=rules.tell_again_minutes)


async def remind_to_review(tx: Tx, block_id: UUID, rules: BlacklistDocument, now: datetime) -> None:
    """Once in its time for each that stands for good, until it is lifted."""
    one = await blocks.lock(tx, block_id)
    if not one.holds(now):
        return
    await set_timer(tx, now + timedelta(days=rules.review_days), REVIEW, block_id, 1)
    looked = one.reviewed_at or one.made_at
    if now - looked < timedelta(days=rules.review_days):
        return
    await emit(tx, [Event(
        kind="notice.raised", subject=one.id, subject_version=one.version, at=now, actor=f"timer:{REVIEW}",
        brand_id=one.brand_id, team_id=one.team_id, contact_id=one.contact_id, conversation_id=one.conversation_id,
        data={"who": ["role:supervisor"], "agents": [], "how": "notify", "why": "blocks.review", "block": one.id},
    )])  # fmt: skip


async def _reported(tx: Tx, message_id: UUID) -> Reported:
    found = await store.reported(tx, message_id)
    if found is None or found.direction != "in":
        raise Invalid("only a customer's message can be reported", "message_id")
    return found


async def _block(
    tx: Tx, found: Reported, scope: BlockScope, reason: Reason, until: datetime | None, note: str, by: By, now: datetime
) -> Block:
    subject = str(found.identity_id)
    if scope is not BlockScope.IDENTITY:
        visit = await store.last_visit(tx, found.identity_id)
        if visit is None:
            raise Invalid("no browser and no address is known of this customer", "scope")
        subject = visit[0] if scope is BlockScope.IP else f"{visit[0]}|{visit[1]}"
    made = Block(
        id=new_id(now), scope=scope, subject=subject, identity_id=found.identity_id, contact_id=found.contact_id,
        brand_id=found.brand_id, team_id=found.team_id, conversation_id=found.conversation_id, message_id=found.id,
        reason=reason, note=note, until=until, made_by=by.actor, made_at=now,
    )  # fmt: skip
    await blocks.block(tx, made)
    return made


async def _part(tx: Tx, c: Conversation, words: str, note: str, block_id: UUID, by: By, now: datetime) -> None:
    """A last word, and the end; the ticket stays with its handler, who was there."""
    if c.phase is Phase.ENDED:
        return
    await _say(tx, c, words, f"farewell:{block_id}", now)
    await conversations.end_conversation(tx, c, reason=EndReason.AGENT, summary=None, actor=by.actor, now=now)
    if c.ticket_id is not None:
        ticket = await tickets.lock_ticket(tx, c.ticket_id)
        await tickets.add_note(tx, tickets.Note(
            ticket_id=ticket.id, action="block", text=note, typed=False, actor=by.actor, at=now, conversation_id=c.id,
            from_status=ticket.status, to_status=ticket.status,
        ))  # fmt: skip


async def _say(tx: Tx, c: Conversation, text: str, key: str, now: datetime) -> None:
    if c.phase is Phase.ENDED or await complaints.is_frozen(tx, c.contact_id):
        return
    if not await outbox.has_room(tx, c.id, c.channel, now):
        return
    draft = Draft(
        direction="out", author="system", text=text, payload={"code": key.partition(":")[0]}, human=False,
        client_id=f"block:{key}",
    )  # fmt: skip
    stored = await conversations.say(tx, c, draft, now=now)
    if not stored.repeated:
        await outbox.enqueue(
            tx, message_id=stored.message_id, inbox_id=c.inbox_id, conversation_id=c.id, channel=c.channel, now=now
        )
