"""The routes of customers."""

from __future__ import annotations

from uuid import UUID

import msgspec
from litestar import Response, delete, get, patch, post

from yizhan.desk import customers, sources, trail, views
from yizhan.desk.customers import IN_SHORT
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Conflict
from yizhan.records import contacts, remarks
from yizhan.records.agents import Permission
from yizhan.records.contacts import Contact, Strength
from yizhan.web.contacts.shapes import (
    ContactChange,
    CustomerFields,
    CustomerShape,
    FieldHistory,
    LinkMade,
    NewLink,
    Reasoned,
    Revealed,
    field_shape,
)
from yizhan.web.given import FromPath, FromQuery, GivenCall, GivenServices, GivenViewer, JSONBody
from yizhan.web.guards import permits
from yizhan.web.seen import seen_contact
from yizhan.web.verification import ensure_verified_fields, is_verified, shown_contacts
from yizhan.web.visitors.shapes import trail_shape

READ = [permits(Permission.CUSTOMER_READ)]
WRITE = [permits(Permission.CUSTOMER_WRITE)]
MERGE = [permits(Permission.CUSTOMER_MERGE)]
_SHORT = 20


@get("/contacts/{contact_id:uuid}", guards=READ)
async def open_customer(contact_id: FromPath[UUID], services: GivenServices, viewer: GivenViewer) -> CustomerShape:
    async with services.db.read() as tx:
        await seen_contact(tx, viewer, contact_id)
        found = await views.customer(tx, viewer, contact_id)
        visitors = await views.visitors_of_person(tx, found.contact.person_id)
        seen = await trail.trail_of(tx, visitors) if visitors else None
        person, rules = found.contact.person_id, services.profile_book.now
        shown, verified = await shown_contacts(tx, services, person), await is_verified(tx, services, person)
        figures = await customers.figures(tx, viewer, person, rules.zone, shown=shown)
        profile = await customers.profile_of(tx, person, rules)
        timeline = await customers.timeline(tx, viewer, person, IN_SHORT, shown=shown, count=_SHORT)
        tags, pinned = await remarks.tags_of(tx, person), await remarks.pinned_of(tx, person)
    now = services.clock.now()
    parts = {name: getattr(found, name) for name in found.__struct_fields__}
    return CustomerShape(
        **parts,
        verified=verified,
        tags=tags,
        pinned=pinned,
        figures=figures,
        profile=profile,
        timeline=timeline,
        trail=trail_shape(seen, now) if seen else None,
    )


@patch("/contacts/{contact_id:uuid}", guards=WRITE)
async def change_customer(
    contact_id: FromPath[UUID], data: JSONBody[ContactChange], call: GivenCall
) -> Response[Contact]:
    """By hand: believed before every source, unless the house's rules say otherwise. Null takes a field back.

    What is written belongs to this contact, and counts for the customer it is one of: after an un-merge it is this
    contact's alone. `version` is that of the customer as he was opened.
    """
    wanted = {k: v for k, v in (("name", data.name), ("level", data.level)) if v is not msgspec.UNSET}
    fields = data.fields if data.fields is not msgspec.UNSET else {}

    async def verb(tx: Tx) -> Contact:
        await seen_contact(tx, call.viewer, contact_id)
        head = (await contacts.contact(tx, contact_id)).person_id
        await ensure_verified_fields(tx, call, contact_id, set(fields))
        if await _version(tx, head) != data.version:
            raise Conflict("the customer has changed in the meantime; look again")
        await sources.write_by_hand(
            tx, call.services.vault, contact_id, {**wanted, **fields}, rules=call.services.profile_book.now,
            now=call.now, by=call.actor,
        )  # fmt: skip
        return msgspec.structs.replace(await contacts.contact(tx, head), version=await _version(tx, head))

    return await call.write(verb)


async def _version(tx: Tx, head: UUID) -> int:
    """Of all contacts of a customer, locked."""
    cards = await contacts.lock_cards(tx, await contacts.members(tx, [head]))
    return sum(card.version for card in cards.values())


@get("/contacts/{contact_id:uuid}/fields/{key:str}", guards=READ)
async def field_history(
    contact_id: FromPath[UUID], key: FromPath[str], services: GivenServices, viewer: GivenViewer
) -> FieldHistory:
    """What was ever said of one field, by whom, and which of it is believed."""
    rules = services.profile_book.now
    async with services.db.read() as tx:
        await seen_contact(tx, viewer, contact_id)
        return FieldHistory(await sources.history(tx, services.vault, contact_id, key, rules))


@get("/customers/fields", guards=READ)
async def customer_fields(services: GivenServices) -> CustomerFields:
    """Which fields customers have in this house."""
    return CustomerFields([field_shape(spec) for spec in services.profile_book.now.fields.values()])


@post("/contacts/{contact_id:uuid}/links", guards=MERGE)
async def link_customers(contact_id: FromPath[UUID], data: JSONBody[NewLink], call: GivenCall) -> Response[LinkMade]:
    async def verb(tx: Tx) -> LinkMade:
        await seen_contact(tx, call.viewer, contact_id)
        await seen_contact(tx, call.viewer, data.other)
        made = await contacts.link_contacts(
            tx, contact_id, data.other, strength=Strength.JUDGED, evidence={"reason": data.reason}, actor=call.actor,
            now=call.now,
        )  # fmt: skip
        return LinkMade(made)

    return await call.write(verb, 201)


@delete("/links/{link_id:uuid}", guards=MERGE, status_code=204)
async def unlink_customers(link_id: FromPath[UUID], reason: FromQuery[str], call: GivenCall) -> Response[None]:
    async def verb(tx: Tx) -> None:
        await seen_contact(tx, call.viewer, await contacts.side_of_link(tx, link_id))
        await contacts.unlink_contacts(tx, link_id, reason=reason, actor=call.actor, now=call.now)

    return await call.write(verb, 204)


@post("/identities/{identity_id:uuid}/reveal", guards=[permits(Permission.CUSTOMER_REVEAL)], status_code=200)
async def reveal_identity(identity_id: FromPath[UUID], data: JSONBody[Reasoned], call: GivenCall) -> Response[Revealed]:
    async def verb(tx: Tx) -> Revealed:
        found = await contacts.identity(tx, identity_id)
        await seen_contact(tx, call.viewer, found.contact_id)
        value = await contacts.reveal(
            tx, call.services.vault, identity_id, reason=data.reason, actor=call.actor, now=call.now
        )
        return Revealed(value)

    return await call.write(verb)


routes = (
    open_customer,
    change_customer,
    customer_fields,
    field_history,
    link_customers,
    unlink_customers,
    reveal_identity,
)
