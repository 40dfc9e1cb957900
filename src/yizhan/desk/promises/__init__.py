"""Promises 承诺 at the desk: recognised in an agent's words, reminded of, kept by an answer or late.

Who is to know is told by the event `notice.raised` (`promise.soon`, `promise.due`, `promise.late`).
"""

from yizhan.desk.promises.jobs import promise_reader, register_timers
from yizhan.desk.promises.model import PromiseRules, Recognised
from yizhan.desk.promises.rules import PROMISES, PromiseBook, promise_book
from yizhan.desk.promises.service import Given, give
from yizhan.desk.promises.words import recognise

__all__ = [
    "PROMISES",
    "Given",
    "PromiseBook",
    "PromiseRules",
    "Recognised",
    "give",
    "promise_book",
    "promise_reader",
    "recognise",
    "register_timers",
]
