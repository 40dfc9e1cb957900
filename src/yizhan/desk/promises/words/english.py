"""English: by 8 pm, this afternoon, within 24 hours, in 3 business days, and who does what for whom."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from yizhan.desk.promises.words import moments
from yizhan.foundation.calendar import Calendar
from yizhan.records.promises import PromiseKind

_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "twelve": 12, "half an": 0.5, "a couple of": 2, "a few": 3,
}  # fmt: skip
_N = r"\d{1,3}|" + "|".join(sorted(_NUMBERS, key=len, reverse=True))
_SPAN = re.compile(
    rf"\b(?:within|in|after)\s+(?:the\s+)?(?:next\s+)?(?:(?:{_N})\s*(?:-|–|to|or)\s*)?(?P<n>{_N})?[ -]*"
    r"(?P<unit>min(?:ute)?s?|hours?|hrs?|(?:business|working|work)\s+days?|days?|weeks?)\b",
    re.IGNORECASE,
)
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WHEN = re.compile(
    r"(?:\b(?:by|before|until|at|around|from|no later than|latest by)\s+(?:the\s+)?)?"
    r"(?:(?:(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?\s*(?P<half>a\.?m\b\.?|p\.?m\b\.?|o'?clock)?)?\s*"
    r"(?:,?\s*(?:on\s+)?(?P<day>today|tonight|tomorrow|this\s+(?:morning|afternoon|evening|week)|next\s+week"
    rf"|end\s+of\s+(?:the\s+|this\s+)?(?:business\s+)?(?:day|week)|eod|cob|(?:next\s+|this\s+)?(?:{'|'.join(_DAYS)})"
    r"|noon|midday|midnight)\b)?"
    r"(?:\s+(?P<part>morning|noon|afternoon|evening|night))?"
    r"(?:\s+(?:at|by|before)\s+(?P<late_hour>\d{1,2})(?:[:.](?P<late_minute>\d{2}))?\s*(?P<late_half>a\.?m\b|p\.?m\b)?)?)",
    re.IGNORECASE,
)
_PARTS = {
    "morning": moments.MORNING, "noon": moments.NOON, "afternoon": moments.AFTERNOON, "evening": moments.EVENING,
    "night": moments.EVENING, "tonight": moments.EVENING,
}  # fmt: skip

_CALL = re.compile(
    r"\b(?:call|phone|ring)(?:\s+you)?(?:\s+back)?\b|\bgive you a (?:call|ring)|\bcall from (?:us|me)", re.I
)
_REPLY = re.compile(
    r"\breply|\brespond|\banswer|\bget back\b|\bcome back to you|\bupdate\b|\blet you know|\binform you|\bcontact you"
    r"|\breach (?:out|you)|\bfollow up|\bwrite (?:to )?you|\bhear (?:back )?from (?:us|me)|\be-?mail you|\bbe in touch"
    r"|\bget in touch|\bnews\b",
    re.I,
)
_ACT = re.compile(
    r"\brefund|\bsend|\bship|\bdispatch|\breplac|\bfix|\bresolv|\brepair|\barrang|\bcredit|\bdeliver|\bprocess|\bcomplet"
    r"|\bsort|\breturn|\bcheck|\bbe (?:done|ready|solved)|\bhave (?:it|this|that|the \w+) ",
    re.I,
)
_US = re.compile(
    r"\b(?:I|we|our \w+|my \w+|someone|somebody|a colleague|a technician|an engineer)\s*"
    r"(?:'ll|will|shall|are going to|am going to|promise|'re going to|'m going to|aim to|plan to)\b"
    r"|\byou(?:'ll| will) (?:hear|have|get|receive)|\blet me\b"
    r"|^\s*(?:ok(?:ay)?,?\s*)?(?:will|shall|calling|getting|expect)\b|\bwe(?:'re| are) (?:calling|sending|shipping)",
    re.I,
)
_NO = re.compile(
    r"\?|\bplease\b(?!\s+(?:be|rest|don't worry|bear))|\b(?:can|could|would|will|do|did) you\b|\bif\b|\bunless\b"
    r"|\bin case\b|\bcan(?:'t|not)\b|\bwon't\b|\bwill not\b|\bunable\b|\bnot able\b|\bnot be\b|\bdon't think"
    r"|\bmay not\b|\bmight not\b|\busually\b|\bnormally\b|\btypically\b|\boffer\b|\bsale\b"
    r"|\bopening hours\b|\bopen until\b|\bcourier will\b"
    r"|\bthe bank will\b|\byou (?:can|should|must|need to|have to)\b|\balready\b"
    r"|\b(?:called|replied|sent|shipped|refunded)\b",
    re.I,
)


def kind_of(words: str) -> PromiseKind | None:
    for kind, pattern in ((PromiseKind.CALL, _CALL), (PromiseKind.REPLY, _REPLY), (PromiseKind.ACT, _ACT)):
        if pattern.search(words):
            return kind
    return None


def is_said_by_us(sentence: str) -> bool:
    return bool(_US.search(sentence)) and not _NO.search(sentence)


def times(words: str, now: datetime, calendar: Calendar) -> Iterator[datetime]:
    for span in _SPAN.finditer(words):
        yield _after(span, now, calendar)
    for when in _WHEN.finditer(_SPAN.sub(" ; ", words)):
        due = _moment(when, now, calendar)
        if due is not None:
            yield due


def _after(span: re.Match[str], now: datetime, calendar: Calendar) -> datetime:
    said = (span["n"] or "1").lower()
    count, unit = float(_NUMBERS.get(said) or said), span["unit"].lower()
    if unit.startswith(("business", "work")):
        day = calendar.add_working_days(calendar.local_date(now), max(1, round(count)))
        return moments.close_of(calendar, day)
    if unit.startswith("min"):
        return now + timedelta(minutes=count)
    return now + (
        timedelta(hours=count) if unit.startswith("h") else timedelta(days=7 * count if "w" in unit else count)
    )


def _moment(when: re.Match[str], now: datetime, calendar: Calendar) -> datetime | None:
    day_word = " ".join((when["day"] or "").lower().split())
    hour, minute, half = when["hour"], when["minute"], when["half"]
    if when["late_hour"]:
        hour, minute, half = when["late_hour"], when["late_minute"], when["late_half"]
    if not day_word and not (hour and (half or minute)) and not (hour and _led(when)):
        return None
    today = calendar.local_date(now)
    day = _day(day_word, today, calendar)
    part = _PARTS.get((when["part"] or "").lower()) or _part(day_word)
    if day_word in ("noon", "midday"):
        return moments.at(calendar, today, 12)
    if day_word == "midnight":
        return moments.at(calendar, today, 24)
    if hour is None:
        return moments.end_of_part(calendar, day or today, part)
    at = int(hour)
    if half and half[0].lower() in "ap":
        at = at % 12 + (12 if half[0].lower() == "p" else 0)
        return moments.at(calendar, day or today, at, int(minute or 0))
    return moments.clock(calendar, day, part, at, int(minute or 0), now)


def _led(when: re.Match[str]) -> bool:
    """By 8, at 5: the word before makes an hour of a bare number."""
    return bool(re.match(r"(?:by|before|until|at|around|no later than)\b", when[0].strip(), re.IGNORECASE))


def _part(day_word: str) -> str | None:
    if day_word == "tonight":
        return moments.EVENING
    last = day_word.rpartition(" ")[2]
    if last in ("day", "week") or day_word in ("eod", "cob"):
        return moments.CLOSE
    return _PARTS.get(last)


def _day(word: str, today: date, calendar: Calendar) -> date | None:
    if not word:
        return None
    if word == "tomorrow":
        return today + timedelta(days=1)
    monday = today - timedelta(days=today.weekday())
    if "week" in word:
        later = 7 if word.startswith("next") else 0
        return moments.last_working_day(
            calendar, max(today, monday + timedelta(days=later)), monday + timedelta(days=6 + later)
        )
    named = word.rpartition(" ")[2]
    if named in _DAYS:
        day = monday + timedelta(days=_DAYS.index(named) + (7 if word.startswith("next") else 0))
        return day if day >= today else day + timedelta(days=7)
    return today
