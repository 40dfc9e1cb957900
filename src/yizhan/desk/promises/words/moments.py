"""Days and parts of them as instants: what 今晚, 下班前 or "by Friday" mean in the office's time zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from yizhan.foundation.calendar import Calendar

DAWN, EARLY, MORNING, NOON, AFTERNOON, DUSK, EVENING, CLOSE = (
    "dawn", "early", "morning", "noon", "afternoon", "dusk", "evening", "close",
)  # fmt: skip
_ENDS = {DAWN: 6, EARLY: 10, MORNING: 12, NOON: 14, AFTERNOON: 18, DUSK: 19, EVENING: 22}
_PAST_NOON = frozenset({AFTERNOON, DUSK, EVENING})
_USUAL_CLOSE = time(18)


def at(calendar: Calendar, day: date, hour: int, minute: int = 0) -> datetime:
    """24 o'clock is the next day's beginning."""
    local = datetime.combine(day, time(), calendar.zone) + timedelta(hours=hour, minutes=minute)
    return local.astimezone(UTC)


def close_of(calendar: Calendar, day: date) -> datetime:
    """When the office shuts on that day; on one that it keeps shut, at the usual hour."""
    return calendar.close_of(day) or datetime.combine(day, _USUAL_CLOSE, calendar.zone).astimezone(UTC)


def end_of_part(calendar: Calendar, day: date, part: str | None) -> datetime:
    """Who says 上午 has until noon, who names only the day until the office shuts."""
    return close_of(calendar, day) if part in (None, CLOSE) else at(calendar, day, _ENDS[part or CLOSE])


def last_working_day(calendar: Calendar, first: date, last: date) -> date:
    """Of the days from `first` to `last`; the last of them when none is."""
    day = last
    while day > first:
        if calendar.is_working_day(day):
            return day
        day -= timedelta(days=1)
    return first if calendar.is_working_day(first) else last


def clock(
    calendar: Calendar, day: date | None, part: str | None, hour: int, minute: int, now: datetime
) -> datetime | None:
    """8 点 without 早 or 晚 is the next one to come; None for what no clock shows."""
    if hour > 24 or minute > 59:
        return None
    today = calendar.local_date(now)
    if part is not None:
        return at(calendar, day or today, _hour_in(part, hour), minute)
    if hour > 12:
        return at(calendar, day or today, hour, minute)
    if day is not None and day != today:
        return at(calendar, day, hour + 12 if hour < 7 else hour, minute)
    coming = [at(calendar, today, h, minute) for h in (hour, hour + 12)]
    if day is None:
        coming.append(at(calendar, today + timedelta(days=1), hour, minute))
    return next((each for each in coming if each > now), None)


def _hour_in(part: str, hour: int) -> int:
    if part in _PAST_NOON:
        return hour + 12 if hour <= 12 and not (hour == 12 and part != EVENING) else hour
    if part == NOON:
        return hour + 12 if hour < 4 else hour
    return hour
