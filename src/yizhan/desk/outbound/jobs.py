"""The loops that send: one an inbox under its lease, and one for the channel that has no vendor."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from yizhan.desk.outbound import service
from yizhan.desk.outbound.model import ErrorClass, Letter, Limited, Receipt, Sender, SendFailed
from yizhan.desk.outbound.policy import Allowance
from yizhan.foundation.clock import Clock
from yizhan.foundation.crypto import Vault
from yizhan.foundation.db import DATABASE_TROUBLE, Database, Tx
from yizhan.foundation.errors import DomainError
from yizhan.foundation.journal import Wake
from yizhan.foundation.lease import Lease, LeaseLost
from yizhan.foundation.log import get_logger
from yizhan.records import conversations, outbox
from yizhan.records.outbox import Outgoing

log = get_logger(__name__)

_NET_SECONDS = 5.0
_LANES = 4
_GRACE_SECONDS = 8.0
_AGAIN_SECONDS = 1.0
# A refusal of the account itself: the other replies would only be refused too, and perhaps lock it.
_SHUT_FOR = {ErrorClass.THROTTLE: timedelta(minutes=1), ErrorClass.AUTH: timedelta(minutes=5)}
_TOLD_AFTER = timedelta(minutes=2)  # a shorter wait for room is nobody's concern


class Dispatcher:
    """Sends what waits in one inbox: conversations beside each other, messages of one conversation in order.

    `sending` is committed before the vendor is called and the result after. A call that nobody finished is found at
    the next term: it is repeated only if the vendor recognises a repetition, else it is unknown.
    """

    def __init__(
        self, db: Database, clock: Clock, vault: Vault, inbox_id: UUID, sender: Sender, lease: Lease,
        *, lanes: int = _LANES,
    ) -> None:  # fmt: skip
        self.wake = Wake()
        self._db = db
        self._clock = clock
        self._vault = vault
        self._inbox_id = inbox_id
        self._sender = sender
        self._lease = lease
        self._most = lanes
        self._lanes: dict[UUID, asyncio.Task[None]] = {}
        self._busy: set[UUID] = set()
        self._settled_term = 0
        self._is_let_in: bool | None = None
        self._limits = sender.limits if isinstance(sender, Limited) else ()
        self._allowance = Allowance(self._limits)

    async def run(self) -> None:
        """Until cancelled; then calls on the line may end, so that their result is known."""
        async with self._lease:
            try:
                while True:
                    await self._lease.acquired()
                    await self.wake.wait(await self._safe_turn())
            finally:
                await self.drain(_GRACE_SECONDS)
                await self._sender.close()

    async def _safe_turn(self) -> float:
        try:
            return await self.turn()
        except LeaseLost:
            log.warning("outbound.lease_lost", inbox=str(self._inbox_id))
        except DATABASE_TROUBLE as error:
            log.error("outbound.turn_failed", inbox=str(self._inbox_id), error=repr(error))
        return _AGAIN_SECONDS

    async def turn(self) -> float:
        """Starts what is due and has room; returns how long nothing else will be, in seconds."""
        if self._lease.term != self._settled_term:
            await self._settle()
        now = self._clock.now()
        async with self._db.read() as tx:
            heads = await outbox.due(tx, self._inbox_id, now, self._most - len(self._lanes), self._lanes)
            upcoming = await outbox.next_due(tx, self._inbox_id, now)
        waits = await self._paced(heads, now)
        if upcoming is not None:
            waits = min(waits, upcoming - now)
        return min(_NET_SECONDS, max(0.01, waits.total_seconds()))

    async def _paced(self, heads: Sequence[Outgoing], now: datetime) -> timedelta:
        """Begins with as many as the account has room for; returns when there is room for the rest."""
        room = self._allowance.room(now)
        going = heads if room is None else heads[:room]
        for head in going:
            self._allowance.take(now)
            self._lanes[head.conversation_id] = asyncio.create_task(self._lane(head))
        left = heads[len(going) :]
        if not left:
            return timedelta(seconds=_NET_SECONDS)
        free = self._allowance.free_at(now)
        if free - now > _TOLD_AFTER:
            cause = ErrorClass(self._allowance.shut_for(now) or ErrorClass.QUOTA_EXHAUSTED)
            async with self._db.transaction() as tx:
                await self._lease.check(tx)
                for head in left:
                    await service.hold(tx, head, cause, free, now)
        return free - now

    @property
    def on_the_line(self) -> int:
        """How many messages are being sent just now."""
        return len(self._lanes)

    async def drain(self, seconds: float | None = None) -> None:
        """Waits for the calls on the line; those that take longer are given up and found ambiguous later."""
        if not self._lanes:
            return
        _, late = await asyncio.wait(self._lanes.values(), timeout=seconds)
        for task in late:
            task.cancel()

    async def _settle(self) -> None:
        term, now = self._lease.term, self._clock.now()
        async with self._db.transaction() as tx:
            await self._lease.check(tx)
            for row in await outbox.interrupted(tx, self._inbox_id, self._busy):
                again = timedelta(0) if self._sender.idempotent else None
                lost = SendFailed(
                    ErrorClass.UNKNOWN, "interrupted while it was sent", retry_after=again, ambiguous=again is None
                )
                await service.record(tx, row.message_id, row.started_at or now, lost, now)
                log.warning("outbound.interrupted", message=str(row.message_id), again=again is not None)
            since = now - self._allowance.span
            sent = await outbox.started_since(tx, self._inbox_id, since) if self._limits else []
        self._allowance = Allowance(self._limits, sent)
        self._settled_term = term

    async def _lane(self, head: Outgoing) -> None:
        self._busy.add(head.message_id)
        try:
            await self._send(head)
        except LeaseLost:
            log.warning("outbound.lease_lost", inbox=str(self._inbox_id))
        except DATABASE_TROUBLE as error:
            log.error("outbound.send_failed", message=str(head.message_id), error=repr(error))
            await asyncio.sleep(_AGAIN_SECONDS)
        finally:
            self._busy.discard(head.message_id)
            del self._lanes[head.conversation_id]
            self.wake.ring()

    async def _send(self, head: Outgoing) -> None:
        started = self._clock.now()
        letter = await self._begin(head, started)
        if letter is None:
            return
        outcome: Receipt | SendFailed
        try:
            outcome = await self._sender.send(letter)
        except SendFailed as failure:
            outcome = failure
        except Exception as error:  # a fault of ours in mid-call says nothing about what the vendor did
            log.error("outbound.sender_broke", message=str(head.message_id), error=repr(error))
            outcome = SendFailed(ErrorClass.UNKNOWN, type(error).__name__, ambiguous=True)
        if isinstance(outcome, SendFailed) and outcome.error_class in _SHUT_FOR:
            self._allowance.shut(self._clock.now() + _SHUT_FOR[outcome.error_class], outcome.error_class)
        await self._record(head.message_id, started, outcome)

    async def _begin(self, head: Outgoing, started: datetime) -> Letter | None:
        try:
            async with self._db.transaction() as tx:
                await self._lease.check(tx)
                return await service.begin(tx, self._vault, head, self._sender, started)
        except LeaseLost:
            raise
        except (DomainError, ValueError) as why:
            log.error("outbound.no_letter", message=str(head.message_id), error=repr(why))
            async with self._db.transaction() as tx:
                await self._lease.check(tx)
                await service.refuse(tx, head, why, started)
        return None

    async def _record(self, message_id: UUID, started: datetime, outcome: Receipt | SendFailed) -> None:
        """Without a lease check: whoever called the vendor knows best what it said. Waits for a database away."""
        while True:
            try:
                async with self._db.transaction() as tx:
                    await service.record(tx, message_id, started, outcome, self._clock.now())
                    await self._tell(tx, outcome)
                return
            except DATABASE_TROUBLE as error:
                log.error("outbound.not_recorded", message=str(message_id), error=repr(error))
                await asyncio.sleep(_AGAIN_SECONDS)

    async def _tell(self, tx: Tx, outcome: Receipt | SendFailed) -> None:
        """Whether the vendor lets the account itself in; what it thinks of one message is not asked here."""
        cause = outcome.error_class if isinstance(outcome, SendFailed) else None
        if cause is None or cause is ErrorClass.AUTH:
            is_let_in = cause is None
            if self._is_let_in is not is_let_in:
                await service.tell_account(tx, self._inbox_id, is_let_in=is_let_in, now=self._clock.now())
                self._is_let_in = is_let_in


class SocketDelivery:
    """Web chat has no vendor: its sockets read the journal, so a stored message is a sent one."""

    def __init__(self, db: Database, clock: Clock, channel: str, *, batch: int = 500) -> None:
        self.wake = Wake()
        self._db = db
        self._clock = clock
        self._channel = channel
        self._batch = batch

    async def step(self) -> int:
        now = self._clock.now()
        async with self._db.transaction() as tx:
            ids = await outbox.sent_by_socket(tx, self._channel, now, self._batch)
            for message_id in ids:
                await conversations.report_delivery(tx, message_id, "sent", now=now)
        return len(ids)

    async def run(self) -> None:
        while True:
            try:
                count = await self.step()
            except DATABASE_TROUBLE as error:
                log.error("outbound.socket_failed", error=repr(error))
                count = 0
            if count < self._batch:
                await self.wake.wait(_NET_SECONDS)
