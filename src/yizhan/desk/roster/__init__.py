"""The roster at work 排班: shifts begin, wind down and end, breaks have a quota and a line, at night duty is called."""

from yizhan.desk.roster.breaks import BreakFull, BreakState, break_state, join_line, leave_line, set_own_state
from yizhan.desk.roster.jobs import register_timers, roster_reader
from yizhan.desk.roster.night import NightWatch, answers_at_night, on_call_for, wakes, wakes_for_all
from yizhan.desk.roster.policy import LONGEST_LOOK_BACK_S, duty_from
from yizhan.desk.roster.rules import ROSTER, RosterBook, RosterDocument, RosterRules, roster_book
from yizhan.desk.roster.service import duty, ensure_not_leaving, force_state
from yizhan.desk.roster.telling import tell
from yizhan.desk.roster.wrapping import begin_wrap_up, extend_wrap_up

__all__ = [
    "LONGEST_LOOK_BACK_S",
    "ROSTER",
    "BreakFull",
    "BreakState",
    "NightWatch",
    "RosterBook",
    "RosterDocument",
    "RosterRules",
    "answers_at_night",
    "begin_wrap_up",
    "break_state",
    "duty",
    "duty_from",
    "ensure_not_leaving",
    "extend_wrap_up",
    "force_state",
    "join_line",
    "leave_line",
    "on_call_for",
    "register_timers",
    "roster_book",
    "roster_reader",
    "set_own_state",
    "tell",
    "wakes",
    "wakes_for_all",
]
