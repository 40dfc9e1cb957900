"""What may stand in a field, how it is kept, and what conditions see of it. Pure."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from math import isfinite
from typing import Any

from yizhan.desk.forms.documents import FieldKind, FieldSpec
from yizhan.foundation.conditions import Field, FieldType
from yizhan.foundation.errors import Invalid
from yizhan.records.config import in_chinese


class FieldInvalid(Invalid):
    """What stands in a field is wrong; the field is named in each reader's language: `zh` says it to a Chinese one."""

    def __init__(self, spec: FieldSpec, wrong: str) -> None:
        super().__init__(f"{spec.en}: {wrong}", f"fields.{spec.key}")
        self.zh = in_chinese(f"{spec.zh}: {wrong}")


_TYPES = {
    FieldKind.NUMBER: FieldType.NUMBER,
    FieldKind.MONEY: FieldType.NUMBER,
    FieldKind.DATE: FieldType.TIME,
    FieldKind.MULTI: FieldType.LIST,
}
_LONG = 500
_MOST_MONEY = Decimal(10) ** 10
_PHONE = re.compile(r"\+?[0-9][0-9 \-]{4,22}[0-9]")
_ORDER = re.compile(r"[0-9A-Za-z][0-9A-Za-z_\-]{2,59}")


def name_of(key: str) -> str:
    """What conditions call a field."""
    return f"field.{key}"


def asked_as(spec: FieldSpec) -> Field:
    choices = tuple(option.key for option in spec.options)
    kind = _TYPES.get(spec.kind, FieldType.TEXT)
    return Field(name_of(spec.key), kind, f"字段:{spec.zh}", f"field: {spec.en}", choices=choices)


def clean(spec: FieldSpec, raw: object) -> Any:
    """The value as it is kept; None empties the field. Raises Invalid, which names it."""
    if raw is None or raw == "" or raw == []:
        return None
    try:
        return _CLEANERS[spec.kind](spec, raw)
    except Invalid as wrong:
        raise FieldInvalid(spec, wrong.message) from None


def fact_of(spec: FieldSpec, value: Any) -> object:
    """What a condition compares; a value that is none any more, after the field was changed, counts as empty."""
    if value is None or (spec.kind is FieldKind.PHONE):
        return None if value is None else "set"
    try:
        kept = clean(spec, value)
    except Invalid:
        return None
    if kept is None:
        return None
    if spec.kind is FieldKind.MONEY:
        return float(kept)
    if spec.kind is FieldKind.DATE:
        return _midnight(kept)
    return kept


def _midnight(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC)


def _text(spec: FieldSpec, raw: object) -> str:
    if not isinstance(raw, str) or "\x00" in raw:
        raise Invalid("a text is needed")
    words = raw.strip()
    most = spec.max_length or _LONG
    if len(words) > most:
        raise Invalid(f"at most {most} characters")
    return words or _nothing()


def _nothing() -> str:
    raise Invalid("more than blanks is needed")


def _number(spec: FieldSpec, raw: object) -> int | float:
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not isfinite(raw):
        raise Invalid("a number is needed")
    _ensure_between(spec, raw)
    return raw


def _money(spec: FieldSpec, raw: object) -> str:
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        raise Invalid("an amount is needed")
    try:
        amount = Decimal(str(raw).strip().lstrip("¥￥").replace(",", ""))
    except InvalidOperation:
        raise Invalid("an amount is needed") from None
    if not amount.is_finite() or abs(amount) > _MOST_MONEY or amount != round(amount, 2):
        raise Invalid("an amount with at most two places is needed")
    _ensure_between(spec, float(amount))
    return f"{amount:.2f}"


def _ensure_between(spec: FieldSpec, number: float) -> None:
    if spec.minimum is not None and number < spec.minimum:
        raise Invalid(f"at least {spec.minimum:g}")
    if spec.maximum is not None and number > spec.maximum:
        raise Invalid(f"at most {spec.maximum:g}")


def _date(_: FieldSpec, raw: object) -> str:
    try:
        return date.fromisoformat(str(raw)[:10] if isinstance(raw, str) else "").isoformat()
    except ValueError:
        raise Invalid("a day is needed, as 2026-01-31") from None


def _choice(spec: FieldSpec, raw: object) -> str:
    if not isinstance(raw, str) or raw not in {option.key for option in spec.options}:
        raise Invalid("one of its options is needed")
    return raw


def _multi(spec: FieldSpec, raw: object) -> list[str]:
    keys = [option.key for option in spec.options]
    if not isinstance(raw, list) or any(each not in keys for each in raw):
        raise Invalid("some of its options are needed")
    return [key for key in keys if key in raw]


def _phone(_: FieldSpec, raw: object) -> str:
    if not isinstance(raw, str) or not _PHONE.fullmatch(raw.strip()):
        raise Invalid("a telephone number is needed")
    return raw.strip()


def _order(_: FieldSpec, raw: object) -> str:
    if not isinstance(raw, str) or not _ORDER.fullmatch(raw.strip()):
        raise Invalid("an order number is needed")
    return raw.strip()


_CLEANERS = {
    FieldKind.TEXT: _text, FieldKind.NUMBER: _number, FieldKind.MONEY: _money, FieldKind.DATE: _date,
    FieldKind.CHOICE: _choice, FieldKind.MULTI: _multi, FieldKind.PHONE: _phone, FieldKind.ORDER: _order,
}  # fmt: skip
