"""Which moves exist and what they ask for."""

from __future__ import annotations

from datetime import datetime, timedelta

from yizhan.foundation.errors import Conflict, IllegalTransition, Invalid
from yizhan.records.tickets.lines import Line
from yizhan.records.tickets.model import OF_CUSTOMER, Action, Status, Wait

_LONGEST_WAIT = timedelta(days=366)

TRANSITIONS: dict[tuple[Status, Action], Status] = {
    (Status.NEW, Action.START): Status.OPEN,
    (Status.NEW, Action.SOLVE): Status.PENDING,
    (Status.NEW, Action.CANCEL): Status.CANCELLED,
    (Status.OPEN, Action.RETURN_TO_QUEUE): Status.NEW,
    (Status.OPEN, Action.SOLVE): Status.PENDING,
    (Status.OPEN, Action.CANCEL): Status.CANCELLED,
    (Status.PENDING, Action.RETURN_TO_QUEUE): Status.OPEN,
    (Status.PENDING, Action.START): Status.OPEN,
    (Status.PENDING, Action.CONFIRM): Status.DONE,
    (Status.PENDING, Action.CANCEL): Status.CANCELLED,
    (Status.DONE, Action.REOPEN): Status.OPEN,
    (Status.CANCELLED, Action.REOPEN): Status.OPEN,
}

FINAL = frozenset({Status.DONE, Status.CANCELLED})


def next_status(status: Status, action: Action) -> Status:
    try:
        return TRANSITIONS[status, action]
    except KeyError:
        raise IllegalTransition(status, action) from None


def check_note(text: str) -> str:
    """Every move asks for a processing note; an empty one is refused here, whoever sends it. A line stays a line."""
    words = text if isinstance(text, Line) else text.strip()
    if not words:
        raise Invalid("a processing note is required", "text")
    if len(words) > 4000:
        raise Invalid("a processing note has at most 4,000 characters", "text")
    return words


def check_wait(status: Status, wait: Wait, now: datetime) -> None:
    """挂起 without a next step is how tickets are forgotten: only a customer's own turn needs no time."""
    if status in FINAL or status is Status.PENDING:
        raise Conflict("only a ticket in hand can wait for something")
    if wait.next_follow_up is None:
        if wait.reason not in OF_CUSTOMER:
            raise Invalid("say when it is followed up", "next_follow_up")
    elif not now < wait.next_follow_up <= now + _LONGEST_WAIT:
        raise Invalid("the next follow-up lies ahead, within a year", "next_follow_up")
