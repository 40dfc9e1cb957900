"""Own fields in the conditions of other documents: known, of the right type, with options there are, or refused."""

from __future__ import annotations

from typing import Any

import pytest

from yizhan.app.rules import KINDS
from yizhan.desk.forms import TICKET_FIELDS, check_asked
from yizhan.desk.views import WORK_FIELDS
from yizhan.foundation.conditions import parse
from yizhan.foundation.errors import Invalid
from yizhan.records.config import Published

AMONG = Published(KINDS, 1, ())


def asks(**leaf: Any) -> list[tuple[object, str]]:
    return [({"field": f"field.{leaf.pop('of')}", **leaf}, "when")]


@pytest.mark.parametrize("leaf", [
    {"of": "refund_amount", "op": "gt", "value": 200}, {"of": "refund_reason", "op": "in", "value": ["quality"]},
    {"of": "fault", "op": "contains", "value": ["leak"]}, {"of": "visit_on", "op": "is_set"},
    {"of": "visit_on", "op": "within", "value": -1440}, {"of": "demand", "op": "contains", "value": "退"},
])  # fmt: skip
def test_what_a_field_can_be_asked(leaf: dict[str, Any]) -> None:
    check_asked(AMONG, WORK_FIELDS, asks(**leaf))


@pytest.mark.parametrize(("leaf", "words"), [
    ({"of": "gone", "op": "is_set"}, "no ticket field gone: it was retired or never there"),
    ({"of": "refund_amount", "op": "contains", "value": "2"}, "contains cannot be asked of field.refund_amount"),
    ({"of": "refund_amount", "op": "eq", "value": "many"}, "a number is needed"),
    ({"of": "refund_reason", "op": "eq", "value": "whim"}, "field.refund_reason has no option whim"),
    ({"of": "fault", "op": "in", "value": ["leak", "fire"]}, "field.fault has no option fire"),
])  # fmt: skip
def test_what_is_refused_and_why(leaf: dict[str, Any], words: str) -> None:
    with pytest.raises(Invalid, match=words) as refused:
        check_asked(AMONG, WORK_FIELDS, asks(**leaf))
    assert str(refused.value.field).startswith("when")


@pytest.mark.parametrize("kind", ["sla_policy", "priority_rules", "triage", "complaints", "ticket_form"])
def test_documents_with_conditions_look_at_the_fields_there_are(kind: str) -> None:
    found = KINDS[kind]
    assert found.fields is not None
    assert found.fits is not None
    assert found.default is None or found.fits(found.default, AMONG) is None


def test_a_field_of_nobody_is_unknown() -> None:
    for name in ("field.", "fields.x", "nothing"):
        with pytest.raises(Invalid):
            parse({"field": name, "op": "is_set"}, WORK_FIELDS)
    assert TICKET_FIELDS.default is not None
