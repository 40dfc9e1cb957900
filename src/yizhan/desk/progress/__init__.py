"""Progress 进度通知 and 查进度: the customer is told where his ticket is, and may look himself.

Every step at most once, on the channels where an answer costs nothing. Nothing is said in a chat that goes on, of what
was solved in one, right after somebody of us wrote himself, or on a channel with a quota of messages.
"""

from yizhan.desk.progress.jobs import progress_reader, register_timers
from yizhan.desk.progress.model import Progress, Reached, Step
from yizhan.desk.progress.rules import PROGRESS, ProgressBook, ProgressDocument, progress_book
from yizhan.desk.progress.service import TELL
from yizhan.desk.progress.store import owned_by, progress_of, progress_of_visitor, ticket_called

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
    "ticket_called",
]
