"""Service levels 时效: what is promised about a ticket, by which clock, and who is told when it is late.

Policies are released documents of the kind `sla_policy`; targets are rows that keep the policy they were set with.
A reader of the journal begins, pauses and meets them, timers warn and breach.
"""

from yizhan.desk.sla.faults import SLA_POLICY, STANDARD
from yizhan.desk.sla.jobs import register_timers, sla_reader
from yizhan.desk.sla.ledger import Ledger
from yizhan.desk.sla.library import Library, Rulebook, Versions
from yizhan.desk.sla.model import State, Target, TargetKind, TicketState
from yizhan.desk.sla.policy import Terms, strike
from yizhan.desk.sla.service import targets_of
from yizhan.desk.sla.timing import Timepiece
from yizhan.desk.sla.wording import Explained, Words, explain

__all__ = [
    "SLA_POLICY",
    "STANDARD",
    "Explained",
    "Ledger",
    "Library",
    "Rulebook",
    "State",
    "Target",
    "TargetKind",
    "Terms",
    "TicketState",
    "Timepiece",
    "Versions",
    "Words",
    "explain",
    "register_timers",
    "sla_reader",
    "strike",
    "targets_of",
]
