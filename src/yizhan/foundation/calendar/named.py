"""The public days of a year as people read them: stretches with their names, in Chinese and English."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal

import msgspec

from yizhan.foundation.calendar.country import PublicDays

_REMARK = re.compile(r"\s*[(（].*$")
_UNNAMED = re.compile(r"休息日|Day off|周日|周六")
_TONGUES = {"zh": ("zh_CN", "zh_HK", "zh_TW", "en_US"), "en": ("en_US", "en_GB")}


class PublicRun(msgspec.Struct, frozen=True):
    """Days in a row on which nobody works, or one weekend day on which everybody does; empty names are not known."""

    first: date
    last: date
    kind: Literal["holiday", "makeup"]
    zh: str
    en: str


def public_runs(country: str, region: str | None, year: int) -> list[PublicRun]:
    """In order. Raises Invalid for a country that is not known."""
    public = PublicDays(country, region)
    first = date(year, 1, 1)
    days = [first + timedelta(days=ahead) for ahead in range((date(year + 1, 1, 1) - first).days)]
    names = {tongue: _names(country, region, year, tongue) for tongue in _TONGUES}
    runs = [_run(run, "holiday", names) for run in _in_a_row(day for day in days if public.holiday(day))]
    runs += [PublicRun(day, day, "makeup", "", "") for day in days if public.makeup(day)]
    return sorted(runs, key=lambda run: run.first)


def countries() -> dict[str, list[str]]:
    """Those whose public days are known, with their regions."""
    return _countries()


@lru_cache(maxsize=1)
def _countries() -> dict[str, list[str]]:
    import holidays

    known = holidays.list_supported_countries(include_aliases=False)
    return {code: sorted(regions) for code, regions in sorted(known.items()) if len(code) == 2}


def _in_a_row(days: Iterable[date]) -> list[list[date]]:
    runs: list[list[date]] = []
    for day in days:
        if runs and day - runs[-1][-1] == timedelta(days=1):
            runs[-1].append(day)
        else:
            runs.append([day])
    return runs


def _run(days: list[date], kind: Literal["holiday", "makeup"], names: Mapping[str, Mapping[date, str]]) -> PublicRun:
    english = _said(days, names["en"])
    chinese = [_in_chinese(name) for name in _said(days, names["zh"])]
    return PublicRun(days[0], days[-1], kind, "、".join(dict.fromkeys(chinese)), ", ".join(english))


def _said(days: list[date], names: Mapping[date, str]) -> list[str]:
    """Each name once: what is moved onto a day is of the holiday beside it."""
    plain = (_REMARK.sub("", part) for day in days for part in names.get(day, "").split(";"))
    return list(dict.fromkeys(name.strip() for name in plain if name.strip() and not _UNNAMED.match(name.strip())))


def _in_chinese(name: str) -> str:
    """The package names days in Chinese for five countries; the usual ones of others are known here."""
    return _chinese().get(name.replace("’", "'"), name)


@cache
def _chinese() -> Mapping[str, str]:
    written = files("yizhan.foundation.calendar").joinpath("names.zh-CN.json").read_bytes()
    return msgspec.json.decode(written, type=dict[str, str])


@lru_cache(maxsize=64)
def _names(country: str, region: str | None, year: int, tongue: str) -> Mapping[date, str]:
    import holidays

    spoken = holidays.country_holidays(country).supported_languages
    language = next((each for each in _TONGUES[tongue] if each in spoken), None)
    return dict(holidays.country_holidays(country, subdiv=region, years=year, expand=False, language=language))
