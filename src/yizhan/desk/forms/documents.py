"""The documents `ticket_fields` and `ticket_form`: which fields there are, and which form asks for them when."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from yizhan.foundation.errors import Invalid
from yizhan.records.config import TypeKey
from yizhan.records.tickets import Status

FieldKey = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Word = Annotated[str, Meta(min_length=1, max_length=60, pattern=r"^[^\x00]*\S[^\x00]*$")]
MOST_TEXT = 2000


class FieldKind(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    MULTI = "multi"
    MONEY = "money"  # yuan with two places, as text: a float would lose a fen
    PHONE = "phone"  # sealed with the customer's own key, shown masked
    ORDER = "order"


_CHOSEN = (FieldKind.CHOICE, FieldKind.MULTI)
_COUNTED = (FieldKind.NUMBER, FieldKind.MONEY)


class Option(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    key: FieldKey
    zh: Word
    en: Word


class FieldSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """`options` are of choice and multi, `minimum` and `maximum` of number and money, `max_length` of text."""

    key: FieldKey
    zh: Word
    en: Word
    kind: FieldKind
    options: Annotated[tuple[Option, ...], Meta(max_length=100)] = ()
    minimum: float | None = None
    maximum: float | None = None
    max_length: Annotated[int, Meta(ge=1, le=MOST_TEXT)] | None = None


class TicketFields(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    fields: Annotated[tuple[FieldSpec, ...], Meta(max_length=200)] = ()


class FormRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Shown while `when` holds; without it a ticket does not enter a status of `required`."""

    field: FieldKey
    when: dict[str, Any] | list[Any] = {}
    required: tuple[Status, ...] = ()


class TicketForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """The form `default` is for every ticket; others are for `types` and what stands below them, over the default.

    Conditions may ask for whatever is asked of tickets, and for `field.<key>` of the form's own fields.
    """

    title: Annotated[str, Meta(max_length=80)] = ""
    title_en: Annotated[str, Meta(max_length=80)] = ""
    types: tuple[TypeKey, ...] = ()
    rows: Annotated[tuple[FormRow, ...], Meta(max_length=100)] = ()


def check_fields(document: TicketFields) -> None:
    """Raises Invalid with the place of the fault."""
    seen: set[str] = set()
    for at, spec in enumerate(document.fields):
        path = f"fields[{at}]"
        if spec.key in seen:
            raise Invalid(f"two fields have the key {spec.key}", f"{path}.key")
        seen.add(spec.key)
        if bool(spec.options) != (spec.kind in _CHOSEN):
            raise Invalid("options belong to a field of choices, which needs some", f"{path}.options")
        keys = [option.key for option in spec.options]
        if len(set(keys)) != len(keys):
            raise Invalid("two options have the same key", f"{path}.options")
        if spec.kind not in _COUNTED and (spec.minimum is not None or spec.maximum is not None):
            raise Invalid("only numbers and money have a least and a most", f"{path}.minimum")
        if spec.minimum is not None and spec.maximum is not None and spec.minimum > spec.maximum:
            raise Invalid("the least is more than the most: nothing could be filled in", f"{path}.minimum")
        if spec.max_length is not None and spec.kind is not FieldKind.TEXT:
            raise Invalid("only text has a length", f"{path}.max_length")


def check_form(document: TicketForm) -> None:
    seen: set[str] = set()
    for at, row in enumerate(document.rows):
        if row.field in seen:
            raise Invalid(f"{row.field} stands in the form twice", f"rows[{at}].field")
        seen.add(row.field)
        if Status.NEW in row.required:
            raise Invalid("nobody fills in anything before a ticket is there", f"rows[{at}].required")
