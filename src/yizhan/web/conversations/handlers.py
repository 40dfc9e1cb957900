"""The routes of conversations."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from litestar import Response, get, post
from litestar.params import QueryParameter
from msgspec.structs import replace

from yizhan.desk import forms, outbound, promises, roster, serving, views, words
from yizhan.desk.channels import Capabilities, ensure_sendable, filled, pieces
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Forbidden, Invalid, NotFound
from yizhan.records import agents, conversations
from yizhan.records.agents import Permission, Viewer
from yizhan.records.conversations import Draft, Solved, Summary
from yizhan.records.outbox import TEMPLATE
from yizhan.records.tickets import Action, By, Status, Ticket
from yizhan.web.call import Call
from yizhan.web.conversations import reading
from yizhan.web.conversations.shapes import (
    ConversationList,
    EndedShape,
    EndRequest,
    FileRef,
    LoadShape,
    MessagePage,
    MineShape,
    NewMessage,
    PromiseGiven,
    ProposalShape,
    ReadRequest,
    SentShape,
    WorkShape,
    attachment,
    held_reply,
)
from yizhan.web.given import FromPath, FromQuery, GivenCall, GivenServices, GivenViewer, JSONBody
from yizhan.web.guards import permits
from yizhan.web.seen import seen_conversation, seen_ticket
from yizhan.web.services import Services
from yizhan.web.verification import ensure_verified_fields

READ = [permits(Permission.TICKET_READ)]
REPLY = [permits(Permission.MESSAGE_REPLY)]

Spoken = Annotated[Literal["zh-CN", "en"], QueryParameter()]


@get("/conversations/mine", guards=READ)
async def my_conversations(services: GivenServices, viewer: GivenViewer) -> MineShape:
    async with services.db.read() as tx:
        me = await agents.agent(tx, viewer.agent_id)
        load = await agents.load_of(tx, viewer.agent_id)
        rows = await views.my_conversations(tx, viewer.agent_id)
    return MineShape(rows, LoadShape(load.live, me.live_cap, load.async_, me.async_cap))


@get("/conversations/queue", guards=READ)
async def conversation_queue(services: GivenServices, viewer: GivenViewer) -> ConversationList:
    async with services.db.read() as tx:
        return ConversationList(await views.queue(tx, viewer))


@get("/conversations/waiting", guards=[permits(Permission.SUPERVISE)])
async def waiting_conversations(services: GivenServices, viewer: GivenViewer) -> ConversationList:
    """Customers who have an agent and wait for his next answer, who waits longest first."""
    async with services.db.read() as tx:
        return ConversationList(await views.waiting(tx, viewer))


@get("/conversations/{conversation_id:uuid}", guards=READ)
async def open_conversation(conversation_id: FromPath[UUID], services: GivenServices, viewer: GivenViewer) -> WorkShape:
    async with services.db.read() as tx:
        await seen_conversation(tx, viewer, conversation_id)
        return await reading.work_of_conversation(tx, viewer, conversation_id, services.clock.now(), services.channels)


@get("/conversations/{conversation_id:uuid}/messages", guards=READ)
async def conversation_messages(
    conversation_id: FromPath[UUID], services: GivenServices, viewer: GivenViewer, before: FromQuery[UUID | None] = None
) -> MessagePage:
    """Older messages of a conversation that has no ticket yet."""
    async with services.db.read() as tx:
        await seen_conversation(tx, viewer, conversation_id)
        rows = await views.messages_of_conversation(tx, conversation_id, before=before, count=reading.PAGE)
    return MessagePage(rows, rows[0].id if len(rows) == reading.PAGE else None)


@post("/conversations/{conversation_id:uuid}/messages", guards=REPLY)
async def send_message(
    conversation_id: FromPath[UUID], data: JSONBody[NewMessage], call: GivenCall
) -> Response[SentShape]:
    files = [await _file(call.services, ref) for ref in data.attachments]

    async def verb(tx: Tx) -> SentShape:
        owner = await seen_conversation(tx, call.viewer, conversation_id)
        if not data.note and owner.agent_id not in (None, call.viewer.agent_id):
            _ensure_may_join_in(call.viewer)
        if data.ticket_id is not None:
            await seen_ticket(tx, call.viewer, data.ticket_id)
        first, *others = await _drafts(tx, conversation_id, data, files, call)
        draft = first if not others else replace(first, text=data.text, attachments=files)
        held = await words.ask(
            tx, conversation_id, draft, call.services.word_book, now=call.now, ticket_id=data.ticket_id,
            agent_id=call.viewer.agent_id, approves=call.viewer.may(Permission.WORDS_APPROVE),
            solves=data.then == "pending",
        )  # fmt: skip
        if held is not None:
            if draft.kind == TEMPLATE:  # what waits for a yes is sent as words of one's own
                raise Invalid("these words need somebody's yes: change what stands in the blanks", "template.blanks")
            return SentShape(None, False, held_reply(held))
        stored = await serving.reply(tx, conversation_id, first, now=call.now, ticket_id=data.ticket_id)
        for other in others:
            await serving.reply(tx, conversation_id, other, now=call.now, ticket_id=data.ticket_id)
        if data.promise is not None and data.promise.due > call.now and not data.note and not stored.repeated:
            await _promise(tx, data, data.promise, conversation_id, stored.message_id, call)
        if data.then == "pending" and not stored.repeated:
            await _solve(tx, conversation_id, call, data.locale)
        (row,) = await views.messages_by_id(tx, [stored.message_id])
        return SentShape(row, stored.repeated)

    return await call.write(verb, 201)


@get("/conversations/{conversation_id:uuid}/summary", guards=REPLY)
async def propose_summary(
    conversation_id: FromPath[UUID], call: GivenCall, locale: Spoken = "zh-CN"
) -> Response[ProposalShape]:
    async def verb(tx: Tx) -> ProposalShape:
        await seen_conversation(tx, call.viewer, conversation_id)
        c = await conversations.lock_conversation(tx, conversation_id)
        proposed, own_words = await serving.proposed_summary(tx, c, locale, call.services.type_book.tree)
        return ProposalShape(proposed.type, proposed.solved, proposed.text, own_words)

    return await call.write(verb)


@post("/conversations/{conversation_id:uuid}/end", guards=REPLY, status_code=200)
async def end_conversation(
    conversation_id: FromPath[UUID], data: JSONBody[EndRequest], call: GivenCall
) -> Response[EndedShape]:
    given = Summary(data.summary.type, Solved(data.summary.solved), data.summary.text)

    async def verb(tx: Tx) -> EndedShape:
        await _ensure_serves(tx, call.viewer, conversation_id)
        c = await conversations.lock_conversation(tx, conversation_id)
        types = call.services.type_book.tree
        proposals = [(await serving.proposed_summary(tx, c, each, types))[0] for each in ("zh-CN", "en")]
        typed = given.text.strip() not in {each.text.strip() for each in proposals}
        types.check(given.type, "summary.type", kept=proposals[0].type)
        _, ticket = await serving.end(
            tx, conversation_id, given, typed=typed, by=_by(call), now=call.now, types=types,
            gate=_filling(data.fields, call),
        )  # fmt: skip
        if c.live and c.agent_id is not None:
            span = call.services.routing_book.of(c.inbox_id, c.team_id).wrap_up(c.channel) or timedelta()
            await roster.begin_wrap_up(tx, c.agent_id, c.channel, span, now=call.now, by=call.actor)
        (row,) = await views.conversation_rows(tx, [conversation_id])
        rows = await views.ticket_rows(tx, [ticket.id]) if ticket else []
        return EndedShape(row, rows[0] if rows else None)

    return await call.write(verb)


@post("/conversations/{conversation_id:uuid}/read", guards=READ, status_code=204)
async def read_conversation(
    conversation_id: FromPath[UUID], data: JSONBody[ReadRequest], call: GivenCall
) -> Response[None]:
    async def verb(tx: Tx) -> None:
        await seen_conversation(tx, call.viewer, conversation_id)
        await serving.read(tx, conversation_id, data.message_id, by=_by(call), now=call.now)

    return await call.write(verb, 204)


@post("/conversations/{conversation_id:uuid}/separate", guards=REPLY, status_code=204)
async def separate_conversation(conversation_id: FromPath[UUID], call: GivenCall) -> Response[None]:
    async def verb(tx: Tx) -> None:
        await seen_conversation(tx, call.viewer, conversation_id)
        await serving.separate(tx, conversation_id, by=_by(call), now=call.now)

    return await call.write(verb, 204)


@post("/messages/{message_id:uuid}/retry", guards=REPLY, status_code=204)
async def retry_message(message_id: FromPath[UUID], call: GivenCall) -> Response[None]:
    """Sends a failed message again. One whose end is unknown may then arrive twice: the agent decides."""

    async def verb(tx: Tx) -> None:
        rows = await views.messages_by_id(tx, [message_id])
        if not rows:
            raise NotFound("no such message")
        owner = await seen_conversation(tx, call.viewer, rows[0].conversation_id)
        if owner.agent_id not in (None, call.viewer.agent_id):
            _ensure_may_join_in(call.viewer)
        await outbound.retry(tx, message_id, actor=call.actor, now=call.now)

    return await call.write(verb, 204)


async def _drafts(
    tx: Tx, conversation_id: UUID, data: NewMessage, files: list[dict[str, Any]], call: Call
) -> list[Draft]:
    """The messages of one reply: where the channel sends words and files apart, one for each, as the quota counts."""
    draft = Draft(
        direction="note" if data.note else "out", author=call.actor, text=data.text, attachments=files,
        client_id=data.client_id, payload={"mentions": data.mentions} if data.mentions else None,
    )  # fmt: skip
    house = call.services.channels
    if house is None or data.note:
        return [draft]
    can = await house.can(tx, (await conversations.lock_conversation(tx, conversation_id)).inbox_id)
    if data.template is not None:
        text, payload = filled(can or Capabilities(), data.template.key, data.template.blanks)
        return [replace(draft, kind=TEMPLATE, text=text, attachments=[], payload=payload)]
    if can is None:
        return [draft]
    ensure_sendable(can, data.text, files)
    return [
        replace(draft, text=piece.text, attachments=list(piece.files), client_id=_numbered(data.client_id, n))
        for n, piece in enumerate(pieces(can, data.text, files))
    ]


def _numbered(client_id: str, n: int) -> str:
    return f"{client_id}:{n}" if n else client_id


async def _file(services: Services, ref: FileRef) -> dict[str, Any]:
    blob = await services.blobs.load(ref.hash)
    return attachment(ref, blob.content_type, len(blob.content))


async def _solve(tx: Tx, conversation_id: UUID, call: Call, locale: str) -> None:
    """发送并待确认: the proposed summary is the note of the move; nobody types anything."""
    c = await conversations.lock_conversation(tx, conversation_id)
    if c.ticket_id is None:
        return
    types = call.services.type_book.tree
    proposed, _ = await serving.proposed_summary(tx, c, locale, types)
    await serving.move(
        tx, c.ticket_id, Action.SOLVE, text=proposed.text, by=_by(call), now=call.now, typed=False, types=types,
        gate=forms.gate(call.services.form_book, call.now),
    )  # fmt: skip


def _filling(fields: dict[str, Any], call: Call) -> serving.Gate:
    """The ticket's form, filled in on the way: with the type that the summary gave it."""
    book = call.services.form_book

    async def ensure(tx: Tx, ticket: Ticket, status: Status) -> None:
        if fields:
            await ensure_verified_fields(tx, call, ticket.contact_id, fields)
            ticket = await forms.fill(
                tx, ticket, fields, book, call.services.vault, expected=ticket.version, by=_by(call), now=call.now
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


async def _ensure_serves(tx: Tx, viewer: Viewer, conversation_id: UUID) -> None:
    owner = await seen_conversation(tx, viewer, conversation_id)
    if owner.agent_id != viewer.agent_id:
        _ensure_may_join_in(viewer)


def _ensure_may_join_in(viewer: Viewer) -> None:
    """Two agents are never in one conversation unknowingly: only who supervises writes into another's."""
    if not viewer.may(Permission.SUPERVISE):
        raise Forbidden("another agent serves this conversation; write an internal note or ask for a transfer")


def _by(call: Call) -> By:
    return By(call.actor, call.viewer.agent_id)


routes = (
    my_conversations,
    conversation_queue,
    waiting_conversations,
    open_conversation,
    conversation_messages,
    send_message,
    propose_summary,
    end_conversation,
    read_conversation,
    separate_conversation,
    retry_message,
)
