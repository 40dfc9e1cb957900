"""When a customer's words chase a ticket, and what each chase does."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from enum import StrEnum

QUIET = timedelta(minutes=10)
"""A customer who asks three times in a breath has chased once."""
SETTLING = timedelta(minutes=2)
"""Nobody chases what he has only just said."""

_LONGEST = 30
_CHASES = re.compile(
    r"催单|催一下|催一催|催催|催促|怎么还没|还没(处理|回复|解决|消息)|有(没有)?进展|处理得?怎么样了|到底什么时候"
    r"|any (update|news|progress)|still waiting|hurry up|chas(e|ing) (this|up)",
    re.IGNORECASE,
)
_ONLY_MARKS = re.compile(r"[?？!！\s]*[?？][?？!！\s]*[?？][?？!！\s]*")


class Step(StrEnum):
    TELL = "tell"  # the handler
    RAISE = "raise"  # the priority
    LEAD = "lead"  # the 组长


def is_chase(text: str) -> bool:
    """Short words that ask for nothing but haste, or nothing but question marks, two or more."""
    words = text.strip()
    return len(words) <= _LONGEST and bool(_CHASES.search(words) or _ONLY_MARKS.fullmatch(words))


def counts(now: datetime, created: datetime, chased: datetime | None) -> bool:
    """Whether a customer's words of now count as one more chase."""
    return now - created >= SETTLING and (chased is None or now - chased >= QUIET)


def step_of(count: int) -> Step:
    """The 1st tells the handler, the 2nd raises the priority, every later one reaches the 组长."""
    if count <= 1:
        return Step.TELL
    return Step.RAISE if count == 2 else Step.LEAD
