"""The few lines of an iCalendar part that an agent wants to see (RFC 5545)."""

import re

from yizhan.channels.email.model import CalendarEvent

_FOLDED = re.compile(r"\r?\n[ \t]")
_LINE = re.compile(r"^([A-Za-z-]+)((?:;[^:\n]*)?):(.*)$", re.MULTILINE)
_ESCAPED = re.compile(r"\\([\\,;nN])")
_EVENT = re.compile(r"BEGIN:VEVENT(.*?)(?:END:VEVENT|\Z)", re.DOTALL | re.IGNORECASE)
_MAX_EVENTS = 20


def read_events(text: str) -> list[CalendarEvent]:
    unfolded = _FOLDED.sub("", text[:200_000])
    method = _values(unfolded.partition("BEGIN:VEVENT")[0]).get("METHOD", "").upper()
    return [_event(_values(found.group(1)), method) for found in _EVENT.finditer(unfolded)][:_MAX_EVENTS]


def _values(block: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for match in _LINE.finditer(block):
        value = _ESCAPED.sub(lambda escaped: "\n" if escaped.group(1) in "nN" else escaped.group(1), match.group(3))
        found.setdefault(match.group(1).upper(), value.strip()[:1000])
    return found


def _event(values: dict[str, str], method: str) -> CalendarEvent:
    return CalendarEvent(
        method=method,
        summary=values.get("SUMMARY", ""),
        start=values.get("DTSTART", ""),
        end=values.get("DTEND", ""),
        location=values.get("LOCATION", ""),
        organizer=re.sub("(?i)^mailto:", "", values.get("ORGANIZER", "")),
    )
