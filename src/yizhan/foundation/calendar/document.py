"""A calendar as it is configured and released."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import TypeVar

from yizhan.foundation.calendar.calendar import Calendar
from yizhan.foundation.calendar.span import Span, in_order, read_span
from yizhan.foundation.errors import Invalid

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LONGEST_HOLIDAY = 400  # days

Read = TypeVar("Read")


def read_calendar(document: Mapping[str, object]) -> Calendar:
    """From `{"tz", "weekly": {"mon": ["09:30-18:00"]}, "holidays": ["2026-10-01/2026-10-07"], "makeup_days"}`.

    A make-up day is a date in a list (usual hours) or a date with its own spans in an object.
    Raises Invalid with the path of the fault.
    """
    if unknown := next((key for key in document if key not in ("tz", "weekly", "holidays", "makeup_days")), None):
        raise Invalid(f"unknown key {unknown}", unknown)
    tz = document.get("tz")
    if not isinstance(tz, str):
        raise Invalid("a time zone such as Asia/Shanghai is needed", "tz")
    weekly = {}
    for name, spans in _object(document.get("weekly"), "weekly").items():
        if name not in WEEKDAYS:
            raise Invalid(f"unknown weekday {name}", f"weekly.{name}")
        weekly[WEEKDAYS.index(name)] = _spans(spans, f"weekly.{name}")
    holidays = _each(document.get("holidays"), "holidays", _days)
    makeup = _makeup(document.get("makeup_days"))
    return Calendar(tz, weekly, [day for days in holidays for day in days], makeup)


def _makeup(raw: object) -> dict[date, tuple[Span, ...] | None]:
    if isinstance(raw, Mapping):
        return {
            _date(day, f"makeup_days.{day}"): None if spans is None else _spans(spans, f"makeup_days.{day}")
            for day, spans in raw.items()
        }
    return dict.fromkeys(_each(raw, "makeup_days", _date))


def _spans(raw: object, path: str) -> tuple[Span, ...]:
    spans = _each(raw, path, _span)
    return _at(path, lambda: in_order(spans))


def _span(raw: object, path: str) -> Span:
    if not isinstance(raw, str):
        raise Invalid("a span such as 09:30-18:00 is needed", path)
    return _at(path, lambda: read_span(raw))


def _days(raw: object, path: str) -> list[date]:
    """One date, or the first and last of a holiday: `2026-10-01/2026-10-07`."""
    first, _, last = raw.partition("/") if isinstance(raw, str) else ("", "", "")
    start, end = _date(first, path), _date(last or first, path)
    if not 0 <= (end - start).days <= _LONGEST_HOLIDAY:
        raise Invalid("the last day comes before the first, or much later", path)
    return [start + timedelta(days=ahead) for ahead in range((end - start).days + 1)]


def _date(raw: object, path: str) -> date:
    try:
        return date.fromisoformat(raw if isinstance(raw, str) else "")
    except ValueError:
        raise Invalid("a date such as 2026-10-01 is needed", path) from None


def _each(raw: object, path: str, read: Callable[[object, str], Read]) -> list[Read]:
    if raw is None:
        return []
    if isinstance(raw, str) or not isinstance(raw, Iterable):
        raise Invalid("a list is needed", path)
    return [read(item, f"{path}[{at}]") for at, item in enumerate(raw)]


def _object(raw: object, path: str) -> Mapping[str, object]:
    if not isinstance(raw, Mapping):
        raise Invalid("an object is needed", path)
    return raw


def _at(path: str, read: Callable[[], Read]) -> Read:
    """Says where, for what only knows what is wrong."""
    try:
        return read()
    except Invalid as fault:
        raise Invalid(fault.message, path) from None
