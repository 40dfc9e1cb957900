"""When we are open: several spans a day, nights, holidays and make-up days 调休, in the time zone of the office.

Every clock that counts working time (SLA, promises, leave-messages, legal deadlines) asks here and nowhere else.
"""

from yizhan.foundation.calendar.calendar import Calendar, NeverOpen
from yizhan.foundation.calendar.country import PublicDays
from yizhan.foundation.calendar.document import WEEKDAYS, CalendarDocument, read_calendar
from yizhan.foundation.calendar.named import PublicRun, countries, public_runs
from yizhan.foundation.calendar.span import Span, always, read_span, write_span
from yizhan.foundation.calendar.when import say_when

__all__ = [
    "WEEKDAYS",
    "Calendar",
    "CalendarDocument",
    "NeverOpen",
    "PublicDays",
    "PublicRun",
    "Span",
    "always",
    "countries",
    "public_runs",
    "read_calendar",
    "read_span",
    "say_when",
    "write_span",
]
