"""The assistant's reader and its timer. The reader knows only kinds of its own, so most of the journal passes it by."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from yizhan.desk.clocks import BUSY_FOR, LINE_GRACE, LifeSigns
from yizhan.desk.reception import service
from yizhan.desk.reception.service import Desk
from yizhan.foundation.clock import Clock
from yizhan.foundation.db import Database, Tx
from yizhan.foundation.journal import Entry, Reader
from yizhan.foundation.timer import Timer, Timers, set_timer

KINDS = frozenset({"reception.began", "reception.asked", "reception.declined"})


def reception_reader(db: Database, clock: Clock, desk: Desk) -> Reader:
    """The durable reader `reception`; ring its `wake` after the journal moved."""

    async def take(tx: Tx, entries: Sequence[Entry]) -> None:
        now = clock.now()
        messages = [UUID(str(id)) for e in entries for id in e.data.get("messages", ())]
        if messages:
            await service.serve(tx, messages, desk, now)
        declined = {e.subject for e in entries if e.kind == "reception.declined"}
        if declined:
            await service.decline(tx, declined, desk, now)

    return Reader(db, clock, "reception", take, kinds=KINDS)


def register_timers(timers: Timers, desk: Desk, signs: LifeSigns | None = None) -> None:
    """Who types or uploads is not silent; whose line has just dropped may come back."""

    async def silence(tx: Tx, timer: Timer, now: datetime) -> None:
        later = signs.back_by(timer.subject, LINE_GRACE, now) if signs is not None else None
        if signs is not None and signs.may_be_busy(timer.subject, now):
            later = max(later or now, now + BUSY_FOR)
        if later is not None:
            await set_timer(tx, later, service.SILENCE, timer.subject, timer.subject_version, timer.data)
            return
        await service.silence(tx, timer.subject, datetime.fromisoformat(str(timer.data["spoke"])), desk, now)

    timers.register(service.SILENCE, silence)
