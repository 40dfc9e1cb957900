"""The routes of Segment's HTTP tracking API, each message taken once however often it is sent."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

import msgspec
from litestar import post

from yizhan.desk.trail import Origin, WireItem, cleaned, open_visit, origin_of, running_visit, take_once
from yizhan.foundation.crypto import same
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Invalid, RateLimited, TooLarge
from yizhan.records import contacts
from yizhan.records.access import NotSignedIn
from yizhan.records.inboxes import secrets_of
from yizhan.web.given import FromPath, GivenServices
from yizhan.web.guards import PUBLIC, AnyRequest
from yizhan.web.segment.shapes import (
    MOST_BATCH_BYTES,
    MOST_MESSAGE_BYTES,
    Batch,
    Envelope,
    Kind,
    Taken,
    item_of,
    once_key,
    part,
    words_of,
)
from yizhan.web.services import Services
from yizhan.web.widget import (
    Door,
    Guest,
    Pass,
    door_of,
    guest_of,
    introduce,
    join_earlier,
    may_record,
    open_door,
)

Message = TypeVar("Message", Envelope, Batch)
_BASIC = "basic "
_OWN = re.compile(r"[\w-]{22}", re.ASCII)  # as new_visitor makes them


class Source(msgspec.Struct, frozen=True):
    """Who sends. `server` is the shop's own, which proved it."""

    door: Door
    server: bool
    address: str
    agent: str


@post("/v1/batch", opt=PUBLIC, status_code=200, operation_id="SegmentBatch")
async def take_batch(request: AnyRequest, services: GivenServices) -> Taken:
    """Many messages; those too large or without a type are left out, the others are taken."""
    batch = await _decoded(request, Batch, MOST_BATCH_BYTES)
    source = await _source(services, request, batch.write_key)
    messages = []
    for raw in batch.batch:
        if len(bytes(raw)) > MOST_MESSAGE_BYTES:
            continue
        try:
            message = msgspec.json.decode(raw, type=Envelope)
        except msgspec.DecodeError:
            continue
        if message.type is not None:
            context = {**batch.context, **message.context}
            messages.append(msgspec.structs.replace(
                message, context=context, sent_at=batch.sent_at or message.sent_at,
            ))  # fmt: skip
    await _take(services, source, messages)
    return Taken()


@post("/v1/{kind:str}", opt=PUBLIC, status_code=200, operation_id="SegmentMessage")
async def take_message(kind: FromPath[Kind], request: AnyRequest, services: GivenServices) -> Taken:
    """track, page, screen, identify, group or alias."""
    message = await _decoded(request, Envelope, MOST_MESSAGE_BYTES)
    source = await _source(services, request, message.write_key)
    await _take(services, source, [msgspec.structs.replace(message, type=kind)])
    return Taken()


async def _decoded(request: AnyRequest, kind: type[Message], most: int) -> Message:
    """Browsers send JSON as text/plain, to spare the preflight."""
    body = await request.body()
    if len(body) > most:
        raise TooLarge(f"at most {most} bytes")
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise Invalid(str(error), "body") from None


async def _source(services: Services, request: AnyRequest, write_key: str) -> Source:
    user, password = _basic(request.headers.get("authorization", ""))
    key = user or write_key
    if not key:
        raise NotSignedIn("a write key is needed")
    address = request.client.host if request.client else ""
    wait = services.widgets.frames.take(f"segment {key if password else address}")
    if wait:
        raise RateLimited(wait)
    agent = request.headers.get("user-agent", "")
    if not password:
        door = await open_door(services, request, key)
        return Source(door if may_record(door.settings, request.headers) else _silent(door), False, address, agent)
    door = await door_of(services, key)
    async with services.db.read() as tx:
        secrets = await secrets_of(tx, services.vault, door.inbox.id)
    wanted = str(secrets.get("server_secret") or "")
    if not wanted or not same(wanted, password):
        raise NotSignedIn("the server secret is wrong")
    return Source(door, True, "", "")


def _silent(door: Door) -> Door:
    """The visitor's browser forbids it: what comes is taken and dropped."""
    return msgspec.structs.replace(door, settings=msgspec.structs.replace(door.settings, tracking=False))


def _basic(header: str) -> tuple[str, str]:
    if not header.lower().startswith(_BASIC):
        return "", ""
    try:
        user, _, password = base64.b64decode(header[len(_BASIC) :], validate=True).decode().partition(":")
    except (binascii.Error, UnicodeError) as error:
        raise NotSignedIn("not Basic auth") from error
    return user, password


async def _take(services: Services, source: Source, messages: Sequence[Envelope]) -> None:
    now = services.clock.now()
    if not source.door.settings.tracking or not messages:
        return
    named = {once_key(source.door.inbox.id, each): each for each in messages if each.message_id}
    async with services.db.transaction() as tx:
        fresh = await take_once(tx, list(named), now)
    unnamed = [each for each in messages if not each.message_id]
    for message in [*(each for key, each in named.items() if key in fresh), *unnamed]:
        await _take_one(services, source, message, now)


async def _take_one(services: Services, source: Source, message: Envelope, now: datetime) -> None:
    who = _who(source, message)
    if who is None or message.type is None:
        return
    guest = guest_of(services, source.door, who)
    item = item_of(message.type, message, now, server=source.server)
    if item is not None:
        await _walk(services, source, guest, message, item, now)
    words = words_of(message.type, message)
    if words is not None:
        await introduce(services, guest, words, now)
    if who.before:
        async with services.db.transaction() as tx:
            identity = await contacts.identity_by_blind(tx, guest.blind)
            if identity is not None:
                await join_earlier(tx, services, guest, identity, now)


def _who(source: Source, message: Envelope) -> Pass | None:
    """A user id is believed of the shop's server alone; elsewhere it only tells visitors apart."""
    user = str(message.user_id) if message.user_id else ""
    earlier = message.previous_id if message.type == "alias" else message.anonymous_id
    if user and source.server:
        return Pass("user", user, before=_visitor(earlier) if earlier else "")
    anonymous = message.anonymous_id or (f"user:{user}" if user else "")
    return Pass("visitor", _visitor(anonymous)) if anonymous else None


def _visitor(anonymous: str) -> str:
    """The widget's own visitor where the page passes his id on; another tracker's id is another visitor."""
    return anonymous if _OWN.fullmatch(anonymous) else f"segment:{anonymous}"


async def _walk(
    services: Services, source: Source, guest: Guest, message: Envelope, item: WireItem, now: datetime
) -> None:
    """Into the visit that goes on, or a new one."""
    if services.trail is None:
        return
    async with services.db.transaction() as tx:
        visit = await running_visit(tx, guest.inbox_id, guest.blind, now)
        if visit is None:
            visit = await _begin(tx, source, guest, message, now)
    services.trail.add(visit, cleaned([item], now, message.sent_at))


async def _begin(tx: Tx, source: Source, guest: Guest, message: Envelope, now: datetime) -> UUID:
    identity = await contacts.identity_by_blind(tx, guest.blind)
    origin = _origin(source, message)
    contact = identity.contact_id if identity else None
    return (await open_visit(tx, guest.inbox_id, guest.blind, origin, now, contact_id=contact)).id


def _origin(source: Source, message: Envelope) -> Origin:
    said = message.context
    origin = origin_of(
        part(said, "page", "url"), part(said, "page", "referrer"), ip=source.address or part(said, "ip"),
        language=part(said, "locale"), user_agent=source.agent or part(said, "userAgent"),
    )  # fmt: skip
    campaign = {name: part(said, "campaign", name)[:100] for name in ("source", "medium", "name", "term", "content")}
    return msgspec.structs.replace(origin, campaign=origin.campaign | {k: v for k, v in campaign.items() if v})


routes = [take_batch, take_message]
