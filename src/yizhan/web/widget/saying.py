"""A visitor's words on their way into intake, and what follows from his first one."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from yizhan.channels.webchat import parse_message
from yizhan.desk.channels import render_spoken
from yizhan.desk.intake import Accepted, Attachment, Sender
from yizhan.desk.live import newest_of_visitor
from yizhan.desk.trail import Words, keep_words, take_words, words_of
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Conflict, Invalid
from yizhan.records import contacts, verifications
from yizhan.records.contacts import Identity, Strength
from yizhan.web.services import Services
from yizhan.web.verification import hear_words
from yizhan.web.widget import passes
from yizhan.web.widget.door import Guest
from yizhan.web.widget.passes import Pass
from yizhan.web.widget.shapes import MessageFrame


async def say(
    services: Services, guest: Guest, frame: MessageFrame, now: datetime, *, payload: dict[str, Any] | None = None
) -> Accepted:
    """Returns when it is durable; the same `client_id` again is the same message."""
    card = (frame.payload or {}).get("card")
    files = [_file(services, guest, handle, now) for handle in frame.attachments]
    return await accept(
        services, guest, now, client_id=frame.client_id, text=frame.text, attachments=files,
        card=card if isinstance(card, dict) else None, payload=payload,
    )  # fmt: skip


async def accept(
    services: Services, guest: Guest, now: datetime, *, client_id: str, text: str, attachments: list[Attachment],
    card: dict[str, Any] | None = None, origin: Mapping[str, Any] | None = None, payload: dict[str, Any] | None = None,
) -> Accepted:  # fmt: skip
    page = services.widgets.pages.get(guest.blind)
    fresh = _may_be_new(services, guest)
    said = await _words(services, guest) if fresh else None
    message = parse_message(
        guest.inbox_id, await _sender(services, guest, now), (said and said.name) or guest.default_name, now,
        client_id=client_id, text=text, attachments=attachments, card=card, locale=guest.door.settings.locale,
        origin={**({"page": msgspec.to_builtins(page)} if page else {}), **(origin or {})},
    )  # fmt: skip
    if payload:
        message = msgspec.structs.replace(message, payload={**(message.payload or {}), **payload})
    done = await services.the_intake.accept(message)
    await render_spoken(services.db, done.message_id, attachments, now)
    if not done.duplicate:
        await hear_words(services, done.conversation_id, text, now)
    if said is not None or (fresh and guest.who.before):
        await _settle(services, guest, now)
    return done


async def _sender(services: Services, guest: Guest, now: datetime) -> Sender:
    """He goes on in the conversation he sees, also when he began it before he signed in."""
    if guest.who.kind == "visitor":
        return guest.who.sender
    async with services.db.read() as tx:
        own = await own_identities(tx, guest)
        newest = await newest_of_visitor(tx, own, guest.inbox_id, now) if len(own) > 1 else None
        if newest is None or newest.row.phase == "ended" or newest.row.identity_id == own[0]:
            return guest.who.sender
        before = await contacts.open_identity(tx, services.vault, newest.row.identity_id)
    return Pass("visitor", before).sender


def _may_be_new(services: Services, guest: Guest) -> bool:
    """Only who is known to have written before spares us the questions of a first message."""
    visitor = services.the_hub.visitors.of_blind(guest.blind)
    return visitor is None or visitor.identity_id is None


async def _words(services: Services, guest: Guest) -> Words | None:
    async with services.db.read() as tx:
        return await words_of(tx, services.vault, guest.blind)


async def _settle(services: Services, guest: Guest, now: datetime) -> None:
    """He is a customer now: what he said of himself before is kept, and who he was before is he."""
    async with services.db.transaction() as tx:
        identity = await contacts.identity_by_blind(tx, guest.blind)
        if identity is None:
            return
        await _keep_said(tx, services, guest, identity, now)
        if guest.who.before:
            await join_earlier(tx, services, guest, identity, now)


async def keep_profile(tx: Tx, services: Services, identity: Identity, said: Words, now: datetime) -> None:
    """A name is shown, an address is a claim unless a signed log-in has it: none opens anything to the visitor."""
    actor = f"customer:{identity.contact_id}"
    if said.name:
        await contacts.rename(tx, identity.contact_id, said.name, actor=actor, now=now)
    for kind, value, masked in (
        ("email", said.email, said.email and contacts.mask("email", said.email)),
        ("phone", said.phone, said.phone and contacts.mask("phone", said.phone)),
    ):
        if value and kind in said.proved:
            await contacts.prove_by_login(
                tx, services.vault, identity.contact_id, kind, value, actor=actor, now=now
            )  # fmt: skip
        elif value:
            await contacts.claim(
                tx, services.vault, identity.contact_id, kind=kind, value=value, masked=masked, actor=actor, now=now
            )
    if said.fields:
        known = await contacts.contact(tx, identity.contact_id)
        fields = {**known.fields, **said.fields}
        if fields != known.fields:
            await contacts.change_contact(tx, msgspec.structs.replace(known, fields=fields), actor=actor, now=now)


async def introduce(services: Services, guest: Guest, said: Words, now: datetime) -> None:
    """Before his first message there is no customer to write it to: then it waits for that."""
    async with services.db.transaction() as tx:
        identity = await identity_of(tx, guest)
        if identity is not None:
            await keep_profile(tx, services, identity, said, now)
        else:
            await keep_words(tx, services.vault, guest.blind, guest.inbox_id, said, now)


async def join_earlier(tx: Tx, services: Services, guest: Guest, identity: Identity, now: datetime) -> None:
    """Signed in after an anonymous chat: one person, unless that browser already belongs to another one's proof. The
    chat that runs is verified from now on, as one begun signed in.

    On a shared computer the second who signs in must not become one person with the first.
    """
    blind = passes.blind_of(services.vault, guest.inbox_id, Pass("visitor", guest.who.before))
    earlier = await contacts.identity_by_blind(tx, blind)
    if earlier is None:
        return
    if earlier.contact_id != identity.contact_id and not await _joined(tx, earlier):
        with suppress(Conflict):  # another tab of the same visitor was first
            await contacts.link_contacts(
                tx, identity.contact_id, earlier.contact_id, strength=Strength.PROVED,
                evidence={"kind": "sign_in", "inbox": str(guest.inbox_id)}, actor="system", now=now,
            )  # fmt: skip
    await verifications.logged_in(tx, identity.contact_id, earlier.id, identity.id, guest.inbox_id, now=now)


async def sign_in(tx: Tx, services: Services, guest: Guest, now: datetime) -> Identity | None:
    """Who proves himself after an anonymous chat is a customer at once, for that chat goes on as his; who comes back
    as nobody has signed out."""
    identity = await identity_of(tx, guest)
    if guest.who.kind == "visitor" and identity is not None:
        await verifications.logged_out(tx, identity.id, now=now)
    if not guest.who.before:
        return identity
    if identity is None:
        blind = passes.blind_of(services.vault, guest.inbox_id, Pass("visitor", guest.who.before))
        earlier = await contacts.identity_by_blind(tx, blind)
        if earlier is None or await _joined(tx, earlier):
            return None
        await _add_proved(tx, services, guest, now)
        identity = await identity_of(tx, guest)
    if identity is not None:
        await _keep_said(tx, services, guest, identity, now)
        await join_earlier(tx, services, guest, identity, now)
    return identity


async def _keep_said(tx: Tx, services: Services, guest: Guest, identity: Identity, now: datetime) -> None:
    """What he said of himself, or his site signed for him, while there was no customer to write it to."""
    said = await take_words(tx, services.vault, guest.blind)
    if said is not None:
        await keep_profile(tx, services, identity, said, now)


async def known_identity(tx: Tx, services: Services, guest: Guest, now: datetime) -> Identity | None:
    """His, if he ever wrote; who is signed in on the site is a customer before his first word."""
    identity = await identity_of(tx, guest)
    if identity is None and guest.who.kind == "user":
        await _add_proved(tx, services, guest, now)
        identity = await identity_of(tx, guest)
    return identity


async def _add_proved(tx: Tx, services: Services, guest: Guest, now: datetime) -> None:
    who, door = guest.who.sender, guest.door
    await contacts.add_proved(
        tx, services.vault, kind=who.kind, value=who.value, blind=guest.blind, masked=who.masked,
        inbox_id=guest.inbox_id, name=guest.default_name, locale=door.settings.locale, now=now,
    )  # fmt: skip


async def _joined(tx: Tx, earlier: Identity) -> bool:
    """Whether another one's proof has this browser's visitor already; an address he typed is no proof."""
    person = (await contacts.contact(tx, earlier.contact_id)).person_id
    links = await contacts.links_among(tx, await contacts.members(tx, [person]))
    theirs = [link for link in links if earlier.contact_id in (link.a_contact, link.b_contact)]
    return any(link.strength is not Strength.CLAIMED for link in theirs)


async def own_identities(tx: Tx, guest: Guest) -> list[UUID]:
    """Whose conversations are this visitor's; none before he wrote."""
    identity = await identity_of(tx, guest)
    return await contacts.visitor_identities(tx, identity, guest.inbox_id) if identity is not None else []


async def identity_of(tx: Tx, guest: Guest) -> Identity | None:
    return await contacts.identity_by_blind(tx, guest.blind)


def _file(services: Services, guest: Guest, handle: str, now: datetime) -> Attachment:
    file = passes.read_upload(services.signer, guest.blind, handle, now)
    if file is None:
        raise Invalid("upload the file first", "attachments")
    return Attachment(
        hash=file.hash, name=file.name, type=file.type, size=file.size, inline=file.type.startswith("image/")
    )
