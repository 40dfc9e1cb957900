"""The kinds of documents, and the forms in force by type."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from yizhan.desk.forms.documents import FieldSpec, FormRow, TicketFields, TicketForm, check_fields, check_form
from yizhan.desk.forms.policy import Row, compile_rows, form_fields
from yizhan.desk.forms.shipped import SHIPPED_FIELDS, SHIPPED_FORM
from yizhan.desk.forms.values import asked_as
from yizhan.desk.views import OWN, WORK_FIELDS
from yizhan.foundation.conditions import All, Condition, Field, FieldSet, Leaf, fields_used, parse
from yizhan.foundation.conditions import Any as AnyOf
from yizhan.foundation.errors import Invalid
from yizhan.records.config import (
    DEFAULT,
    Advice,
    Around,
    FaultLog,
    Kind,
    Published,
    check_types,
    is_within,
    of_condition,
    type_tree,
)


def _one_list(documents: Mapping[str, TicketFields]) -> None:
    for name in documents:
        if name != DEFAULT:
            raise Invalid(f"there is one list of fields, named {DEFAULT}", f"ticket_fields/{name}")


TICKET_FIELDS = Kind(
    "ticket_fields", TicketFields, check_fields, check_together=_one_list, title=("工单字段", "Ticket fields"),
    default=SHIPPED_FIELDS,
)  # fmt: skip


def _claims(documents: Mapping[str, TicketForm]) -> None:
    claimed: dict[str, str] = {}
    for name, form in documents.items():
        if (name == DEFAULT) == bool(form.types):
            told = "is for every ticket: it names no type" if form.types else "names no type"
            raise Invalid(f"ticket_form {name} {told}", f"ticket_form/{name}: types")
        for key in form.types:
            other = claimed.setdefault(key, name)
            if other != name:
                raise Invalid(f"ticket_form {other} and {name} are both for {key}", f"ticket_form/{name}: types")


def _fits(form: TicketForm, among: Published) -> None:
    """Reads the form with the fields there are, as it would stand over, or under, the others."""
    check_types(among, [(key, f"types[{at}]") for at, key in enumerate(form.types)])
    specs = _specs(among)
    compile_rows(specs, form.rows)
    forms = among.all(TICKET_FORM)
    if form.types:
        compile_rows(specs, laid(forms[DEFAULT].rows if DEFAULT in forms else (), form.rows))
        return
    for other in forms.values():
        if other.types:
            compile_rows(specs, laid(form.rows, other.rows))


def _advise(form: TicketForm, around: Around) -> Iterable[Advice]:
    tree, fields = type_tree(around.published), form_fields(_specs(around.published))
    for at, key in enumerate(form.types):
        if key in tree and tree.nodes[key].retired:
            yield Advice(f"types[{at}]", f"the ticket type {key} is retired: no new ticket has it")
    for at, row in enumerate(form.rows):
        yield from of_condition(parse(row.when, fields), f"rows[{at}].when", around)


TICKET_FORM = Kind(
    "ticket_form", TicketForm, check_form, check_together=_claims, title=("工单表单", "Ticket forms"), fits=_fits,
    fields=WORK_FIELDS, default=SHIPPED_FORM, advise=_advise,
)  # fmt: skip


def check_asked(among: Published, fields: FieldSet, conditions: Iterable[tuple[object, str]]) -> None:
    """Raises Invalid for conditions of other documents that ask for own fields as these are not; `conditions` are
    (tree, the place where it stands)."""
    specs = _specs(among)
    known = fields + FieldSet([asked_as(spec) for spec in specs.values()])
    for tree, place in conditions:
        own = sorted(name for name in fields_used(parse(tree, fields)) if name.startswith(OWN))
        lost = next((name for name in own if known.find(name) is None), None)
        if lost is not None:
            raise Invalid(f"there is no ticket field {lost.removeprefix(OWN)}: it was retired or never there", place)
        try:
            condition = parse(tree, known)
        except Invalid as wrong:
            raise Invalid(wrong.message, f"{place}.{wrong.field}" if wrong.field else place) from None
        for leaf in _leaves(condition):
            _check_options(leaf, place)


def _check_options(leaf: Leaf, place: str) -> None:
    """An option that a field of choices has not can never be chosen."""
    if not leaf.field.name.startswith(OWN) or not leaf.field.choices or leaf.value is None:
        return
    for value in leaf.value if isinstance(leaf.value, tuple) else (leaf.value,):
        if value not in leaf.field.choices:
            raise Invalid(f"{leaf.field.name} has no option {value}", place)


def _leaves(condition: Condition) -> Iterator[Leaf]:
    if isinstance(condition, Leaf):
        yield condition
    else:
        for part in condition.parts if isinstance(condition, All | AnyOf) else (condition.part,):
            yield from _leaves(part)


def laid(general: tuple[FormRow, ...], special: tuple[FormRow, ...]) -> tuple[FormRow, ...]:
    """A field that both ask for stands where the special form has it."""
    own = {row.field for row in special}
    return (*(row for row in general if row.field not in own), *special)


def _specs(published: Published) -> dict[str, FieldSpec]:
    document = published.find(TICKET_FIELDS, DEFAULT)
    return {spec.key: spec for spec in (document or SHIPPED_FIELDS).fields}


def asked_fields(book: FormBook) -> list[Field]:
    """What conditions may ask of tickets' own fields."""
    return [asked_as(spec) for spec in book.specs.values()]


class FormBook:
    """Compiled once for each type. A form that cannot be compiled is left out: the general one alone is asked."""

    def __init__(self) -> None:
        self.specs: dict[str, FieldSpec] = {spec.key: spec for spec in SHIPPED_FIELDS.fields}
        self.faults = FaultLog()
        self._forms: Mapping[str, TicketForm] = {DEFAULT: SHIPPED_FORM}
        self._versions: Mapping[str, int] = {}
        self._made: dict[str, tuple[Row, ...]] = {}

    def take(self, published: Published) -> None:
        self.specs, self._forms, self._made = _specs(published), published.all(TICKET_FORM), {}
        self._versions = {name: published.document(TICKET_FORM.name, name).version for name in self._forms}

    def of(self, type_key: str) -> tuple[Row, ...]:
        if type_key not in self._made:
            general = self._forms[DEFAULT].rows if DEFAULT in self._forms else ()
            made = self._compiled(general, DEFAULT) or ()
            for name in self._own(type_key):
                with_own = laid(general, self._forms[name].rows)
                rows = self._compiled(with_own, name)
                if rows is not None:
                    general, made = with_own, rows
            self._made[type_key] = made
        return self._made[type_key]

    def note(self, type_key: str, field: str, error: Exception) -> None:
        """A row that fails while it is asked for; told by who has a transaction."""
        asking = [n for n in self._own(type_key) if any(row.field == field for row in self._forms[n].rows)]
        self.faults.note(TICKET_FORM.name, self._source(asking[-1] if asking else DEFAULT), field, error)

    def _own(self, type_key: str) -> list[str]:
        """The forms of a type and of what is above it in the tree, the most special last."""
        own = [name for name, form in self._forms.items() if name != DEFAULT and is_within(type_key, form.types)]
        return sorted(
            own, key=lambda name: max(len(key) for key in self._forms[name].types if is_within(type_key, (key,)))
        )

    def _compiled(self, rows: tuple[FormRow, ...], name: str) -> tuple[Row, ...] | None:
        try:
            return compile_rows(self.specs, rows)
        except Exception as error:
            self.faults.note(TICKET_FORM.name, self._source(name), "", error)
            return None

    def _source(self, name: str) -> str:
        return f"{TICKET_FORM.name}/{name}@{self._versions.get(name, 0)}"
