"""The routes of what the house notes about a customer: tags, remarks, and personal values shown for a reason."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import Response, delete, get, patch, post
from litestar.params import QueryParameter

from yizhan.desk import sources
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Forbidden
from yizhan.records import remarks
from yizhan.records.agents import Permission
from yizhan.records.remarks import LONGEST_TAG, Remark
from yizhan.web.call import Call
from yizhan.web.customers.shapes import CustomerTags, FieldReason, FieldValue, RemarkPin, RemarkWish, TagWish
from yizhan.web.given import FromPath, GivenCall, GivenServices, JSONBody
from yizhan.web.guards import permits
from yizhan.web.seen import seen_contact

READ = [permits(Permission.CUSTOMER_READ)]
WRITE = [permits(Permission.CUSTOMER_WRITE)]
AskedTags = Annotated[str, QueryParameter(max_length=LONGEST_TAG)]


@get("/customer-tags", guards=READ)
async def list_customer_tags(services: GivenServices, q: AskedTags = "") -> CustomerTags:
    """Tags that customers were given before; with `q` those that have it in them."""
    async with services.db.read() as tx:
        return CustomerTags(await remarks.known_tags(tx, q))


@post("/customers/{contact_id:uuid}/tags", guards=WRITE, status_code=200)
async def tag_customer(contact_id: FromPath[UUID], data: JSONBody[TagWish], call: GivenCall) -> Response[CustomerTags]:
    async def verb(tx: Tx) -> CustomerTags:
        await seen_contact(tx, call.viewer, contact_id)
        return CustomerTags(await remarks.tag_customer(
            tx, contact_id, add=data.add, remove=data.remove, actor=call.actor, now=call.now
        ))  # fmt: skip

    return await call.write(verb)


@post("/customers/{contact_id:uuid}/remarks", guards=WRITE)
async def add_remark(contact_id: FromPath[UUID], data: JSONBody[RemarkWish], call: GivenCall) -> Response[Remark]:
    async def verb(tx: Tx) -> Remark:
        await seen_contact(tx, call.viewer, contact_id)
        return await remarks.add_remark(tx, contact_id, data.text, pinned=data.pinned, actor=call.actor, now=call.now)

    return await call.write(verb, 201)


@patch("/remarks/{remark_id:uuid}", guards=WRITE, status_code=204)
async def pin_remark(remark_id: FromPath[UUID], data: JSONBody[RemarkPin], call: GivenCall) -> Response[None]:
    async def verb(tx: Tx) -> None:
        await _seen(tx, call, remark_id)
        await remarks.pin_remark(tx, remark_id, data.pinned, actor=call.actor, now=call.now)

    return await call.write(verb, 204)


@delete("/remarks/{remark_id:uuid}", guards=WRITE, status_code=204)
async def remove_remark(remark_id: FromPath[UUID], call: GivenCall) -> Response[None]:
    """One's own; those of others by who supervises."""

    async def verb(tx: Tx) -> None:
        found = await _seen(tx, call, remark_id)
        if found.by != call.actor and not call.viewer.may(Permission.SUPERVISE):
            raise Forbidden("a remark is taken back by whoever wrote it, or by a supervisor")
        await remarks.remove_remark(tx, remark_id, actor=call.actor, now=call.now)

    return await call.write(verb, 204)


@post(
    "/contacts/{contact_id:uuid}/fields/{key:str}/reveal", guards=[permits(Permission.CUSTOMER_REVEAL)], status_code=200
)
async def reveal_profile_field(
    contact_id: FromPath[UUID], key: FromPath[str], data: JSONBody[FieldReason], call: GivenCall
) -> Response[FieldValue]:
    async def verb(tx: Tx) -> FieldValue:
        await seen_contact(tx, call.viewer, contact_id)
        return FieldValue(await sources.reveal_field(
            tx, call.services.vault, contact_id, key, reason=data.reason, actor=call.actor, now=call.now
        ))  # fmt: skip

    return await call.write(verb)


async def _seen(tx: Tx, call: Call, remark_id: UUID) -> Remark:
    found = await remarks.remark(tx, remark_id)
    await seen_contact(tx, call.viewer, found.contact_id)
    return found


routes = (list_customer_tags, tag_customer, add_remark, pin_remark, remove_remark, reveal_profile_field)
