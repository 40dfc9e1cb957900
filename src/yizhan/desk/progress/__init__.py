"""Progress 进度通知 and 查进度: the customer is told where his ticket is, and may look himself.

Nothing is said where a house has not asked for it, in a chat that goes on, or on a channel with a quota of messages.
"""

from yizhan.desk.progress.jobs import progress_reader, register_timers
from yizhan.desk.progress.model import Progress, Reached, Step
from yizhan.desk.progress.rules import PROGRESS, ProgressBook, ProgressDocument, progress_book
from yizhan.desk.progress.service import TELL
from yizhan.desk.progress.store import owned_by, progress_of, progress_of_visitor

__all__ = [
    "PROGRESS",
    "TELL",
    "Progress",
    "ProgressBook",
    "ProgressDocument",
    "Reached",
    "Step",
    "owned_by",
    "progress_book",
    "progress_of",
    "progress_of_visitor",
    "progress_reader",
    "register_timers",
]
