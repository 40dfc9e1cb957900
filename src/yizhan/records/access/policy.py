"""How long a door stays shut and how long one stays inside. Pure."""

from datetime import datetime, timedelta

from yizhan.records.access.model import SessionTerms

FAILURES_TO_LOCK = 5
FIRST_LOCK = timedelta(minutes=15)
LONGEST_LOCK = timedelta(hours=24)
FORGET_ATTEMPTS_AFTER = timedelta(days=7)
KEEP_OUTLIVED = timedelta(days=30)
"""A device may lie in a drawer: whoever comes back finds what he wrote there."""
SEEN_STEP = timedelta(minutes=1)
"""A request within this of the last one does not write that it was seen."""


def lock_after(failures: int) -> timedelta | None:
    """Every fifth failure in a row shuts the door, each time twice as long as before."""
    rounds, rest = divmod(failures, FAILURES_TO_LOCK)
    if rest or not rounds:
        return None
    return min(FIRST_LOCK * (1 << min(rounds - 1, 16)), LONGEST_LOCK)


def session_alive(now: datetime, seen_at: datetime, expires_at: datetime, terms: SessionTerms) -> bool:
    return now < expires_at and now - seen_at < terms.idle
