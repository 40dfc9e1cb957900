"""A calendar as it is configured and released."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from functools import cached_property
from typing import TypeVar

import msgspec

from yizhan.foundation.calendar.calendar import Calendar
from yizhan.foundation.calendar.country import PublicDays
from yizhan.foundation.calendar.span import DAY, Span, in_order, read_span, write_minutes
from yizhan.foundation.errors import Invalid

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LONGEST_HOLIDAY = 400  # days

Read = TypeVar("Read")


class CalendarDocument(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, dict=True):
    """`country` brings its public holidays and make-up workdays; the dated lists are the table that wins over them.

    `holidays` close a day or a range, `makeup_days` open a day with the usual hours or its own, `days` give a date its
    own hours whatever day it is (none: closed). `name` is for people, by language.
    """

    tz: str
    weekly: dict[str, list[str]]
    name: dict[str, str] = {}
    country: str | None = None
    region: str | None = None
    holidays: list[str] = []
    makeup_days: list[str] | dict[str, list[str] | None] = []
    days: dict[str, list[str]] = {}

    @cached_property
    def calendar(self) -> Calendar:
        """Raises Invalid as `read_calendar` does; read once."""
        return read_calendar({key: value for key, value in msgspec.structs.asdict(self).items() if key != "name"})


_KEYS = frozenset(CalendarDocument.__struct_fields__) - {"name"}


def read_calendar(document: Mapping[str, object]) -> Calendar:
    """From `{"tz", "weekly": {"mon": ["09:30-18:00"]}, "country", "holidays": ["2026-10-01/2026-10-07"], …}`.

    Keys as in `CalendarDocument`. Raises Invalid with the path of the fault: hours that overlap, also with the night
    before, a week without any, a date that is said to be two things.
    """
    if unknown := next((key for key in document if key not in _KEYS), None):
        raise Invalid(f"unknown key {unknown}", unknown)
    tz = document.get("tz")
    if not isinstance(tz, str):
        raise Invalid("a time zone such as Asia/Shanghai is needed", "tz")
    weekly = _weekly(document.get("weekly"))
    holidays = [day for days in _each(document.get("holidays"), "holidays", _days) for day in days]
    makeup = _makeup(document.get("makeup_days"))
    days = _dated(document.get("days"), "days")
    _ensure_one_meaning(holidays, makeup, days)
    return Calendar(tz, weekly, holidays, makeup | days, _public(document.get("country"), document.get("region")))


def _weekly(raw: object) -> dict[int, tuple[Span, ...]]:
    weekly: dict[int, tuple[Span, ...]] = {}
    for name, spans in _object(raw, "weekly").items():
        if name not in WEEKDAYS:
            raise Invalid(f"unknown weekday {name}", f"weekly.{name}")
        weekly[WEEKDAYS.index(name)] = _spans(spans, f"weekly.{name}")
    if not any(weekly.values()):
        raise Invalid("no working time at all: at least one day of the week needs hours", "weekly")
    for weekday, name in enumerate(WEEKDAYS):
        night = max((span.end - DAY for span in weekly.get(weekday - 1 if weekday else 6, ())), default=0)
        first = next(iter(weekly.get(weekday, ())), None)
        if first is not None and first.start < night:
            before = WEEKDAYS[weekday - 1]
            raise Invalid(
                f"{name} begins at {write_minutes(first.start)}, while the night of {before} runs until "
                f"{write_minutes(night)}: they overlap", f"weekly.{name}",
            )  # fmt: skip
    return weekly


def _makeup(raw: object) -> dict[date, tuple[Span, ...] | None]:
    if isinstance(raw, Mapping):
        return {
            _date(day, f"makeup_days.{day}"): None if spans is None else _spans(spans, f"makeup_days.{day}")
            for day, spans in raw.items()
        }
    return dict.fromkeys(_each(raw, "makeup_days", _date))


def _dated(raw: object, path: str) -> dict[date, tuple[Span, ...] | None]:
    if raw is None:
        return {}
    return {_date(day, f"{path}.{day}"): _spans(spans, f"{path}.{day}") for day, spans in _object(raw, path).items()}


def _ensure_one_meaning(holidays: Iterable[date], makeup: Iterable[date], days: Iterable[date]) -> None:
    closed, worked, own = set(holidays), set(makeup), set(days)
    if both := sorted(closed & worked):
        raise Invalid(f"{both[0]} cannot be both a holiday and a make-up day", f"makeup_days.{both[0]}")
    if both := sorted(own & (closed | worked)):
        other = "a holiday" if both[0] in closed else "a make-up day"
        raise Invalid(f"{both[0]} has hours of its own and is {other} too", f"days.{both[0]}")


def _public(country: object, region: object) -> PublicDays | None:
    if country is None:
        if region is not None:
            raise Invalid("a region needs its country", "region")
        return None
    if not isinstance(country, str) or not isinstance(region, str | None):
        raise Invalid("a country is a code such as CN", "country")
    return PublicDays(country, region)


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
