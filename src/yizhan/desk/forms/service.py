"""Filling in, and what a move asks for. A ticket is locked by whoever calls."""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from yizhan.desk import views
from yizhan.desk.forms.book import FormBook
from yizhan.desk.forms.documents import FieldKind, FieldSpec
from yizhan.desk.forms.policy import Row, missing, shown
from yizhan.desk.forms.values import FieldInvalid, clean
from yizhan.desk.views import TicketRow
from yizhan.foundation.crypto import Vault
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Invalid, NotFound
from yizhan.foundation.text import mask_phone
from yizhan.records import contacts, tickets
from yizhan.records.tickets import By, Status, Ticket, TicketChange

Values = Mapping[str, Any]
_TONGUES = (("zh", "、"), ("en", ", "))


class FieldsMissing(Invalid):
    """A move into a status that asks for more than was filled in; `field` is the first of them. `zh` says it to a
    Chinese reader: fields have a name in each language."""

    code: ClassVar[str] = "fields_missing"

    def __init__(self, specs: Sequence[FieldSpec], status: Status) -> None:
        super().__init__(f"fill in first: {', '.join(spec.en for spec in specs)}", f"fields.{specs[0].key}")
        self.zh = f"请先填写:{'、'.join(spec.zh for spec in specs)}"
        self.keys = [spec.key for spec in specs]
        self.status = status


async def rows_of(
    tx: Tx, ticket: Ticket | TicketRow, values: Values, book: FormBook, *, now: datetime, kind: str | None = None
) -> list[Row]:
    """The rows of a ticket's form that are shown; `kind` is another type than the ticket has yet."""
    type_key = kind or ticket.type
    rows = book.of(type_key)
    if not rows:
        return []
    asked = frozenset[str]().union(*(row.uses for row in rows))
    known = await views.work_facts(tx, [ticket.id], now=now, fields=asked)
    facts = dict(known.get(ticket.id, {}))
    if kind is not None:
        facts |= views.type_facts(kind)
    return shown(rows, facts, values, lambda row, error: book.note(type_key, row.spec.key, error))


async def fill(
    tx: Tx, ticket: Ticket, given: Values, book: FormBook, vault: Vault, *, expected: int, by: By, now: datetime
) -> Ticket:
    """Fills in, or empties, the fields that are named; refused is what the form does not show or the status needs."""
    values = dict(ticket.fields)
    for key, raw in given.items():
        spec = book.specs.get(key)
        if spec is None:
            raise Invalid(f"there is no ticket field {key}", f"fields.{key}")
        values[key] = await _kept(tx, ticket, spec, raw, vault)
    rows = await rows_of(tx, ticket, values, book, now=now)
    await book.faults.tell(tx, actor=by.actor, now=now)
    visible = {row.spec.key for row in rows}
    for key in given:
        if values[key] is not None and key not in visible:
            raise FieldInvalid(book.specs[key], "the form does not ask for it")
    emptied = [spec for spec in missing(rows, values, ticket.status) if spec.key in given]
    if emptied:
        raise FieldsMissing(emptied, ticket.status)
    values = {key: value for key, value in values.items() if value is not None}
    changed = [key for key in given if values.get(key) != ticket.fields.get(key)]
    if not changed:
        return ticket
    zh, en = (joint.join(getattr(book.specs[key], tongue) for key in changed) for tongue, joint in _TONGUES)
    said = tickets.line("filled", names=zh, names_en=en)
    return await tickets.change_ticket(tx, ticket, TicketChange(fields=values), expected=expected, text=said, by=by,
                                       now=now)  # fmt: skip


async def ensure_filled(tx: Tx, ticket: Ticket, status: Status, book: FormBook, *, now: datetime) -> None:
    """Raises FieldsMissing where a ticket may not enter this status yet."""
    if not any(status in row.required for row in book.of(ticket.type)):
        return
    rows = await rows_of(tx, ticket, ticket.fields, book, now=now)
    await book.faults.tell(tx, actor="system", now=now)
    lacking = missing(rows, ticket.fields, status)
    if lacking:
        raise FieldsMissing(lacking, status)


def gate(book: FormBook, now: datetime) -> Callable[[Tx, Ticket, Status], Awaitable[None]]:
    """For moves by hand: what a timer or the customer moves is never held up by a form."""

    async def ensure(tx: Tx, ticket: Ticket, status: Status) -> None:
        await ensure_filled(tx, ticket, status, book, now=now)

    return ensure


async def reveal(
    tx: Tx, ticket: Ticket, key: str, vault: Vault, *, reason: str, by: By, now: datetime
) -> str:  # fmt: skip
    """A sealed value in clear, for a stated reason that stays in the journal."""
    if len(reason.strip()) < 2:
        raise Invalid("say why you need to see it", "reason")
    kept = ticket.fields.get(key)
    if not isinstance(kept, dict) or "sealed" not in kept:
        raise NotFound(f"{key} holds nothing that is sealed")
    own = await contacts.key_of(tx, vault, ticket.contact_id)
    value = own.open(base64.b64decode(kept["sealed"]), aad=_bound(ticket.id, key)).decode()
    await tickets.tell(tx, ticket, "ticket.revealed", by, now, {"field": key, "reason": reason.strip()[:200]})
    return value


def told(values: Values, key: str) -> Any:
    """What a screen may be shown of a value."""
    value = values.get(key)
    return value["masked"] if isinstance(value, dict) else value


async def _kept(tx: Tx, ticket: Ticket, spec: FieldSpec, raw: object, vault: Vault) -> Any:
    """A masked number that comes back unchanged stays what it was."""
    before = ticket.fields.get(spec.key)
    if isinstance(before, dict) and raw == before.get("masked"):
        return before
    value = clean(spec, raw)
    if value is None or spec.kind is not FieldKind.PHONE:
        return value
    own = await contacts.key_of(tx, vault, ticket.contact_id)
    sealed = own.seal(value.encode(), aad=_bound(ticket.id, spec.key))
    return {"sealed": base64.b64encode(sealed).decode(), "masked": mask_phone(value)}


def _bound(ticket_id: UUID, key: str) -> bytes:
    return ticket_id.bytes + key.encode()
