"""What a roster may hold, and how one is read and copied. Pure."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from io import StringIO
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from yizhan.foundation.errors import Invalid
from yizhan.records.rosters.model import Days, Leave, NewShift, Person, Row, RowFault, Shift, ShiftKind, Skipped

LONGEST = timedelta(hours=16)
_LONGEST_ON_CALL = timedelta(hours=24)
_MOST_ROWS = 2_000
_WEEK = timedelta(days=7)
_FRIDAY = 4
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "team": ("team", "客服组"), "agent": ("agent", "客服"), "date": ("date", "日期"), "from": ("from", "开始"),
    "to": ("to", "结束"), "kind": ("kind", "班次"), "tz": ("tz", "时区"),
}  # fmt: skip
_KINDS: Mapping[str, ShiftKind] = {
    "": ShiftKind.DAY, "day": ShiftKind.DAY, "白班": ShiftKind.DAY, "night": ShiftKind.NIGHT, "夜班": ShiftKind.NIGHT,
    "on_call": ShiftKind.ON_CALL, "on-call": ShiftKind.ON_CALL, "值班": ShiftKind.ON_CALL, "备勤": ShiftKind.ON_CALL,
}  # fmt: skip


def span_of(new: NewShift) -> tuple[datetime, datetime]:
    """Its two instants. Raises Invalid for one without length, or longer than anybody works."""
    zone = _zone(new.tz)
    if new.begin == new.until:
        raise Invalid(f"{_clock(new.begin)}–{_clock(new.until)} is empty: a shift ends after it begins", "until")
    last = new.day if new.until > new.begin else new.day + timedelta(days=1)
    begin = datetime.combine(new.day, new.begin, zone).astimezone(UTC)
    end = datetime.combine(last, new.until, zone).astimezone(UTC)
    if end <= begin:
        raise Invalid("these hours do not exist on this day: the clocks are changed", "begin")
    longest = _LONGEST_ON_CALL if new.kind is ShiftKind.ON_CALL else LONGEST
    if end - begin > longest:
        raise Invalid(f"longer than {longest // timedelta(hours=1)} hours", "until")
    return begin, end


def hours_of(shift: Shift) -> NewShift:
    """The shift in the hours in which it was said."""
    zone = _zone(shift.tz)
    begin, end = shift.starts_at.astimezone(zone), shift.ends_at.astimezone(zone)
    return NewShift(
        team_id=shift.team_id, agent_id=shift.agent_id, kind=shift.kind, day=begin.date(),
        begin=begin.time().replace(tzinfo=None), until=end.time().replace(tzinfo=None), tz=shift.tz,
    )  # fmt: skip


def clash(shift: Shift, others: Iterable[Shift], leaves: Iterable[Leave]) -> str | None:
    """Why the agent cannot work then: another shift of his, or leave."""
    for other in others:
        if other.id != shift.id and other.agent_id == shift.agent_id and _overlap(shift, other):
            return f"overlaps with {_say(other.starts_at, other.ends_at, other.tz)}"
    for leave in leaves:
        if leave.agent_id == shift.agent_id and _overlap(shift, leave):
            return f"on leave {_say(leave.starts_at, leave.ends_at, leave.tz)}"
    return None


def copied(shifts: Iterable[Shift], source: date, target: date, days: Days) -> tuple[list[NewShift], list[Skipped]]:
    """The shifts of the week that begins on `source`, in the week that begins on `target`.

    Nobody is planned for a public holiday but by night and on call; on a make-up day, on which the source week was
    not worked, work those of its Friday.
    """
    said = [hours_of(each) for each in shifts]
    made, left = [], []
    for each in sorted(said, key=lambda s: (s.day, s.begin, s.agent_id)):
        there = msgspec.structs.replace(each, day=each.day + (target - source))
        free = days.get(there.day) == "holiday" and each.kind is ShiftKind.DAY
        left.append(Skipped(there, "holiday")) if free else made.append(there)
    worked = {each.day.weekday() for each in said if each.kind is ShiftKind.DAY}
    for day in (target + timedelta(days=n) for n in range(7)):
        if days.get(day) == "makeup" and day.weekday() not in worked:
            made += [msgspec.structs.replace(s, day=day) for s in said if s.day.weekday() == _FRIDAY]
    return made, left


def read_csv(
    text: str, teams: Mapping[str, UUID], people: Sequence[Person], tz: str
) -> tuple[list[Row], list[RowFault]]:
    """Rows in the words of the house: teams by key or name, people by log-in or name. Every fault, not only the first.

    Raises Invalid where the file has no header that can be read.
    """
    lines = list(csv.reader(StringIO(text.lstrip("\ufeff"))))
    if not lines:
        raise Invalid("the file is empty", "text")
    columns = _header(lines[0])
    if len(lines) - 1 > _MOST_ROWS:
        raise Invalid(f"more than {_MOST_ROWS} rows: import them in parts", "text")
    rows: list[Row] = []
    faults: list[RowFault] = []
    for number, cells in enumerate(lines[1:], 2):
        if not any(cell.strip() for cell in cells):
            continue
        said = {name: cells[at].strip() if at < len(cells) else "" for name, at in columns.items()}
        found = _row(said, teams, people, tz)
        if isinstance(found, NewShift):
            rows.append(Row(number, found))
        else:
            faults += [RowFault(number, field, message) for field, message in found]
    return rows, faults


def _header(cells: Sequence[str]) -> dict[str, int]:
    known = {word: name for name, words in _COLUMNS.items() for word in words}
    columns = {known[c.strip().lower()]: at for at, c in enumerate(cells) if c.strip().lower() in known}
    missing = [name for name in ("team", "agent", "date", "from", "to") if name not in columns]
    if missing:
        wanted = ", ".join("/".join(_COLUMNS[name]) for name in missing)
        raise Invalid(f"the first line names the columns; missing: {wanted}", "text")
    return columns


def _row(
    said: Mapping[str, str], teams: Mapping[str, UUID], people: Sequence[Person], tz: str
) -> NewShift | list[tuple[str, str]]:
    wrong: list[tuple[str, str]] = []
    team = teams.get(said["team"])
    if team is None:
        wrong.append(("team", f"there is no team {said['team'] or '(empty)'}"))
    named = [p for p in people if said["agent"] in (p.login, p.name)]
    if len(named) != 1:
        wrong.append(("agent", f"{'several people are' if named else 'nobody is'} called {said['agent'] or '(empty)'}"))
    elif team is not None and team not in named[0].team_ids:
        wrong.append(("agent", f"{said['agent']} is not in the team {said['team']}"))
    day, begin, until = _day(said["date"]), _time(said["from"]), _time(said["to"])
    wrong += [("date", f"{said['date'] or '(empty)'} is no date such as 2026-03-02")] if day is None else []
    for field, value in (("from", begin), ("to", until)):
        wrong += [(field, f"{said[field] or '(empty)'} is no time such as 09:00")] if value is None else []
    kind = _KINDS.get(said.get("kind", "").lower())
    if kind is None:
        wrong.append(("kind", f"{said['kind']} is none of 白班, 夜班, 值班 (day, night, on_call)"))
    if wrong or team is None or day is None or begin is None or until is None or kind is None:
        return wrong
    new = NewShift(
        team_id=team, agent_id=named[0].id, kind=kind, day=day, begin=begin, until=until, tz=said.get("tz") or tz
    )
    try:
        span_of(new)
    except Invalid as fault:
        return [({"until": "to", "begin": "from"}.get(fault.field or "", fault.field or ""), fault.message)]
    return new


def _zone(tz: str) -> ZoneInfo:
    try:
        return ZoneInfo(tz)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Invalid(f"unknown time zone {tz}", "tz") from None


def _overlap(a: Shift | Leave, b: Shift | Leave) -> bool:
    return a.starts_at < b.ends_at and b.starts_at < a.ends_at


def _say(starts: datetime, ends: datetime, tz: str) -> str:
    zone = _zone(tz)
    begin, end = starts.astimezone(zone), ends.astimezone(zone)
    same = begin.date() == end.date()
    return f"{begin:%Y-%m-%d %H:%M}–{end:%H:%M}" if same else f"{begin:%Y-%m-%d %H:%M}–{end:%Y-%m-%d %H:%M}"


def _clock(at: time) -> str:
    return f"{at:%H:%M}"


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.replace("/", "-"))
    except ValueError:
        return None


def _time(text: str) -> time | None:
    hours, _, minutes = text.replace(":", ":").partition(":")
    if not (hours.isdigit() and minutes.isdigit() and len(minutes) == 2):
        return None
    whole = int(hours) * 60 + int(minutes)
    return time(whole // 60 % 24, whole % 60) if whole <= 24 * 60 and int(minutes) < 60 else None
