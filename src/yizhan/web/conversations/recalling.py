"""撤回: our own words where the channel takes them back, and what a customer took back, for whoever may know."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response, post
from msgspec import Meta

from yizhan.desk import serving
from yizhan.desk.channels import OWN
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Conflict
from yizhan.records import conversations, inboxes, outbox
from yizhan.records.agents import Permission
from yizhan.records.conversations import Recalled
from yizhan.web.call import Call
from yizhan.web.given import FromPath, GivenCall, JSONBody
from yizhan.web.guards import permits
from yizhan.web.seen import seen_conversation


class RevealRecalled(msgspec.Struct):
    reason: Annotated[str, Meta(min_length=2, max_length=500, pattern=r"^[^\x00]*\S[^\x00]*$")]


@post("/messages/{message_id:uuid}/recall", guards=[permits(Permission.MESSAGE_REPLY)], status_code=204)
async def recall_message(message_id: FromPath[UUID], call: GivenCall) -> Response[None]:
    """First at the vendor's, where there is one: what the customer still has was not taken back."""
    await _recall_at_vendor(message_id, call)

    async def verb(tx: Tx) -> None:
        conversation_id = await conversations.conversation_of(tx, message_id)
        await seen_conversation(tx, call.viewer, conversation_id)
        await serving.recall(tx, message_id, conversation_id, actor=call.actor, now=call.now)

    return await call.write(verb, 204)


@post("/messages/{message_id:uuid}/reveal", guards=[permits(Permission.SUPERVISE)], status_code=200)
async def reveal_recalled(
    message_id: FromPath[UUID], data: JSONBody[RevealRecalled], call: GivenCall
) -> Response[Recalled]:
    """What its customer took back; who asks and why stands in the journal."""

    async def verb(tx: Tx) -> Recalled:
        await seen_conversation(tx, call.viewer, await conversations.conversation_of(tx, message_id))
        return await conversations.reveal_recalled(tx, message_id, reason=data.reason, actor=call.actor, now=call.now)

    return await call.write(verb)


async def _recall_at_vendor(message_id: UUID, call: Call) -> None:
    """Raises Conflict where the channel takes nothing back; nothing where the message has not left the house."""
    services = call.services
    async with services.db.read() as tx:
        conversation_id = await conversations.conversation_of(tx, message_id)
        await seen_conversation(tx, call.viewer, conversation_id)
        sent = await outbox.sent_at_vendor(tx, message_id)
        if sent is None or sent.channel in OWN:
            return
        await conversations.ensure_recallable(tx, message_id, call.actor, call.now)
        inbox = await inboxes.inbox(tx, services.vault, sent.inbox_id)
        secrets = await inboxes.secrets_of(tx, services.vault, sent.inbox_id)
    house = services.channels
    found = house.find(sent.channel) if house is not None else None
    if house is None or found is None or found.recall is None:
        raise Conflict("this channel takes nothing back")
    await found.recall(house.line_of(house.account(found, inbox, secrets)), sent.vendor_id, sent.payload or {})


routes = (recall_message, reveal_recalled)
