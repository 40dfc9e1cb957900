"""The routes of conversations."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from litestar import Response, get, post
from litestar.params import QueryParameter

from yizhan.desk import outbound, serving, views
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import NotFound
from yizhan.records import agents, conversations
from yizhan.records.agents import Permission
from yizhan.records.conversations import Solved, Summary
from yizhan.web.conversations import reading
from yizhan.web.conversations.saying import acting, end, ensure_may_join_in, file_of, say
from yizhan.web.conversations.shapes import (
    ConversationList,
    EndedShape,
    EndRequest,
    LoadShape,
    MessagePage,
    MineShape,
    NewMessage,
    ProposalShape,
    ReadRequest,
    SentShape,
    WorkShape,
)
from yizhan.web.drafts import tell_draft
from yizhan.web.given import FromPath, FromQuery, GivenCall, GivenServices, GivenViewer, JSONBody
from yizhan.web.guards import permits
from yizhan.web.seen import seen_conversation

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
    files = [await file_of(call.services, ref) for ref in data.attachments]
    sent = await call.write(lambda tx: say(tx, conversation_id, data, files, call), 201)
    if data.draft is not None:
        await tell_draft(call, conversation_id, None)
    return sent


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
    return await call.write(lambda tx: end(tx, conversation_id, given, data.fields, call))


@post("/conversations/{conversation_id:uuid}/read", guards=READ, status_code=204)
async def read_conversation(
    conversation_id: FromPath[UUID], data: JSONBody[ReadRequest], call: GivenCall
) -> Response[None]:
    async def verb(tx: Tx) -> None:
        await seen_conversation(tx, call.viewer, conversation_id)
        await serving.read(tx, conversation_id, data.message_id, by=acting(call), now=call.now)

    return await call.write(verb, 204)


@post("/conversations/{conversation_id:uuid}/separate", guards=REPLY, status_code=204)
async def separate_conversation(conversation_id: FromPath[UUID], call: GivenCall) -> Response[None]:
    async def verb(tx: Tx) -> None:
        await seen_conversation(tx, call.viewer, conversation_id)
        await serving.separate(tx, conversation_id, by=acting(call), now=call.now)

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
            ensure_may_join_in(call.viewer)
        await outbound.retry(tx, message_id, actor=call.actor, now=call.now)

    return await call.write(verb, 204)


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
