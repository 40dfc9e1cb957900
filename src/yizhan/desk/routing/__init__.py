"""Routing 智能分配: who gets what, why, and what that weighs; nobody waits beside a free and able agent."""

from yizhan.desk.routing.board import Board
from yizhan.desk.routing.model import (
    Action,
    Decision,
    Excluded,
    Explanation,
    Gift,
    Judged,
    LoadKind,
    Reason,
    Refused,
    Retired,
    Seat,
    Seated,
    Settled,
    Waiting,
    Work,
    WorkKind,
)
from yizhan.desk.routing.router import Router
from yizhan.desk.routing.service import give, reconcile, release, requeue, settle

__all__ = [
    "Action",
    "Board",
    "Decision",
    "Excluded",
    "Explanation",
    "Gift",
    "Judged",
    "LoadKind",
    "Reason",
    "Refused",
    "Retired",
    "Router",
    "Seat",
    "Seated",
    "Settled",
    "Waiting",
    "Work",
    "WorkKind",
    "give",
    "reconcile",
    "release",
    "requeue",
    "settle",
]
