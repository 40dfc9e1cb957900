"""Triage: what kind of matter it is, how urgent, who could do it; only then is work ready for routing."""

from yizhan.desk.triage.jobs import DeadlineNet, triage_reader
from yizhan.desk.triage.model import Case, Conclusion, TriageRules
from yizhan.desk.triage.policy import DEADLINE, conclude
from yizhan.desk.triage.service import make_overdue_ready, triage

__all__ = [
    "DEADLINE",
    "Case",
    "Conclusion",
    "DeadlineNet",
    "TriageRules",
    "conclude",
    "make_overdue_ready",
    "triage",
    "triage_reader",
]
