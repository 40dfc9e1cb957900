"""The route of the generic channel."""

from __future__ import annotations

import asyncio
from uuid import UUID

import msgspec
from litestar import post

from yizhan.channels.generic import (
    SIGNATURE,
    TIMESTAMP,
    GenericMessage,
    content_of,
    inbound,
    parse,
    verify,
)
from yizhan.desk.intake import Attachment
from yizhan.web.files import stored
from yizhan.web.given import FromPath, GivenServices
from yizhan.web.guards import PUBLIC, AnyRequest
from yizhan.web.services import Services


class AcceptedShape(msgspec.Struct, frozen=True):
    """Our ids, in the order of the messages; a message brought again has the id it got the first time."""

    accepted: list[UUID]


@post("/hooks/generic/{key:str}", opt=PUBLIC, status_code=200)
async def generic_hook(key: FromPath[str], request: AnyRequest, services: GivenServices) -> AcceptedShape:
    """One message or several. Whoever gets no answer brings them again, and nothing is stored twice."""
    body, now = await request.body(), services.clock.now()
    door = await services.hooks.find(services.db, services.vault, key)
    verify(door.secret.all, request.headers.get(TIMESTAMP, ""), request.headers.get(SIGNATURE, ""), body, now)
    brought = parse(body)
    messages = [inbound(each, door.inbox.id, await _files(services, each), now) for each in brought]
    done = await asyncio.gather(*(services.the_intake.accept(message) for message in messages))
    return AcceptedShape([each.message_id for each in done])


async def _files(services: Services, message: GenericMessage) -> list[Attachment]:
    """Kept before the message is: what is acknowledged is whole."""
    kept = []
    for file in message.attachments:
        content = content_of(file)
        if content is not None:
            blob = await stored(services, content, file.name)
            kept.append(Attachment(hash=blob.hash, name=blob.name, type=blob.type, size=blob.size))
    return kept
