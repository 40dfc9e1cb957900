"""A coming moment in the words one uses: 今天 14:00, 明早 9:30, 周三 9:30, 10月8日 9:30."""

from datetime import datetime, tzinfo

_ZH_DAYS = ("今", "明", "后")
_ZH_WEEK = "一二三四五六日"
_EN_WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_EN_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_MORNING = range(5, 12)
_EVENING = range(18, 24)


def say_when(at: datetime, now: datetime, zone: tzinfo, locale: str) -> str:
    """`at` as seen from `now` by somebody in `zone`, with a 24-hour clock."""
    there, here = at.astimezone(zone), now.astimezone(zone)
    chinese = locale.lower().startswith("zh")
    days = (there.date() - here.date()).days
    clock = f"{there.hour}:{there.minute:02d}"
    if 0 <= days < 7:
        day = _near_in_chinese(there, days) if chinese else _near_in_english(there, days)
    elif chinese:
        year = f"{there.year}年" if there.year != here.year else ""
        day = f"{year}{there.month}月{there.day}日"
    else:
        year = f" {there.year}" if there.year != here.year else ""
        day = f"{there.day} {_EN_MONTHS[there.month - 1]}{year}"
    return f"{day} {clock}"


def _near_in_chinese(there: datetime, days: int) -> str:
    if days >= len(_ZH_DAYS):
        return f"周{_ZH_WEEK[there.weekday()]}"
    if days < 2 and there.hour in _MORNING:
        return f"{_ZH_DAYS[days]}早"
    if days < 2 and there.hour in _EVENING:
        return f"{_ZH_DAYS[days]}晚"
    return f"{_ZH_DAYS[days]}天"


def _near_in_english(there: datetime, days: int) -> str:
    return ("today", "tomorrow")[days] if days < 2 else _EN_WEEK[there.weekday()]
