"""Our own DKIM signature on mail: keys made here, the public halves shown for the domain's zone."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response, get, post
from msgspec import Meta

from yizhan.channels.email import Dkim, MailSecret, MailSettings, new_keys, records
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import NotFound
from yizhan.records import inboxes
from yizhan.records.agents import Permission
from yizhan.records.inboxes import Channel, Inbox, InboxChange
from yizhan.web.given import FromPath, GivenCall, GivenServices, JSONBody
from yizhan.web.guards import permits
from yizhan.web.services import Services

_MANAGES = [permits(Permission.INBOX_MANAGE)]

Selector = Annotated[str, Meta(pattern=r"^[a-z0-9]([a-z0-9-]{0,50}[a-z0-9])?$")]


class NewKeys(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`selector` names the keys in the zone; None names them by the month."""

    selector: Selector | None = None


class RecordShape(msgspec.Struct, frozen=True):
    name: str
    type: str
    value: str


class SigningShape(msgspec.Struct, frozen=True):
    """`enabled` is switched in the inbox's settings, once the test of the inbox finds the records published."""

    domain: str
    selector: str
    enabled: bool
    records: list[RecordShape]


@get("/inboxes/{inbox_id:uuid}/dkim", guards=_MANAGES)
async def signing_records(inbox_id: FromPath[UUID], services: GivenServices) -> SigningShape:
    """The records to publish for the keys of this inbox; 404 before there are keys."""
    async with services.db.read() as tx:
        return await _shown(tx, services, inbox_id)


@post("/inboxes/{inbox_id:uuid}/dkim", guards=_MANAGES)
async def make_signing_keys(
    inbox_id: FromPath[UUID], call: GivenCall, data: JSONBody[NewKeys | None] = None
) -> Response[SigningShape]:
    """Makes keys, or others in their place. Signing is off until they are published and it is switched on."""
    vault = call.services.vault
    asked = data or NewKeys()

    async def verb(tx: Tx) -> SigningShape:
        door = await _mailbox(tx, call.services, inbox_id)
        selector = asked.selector or f"yz{call.now:%Y%m}"
        settings = {**door.settings, "dkim": msgspec.to_builtins(Dkim(selector=selector))}
        change = InboxChange(settings=settings, secrets=new_keys())
        await inboxes.change_inbox(tx, vault, inbox_id, door.version, change, call.now, call.actor)
        return await _shown(tx, call.services, inbox_id)

    return await call.write(verb, 201)


async def _shown(tx: Tx, services: Services, inbox_id: UUID) -> SigningShape:
    door = await _mailbox(tx, services, inbox_id)
    settings = msgspec.convert(door.settings, MailSettings)
    secret = msgspec.convert(await inboxes.secrets_of(tx, services.vault, inbox_id), MailSecret)
    found = records(settings, secret)
    if settings.dkim is None or not found:
        raise NotFound("this inbox has no keys to sign with")
    shapes = [RecordShape(one.name, one.type, one.value) for one in found]
    return SigningShape(settings.domain, settings.dkim.selector, settings.dkim.enabled, shapes)


async def _mailbox(tx: Tx, services: Services, inbox_id: UUID) -> Inbox:
    door = await inboxes.inbox(tx, services.vault, inbox_id)
    if door.channel != Channel.EMAIL:
        raise NotFound("only mail is signed")
    return door
