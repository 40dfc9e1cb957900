"""Triage: what kind of matter it is, how urgent, who could do it; only then is work ready for routing.

The rules are released documents of the kind `triage`, a condition and what follows from it each. What customers write
later is judged too: it may name a matter that was a guess, and make any matter more urgent.
"""

from yizhan.desk.triage.book import TRIAGE, TriageBook, triage_book
from yizhan.desk.triage.jobs import DeadlineNet, triage_reader
from yizhan.desk.triage.model import Case, Conclusion, Facts, Gate, Judge, Judged
from yizhan.desk.triage.policy import DEADLINE, conclude, revise
from yizhan.desk.triage.rules import FIELDS, TriageDocument, TriageRule, TriageRules
from yizhan.desk.triage.rules import condition_of as triage_condition
from yizhan.desk.triage.service import judge_again, make_overdue_ready, triage
from yizhan.desk.triage.shipped import SHIPPED

__all__ = [
    "DEADLINE",
    "FIELDS",
    "SHIPPED",
    "TRIAGE",
    "Case",
    "Conclusion",
    "DeadlineNet",
    "Facts",
    "Gate",
    "Judge",
    "Judged",
    "TriageBook",
    "TriageDocument",
    "TriageRule",
    "TriageRules",
    "conclude",
    "judge_again",
    "make_overdue_ready",
    "revise",
    "triage",
    "triage_book",
    "triage_condition",
    "triage_reader",
]
