"""The kind every capability with working time shares: service levels, rosters, promises, outside deadlines."""

from yizhan.foundation.calendar import WEEKDAYS, Calendar, CalendarDocument
from yizhan.records.config.model import DEFAULT, Kind
from yizhan.records.config.policy import Published

SERVICE_HOURS = CalendarDocument(
    name={"zh": "服务时间", "en": "Service hours"},
    tz="Asia/Shanghai",
    weekly={day: ["09:00-21:00"] for day in WEEKDAYS},
)
"""What a new house begins with. A service that rests on public holidays adds its `country`."""


def _check(document: CalendarDocument) -> None:
    """Reads it: what cannot be read is refused where it is saved."""
    _ = document.calendar


CALENDAR = Kind("calendar", CalendarDocument, _check, title=("日历", "Calendar"), default=SERVICE_HOURS)


def house_calendar(published: Published) -> Calendar:
    """Service hours of the whole house."""
    return (published.find(CALENDAR, DEFAULT) or SERVICE_HOURS).calendar
