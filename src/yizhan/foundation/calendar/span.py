"""A stretch of opening time on the wall clock."""

import re
from collections.abc import Iterable
from itertools import pairwise

import msgspec

from yizhan.foundation.errors import Invalid

DAY = 24 * 60
_WRITTEN = re.compile(r"(\d{1,2}):(\d{2})\s*[-–~至]\s*(\d{1,2}):(\d{2})")


class Span(msgspec.Struct, frozen=True, order=True):
    """Minutes after midnight. An `end` past 1440 lies on the next day; the span belongs to the day it starts on."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < DAY or not 0 < self.end - self.start <= DAY:
            raise Invalid(f"no opening time: {self.start}-{self.end}")


def read_span(written: str) -> Span:
    """`09:30-18:00`; `22:00-06:00` ends on the next day; `00:00-24:00` is the whole day."""
    found = _WRITTEN.fullmatch(written.strip())
    if not found:
        raise Invalid(f"not a span such as 09:30-18:00: {written}")
    start_hour, start_minute, end_hour, end_minute = map(int, found.groups())
    if start_minute > 59 or end_minute > 59 or end_hour * 60 + end_minute > DAY:
        raise Invalid(f"no time of day: {written}")
    start, end = start_hour * 60 + start_minute, end_hour * 60 + end_minute
    if start == end:
        raise Invalid(f"no time between: {written}; the whole day is 00:00-24:00")
    return Span(start, end if end > start else end + DAY)


def write_minutes(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def write_span(span: Span) -> str:
    """As `read_span` reads it: what ends on the next day ends before it begins."""
    end = span.end if span.end <= DAY else span.end - DAY
    return f"{write_minutes(span.start)}-{write_minutes(end)}"


def in_order(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The spans of one day by time; they may touch but not overlap."""
    ordered = tuple(sorted(spans))
    for left, right in pairwise(ordered):
        if right.start < left.end:
            raise Invalid(
                f"spans of a day overlap: {write_minutes(right.start)} comes before {write_minutes(left.end)}"
            )
    return ordered


def always() -> dict[int, tuple[Span, ...]]:
    """Weekly hours of a service that never closes."""
    return {weekday: (Span(0, DAY),) for weekday in range(7)}
