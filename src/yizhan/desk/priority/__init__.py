"""Priority 优先级: rules by condition, campaigns, and what waiting does; judged within triage, raised by timers."""

from yizhan.desk.priority.documents import FIELDS, SHIPPED, PriorityDocument, PriorityRule, Promotion
from yizhan.desk.priority.faults import PRIORITY_RULES, PriorityBook, priority_book
from yizhan.desk.priority.jobs import priority_reader, register_timers
from yizhan.desk.priority.model import Applied, Decision, Failure, Record, Why
from yizhan.desk.priority.policy import PriorityRules, compile_priority, decide, promotion_due
from yizhan.desk.priority.preview import Changed, preview
from yizhan.desk.priority.reranking import Reranking, instants, reranked
from yizhan.desk.priority.service import PROMOTE, Prioritiser, next_promotion, promote
from yizhan.desk.priority.store import Standing, decisions_of, waits

__all__ = [
    "FIELDS",
    "PRIORITY_RULES",
    "PROMOTE",
    "SHIPPED",
    "Applied",
    "Changed",
    "Decision",
    "Failure",
    "Prioritiser",
    "PriorityBook",
    "PriorityDocument",
    "PriorityRule",
    "PriorityRules",
    "Promotion",
    "Record",
    "Reranking",
    "Standing",
    "Why",
    "compile_priority",
    "decide",
    "decisions_of",
    "instants",
    "next_promotion",
    "preview",
    "priority_book",
    "priority_reader",
    "promote",
    "promotion_due",
    "register_timers",
    "reranked",
    "waits",
]
