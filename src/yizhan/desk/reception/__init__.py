"""Reception 机器人接待: a first line that answers what it was taught, names its source, and hands on in doubt.

It says that it is an assistant, makes nothing up, and whoever asks for a person reaches one.
"""

from yizhan.desk.reception.coverage import Gap, gaps, read_csv
from yizhan.desk.reception.documents import (
    RECEPTION,
    SHIPPED,
    Entry,
    ReceptionBook,
    ReceptionDocument,
    ReceptionRules,
    compile_reception,
    reception_book,
)
from yizhan.desk.reception.gate import Gate
from yizhan.desk.reception.jobs import reception_reader, register_timers
from yizhan.desk.reception.model import Attendance, Attended, Begins, Heard, Outcome, Step, Turn, Why
from yizhan.desk.reception.policy import look_up, receives, step
from yizhan.desk.reception.service import (
    Desk,
    ask_first,
    ask_for_person,
    end_by_customer,
    leave_to_people,
    leave_words,
    open_desk,
    serve,
)
from yizhan.desk.reception.store import received, tally, turns, unanswered

__all__ = [
    "RECEPTION",
    "SHIPPED",
    "Attendance",
    "Attended",
    "Begins",
    "Desk",
    "Entry",
    "Gap",
    "Gate",
    "Heard",
    "Outcome",
    "ReceptionBook",
    "ReceptionDocument",
    "ReceptionRules",
    "Step",
    "Turn",
    "Why",
    "ask_first",
    "ask_for_person",
    "compile_reception",
    "end_by_customer",
    "gaps",
    "leave_to_people",
    "leave_words",
    "look_up",
    "open_desk",
    "read_csv",
    "received",
    "receives",
    "reception_book",
    "reception_reader",
    "register_timers",
    "serve",
    "step",
    "tally",
    "turns",
    "unanswered",
]
