"""Macros 快捷操作: several steps on a ticket as one, all of them or none.

Each is a document of the kind `macro`. What it will do is a plan, shown before it is done; the steps themselves are the
verbs of the desk, joined by whoever carries the plan out.
"""

from yizhan.desk.macros.documents import MACRO, MacroBook
from yizhan.desk.macros.model import Macro, MacroDeed, MacroStep, Situation, StepRefused
from yizhan.desk.macros.policy import mark_of, plan
from yizhan.desk.macros.service import tell_applied

__all__ = [
    "MACRO",
    "Macro",
    "MacroBook",
    "MacroDeed",
    "MacroStep",
    "Situation",
    "StepRefused",
    "mark_of",
    "plan",
    "tell_applied",
]
