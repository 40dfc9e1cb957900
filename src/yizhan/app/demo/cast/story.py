"""A story of service as it shall go: who writes what when, who answers, how it ends."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from yizhan.app.demo.cast.customers import Customer


class Line(msgspec.Struct, frozen=True):
    """`after` counts from the story's start. `by` is "customer", "agent" or "note" (an internal note)."""

    by: str
    text: str
    after: timedelta
    picture: bool = False
    recalled: bool = False


class Ending(StrEnum):
    SOLVED = "solved"  # 待客户确认
    FOLLOW_UP = "follow_up"  # the conversation is over, the work is not
    CANCELLED = "cancelled"
    LEFT = "left"  # nobody came in time
    OPEN = "open"  # still going on


class Story(msgspec.Struct, frozen=True, kw_only=True):
    """`agent` None: nobody has taken it. `own_words` None lets the proposed 服务小结 stand.

    What is left of it after its ending is done by `done_by`, `done_after` its start; the customer agrees a day later.

    `stars` is the customer's rating after a solved one; without it the ticket waits, or `agreed_after` lets the clock
    agree.
    """

    inbox: str
    customer: Customer
    start: datetime
    kind: str
    lines: tuple[Line, ...]
    priority: int = 2
    agent: str | None = None
    ending: Ending = Ending.OPEN
    own_words: str | None = None
    stars: int | None = None
    solved: bool | None = None
    comment: str = ""
    tags: tuple[str, ...] = ()
    agreed_after: timedelta | None = None
    order_no: str | None = None
    done_by: str | None = None
    done_after: timedelta | None = None

    @property
    def ends_at(self) -> datetime:
        return self.start + self.lines[-1].after + timedelta(seconds=25)
