"""What the editor of working time needs: the days ahead as they would be, and the public days they come from."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any, Literal

import msgspec
from litestar import get, post
from msgspec import Meta

from yizhan.foundation.calendar import Calendar, PublicRun, countries, public_runs, read_calendar, write_span
from yizhan.foundation.errors import Invalid
from yizhan.web.config.shapes import AdviceShape, wrong_shape
from yizhan.web.given import GivenServices, JSONBody

_DAYS = 14


class CalendarWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A calendar as it stands in its editor, and the year whose public days are shown."""

    body: dict[str, Any]
    year: Annotated[int, Meta(ge=1990, le=2099)] | None = None


class DayAhead(msgspec.Struct, frozen=True):
    """`spans` as documents write them: 22:00-06:00 ends on the next day. None: closed."""

    day: date
    special: Literal["holiday", "makeup"] | None
    spans: list[str]


class CalendarAhead(msgspec.Struct, frozen=True):
    """`wrong` is what saving it would refuse; there are no days then. `public` are those of the country alone."""

    wrong: AdviceShape | None
    year: int
    days: list[DayAhead]
    public: list[PublicRun]


class Country(msgspec.Struct, frozen=True):
    code: str
    regions: list[str]


class CountryList(msgspec.Struct, frozen=True):
    items: list[Country]


@get("/calendars/countries")
async def list_countries() -> CountryList:
    """Those whose public days are known. Nothing of the house is in it."""
    return CountryList([Country(code, regions) for code, regions in countries().items()])


@post("/calendars/ahead", status_code=200)
async def look_ahead(data: JSONBody[CalendarWish], services: GivenServices) -> CalendarAhead:
    """The next 14 days by a calendar that is not saved yet. Nothing is written, nothing of the house is read."""
    today, days, wrong = services.clock.now().date(), list[DayAhead](), None
    try:
        calendar = read_calendar({key: value for key, value in data.body.items() if key != "name"})
        today = calendar.local_date(services.clock.now())
        days = [_day(calendar, today + timedelta(days=ahead)) for ahead in range(_DAYS)]
    except Invalid as fault:
        wrong = wrong_shape(fault)
    year = data.year or today.year
    return CalendarAhead(wrong, year, days, _public(data.body, year))


def _day(calendar: Calendar, day: date) -> DayAhead:
    return DayAhead(day, calendar.special(day), [write_span(span) for span in calendar.spans(day)])


def _public(body: dict[str, Any], year: int) -> list[PublicRun]:
    """None for a country that is not known: `wrong` says so."""
    country, region = body.get("country"), body.get("region")
    if not isinstance(country, str) or not isinstance(region, str | None):
        return []
    try:
        return public_runs(country, region, year)
    except Invalid:
        return []
