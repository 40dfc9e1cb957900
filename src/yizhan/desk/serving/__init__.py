"""Serving: what an agent does to a conversation and its ticket, each verb one step of the customer's story."""

from yizhan.desk.serving.cards import OrderCard, order_card
from yizhan.desk.serving.joining import join, merge, separate, split, unjoin
from yizhan.desk.serving.meanwhile import AnsweredMeanwhile, MovedMeanwhile, Standpoint, ensure_nothing_happened
from yizhan.desk.serving.parting import part, parting_reader
from yizhan.desk.serving.quoting import as_mail, excerpt, in_words
from yizhan.desk.serving.reaching import FirstReach, reaches, write_first
from yizhan.desk.serving.service import (
    Gate,
    KeptSilent,
    UnderHold,
    end,
    end_by_customer,
    move,
    proposed_summary,
    read,
    recall,
    recalled_by_customer,
    reply,
)

__all__ = [
    "AnsweredMeanwhile",
    "FirstReach",
    "Gate",
    "KeptSilent",
    "MovedMeanwhile",
    "OrderCard",
    "Standpoint",
    "UnderHold",
    "as_mail",
    "end",
    "end_by_customer",
    "ensure_nothing_happened",
    "excerpt",
    "in_words",
    "join",
    "merge",
    "move",
    "order_card",
    "part",
    "parting_reader",
    "proposed_summary",
    "reaches",
    "read",
    "recall",
    "recalled_by_customer",
    "reply",
    "separate",
    "split",
    "unjoin",
    "write_first",
]
