"""Conversations 会话: bounded spells of service, and the messages in them."""

from yizhan.records.conversations.model import (
    Conversation,
    Draft,
    EndReason,
    Phase,
    Rating,
    Solved,
    Stored,
    Summary,
)
from yizhan.records.conversations.policy import RECALL_WINDOW
from yizhan.records.conversations.queueing import (
    Handing,
    fall_asleep,
    hand_to,
    mark_triaged,
    requeue,
    tell_overdue,
    tell_positions,
    wake_up,
)
from yizhan.records.conversations.service import (
    attach_to_ticket,
    end_conversation,
    leave_message,
    mark_read,
    rate_conversation,
    recall_message,
    report_delivery,
    say,
    separate,
    split_messages,
)
from yizhan.records.conversations.store import lock_conversation, lock_many, lock_of_ticket

__all__ = [
    "RECALL_WINDOW",
    "Conversation",
    "Draft",
    "EndReason",
    "Handing",
    "Phase",
    "Rating",
    "Solved",
    "Stored",
    "Summary",
    "attach_to_ticket",
    "end_conversation",
    "fall_asleep",
    "hand_to",
    "leave_message",
    "lock_conversation",
    "lock_many",
    "lock_of_ticket",
    "mark_read",
    "mark_triaged",
    "rate_conversation",
    "recall_message",
    "report_delivery",
    "requeue",
    "say",
    "separate",
    "split_messages",
    "tell_overdue",
    "tell_positions",
    "wake_up",
]
