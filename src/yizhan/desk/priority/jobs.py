"""Waiting raises a ticket at its instant."""

from __future__ import annotations

from datetime import datetime

from yizhan.desk.priority import service
from yizhan.desk.priority.faults import PriorityBook
from yizhan.foundation.db import Tx
from yizhan.foundation.timer import Timer, Timers


def register_timers(timers: Timers, book: PriorityBook) -> None:
    async def promote(tx: Tx, timer: Timer, now: datetime) -> None:
        await service.promote(tx, timer.subject, book, now)

    timers.register(service.PROMOTE, promote)
