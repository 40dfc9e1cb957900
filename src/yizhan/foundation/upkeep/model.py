"""A task of the day and its outcome."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

import msgspec

from yizhan.foundation.db import Tx

Step = Callable[[Tx, datetime], Awaitable[int]]
"""One set-based, bounded piece of a task in a transaction of its own; how many rows it took away, made or counted."""


class Task(msgspec.Struct, frozen=True):
    """`until_none` is for what forgets: its step is repeated until it finds nothing more."""

    name: str
    step: Step
    until_none: bool = False


class Outcome(msgspec.Struct, frozen=True):
    task: str
    ran_at: datetime
    seconds: float
    rows: int
    error: str | None
