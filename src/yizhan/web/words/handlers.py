"""The routes of words: checked while somebody types, and the replies that wait for a yes."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from litestar import Response, get, post

from yizhan.desk import words
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Forbidden
from yizhan.records.agents import Permission
from yizhan.records.tickets import By
from yizhan.web.call import Call
from yizhan.web.conversations.shapes import HeldReply, held_reply
from yizhan.web.given import FromPath, GivenCall, GivenServices, GivenViewer, JSONBody
from yizhan.web.guards import permits
from yizhan.web.seen import seen_conversation
from yizhan.web.words.shapes import (
    HeldReplies,
    HeldRow,
    HitShape,
    RefusalRequest,
    WaitingReplies,
    WordsCheck,
    WordsFound,
    hit_shape,
)

REPLY = [permits(Permission.MESSAGE_REPLY)]
APPROVE = [permits(Permission.WORDS_APPROVE)]
_MOST = 200
_LATELY = timedelta(days=1)


@post("/words/check", guards=REPLY, status_code=200)
async def check_words(data: JSONBody[WordsCheck], services: GivenServices, viewer: GivenViewer) -> WordsFound:
    """What of a text is listed. Nothing is stored: this is asked while somebody types."""
    rules = services.word_book.of()
    if data.conversation_id is not None:
        async with services.db.read() as tx:
            await seen_conversation(tx, viewer, data.conversation_id)
            rules = services.word_book.of(*await words.place(tx, data.conversation_id))
    hits = words.screen(data.text, rules)
    found: list[HitShape] = [hit_shape(hit) for hit in hits]
    for place, name in enumerate(data.files):
        named = words.screen(name, rules)
        hits += named
        found += [hit_shape(hit, place) for hit in named]
    level = words.gravest(hits)
    return WordsFound(level.value if level else None, found)


@get("/words/held", guards=APPROVE)
async def held_replies(services: GivenServices, viewer: GivenViewer) -> WaitingReplies:
    """What waits for a yes in what the viewer sees, the longest first."""
    async with services.db.read() as tx:
        waiting = await words.waiting(tx, viewer, _MOST)
    return WaitingReplies([
        HeldRow(held_reply(one.held), one.author_name, one.contact_name, one.held.ticket_id, one.ticket_number)
        for one in waiting
    ])  # fmt: skip


@get("/conversations/{conversation_id:uuid}/held", guards=REPLY)
async def held_of_conversation(
    conversation_id: FromPath[UUID], services: GivenServices, viewer: GivenViewer
) -> HeldReplies:
    """What waits in this conversation, and what was decided within a day."""
    async with services.db.read() as tx:
        await seen_conversation(tx, viewer, conversation_id)
        since = services.clock.now() - _LATELY
        return HeldReplies([held_reply(one) for one in await words.of_conversations(tx, [conversation_id], since)])


@post("/words/held/{held_id:uuid}/approve", guards=APPROVE, status_code=200)
async def approve_reply(held_id: FromPath[UUID], call: GivenCall) -> Response[HeldReply]:
    """It goes, in the name of who wrote it."""

    async def verb(tx: Tx) -> HeldReply:
        await _seen(tx, call, held_id)
        await words.approve(tx, held_id, by=_by(call), now=call.now)
        return held_reply(await words.held(tx, held_id))

    return await call.write(verb)


@post("/words/held/{held_id:uuid}/refuse", guards=APPROVE, status_code=200)
async def refuse_reply(held_id: FromPath[UUID], data: JSONBody[RefusalRequest], call: GivenCall) -> Response[HeldReply]:
    async def verb(tx: Tx) -> HeldReply:
        await _seen(tx, call, held_id)
        await words.refuse(tx, held_id, data.reason, by=_by(call), now=call.now)
        return held_reply(await words.held(tx, held_id))

    return await call.write(verb)


@post("/words/held/{held_id:uuid}/withdraw", guards=REPLY, status_code=200)
async def withdraw_reply(held_id: FromPath[UUID], call: GivenCall) -> Response[HeldReply]:
    """Whoever wrote it takes it back, to write it differently."""

    async def verb(tx: Tx) -> HeldReply:
        await _seen(tx, call, held_id)
        await words.withdraw(tx, held_id, by=_by(call), now=call.now)
        return held_reply(await words.held(tx, held_id))

    return await call.write(verb)


async def _seen(tx: Tx, call: Call, held_id: UUID) -> None:
    one = await words.held(tx, held_id)
    if one.author == call.actor:
        return
    await seen_conversation(tx, call.viewer, one.conversation_id)
    if not call.viewer.may(Permission.WORDS_APPROVE):
        raise Forbidden("only who wrote it takes it back")


def _by(call: Call) -> By:
    return By(call.actor, call.viewer.agent_id)


routes = (check_words, held_replies, held_of_conversation, approve_reply, refuse_reply, withdraw_reply)
