"""Tickets 工单: the work item that spans conversations and channels, and the note every move of it leaves."""

from yizhan.records.tickets.batches import hand_over_many, mark_triaged, reclassify
from yizhan.records.tickets.model import (
    Action,
    By,
    HandOver,
    Note,
    Status,
    Ticket,
    TicketChange,
    TicketType,
    Verdict,
)
from yizhan.records.tickets.policy import FINAL, TRANSITIONS, check_note, check_own_words, next_status
from yizhan.records.tickets.service import change_ticket, create_ticket, hand_over, merge_ticket, move_ticket
from yizhan.records.tickets.store import add_note, clear_unread, lock_many, lock_ticket, lock_two, replied, typed_notes

__all__ = [
    "FINAL",
    "TRANSITIONS",
    "Action",
    "By",
    "HandOver",
    "Note",
    "Status",
    "Ticket",
    "TicketChange",
    "TicketType",
    "Verdict",
    "add_note",
    "change_ticket",
    "check_note",
    "check_own_words",
    "clear_unread",
    "create_ticket",
    "hand_over",
    "hand_over_many",
    "lock_many",
    "lock_ticket",
    "lock_two",
    "mark_triaged",
    "merge_ticket",
    "move_ticket",
    "next_status",
    "reclassify",
    "replied",
    "typed_notes",
]
