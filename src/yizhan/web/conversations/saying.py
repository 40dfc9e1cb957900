"""What an agent says and how he ends it: the steps of one write, whoever asks for it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from yizhan.desk import forms, promises, quick_replies, roster, serving, views, words
from yizhan.desk.channels import Capabilities, ensure_sendable, filled, pieces
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Forbidden, Invalid
from yizhan.records import conversations, drafts
from yizhan.records.agents import Permission, Viewer
from yizhan.records.conversations import Draft, Summary
from yizhan.records.outbox import TEMPLATE
from yizhan.records.tickets import Action, By, Status, Ticket
from yizhan.web.call import Call
from yizhan.web.conversations.ordering import card_of
from yizhan.web.conversations.quoting import quoting
from yizhan.web.conversations.shapes import (
    EndedShape,
    FileRef,
    NewMessage,
    PromiseGiven,
    SentShape,
    attachment,
    held_reply,
)
from yizhan.web.seen import seen_conversation, seen_ticket
from yizhan.web.services import Services
from yizhan.web.verification import ensure_verified_fields


async def say(tx: Tx, conversation_id: UUID, data: NewMessage, files: list[dict[str, Any]], call: Call) -> SentShape:
    """A reply or a note; `files` are those it names, as a message keeps them."""
    owner = await seen_conversation(tx, call.viewer, conversation_id)
    if data.seen is not None and not data.note:
        await serving.ensure_nothing_happened(tx, conversation_id, data.seen, by=call.viewer.agent_id)
    if not data.note and owner.agent_id not in (None, call.viewer.agent_id):
        ensure_may_join_in(call.viewer)
    if data.ticket_id is not None:
        await seen_ticket(tx, call.viewer, data.ticket_id)
    if not data.note:
        quick_replies.ensure_filled(data.text)
    if data.draft is not None:
        await drafts.end(tx, call.viewer.agent_id, conversation_id, data.draft)
    cards = await card_of(tx, conversation_id, data, call)
    only_card = bool(cards) and cards[0].client_id == data.client_id
    first, *others = cards if only_card else await _drafts(tx, conversation_id, data, files, call)
    draft = first if not others else replace(first, attachments=files)
    others += [] if only_card else cards
    held = await words.ask(
        tx, conversation_id, draft, call.services.word_book, now=call.now, ticket_id=data.ticket_id,
        agent_id=call.viewer.agent_id, approves=call.viewer.may(Permission.WORDS_APPROVE),
        solves=data.then == "pending",
    )  # fmt: skip
    if held is not None:
        for card in () if only_card else cards:  # it says nothing that anybody has to approve
            await serving.reply(tx, conversation_id, card, now=call.now, ticket_id=data.ticket_id)
        return SentShape(None, False, held_reply(held))
    stored = await serving.reply(tx, conversation_id, first, now=call.now, ticket_id=data.ticket_id)
    for other in others:
        await serving.reply(tx, conversation_id, other, now=call.now, ticket_id=data.ticket_id)
    if data.promise is not None and data.promise.due > call.now and not data.note and not stored.repeated:
        await _promise(tx, data, data.promise, conversation_id, stored.message_id, call)
    if data.quick_reply is not None and not stored.repeated:
        await quick_replies.count_use(tx, data.quick_reply, call.viewer.agent_id, call.now.date())
    if data.then == "pending" and not stored.repeated:
        await _solve(tx, conversation_id, call, data.locale)
    (row,) = await views.messages_by_id(tx, [stored.message_id])
    return SentShape(row, stored.repeated)


async def end(
    tx: Tx, conversation_id: UUID, given: Summary, fields: dict[str, Any], call: Call, *, written: bool = True
) -> EndedShape:
    """结束会话 with its 服务小结; `fields` are filled in first. `written`: a person may have written it just now."""
    await ensure_serves(tx, call.viewer, conversation_id)
    c = await conversations.lock_conversation(tx, conversation_id)
    types = call.services.type_book.tree
    proposals = [(await serving.proposed_summary(tx, c, each, types))[0] for each in ("zh-CN", "en")]
    typed = written and given.text.strip() not in {each.text.strip() for each in proposals}
    types.check(given.type, "summary.type", kept=proposals[0].type)
    _, ticket = await serving.end(
        tx, conversation_id, given, typed=typed, by=acting(call), now=call.now, types=types,
        gate=_filling(fields, call),
    )  # fmt: skip
    if c.live and c.agent_id is not None:
        span = call.services.routing_book.of(c.inbox_id, c.team_id).wrap_up(c.channel) or timedelta()
        await roster.begin_wrap_up(tx, c.agent_id, c.channel, span, now=call.now, by=call.actor)
    (row,) = await views.conversation_rows(tx, [conversation_id])
    rows = await views.ticket_rows(tx, [ticket.id]) if ticket else []
    return EndedShape(row, rows[0] if rows else None)


async def file_of(services: Services, ref: FileRef) -> dict[str, Any]:
    blob = await services.blobs.load(ref.hash)
    return attachment(ref, blob.content_type, len(blob.content))


async def ensure_serves(tx: Tx, viewer: Viewer, conversation_id: UUID) -> None:
    owner = await seen_conversation(tx, viewer, conversation_id)
    if owner.agent_id != viewer.agent_id:
        ensure_may_join_in(viewer)


def ensure_may_join_in(viewer: Viewer) -> None:
    """Two agents are never in one conversation unknowingly: only who supervises writes into another's."""
    if not viewer.may(Permission.SUPERVISE):
        raise Forbidden("another agent serves this conversation; write an internal note or ask for a transfer")


def acting(call: Call) -> By:
    return By(call.actor, call.viewer.agent_id)


async def _drafts(
    tx: Tx, conversation_id: UUID, data: NewMessage, files: list[dict[str, Any]], call: Call
) -> list[Draft]:
    """The messages of one reply: where the channel sends words and files apart, one for each, as the quota counts."""
    c = await conversations.lock_conversation(tx, conversation_id)
    house = call.services.channels
    can = None if house is None or data.note else await house.can(tx, c.inbox_id)
    text, quote = await quoting(tx, call.viewer, c, data, can)
    beside = {**({"mentions": data.mentions} if data.mentions else {}), **({"quote": quote} if quote else {})}
    draft = Draft(
        direction="note" if data.note else "out", author=call.actor, text=text, attachments=files,
        client_id=data.client_id, payload=beside or None,
    )  # fmt: skip
    if house is None or data.note:
        return [draft]
    if data.template is not None:
        text, payload = filled(can or Capabilities(), data.template.key, data.template.blanks)
        return [replace(draft, kind=TEMPLATE, text=text, attachments=[], payload=payload)]
    if can is None:
        return [draft]
    ensure_sendable(can, text, files)
    return [
        replace(
            draft,
            text=piece.text,
            attachments=list(piece.files),
            client_id=_numbered(data.client_id, n),
            payload=None if n else draft.payload,
        )
        for n, piece in enumerate(pieces(can, text, files))
    ]


def _numbered(client_id: str, n: int) -> str:
    return f"{client_id}:{n}" if n else client_id


async def _solve(tx: Tx, conversation_id: UUID, call: Call, locale: str) -> None:
    """发送并待确认: the proposed summary is the note of the move; nobody types anything."""
    c = await conversations.lock_conversation(tx, conversation_id)
    if c.ticket_id is None:
        return
    types = call.services.type_book.tree
    proposed, _ = await serving.proposed_summary(tx, c, locale, types)
    await serving.move(
        tx, c.ticket_id, Action.SOLVE, text=proposed.text, by=acting(call), now=call.now, typed=False, types=types,
        gate=forms.gate(call.services.form_book, call.now),
    )  # fmt: skip


def _filling(fields: dict[str, Any], call: Call) -> serving.Gate:
    """The ticket's form, filled in on the way: with the type that the summary gave it."""
    book = call.services.form_book

    async def ensure(tx: Tx, ticket: Ticket, status: Status) -> None:
        if fields:
            await ensure_verified_fields(tx, call, ticket.contact_id, fields)
            ticket = await forms.fill(
                tx, ticket, fields, book, call.services.vault, expected=ticket.version, by=acting(call), now=call.now
            )  # fmt: skip
        await forms.ensure_filled(tx, ticket, status, book, now=call.now)

    return ensure


async def _promise(
    tx: Tx, data: NewMessage, said: PromiseGiven, conversation_id: UUID, message_id: UUID, call: Call
) -> None:
    """承诺: given with the reply that says so, or not at all."""
    ticket_id = data.ticket_id or (await conversations.lock_conversation(tx, conversation_id)).ticket_id
    if ticket_id is None:
        raise Invalid("the conversation has no ticket yet that could hold a promise", "promise")
    given = promises.Given(
        text=said.text or data.text[:200], kind=said.kind, due=said.due, conversation_id=conversation_id,
        message_id=message_id,
    )  # fmt: skip
    book = call.services.promise_book
    await promises.give(tx, ticket_id, given, book, by=call.viewer.agent_id, now=call.now)
