"""When we are open: several spans a day, nights, holidays and make-up days 调休, in the time zone of the office.

Every clock that counts working time (SLA, promises, leave-messages, legal deadlines) asks here and nowhere else.
"""

from yizhan.foundation.calendar.calendar import Calendar, NeverOpen
from yizhan.foundation.calendar.china import CHINA_HOLIDAYS, CHINA_MAKE_UP_DAYS
from yizhan.foundation.calendar.document import WEEKDAYS, read_calendar
from yizhan.foundation.calendar.span import Span, always, read_span
from yizhan.foundation.calendar.when import say_when

__all__ = [
    "CHINA_HOLIDAYS",
    "CHINA_MAKE_UP_DAYS",
    "WEEKDAYS",
    "Calendar",
    "NeverOpen",
    "Span",
    "always",
    "read_calendar",
    "read_span",
    "say_when",
]
