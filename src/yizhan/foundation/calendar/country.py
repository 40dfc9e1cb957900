"""Public holidays of a country and the make-up workdays 调休 of China, from the package `holidays`."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from functools import lru_cache

import msgspec

from yizhan.foundation.errors import Invalid

_WEEKEND = (5, 6)
_WHOLE_RUNS = frozenset({"CN"})
_YEARS = range(1990, 2100)


class PublicYear(msgspec.Struct, frozen=True):
    """Days of one year: nobody works, everybody works although it is a weekend."""

    holidays: frozenset[date] = frozenset()
    makeup: frozenset[date] = frozenset()


class PublicDays:
    """Of one country (`CN`) or a region of it (`DE`, `BY`). Raises Invalid for one the package does not know."""

    def __init__(self, country: str, region: str | None = None) -> None:
        self.country = country
        self.region = region
        _known(country, region)

    def holiday(self, day: date) -> bool:
        return day in self._year(day).holidays

    def makeup(self, day: date) -> bool:
        return day in self._year(day).makeup

    def _year(self, day: date) -> PublicYear:
        return _year(self.country, self.region, day.year) if day.year in _YEARS else PublicYear()


@lru_cache(maxsize=256)
def _known(country: str, region: str | None) -> None:
    import holidays  # 0.1 s and 20 MB: only where a calendar names a country

    regions = holidays.list_supported_countries()
    if country not in regions:
        raise Invalid(f"no public holidays are known of the country {country}", "country")
    if region is not None and region not in regions[country]:
        raise Invalid(f"no public holidays are known of the region {region} of {country}", "region")


@lru_cache(maxsize=1024)
def _year(country: str, region: str | None, year: int) -> PublicYear:
    """Neighbouring years are asked too: what one of them moves may fall into this one."""
    import holidays

    years = range(year - 1, year + 2)
    found = holidays.country_holidays(country, subdiv=region, years=years, expand=False)
    worked = frozenset(day for day in getattr(found, "weekend_workdays", ()) if day.year in years)
    free = frozenset(found) - worked
    if country in _WHOLE_RUNS:
        free = _whole_runs(free, worked)
    return PublicYear(
        frozenset(day for day in free if day.year == year), frozenset(day for day in worked if day.year == year)
    )


def _whole_runs(free: Collection[date], worked: Collection[date]) -> frozenset[date]:
    """With the weekends they touch, as the State Council announces them: 2026-10-01 to 07, not five days and a half.

    An office that is open on weekends closes on these.
    """
    whole = set(free)
    for day in free:
        for step in (timedelta(days=-1), timedelta(days=1)):
            beside = day + step
            while beside.weekday() in _WEEKEND and beside not in worked:
                whole.add(beside)
                beside += step
    return frozenset(whole)
