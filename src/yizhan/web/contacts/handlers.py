"""The routes of customers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from litestar import Response, delete, get, patch, post

from yizhan.desk import customers, trail, views
from yizhan.desk.customers import IN_SHORT
from yizhan.foundation.db import Tx
from yizhan.records import contacts, remarks
from yizhan.records.agents import Permission
from yizhan.records.contacts import Contact, Strength
from yizhan.web.contacts.shapes import (
    ContactChange,
    CustomerShape,
    LinkMade,
    NewLink,
    Reasoned,
    Revealed,
)
from yizhan.web.given import FromPath, FromQuery, GivenCall, GivenServices, GivenViewer, JSONBody
from yizhan.web.guards import permits
from yizhan.web.seen import seen_contact
from yizhan.web.verification import ensure_verified_fields, shown_contacts
from yizhan.web.visitors.shapes import trail_shape

READ = [permits(Permission.CUSTOMER_READ)]
WRITE = [permits(Permission.CUSTOMER_WRITE)]
_SHORT = 20


@get("/contacts/{contact_id:uuid}", guards=READ)
async def open_customer(contact_id: FromPath[UUID], services: GivenServices, viewer: GivenViewer) -> CustomerShape:
    async with services.db.read() as tx:
        await seen_contact(tx, viewer, contact_id)
        found = await views.customer(tx, viewer, contact_id)
        visitors = await views.visitors_of_person(tx, found.contact.person_id)
        seen = await trail.trail_of(tx, visitors) if visitors else None
        person, rules = found.contact.person_id, services.profile_book.now
        figures = await customers.figures(tx, viewer, person, rules.zone)
        profile = await customers.profile_of(tx, person, rules)
        shown = await shown_contacts(tx, services, person)
        timeline = await customers.timeline(tx, viewer, person, IN_SHORT, shown=shown, count=_SHORT)
        tags, pinned = await remarks.tags_of(tx, person), await remarks.pinned_of(tx, person)
    now = services.clock.now()
    parts = {name: getattr(found, name) for name in found.__struct_fields__}
    return CustomerShape(
        **parts,
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
    wanted = {k: v for k, v in msgspec.structs.asdict(data).items() if v is not msgspec.UNSET}

    async def verb(tx: Tx) -> Contact:
        await seen_contact(tx, call.viewer, contact_id)
        before = await contacts.contact(tx, contact_id)
        if "fields" in wanted:
            await ensure_verified_fields(tx, call, contact_id, _changed(before.fields, wanted["fields"]))
        return await contacts.change_contact(
            tx, msgspec.structs.replace(before, **wanted), actor=call.actor, now=call.now
        )

    return await call.write(verb)


def _changed(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    return {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}


@post("/contacts/{contact_id:uuid}/links", guards=WRITE)
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


@delete("/links/{link_id:uuid}", guards=WRITE, status_code=204)
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
    link_customers,
    unlink_customers,
    reveal_identity,
)
