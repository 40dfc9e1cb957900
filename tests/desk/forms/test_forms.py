"""Fields and forms: what is refused when saved, what is shown, what is missing. Pure."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yizhan.desk.forms import (
    TICKET_FIELDS,
    TICKET_FORM,
    FieldInvalid,
    FieldKind,
    FieldSpec,
    FormBook,
    FormRow,
    Option,
    TicketForm,
    clean,
    compile_rows,
    fact_of,
    missing,
    shown,
)
from yizhan.foundation.errors import Invalid
from yizhan.records.config import TICKET_TYPES, Document, Kinds, Published, path_of
from yizhan.records.tickets import Status

OPTIONS = (Option("a", "甲", "A"), Option("b", "乙", "B"))


def spec(kind: FieldKind, **more: Any) -> FieldSpec:
    options = OPTIONS if kind in (FieldKind.CHOICE, FieldKind.MULTI) else ()
    return FieldSpec(key="x", zh="某项", en="Some", kind=kind, options=options, **more)


def text(key: str) -> FieldSpec:
    return FieldSpec(key=key, zh=key, en=key, kind=FieldKind.TEXT)


def facts(kind: str = "other") -> dict[str, object]:
    return {"type": kind, "types": path_of(kind), "priority": 2}


@pytest.mark.parametrize(
    ("kind", "raw", "kept"),
    [
        (FieldKind.TEXT, " 净化器 ", "净化器"),
        (FieldKind.TEXT, "", None),
        (FieldKind.NUMBER, 3, 3),
        (FieldKind.MONEY, "¥1,299.5", "1299.50"),
        (FieldKind.MONEY, 20, "20.00"),
        (FieldKind.DATE, "2026-11-23", "2026-11-23"),
        (FieldKind.CHOICE, "b", "b"),
        (FieldKind.MULTI, ["b", "a", "b"], ["a", "b"]),
        (FieldKind.MULTI, [], None),
        (FieldKind.PHONE, "+86 199 0000 1234", "+86 199 0000 1234"),
        (FieldKind.ORDER, "SQ20261123001", "SQ20261123001"),
        (FieldKind.ORDER, None, None),
    ],
)
def test_a_value_is_kept_in_one_form(kind: FieldKind, raw: object, kept: object) -> None:
    assert clean(spec(kind), raw) == kept
    assert clean(spec(kind), kept) == kept


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        (FieldKind.TEXT, 3), (FieldKind.TEXT, "  "), (FieldKind.TEXT, "长" * 501), (FieldKind.NUMBER, "3"),
        (FieldKind.NUMBER, True), (FieldKind.NUMBER, float("nan")), (FieldKind.MONEY, "1.234"),
        (FieldKind.MONEY, "viel"), (FieldKind.MONEY, "NaN"), (FieldKind.DATE, "2026-02-30"), (FieldKind.CHOICE, "c"),
        (FieldKind.MULTI, ["c"]), (FieldKind.MULTI, "a"), (FieldKind.PHONE, "call me"), (FieldKind.ORDER, "a b"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_refused_by_its_field(kind: FieldKind, raw: object) -> None:
    with pytest.raises(FieldInvalid, match="Some: ") as refused:
        clean(spec(kind), raw)
    assert refused.value.field == "fields.x"
    assert refused.value.zh is not None
    assert refused.value.zh.startswith("某项：")


def test_a_least_and_a_most_hold() -> None:
    priced = spec(FieldKind.MONEY, minimum=0, maximum=500)
    assert clean(priced, "500") == "500.00"
    for wrong in ("-1", "500.01"):
        with pytest.raises(Invalid):
            clean(priced, wrong)


@given(st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=30), st.lists(st.text())))
def test_what_is_no_value_of_a_field_any_more_counts_as_empty(raw: object) -> None:
    for kind in FieldKind:
        fact_of(spec(kind), raw)


@pytest.mark.parametrize(
    ("fields", "place", "says"),
    [
        ([{"key": "a", "kind": "text"}, {"key": "a", "kind": "text"}], "fields[1].key", "two fields"),
        ([{"key": "a", "kind": "choice"}], "fields[0].options", "needs some"),
        ([{"key": "a", "kind": "text", "minimum": 1}], "fields[0].minimum", "only numbers"),
        ([{"key": "a", "kind": "number", "minimum": 2, "maximum": 1}], "fields[0].minimum", "nothing could"),
        ([{"key": "a", "kind": "date", "max_length": 3}], "fields[0].max_length", "only text"),
    ],
)
def test_wrong_fields_are_refused_with_their_place(fields: list[dict[str, Any]], place: str, says: str) -> None:
    with pytest.raises(Invalid, match=says) as refused:
        TICKET_FIELDS.decode({"fields": [{"zh": "某", "en": "some", **each} for each in fields]})
    assert refused.value.field == place


def asks(key: str) -> dict[str, Any]:
    return {"field": f"field.{key}", "op": "is_set"}


def test_conditions_that_go_round_are_explained() -> None:
    specs = {key: text(key) for key in "abc"}
    rows = [FormRow(field="a", when=asks("c")), FormRow(field="b", when=asks("a")), FormRow(field="c", when=asks("b"))]
    with pytest.raises(Invalid, match=r"only by each other: .*→.*→") as refused:
        compile_rows(specs, rows)
    assert refused.value.field == "rows[0].when"
    with pytest.raises(Invalid, match="each other"):
        compile_rows(specs, [FormRow(field="a", when=asks("a"))])
    with pytest.raises(Invalid, match="never be shown"):
        compile_rows(specs, [FormRow(field="a", when=[
            {"field": "type", "op": "eq", "value": "refund"}, {"field": "type", "op": "eq", "value": "praise"},
        ])])  # fmt: skip
    with pytest.raises(Invalid, match="no ticket field z"):
        compile_rows(specs, [FormRow(field="z")])


def test_what_is_hidden_counts_as_empty_for_what_asks_for_it() -> None:
    specs = {key: text(key) for key in "abc"}
    rows = compile_rows(specs, [
        FormRow(field="c", when=asks("b"), required=(Status.PENDING,)), FormRow(field="b", when=asks("a")),
        FormRow(field="a", when={"field": "types", "op": "contains", "value": "refund"}, required=(Status.DONE,)),
    ])  # fmt: skip
    full = {"a": "1", "b": "2", "c": "3"}

    def seen(kind: str, values: dict[str, str]) -> list[str]:
        return [row.spec.key for row in shown(rows, facts(kind), values)]

    assert seen("refund.only", full) == ["c", "b", "a"]
    assert seen("refund", {"b": "2", "c": "3"}) == ["a"]
    assert seen("consult", full) == []
    visible = shown(rows, facts("refund"), {"a": "1", "b": "2"})
    assert [each.key for each in missing(visible, {"a": "1", "b": "2"}, Status.PENDING)] == ["c"]
    assert missing(visible, {"a": "1", "b": "2"}, Status.DONE) == []


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=8, unique_by=lambda e: e[0]))
def test_a_form_is_refused_exactly_when_it_goes_round(edges: list[tuple[int, int]]) -> None:
    above = dict(edges)
    specs = {f"f{n}": text(f"f{n}") for n in range(6)}
    rows = [FormRow(field=f"f{n}", when=asks(f"f{above[n]}") if n in above else {}) for n in range(6)]
    round_about = any(_returns(above, n) for n in above)
    if round_about:
        with pytest.raises(Invalid, match="each other"):
            compile_rows(specs, rows)
    else:
        assert len(shown(compile_rows(specs, rows), facts(), dict.fromkeys(specs, "v"))) == 6


def _returns(above: dict[int, int], start: int) -> bool:
    at, seen = above.get(start), set[int]()
    while at is not None and at not in seen:
        if at == start:
            return True
        seen.add(at)
        at = above.get(at)
    return False


def test_a_form_is_checked_with_the_fields_there_are_and_laid_over_the_houses_own() -> None:
    kinds = Kinds([TICKET_TYPES, TICKET_FIELDS, TICKET_FORM])
    assert TICKET_FORM.fits is not None
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"types": ["rant"]}, "no ticket type rant"),
        ({"types": ["refund"], "rows": [{"field": "mood"}]}, "no ticket field mood"),
        ({"rows": [{"field": "product", "when": {"field": "field.mood", "op": "is_set"}}]}, "unknown field"),
    ]
    for body, says in wrong:
        with pytest.raises(Invalid, match=says):
            TICKET_FORM.fits(TICKET_FORM.decode(body), Published(kinds, 0, ()))
    unreadable: list[tuple[dict[str, Any], str]] = [
        ({"rows": [{"field": "product"}, {"field": "product"}]}, "twice"),
        ({"rows": [{"field": "product", "required": ["new"]}]}, "before a ticket"),
    ]
    for body, says in unreadable:
        with pytest.raises(Invalid, match=says):
            TICKET_FORM.decode(body)


def test_what_ships_shows_what_belongs_to_a_type() -> None:
    book = FormBook()
    keys = [row.spec.key for row in shown(book.of("refund.return"), facts("refund.return"), {})]
    assert keys == ["product", "refund_reason", "refund_amount", "parcel_no"]
    assert [row.spec.key for row in shown(book.of("praise"), facts("praise"), {})] == []


def test_a_row_that_fails_is_not_asked_for_and_the_others_are() -> None:
    book = FormBook()
    failed: list[str] = []
    rows = compile_rows({"x": text("x"), "y": text("y")}, [FormRow(field=key, required=(Status.DONE,)) for key in "xy"])

    def broken(facts: object) -> bool:
        raise RuntimeError("broken under the hood")

    rows = (msgspec.structs.replace(rows[0], holds=broken), rows[1])

    def note(row: Any, error: Exception) -> None:
        failed.append(row.spec.key)
        book.note("other", row.spec.key, error)

    asked = shown(rows, facts(), {}, note)
    assert [each.key for each in missing(asked, {}, Status.DONE)] == ["y"]
    assert failed == ["x"]
    assert book.faults


def test_a_form_that_cannot_be_compiled_leaves_the_general_one() -> None:
    kinds = Kinds([TICKET_TYPES, TICKET_FIELDS, TICKET_FORM])
    general = TicketForm(rows=(FormRow(field="product"),))
    own = TicketForm(types=("refund",), rows=(FormRow(field="gone_meanwhile"),))
    at, id = datetime(2026, 3, 2, tzinfo=UTC), UUID(int=1)
    book = FormBook()
    book.take(Published(kinds, 1, [
        Document(id, "ticket_form", name, 1, msgspec.to_builtins(form), at, "test", "")
        for name, form in (("default", general), ("refunds", own))
    ]))  # fmt: skip
    assert [row.spec.key for row in book.of("refund")] == ["product"]
    assert book.faults
