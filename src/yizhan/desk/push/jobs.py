"""Pushes at work: an answer sets a timer, the timer asks for jobs, one a device, and a job rings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from yizhan.desk.push import service, store
from yizhan.desk.push.model import Fate, Pusher, PushFailed
from yizhan.desk.push.service import PUSH
from yizhan.foundation.clock import Clock
from yizhan.foundation.crypto import Vault
from yizhan.foundation.db import Database, Tx
from yizhan.foundation.jobs import Handler, Job
from yizhan.foundation.journal import Entry, Reader
from yizhan.foundation.log import get_logger
from yizhan.foundation.timer import NewTimer, Timer, Timers, drop_timers, set_timers

log = get_logger(__name__)

STRIKE = "push.strike"
KINDS = frozenset({"message.sent"})

__all__ = ["PUSH", "push_reader", "register_timers", "ringing"]


def push_reader(db: Database, clock: Clock) -> Reader:
    """The durable reader `push`: what people answer to visitors with a device."""

    async def take(tx: Tx, entries: Sequence[Entry]) -> None:
        spoken = {e.conversation_id: e.at for e in entries if e.conversation_id and e.actor.startswith("agent:")}
        waits = await store.waits(tx, spoken)
        await drop_timers(tx, list(waits), STRIKE)
        await set_timers(tx, [NewTimer(spoken[c] + timedelta(seconds=s), STRIKE, c, 0, {}) for c, s in waits.items()])

    return Reader(db, clock, "push", take, kinds=KINDS)


def register_timers(timers: Timers) -> None:
    async def strike(tx: Tx, timer: Timer, now: datetime) -> None:
        await service.strike(tx, timer.subject, now)

    timers.register(STRIKE, strike)


def ringing(db: Database, vault: Vault, clock: Clock, pusher: Pusher) -> Handler:
    """The job: asks what there is to ring for, rings outside of any transaction, forgets the device that is gone."""

    async def run(job: Job) -> None:
        device, conversation, message = (UUID(str(job.payload[key])) for key in ("device", "conversation", "message"))
        async with db.read() as tx:
            errand = await service.errand(tx, vault, device, conversation, message, clock.now())
        if errand is None:
            return
        try:
            fate = await pusher.push(errand.device.provider, errand.account, errand.ring)
        except PushFailed as failure:
            log.warning("push.failed", provider=errand.device.provider, error=failure.message, again=failure.again)
            if failure.again:
                raise
            return
        if fate is Fate.GONE:
            async with db.transaction() as tx:
                await service.gone(tx, device)

    return run
