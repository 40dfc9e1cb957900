"""The hook of the generic channel: signed JSON of any system."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec

from yizhan.channels.generic import SIGNATURE, TIMESTAMP, GenericMessage, content_of, inbound, parse, verify
from yizhan.desk.intake import Attachment
from yizhan.web.files import stored
from yizhan.web.hooks.delivery import Delivery
from yizhan.web.services import Services
from yizhan.web.verification import hear_words


class AcceptedShape(msgspec.Struct, frozen=True):
    """Our ids, in the order of the messages; a message brought again has the id it got the first time."""

    accepted: list[UUID]


async def take_generic(services: Services, brought: Delivery) -> AcceptedShape:
    door = await services.hooks.find(services.db, services.vault, brought.key)
    body, now = brought.body, brought.now
    verify(door.secret.all, brought.header(TIMESTAMP), brought.header(SIGNATURE), body, now)
    messages = [
        inbound(each, door.inbox.id, await _files(services, each) if each.attachments else (), now)
        for each in parse(body)
    ]
    accepted = await services.the_intake.accept_all(messages)
    for message, done in zip(messages, accepted, strict=True):
        if not done.duplicate:
            await hear_words(services, done.conversation_id, message.text, now)
    return AcceptedShape([each.message_id for each in accepted])


async def _files(services: Services, message: GenericMessage) -> Sequence[Attachment]:
    """Kept before the message is: what is acknowledged is whole."""
    kept = []
    for file in message.attachments:
        content = content_of(file)
        if content is not None:
            blob = await stored(services, content, file.name)
            kept.append(Attachment(hash=blob.hash, name=blob.name, type=blob.type, size=blob.size))
    return kept
