"""The kind every capability with working time shares: service levels, rosters, promises, outside deadlines."""

from collections.abc import Iterable
from datetime import timedelta

from yizhan.foundation.calendar import WEEKDAYS, Calendar, CalendarDocument
from yizhan.records.config.advice import Around
from yizhan.records.config.model import DEFAULT, Advice, Kind
from yizhan.records.config.policy import Published

_AHEAD = timedelta(days=60)

SERVICE_HOURS = CalendarDocument(
    name={"zh": "服务时间", "en": "Service hours"},
    tz="Asia/Shanghai",
    weekly={day: ["09:00-21:00"] for day in WEEKDAYS},
)
"""What a new house begins with. A service that rests on public holidays adds its `country`."""


def _check(document: CalendarDocument) -> None:
    """Reads it: what cannot be read is refused where it is saved."""
    _ = document.calendar


def _advise(document: CalendarDocument, around: Around) -> Iterable[Advice]:
    if not document.calendar.open_between(around.now, around.now + _AHEAD):
        told = "no working time in the next 60 days: nothing that counts working time would ever be due"
        yield Advice("weekly", told)


CALENDAR = Kind(
    "calendar", CalendarDocument, _check, title=("日历", "Calendar"), default=SERVICE_HOURS, advise=_advise
)


def house_calendar(published: Published) -> Calendar:
    """Service hours of the whole house."""
    return (published.find(CALENDAR, DEFAULT) or SERVICE_HOURS).calendar
