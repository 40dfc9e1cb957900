"""Service levels 时效: what is promised about a ticket, by which clock, and who is told when it is late.

Policies are released documents of the kind `sla_policy`; targets are rows that keep the policy they were set with.
A reader of the journal begins, pauses and meets them, timers warn and breach.
"""

from yizhan.desk.sla.faults import SLA_POLICY, STANDARD
from yizhan.desk.sla.jobs import register_timers, sla_reader
from yizhan.desk.sla.library import Library, Versions
from yizhan.desk.sla.model import State, Target, TargetKind
from yizhan.desk.sla.service import targets_of
from yizhan.desk.sla.wording import Explained, Words, explain

__all__ = [
    "SLA_POLICY",
    "STANDARD",
    "Explained",
    "Library",
    "State",
    "Target",
    "TargetKind",
    "Versions",
    "Words",
    "explain",
    "register_timers",
    "sla_reader",
    "targets_of",
]
