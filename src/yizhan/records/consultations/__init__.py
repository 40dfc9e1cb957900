"""Consultations 会诊: colleagues asked into a ticket, their discussion beside the thread, and a conclusion.

The asker keeps the customer. What is discussed never reaches him: it is no message of the conversation.
"""

from yizhan.records.consultations.model import (
    Consultation,
    ConsultationState,
    Invitation,
    Line,
    MemberState,
    NewConsultation,
)
from yizhan.records.consultations.policy import check_words, ensure_open, ensure_speaks
from yizhan.records.consultations.service import answer, ask, close, invite, say, take_part
from yizhan.records.consultations.store import (
    held_open,
    invited,
    lines_of,
    lock_consultation,
    members_of,
)

__all__ = [
    "Consultation",
    "ConsultationState",
    "Invitation",
    "Line",
    "MemberState",
    "NewConsultation",
    "answer",
    "ask",
    "check_words",
    "close",
    "ensure_open",
    "ensure_speaks",
    "held_open",
    "invite",
    "invited",
    "lines_of",
    "lock_consultation",
    "members_of",
    "say",
    "take_part",
]
