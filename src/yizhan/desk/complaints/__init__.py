"""Complaints 投诉 at work: grading by rules, the ladder, compensation limits, outside cases, packages of evidence.

Rules are the released document of the kind `complaints`. What automatic recognition begins, people go on with.
"""

from yizhan.desk.complaints import evidence, outside, paying
from yizhan.desk.complaints.documents import FIELDS, ComplaintRules
from yizhan.desk.complaints.jobs import complaint_reader, register_timers
from yizhan.desk.complaints.kind import COMPLAINTS, SHIPPED
from yizhan.desk.complaints.policy import Judgement, Rulebook, RuleHolder
from yizhan.desk.complaints.service import (
    Assign,
    begin,
    close,
    consider,
    contacted,
    escalate,
    lock,
    regrade,
)
from yizhan.desk.complaints.store import first_contact, names_of, open_page, role_of

__all__ = [
    "COMPLAINTS",
    "FIELDS",
    "SHIPPED",
    "Assign",
    "ComplaintRules",
    "Judgement",
    "RuleHolder",
    "Rulebook",
    "begin",
    "close",
    "complaint_reader",
    "consider",
    "contacted",
    "escalate",
    "evidence",
    "first_contact",
    "lock",
    "names_of",
    "open_page",
    "outside",
    "paying",
    "register_timers",
    "regrade",
    "role_of",
]
