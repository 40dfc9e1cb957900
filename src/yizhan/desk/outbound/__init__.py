"""Outbound: replies leave in order, once, and every failure is told to the agent who wrote them.

A channel offers a `Sender`; this folder decides when it is called and what its answer means.
"""

from yizhan.desk.outbound.forwarding import MAIL_AFTER_S, forwarding_reader, register_timers
from yizhan.desk.outbound.jobs import Dispatcher, SocketDelivery
from yizhan.desk.outbound.model import (
    ErrorClass,
    Letter,
    LetterFile,
    Limited,
    Mark,
    Receipt,
    Sender,
    SendFailed,
)
from yizhan.desk.outbound.policy import Allowance, Limit
from yizhan.desk.outbound.service import note_bounce, note_complaint, note_failure, note_report, note_vendor, retry
from yizhan.desk.outbound.suppression import NOTICES, allow, allow_identity, suppress, unsubscribe

__all__ = [
    "MAIL_AFTER_S",
    "NOTICES",
    "Allowance",
    "Dispatcher",
    "ErrorClass",
    "Letter",
    "LetterFile",
    "Limit",
    "Limited",
    "Mark",
    "Receipt",
    "SendFailed",
    "Sender",
    "SocketDelivery",
    "allow",
    "allow_identity",
    "forwarding_reader",
    "note_bounce",
    "note_complaint",
    "note_failure",
    "note_report",
    "note_vendor",
    "register_timers",
    "retry",
    "suppress",
    "unsubscribe",
]
