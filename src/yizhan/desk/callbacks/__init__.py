"""Follow-up calls 回访: some days after a matter of certain types is done, somebody asks how it went."""

from yizhan.desk.callbacks.jobs import DUE, callback_reader, register_timers
from yizhan.desk.callbacks.rules import CALLBACK, CALLBACKS, CallbackBook, CallbackDocument, CallbackRule

__all__ = [
    "CALLBACK",
    "CALLBACKS",
    "DUE",
    "CallbackBook",
    "CallbackDocument",
    "CallbackRule",
    "callback_reader",
    "register_timers",
]
