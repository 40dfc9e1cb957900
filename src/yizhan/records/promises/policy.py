"""What may be promised, and what becomes of it. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from yizhan.foundation.errors import Conflict, Invalid
from yizhan.records.promises.model import NewPromise, Promise, PromiseState

LONGEST = timedelta(days=92)
_LONGEST_TEXT = 500


def check_new(new: NewPromise, now: datetime) -> None:
    if not new.text.strip() or len(new.text) > _LONGEST_TEXT:
        raise Invalid(f"say in 1 to {_LONGEST_TEXT} characters what is promised", "text")
    if new.due <= now:
        raise Invalid("a promise is about a time to come", "due")
    if new.due > now + LONGEST:
        raise Invalid(f"a promise is kept within {LONGEST.days} days", "due")


def settled_as(promise: Promise, at: datetime) -> PromiseState:
    """Whoever does late what he promised has not kept it."""
    return PromiseState.KEPT if at <= promise.due else PromiseState.LATE


def ensure_owed(promise: Promise) -> None:
    if not promise.owed:
        raise Conflict("this promise is settled already")
