"""Our replies pass the dictionary before they leave: they go, they wait for a yes, or they are refused.

What customers say is heard where triage reads it anyway; who is to know is told by `notice.raised`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from yizhan.desk import serving
from yizhan.desk.views import leads_of
from yizhan.desk.words import store
from yizhan.desk.words.book import WordBook
from yizhan.desk.words.model import Held, HeldState, Hit, Level, WordsRefused
from yizhan.desk.words.policy import gravest, screen
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Conflict, Invalid
from yizhan.foundation.ids import new_id
from yizhan.foundation.journal import Event, emit
from yizhan.records import conversations, tickets
from yizhan.records.conversations import Conversation, Draft, Phase
from yizhan.records.tickets import Action, By, Status

NOTICE = "notice.raised"


def screened(draft: Draft, c: Conversation, book: WordBook) -> list[Hit]:
    """In the text, then in the names of files."""
    rules = book.of(c.inbox_id, c.team_id)
    try:
        hits = screen(draft.text, rules)
        for file in draft.attachments:
            hits += screen(str(file.get("name", "")), rules)
    except Exception as error:  # no reply waits for a word list
        book.faults.note("words", rules.source, "outgoing", error)
        return []
    return hits


async def ask(
    tx: Tx, conversation_id: UUID, draft: Draft, book: WordBook, *, now: datetime, ticket_id: UUID | None = None,
    agent_id: UUID | None = None, approves: bool = False, solves: bool = False,
) -> Held | None:  # fmt: skip
    """None where a reply may go now. Raises WordsRefused for what may not go at all.

    Who `approves` himself is not asked to wait. Every find is told to the journal, but for the words themselves.
    """
    if draft.direction not in ("out", "system"):
        return None
    c = await conversations.lock_conversation(tx, conversation_id)
    if draft.client_id and (kept := await store.of_client(tx, c.id, draft.author, draft.client_id)) is not None:
        return kept
    hits = screened(draft, c, book)
    await book.faults.tell(tx, actor="words", now=now)
    level = gravest(hits)
    if level is None:
        return None
    if level is Level.BLOCK:
        refused = [hit for hit in hits if hit.level is Level.BLOCK]
        named = "、".join(dict.fromkeys(hit.word for hit in refused))
        raise WordsRefused(named, refused[0])
    rules = book.of(c.inbox_id, c.team_id).source
    facts: dict[str, object] = {"level": level.value, "groups": _groups(hits), "rules": rules}
    if level is Level.REMIND or approves:
        await _tell(tx, c, "words.passed", c.version, draft.author, now, facts)
        return None
    held = await store.hold(tx, Held(
        id=new_id(now), conversation_id=c.id, ticket_id=ticket_id or c.ticket_id, contact_id=c.contact_id,
        brand_id=c.brand_id, team_id=c.team_id, author=draft.author, agent_id=agent_id, text=draft.text,
        attachments=draft.attachments, client_id=draft.client_id or str(new_id(now)), solves=solves,
        found=[{"word": hit.word, "group": hit.group, "title": hit.title, "hint": hit.hint, "title_en": hit.title_en,
                "hint_en": hit.hint_en, "start": hit.start, "end": hit.end} for hit in hits],
        rules=rules, state=HeldState.WAITING, reason=None, decided_by=None, decided_at=None, message_id=None,
        created_at=now, version=1, kind=draft.kind, payload=draft.payload,
    ))  # fmt: skip
    await _tell(tx, c, "reply.held", held.version, draft.author, now, {"held": held.id, **facts}, held.id)
    await _notice(tx, c, held, ("lead",), await leads_of(tx, c.team_id), "reply.held", draft.author, now)
    return held


async def allows(tx: Tx, conversation_id: UUID, draft: Draft, book: WordBook, *, now: datetime) -> bool:
    """For what nobody typed just now, such as a template: what is not allowed stays away, and that is said."""
    try:
        return await ask(tx, conversation_id, draft, book, now=now) is None
    except WordsRefused as refused:
        c = await conversations.lock_conversation(tx, conversation_id)
        what = str((draft.payload or {}).get("code") or draft.kind)
        book.faults.note("words", book.of(c.inbox_id, c.team_id).source, what, f"words_blocked: {refused.message}")
        await book.faults.tell(tx, actor=draft.author, now=now)
        return False


async def approve(tx: Tx, id: UUID, *, by: By, now: datetime) -> tuple[Held, UUID]:
    """It goes, in the name of who wrote it."""
    glimpse = await store.held(tx, id)
    c = await conversations.lock_conversation(tx, glimpse.conversation_id)
    held = _ensure_waiting(await store.lock(tx, id))
    if held.agent_id is not None and held.agent_id == by.agent_id:
        raise Conflict("somebody else says yes to what one wrote oneself")
    if c.phase is Phase.ENDED and c.live:
        raise Conflict("the conversation has ended; refuse it with a reason, the writer will find another way")
    draft = Draft(
        direction="out", author=held.author, text=held.text, attachments=held.attachments, client_id=held.client_id,
        kind=held.kind, payload={**(held.payload or {}), "approved_by": by.actor},
    )  # fmt: skip
    stored = await serving.reply(tx, c.id, draft, now=now, ticket_id=held.ticket_id)
    if held.solves and c.ticket_id is not None:
        await _solve(tx, c, held, now)
    await store.decide(tx, id, HeldState.SENT, reason=None, by=by.actor, now=now, message_id=stored.message_id)
    await _tell(
        tx, c, "reply.approved", held.version + 1, by.actor, now, {"held": id, "message": stored.message_id}, id
    )
    return held, stored.message_id


async def refuse(tx: Tx, id: UUID, reason: str, *, by: By, now: datetime) -> None:
    """It does not go; who wrote it is told why."""
    if not reason.strip():
        raise Invalid("say why, so that it can be written better", "reason")
    glimpse = await store.held(tx, id)
    c = await conversations.lock_conversation(tx, glimpse.conversation_id)
    held = _ensure_waiting(await store.lock(tx, id))
    await store.decide(tx, id, HeldState.REFUSED, reason=reason.strip(), by=by.actor, now=now)
    await _tell(tx, c, "reply.refused", held.version + 1, by.actor, now, {"held": id}, id)
    told = [agent for agent in dict.fromkeys((held.agent_id, c.agent_id)) if agent is not None]
    await _notice(tx, c, held, ("handler",), told, "reply.refused", by.actor, now)


async def withdraw(tx: Tx, id: UUID, *, by: By, now: datetime) -> None:
    """Whoever wrote it takes it back, to write it differently."""
    glimpse = await store.held(tx, id)
    c = await conversations.lock_conversation(tx, glimpse.conversation_id)
    held = _ensure_waiting(await store.lock(tx, id))
    if held.author != by.actor:
        raise Conflict("only who wrote it takes it back")
    await store.decide(tx, id, HeldState.WITHDRAWN, reason=None, by=by.actor, now=now)
    await _tell(tx, c, "reply.withdrawn", held.version + 1, by.actor, now, {"held": id}, id)


async def _solve(tx: Tx, c: Conversation, held: Held, now: datetime) -> None:
    """发送并待确认, as it was asked for, where the ticket is still in hand."""
    assert c.ticket_id is not None
    ticket = await tickets.lock_ticket(tx, c.ticket_id)
    if ticket.status in (Status.NEW, Status.OPEN):
        proposed, _ = await serving.proposed_summary(tx, c)
        by = By(held.author, held.agent_id)
        await serving.move(tx, ticket.id, Action.SOLVE, text=proposed.text, by=by, now=now, typed=False)


def _ensure_waiting(held: Held) -> Held:
    if held.state is not HeldState.WAITING:
        raise Conflict("it was decided meanwhile")
    return held


def _groups(hits: Sequence[Hit]) -> list[str]:
    return list(dict.fromkeys(hit.group for hit in hits))


async def _tell(
    tx: Tx, c: Conversation, kind: str, version: int, actor: str, now: datetime, facts: dict[str, object],
    subject: UUID | None = None,
) -> None:  # fmt: skip
    await emit(tx, [Event(
        kind=kind, subject=subject or c.id, subject_version=version, at=now, actor=actor, brand_id=c.brand_id,
        team_id=c.team_id, agent_id=c.agent_id, contact_id=c.contact_id, conversation_id=c.id, ticket_id=c.ticket_id,
        data=facts,
    )])  # fmt: skip


async def _notice(
    tx: Tx, c: Conversation, held: Held, who: Sequence[str], agents: Sequence[UUID], why: str, actor: str, now: datetime
) -> None:
    await emit(tx, [Event(
        kind=NOTICE, subject=held.id, subject_version=held.version, at=now, actor=actor, brand_id=c.brand_id,
        team_id=c.team_id, agent_id=c.agent_id, contact_id=c.contact_id, conversation_id=c.id, ticket_id=c.ticket_id,
        data={"who": list(who), "agents": list(agents), "how": "notify", "why": why, "held": held.id},
    )])  # fmt: skip
