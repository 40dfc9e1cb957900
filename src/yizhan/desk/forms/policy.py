"""Which rows of a form are shown, which are missing, and why a form can never be filled in. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from typing import Any

import msgspec

from yizhan.desk.forms.documents import FieldSpec, FormRow
from yizhan.desk.forms.values import asked_as, fact_of, name_of
from yizhan.desk.views import WORK_FIELDS
from yizhan.foundation.conditions import FieldSet, compile_closure, contradiction, fields_used, parse
from yizhan.foundation.errors import Invalid
from yizhan.records.tickets import Status

Values = Mapping[str, Any]


class Row(msgspec.Struct, frozen=True):
    """A row with its condition compiled; `asks` are the own fields it asks for, `uses` all it asks for."""

    spec: FieldSpec
    required: frozenset[Status]
    asks: frozenset[str]
    uses: frozenset[str]
    holds: Any  # Callable[[Facts], bool]: a struct cannot say so


Failed = Callable[[Row, Exception], None]


def compile_rows(specs: Mapping[str, FieldSpec], rows: Sequence[FormRow]) -> tuple[Row, ...]:
    """Raises Invalid, whose field begins with `rows[…]`, also for conditions that go round in a circle."""
    fields = form_fields(specs)
    made = tuple(_row(specs, fields, row, f"rows[{at}]") for at, row in enumerate(rows))
    _ensure_order(made)
    return made


def form_fields(specs: Mapping[str, FieldSpec]) -> FieldSet:
    """What is asked of tickets, and the form's own fields."""
    return WORK_FIELDS + FieldSet([asked_as(spec) for spec in specs.values()])


def _row(specs: Mapping[str, FieldSpec], fields: FieldSet, row: FormRow, path: str) -> Row:
    spec = specs.get(row.field)
    if spec is None:
        raise Invalid(f"there is no ticket field {row.field}", f"{path}.field")
    try:
        condition = parse(row.when, fields)
    except Invalid as wrong:
        raise Invalid(wrong.message, f"{path}.when.{wrong.field}" if wrong.field else f"{path}.when") from None
    if reason := contradiction(condition):
        raise Invalid(f"it would never be shown: {reason}", f"{path}.when")
    asked = fields_used(condition)
    asks = frozenset(key for key in specs if name_of(key) in asked)
    return Row(spec, frozenset(row.required), asks, frozenset(asked), compile_closure(condition))


def _ensure_order(rows: Sequence[Row]) -> None:
    places = {row.spec.key: at for at, row in enumerate(rows)}
    try:
        list(_sorted(rows))
    except CycleError as circle:
        keys = [str(key) for key in circle.args[1]]
        first = min(places[key] for key in keys)
        words = " → ".join(reversed(keys))
        raise Invalid(f"these are shown only by each other: {words}", f"rows[{first}].when") from None


def _sorted(rows: Iterable[Row]) -> Iterable[str]:
    known = {row.spec.key: row for row in rows}
    return TopologicalSorter({key: row.asks & known.keys() for key, row in known.items()}).static_order()


def shown(rows: Sequence[Row], facts: Mapping[str, object], values: Values, failed: Failed | None = None) -> list[Row]:
    """In the order of the form. What stands in a row that is not shown counts as empty for those that ask for it.

    A row whose condition fails is not shown, so that nobody is asked for it: `failed` is told.
    """
    known = {row.spec.key: row for row in rows}
    told = {**facts, **{name_of(key): None for row in rows for key in row.asks}}
    visible: set[str] = set()
    for key in _sorted(rows):
        row = known[key]
        if _holds(row, told, failed):
            visible.add(key)
            told[name_of(key)] = fact_of(row.spec, values.get(key))
    return [row for row in rows if row.spec.key in visible]


def _holds(row: Row, told: Mapping[str, object], failed: Failed | None) -> bool:
    try:
        return bool(row.holds(told))
    except Exception as error:
        if failed is None:
            raise
        failed(row, error)
        return False


def missing(rows: Iterable[Row], values: Values, status: Status) -> list[FieldSpec]:
    """Of the rows shown, those without which a ticket does not enter this status."""
    return [row.spec for row in rows if status in row.required and values.get(row.spec.key) is None]
