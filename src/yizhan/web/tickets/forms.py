"""The routes of a ticket's form: what it asks for, filled in or not, and what somebody fills in."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Response, get, post, put
from msgspec import Meta

from yizhan.desk import forms
from yizhan.desk.forms import FieldKind, FormBook, Option, Row
from yizhan.foundation.db import Tx
from yizhan.records import tickets
from yizhan.records.agents import Permission
from yizhan.records.tickets import Status, Ticket
from yizhan.web.given import FromPath, GivenCall, GivenServices, GivenViewer, JSONBody
from yizhan.web.guards import permits
from yizhan.web.seen import seen_ticket
from yizhan.web.tickets.following import READ, WRITE, acting
from yizhan.web.tickets.shapes import TypeName
from yizhan.web.verification import ensure_verified_fields

_REVEAL = [permits(Permission.CUSTOMER_REVEAL)]
Given = Annotated[dict[str, Any], Meta(max_length=200)]


class TicketField(msgspec.Struct):
    """`value` is what is kept, masked where it is sealed; `required` are the statuses that ask for it."""

    key: str
    zh: str
    en: str
    kind: FieldKind
    options: list[Option]
    required: list[Status]
    value: Any
    minimum: float | None
    maximum: float | None
    max_length: int | None


class FormShape(msgspec.Struct):
    version: int
    type: str
    fields: list[TicketField]


class FormTry(msgspec.Struct):
    """What stands in the form now, not saved: which rows would be shown?"""

    fields: Given
    type: TypeName | None = None


class FillRequest(msgspec.Struct):
    """Only the fields that change; null empties one."""

    version: int
    fields: Given


class RevealField(msgspec.Struct):
    reason: Annotated[str, Meta(min_length=2, max_length=200)]


class RevealedField(msgspec.Struct):
    value: str


@get("/tickets/{ticket_id:uuid}/form", guards=READ)
async def ticket_form(ticket_id: FromPath[UUID], services: GivenServices, viewer: GivenViewer) -> FormShape:
    async with services.db.transaction() as tx:
        await seen_ticket(tx, viewer, ticket_id)
        ticket = await tickets.lock_ticket(tx, ticket_id)
        return await shape(tx, ticket, ticket.fields, services.form_book, services.clock.now())


@post("/tickets/{ticket_id:uuid}/form", guards=READ, status_code=200)
async def try_form(
    ticket_id: FromPath[UUID], data: JSONBody[FormTry], services: GivenServices, viewer: GivenViewer
) -> FormShape:
    """Changes nothing. A value that could not be saved counts as empty."""
    async with services.db.transaction() as tx:
        await seen_ticket(tx, viewer, ticket_id)
        ticket = await tickets.lock_ticket(tx, ticket_id)
        book = services.form_book
        values = {**ticket.fields, **{key: data.fields[key] for key in data.fields if key in book.specs}}
        return await shape(tx, ticket, values, book, services.clock.now(), data.type)


@put("/tickets/{ticket_id:uuid}/fields", guards=WRITE)
async def fill_fields(ticket_id: FromPath[UUID], data: JSONBody[FillRequest], call: GivenCall) -> Response[FormShape]:
    async def verb(tx: Tx) -> FormShape:
        await seen_ticket(tx, call.viewer, ticket_id)
        ticket = await tickets.lock_ticket(tx, ticket_id)
        await ensure_verified_fields(tx, call, ticket.contact_id, data.fields)
        book = call.services.form_book
        after = await forms.fill(
            tx, ticket, data.fields, book, call.services.vault, expected=data.version, by=acting(call), now=call.now
        )
        return await shape(tx, after, after.fields, book, call.now)

    return await call.write(verb)


@post("/tickets/{ticket_id:uuid}/fields/{key:str}/reveal", guards=_REVEAL, status_code=200)
async def reveal_field(
    ticket_id: FromPath[UUID], key: FromPath[str], data: JSONBody[RevealField], call: GivenCall
) -> Response[RevealedField]:
    async def verb(tx: Tx) -> RevealedField:
        await seen_ticket(tx, call.viewer, ticket_id)
        ticket = await tickets.lock_ticket(tx, ticket_id)
        value = await forms.reveal(
            tx, ticket, key, call.services.vault, reason=data.reason, by=acting(call), now=call.now
        )  # fmt: skip
        return RevealedField(value)

    return await call.write(verb)


async def shape(
    tx: Tx, ticket: Ticket, values: dict[str, Any], book: FormBook, now: datetime, kind: str | None = None
) -> FormShape:
    rows = await forms.rows_of(tx, ticket, values, book, now=now, kind=kind)
    return FormShape(ticket.version, kind or ticket.type, [_field(row, values) for row in rows])


def _field(row: Row, values: dict[str, Any]) -> TicketField:
    spec = row.spec
    return TicketField(
        spec.key, spec.zh, spec.en, spec.kind, list(spec.options), sorted(row.required), forms.told(values, spec.key),
        spec.minimum, spec.maximum, spec.max_length,
    )  # fmt: skip


routes = (ticket_form, try_form, fill_fields, reveal_field)
