"""The timers of measures: their end, and the notice to those who came to the queue meanwhile."""

from __future__ import annotations

from datetime import datetime

from yizhan.desk.supervision import service
from yizhan.desk.supervision.model import Ending
from yizhan.foundation.db import Tx
from yizhan.foundation.timer import Timer, Timers


def register_timers(timers: Timers) -> None:
    async def over(tx: Tx, timer: Timer, now: datetime) -> None:
        await service.end(tx, timer.subject, why=Ending.TIME, actor=f"timer:{service.OVER}", now=now)

    async def tell(tx: Tx, timer: Timer, now: datetime) -> None:
        await service.tell_queue(tx, timer.subject, now)

    timers.register(service.OVER, over)
    timers.register(service.TELL, tell)
