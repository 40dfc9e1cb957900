"""Which moves exist and what they ask for."""

from __future__ import annotations

from yizhan.foundation.errors import IllegalTransition, Invalid
from yizhan.records.tickets.model import OWN_WORDS, OWN_WORDS_LENGTH, Action, Status, TicketType

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
    """Every move asks for a processing note; an empty one is refused here, whoever sends it."""
    words = text.strip()
    if not words:
        raise Invalid("a processing note is required", "text")
    if len(words) > 4000:
        raise Invalid("a processing note has at most 4,000 characters", "text")
    return words


def check_own_words(kind: TicketType, text: str) -> None:
    """投诉 and 退款 are closed in the agent's own words."""
    if kind in OWN_WORDS and len(text.strip()) < OWN_WORDS_LENGTH:
        raise Invalid(f"a {kind} needs at least {OWN_WORDS_LENGTH} characters in your own words", "text")
