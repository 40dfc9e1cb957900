"""Clocks 时钟: what happens by itself when a customer falls silent, leaves, or lets an answer stand.

Who holds a visitor's line tells the clocks:

- `left_queue(tx, conversation_id, now=…, book=…)` when his last connection is gone (a moment later: a reload is no
  leaving),
- `came_back(tx, conversation_id)` when one opens again,
- `signs.here(conversation_id)` at any frame, ping or poll of his, `signs.here(conversation_id, busy=True)` when he
  types or a file of his is on its way, `signs.dropped(conversation_id)` when his last line closes, at once and
  whoever serves him (`signs` is the process's `LifeSigns`, `book` the rules in force).

He is never taken for gone nor seen off within the grace, never for silent while he types or uploads.
"""

from yizhan.desk.clocks.jobs import clock_reader, register_timers, set_clocks
from yizhan.desk.clocks.model import ClockRules
from yizhan.desk.clocks.rules import CLOCKS, ClockBook, ClockDocument, clock_book
from yizhan.desk.clocks.service import abandon, came_back, left_queue
from yizhan.desk.clocks.signs import BUSY_FOR, LINE_GRACE, LifeSigns

__all__ = [
    "BUSY_FOR",
    "CLOCKS",
    "LINE_GRACE",
    "ClockBook",
    "ClockDocument",
    "ClockRules",
    "LifeSigns",
    "abandon",
    "came_back",
    "clock_book",
    "clock_reader",
    "left_queue",
    "register_timers",
    "set_clocks",
]
