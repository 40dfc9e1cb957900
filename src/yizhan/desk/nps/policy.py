"""Who is asked and who is spared, where, and when a period begins. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

from yizhan.desk.nps.model import Person, Run, Spared, Way
from yizhan.desk.nps.rules import MONTHS, NpsDocument
from yizhan.foundation.calendar import Calendar, NeverOpen
from yizhan.foundation.conditions import Facts

Holds = Callable[[Facts], bool]
_PARTS = 1_000_000
_HORIZON_DAYS = 400


def drawn(document: NpsDocument, period: str, person: object) -> bool:
    """Whether somebody is in the share: by seed and period, so that the same seed draws the same people, and another
    period others."""
    word = f"{document.seed}:{period}:{person}".encode()
    place = int.from_bytes(hashlib.sha256(word).digest()[:8], "big") % _PARTS
    return place * 100 < document.share_percent * _PARTS


def spared(person: Person, document: NpsDocument, holds: Holds, period: str, now: datetime) -> Spared | None:
    """Why somebody is not asked; None: he is. The share is drawn from those who could be asked."""
    if not holds(person.facts):
        return Spared.CONDITION
    why = hindered(person, document, now)
    if why is None and not drawn(document, period, person.person_id):
        return Spared.SAMPLE
    return why


def hindered(person: Person, document: NpsDocument, now: datetime) -> Spared | None:
    """What may have changed between finding somebody and asking him."""
    if person.held:
        return Spared.HELD
    if person.open:
        return Spared.OPEN
    if person.last_asked is not None and now - person.last_asked < timedelta(days=document.quiet_days):
        return Spared.LATELY
    return Spared.WAY if way_to(person, document) is None else None


def way_to(person: Person, document: NpsDocument) -> Way | None:
    ways = {way.channel: way for way in person.ways}
    return next((ways[channel] for channel in document.ask_on if channel in ways), None)


def period_start(document: NpsDocument, nth: int) -> date | None:
    """The local day on which a period begins, the first being 0; None where there is no such period."""
    months = MONTHS.get(document.every)
    if months is None:
        return document.starts if nth == 0 else None
    year, month = divmod(document.starts.month - 1 + nth * months, 12)
    year += document.starts.year
    for day in range(document.starts.day, 0, -1):
        try:
            return date(year, month + 1, day)
        except ValueError:
            continue
    return None


def next_period(document: NpsDocument, now: datetime, calendar: Calendar, begun: str | None) -> date | None:
    """The first period that is not over for asking and comes after the last that `begun`."""
    oldest = calendar.local_date(now) - timedelta(days=document.ask_days - 1)
    for nth in range(_HORIZON_DAYS * 12):
        start = period_start(document, nth)
        if start is None:
            return None
        if start >= oldest and (begun is None or start.isoformat() > begun):
            return start
    return None


def next_start(document: NpsDocument, now: datetime, calendar: Calendar, runs: Sequence[Run]) -> datetime | None:
    """When its next period begins; None for one that is switched off or over."""
    if not document.enabled:
        return None
    day = next_period(document, now, calendar, max((run.period for run in runs), default=None))
    return max(now, begins_at(document, day, calendar)) if day is not None else None


def begins_at(document: NpsDocument, day: date, calendar: Calendar) -> datetime:
    return datetime.combine(day, document.window[0], calendar.zone).astimezone(UTC)


def next_moment(document: NpsDocument, now: datetime, calendar: Calendar) -> datetime | None:
    """`now` where people may be asked now, else when next: within the house's hours and the campaign's own."""
    at = now
    for _ in range(_HORIZON_DAYS):
        try:
            at = calendar.next_open(at)
        except NeverOpen:
            return None
        local = at.astimezone(calendar.zone)
        begin, end = document.window
        if local.time() < begin:
            at = datetime.combine(local.date(), begin, calendar.zone).astimezone(UTC)
        elif local.time() >= end:
            at = datetime.combine(local.date() + timedelta(days=1), begin, calendar.zone).astimezone(UTC)
        if at == calendar.next_open(at) and begin <= at.astimezone(calendar.zone).time() < end:
            return at
    return None


def pace(document: NpsDocument, batch: int) -> timedelta:
    """How long after a batch the next one goes."""
    return timedelta(seconds=60 * batch / document.per_minute)


def counted(spared_so_far: Mapping[str, int], more: Mapping[str, int]) -> dict[str, int]:
    return {why: spared_so_far.get(why, 0) + more.get(why, 0) for why in {*spared_so_far, *more}}
