"""The data standards: how a value of each type is written, whoever sent it. Pure.

Raises Invalid with a sentence for what is no value of the type; what can be understood is written our way.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from yizhan.foundation.errors import Invalid
from yizhan.records.profiles.model import FieldSpec, FieldType, Value

LONGEST_NAME = 80
HIGHEST_LEVEL = 9

_DATE = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?")
_CLOCK = re.compile(r"(\d{1,2})[:时点](\d{1,2})(?:[:分](\d{1,2})(?:\.\d+)?)?秒?")
_NUMBER = re.compile(r"-?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?")
_TRUE = frozenset({"true", "yes", "y", "1", "是", "有", "真"})
_FALSE = frozenset({"false", "no", "n", "0", "否", "无", "假"})
_EARLIEST, _LATEST = 1850, 2200


def standard(spec: FieldSpec, given: Value, zone: ZoneInfo) -> Value:
    """An empty text says nothing, as null does."""
    if given is None or (isinstance(given, str) and not given.strip()):
        return None
    value = _READ[spec.type](spec, given, zone)
    if isinstance(value, int | float) and not isinstance(value, bool):
        _ensure_between(spec, value)
    return value


def standard_name(given: str) -> str:
    """One line of at most 80 characters."""
    name = " ".join(given.split())
    if len(name) > LONGEST_NAME:
        raise Invalid(f"a name has at most {LONGEST_NAME} characters", "name")
    if not name.isprintable() and any(unicodedata.category(each) in ("Cc", "Cs") for each in name):
        raise Invalid("a name has no control characters", "name")
    return name


def standard_level(given: Value) -> int | None:
    if given is None or given == "":
        return None
    text = _folded(given)
    if not text.isdecimal() or len(text) > 2 or int(text) > HIGHEST_LEVEL:
        raise Invalid(f"a level is 0 to {HIGHEST_LEVEL}", "level")
    return int(text)


def moment(given: Value, zone: ZoneInfo) -> datetime:
    """An instant; one without an offset is of the house's time zone."""
    text = _folded(given)
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = _chinese_moment(text)
    if not _EARLIEST <= found.year <= _LATEST:
        raise Invalid(f"the year {found.year} cannot be meant")
    return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)


def shown_moment(value: datetime, zone: ZoneInfo) -> str:
    """As files that leave the house have it."""
    return value.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")


def _chinese_moment(text: str) -> datetime:
    day, _, clock = text.partition("日") if "日" in text else text.replace("T", " ").partition(" ")
    found = _CLOCK.fullmatch(clock.strip()) if clock.strip() else None
    if clock.strip() and found is None:
        raise Invalid("a time is written YYYY-MM-DD HH:MM:SS")
    written = _date(day)
    try:
        hour, minute, second = (int(part or 0) for part in found.groups()) if found else (0, 0, 0)
        return datetime(written.year, written.month, written.day, hour, minute, second)  # noqa: DTZ001 - zone follows
    except ValueError:
        raise Invalid("there is no such time") from None


def _date(text: str) -> date:
    found = _DATE.fullmatch(text.strip())
    if found is None:
        raise Invalid("a date is written YYYY-MM-DD")
    try:
        day = date(*(int(part) for part in found.groups()))
    except ValueError:
        raise Invalid("there is no such day") from None
    if not _EARLIEST <= day.year <= _LATEST:
        raise Invalid(f"the year {day.year} cannot be meant")
    return day


def _folded(given: Value) -> str:
    """Full-width digits and signs are the plain ones."""
    text = str(given)
    return (text if text.isascii() else unicodedata.normalize("NFKC", text)).strip()


def _text(spec: FieldSpec, given: Value, _: ZoneInfo) -> Value:
    if isinstance(given, bool):
        raise Invalid("this is a text")
    text = str(given).strip()
    if len(text) > spec.max_length:
        raise Invalid(f"at most {spec.max_length} characters")
    if not text.isprintable() and any(unicodedata.category(each) == "Cs" or each == "\0" for each in text):
        raise Invalid("a text has no characters that cannot be stored")
    if spec.format and not re.fullmatch(spec.format, text):
        raise Invalid("not in the format of this field")
    return text


def _number(_: FieldSpec, given: Value, __: ZoneInfo) -> Value:
    text = _folded(given)
    if isinstance(given, bool) or not _NUMBER.fullmatch(text) or len(text) > 30:
        raise Invalid("a number is written with digits and a point")
    plain = text.replace(",", "")
    return float(plain) if "." in plain and float(plain) % 1 else int(float(plain) if "." in plain else int(plain))


def _day(_: FieldSpec, given: Value, __: ZoneInfo) -> Value:
    text = _folded(given)
    day, _rest, clock = text.replace("T", " ").partition(" ")
    if clock and not _CLOCK.match(clock):
        raise Invalid("a date is written YYYY-MM-DD")
    return _date(day).isoformat()


def _moment(_: FieldSpec, given: Value, zone: ZoneInfo) -> Value:
    return moment(given, zone).isoformat(timespec="seconds").replace("+00:00", "Z")


def _bool(_: FieldSpec, given: Value, __: ZoneInfo) -> Value:
    if isinstance(given, bool):
        return given
    text = _folded(given).lower()
    if text not in _TRUE | _FALSE:
        raise Invalid("yes or no: 是 or 否")
    return text in _TRUE


def _choice(spec: FieldSpec, given: Value, _: ZoneInfo) -> Value:
    """By its key or by its word in either language."""
    text = _folded(given)
    for option in spec.options:
        if text in (option.key, option.zh) or text.lower() == option.en.lower():
            return option.key
    raise Invalid(f"one of: {'、'.join(option.zh for option in spec.options)[:200]}")


def _ensure_between(spec: FieldSpec, value: float) -> None:
    if spec.minimum is not None and value < spec.minimum:
        raise Invalid(f"not less than {spec.minimum:g}")
    if spec.maximum is not None and value > spec.maximum:
        raise Invalid(f"not more than {spec.maximum:g}")


_READ: dict[FieldType, Callable[[FieldSpec, Value, ZoneInfo], Value]] = {
    FieldType.TEXT: _text,
    FieldType.NUMBER: _number,
    FieldType.DATE: _day,
    FieldType.MOMENT: _moment,
    FieldType.BOOL: _bool,
    FieldType.CHOICE: _choice,
}
