"""The door: concurrent messages are gathered into batches, stored in one transaction each, then acknowledged."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from uuid import UUID

import msgspec

from yizhan.desk.intake import store
from yizhan.desk.intake.batch import Batch, Forgotten
from yizhan.desk.intake.door import bounded
from yizhan.desk.intake.model import Accepted, InboundMessage, InboxFacts
from yizhan.desk.intake.senders import NewId, Question, Senders
from yizhan.foundation.clock import Clock
from yizhan.foundation.crypto import Vault
from yizhan.foundation.db import Database, DataError, IntegrityError, PostgresError, Tx
from yizhan.foundation.errors import NotFound, TooLarge
from yizhan.foundation.log import get_logger
from yizhan.foundation.text import clean

log = get_logger(__name__)

MOST_IN_BATCH = 200
_MOST_WAITING = 20_000
_MOST_LANES = 2
_MOST_COLLISIONS = 5
_RUSH = 24
"""So many in one batch stood at the door together while the one before was written."""
_RUSH_SECONDS = 1.0
# Of the database and of the driver, which refuses what it cannot encode before the database sees it.
_REFUSALS = (DataError, IntegrityError, ValueError, TypeError)

Keep = Callable[[bytes], Awaitable[str]]
Also = Callable[[Tx, Sequence[Accepted]], Awaitable[None]]
_Waiting = tuple[InboundMessage, "asyncio.Future[Accepted]"]


class Intake:
    """`accept` returns only when the message is durable: an acknowledgement is a promise.

    `keep` stores bytes in the blob store and returns their hash; it takes the raw form of what the database refused.
    """

    def __init__(
        self, db: Database, vault: Vault, clock: Clock, new_id: NewId, is_thanks: Callable[[str], bool], keep: Keep
    ) -> None:
        self._db = db
        self._senders = Senders(vault, new_id)
        self._clock = clock
        self._new_id = new_id
        self._is_thanks = is_thanks
        self._keep = keep
        self._inboxes: Mapping[UUID, InboxFacts] = {}
        self._waiting: list[_Waiting] = []
        self._busy: set[str] = set()
        self._lanes: list[asyncio.Task[None]] = []
        self._turn = asyncio.Lock()
        self._late: list[_Waiting] = []
        self._patient: asyncio.Task[None] | None = None
        self._rush_until = 0.0

    def in_a_rush(self) -> bool:
        """More come than are stored at once: what nobody waits for may step back."""
        return asyncio.get_running_loop().time() < self._rush_until

    async def load_inboxes(self) -> None:
        self._inboxes = {i.id: i for i in await store.inbox_facts(self._db)}

    def inbox(self, inbox_id: UUID) -> InboxFacts:
        try:
            return self._inboxes[inbox_id]
        except KeyError:
            raise NotFound(f"inbox {inbox_id}") from None

    async def accept(self, message: InboundMessage) -> Accepted:
        await self._know([message])
        return await self._enter(message)

    async def accept_all(self, messages: Sequence[InboundMessage]) -> list[Accepted]:
        """Of one caller, who is told of all or of none; they may be stored in several transactions."""
        await self._know(messages)
        if len(messages) == 1:
            return [await self._enter(messages[0])]
        return await asyncio.gather(*map(self._enter, messages))

    async def _know(self, messages: Sequence[InboundMessage]) -> None:
        """A vendor that was told our address a moment ago may be faster than the news of the new inbox."""
        if any(each.inbox_id not in self._inboxes for each in messages):
            await self.load_inboxes()
            for each in messages:
                self.inbox(each.inbox_id)

    def _enter(self, message: InboundMessage) -> asyncio.Future[Accepted]:
        if len(self._waiting) >= _MOST_WAITING:
            raise TooLarge("intake is full, deliver again")
        future: asyncio.Future[Accepted] = asyncio.get_running_loop().create_future()
        self._waiting.append((bounded(message), future))
        self._open_lane()
        return future

    def _open_lane(self) -> None:
        self._lanes = [lane for lane in self._lanes if not lane.done()]
        if len(self._lanes) < _MOST_LANES:
            self._lanes.append(asyncio.create_task(self._work()))

    async def _work(self) -> None:
        # One loop turn lets all requests that arrived together join; while a batch is written the next one fills.
        await asyncio.sleep(0)
        while any(m.sender.value not in self._busy for m, _ in self._waiting):
            taken: list[_Waiting] = []
            late = await self._answer(taken, self._store_next(taken))
            self._late.extend(late)
            if self._late and (self._patient is None or self._patient.done()):
                self._patient = asyncio.create_task(self._wait())

    async def _store_next(self, taken: list[_Waiting]) -> list[Accepted | None]:
        """Fills `taken`. From taking to having written it is one lane's turn: batches are as large as they can be. To
        begin and to commit, which is waiting, overlaps with the turn of another."""
        asked: Question | None = None
        try:
            async with self._db.transaction() as tx, self._turn:
                taken += self._take()
                if not taken:
                    return []
                if len(taken) >= _RUSH:
                    self._rush_until = asyncio.get_running_loop().time() + _RUSH_SECONDS
                messages = [m for m, _ in taken]
                self._busy |= {m.sender.value for m in messages}
                asked = self._senders.ask(messages, self._inboxes, self._clock.now())
                accepted = await self._store(tx, messages, asked, hasty=True)
        except (Forgotten, PostgresError, *_REFUSALS) as error:
            if asked is None:
                raise
            log.warning("intake.again", error=repr(error))
            self._senders.forget(asked.blinds)
            return await self._accept([m for m, _ in taken])
        self._senders.remember(asked)
        return accepted

    async def _wait(self) -> None:
        """Whose rows somebody else holds waits for them apart: everybody else goes on."""
        while self._late:
            taken, self._late = self._late, []
            await self._answer(taken, self._accept([m for m, _ in taken]))
            self._open_lane()  # for what the same people wrote meanwhile

    async def _answer(
        self, taken: list[_Waiting], stored: Coroutine[None, None, list[Accepted | None]]
    ) -> list[_Waiting]:
        """Tells the callers; returns those for whom it was too hasty, whose senders stay busy."""
        late: list[_Waiting] = []
        try:
            accepted = await stored
        except Exception as error:  # every waiting caller learns of it, none is acknowledged
            taken = taken or self._take()
            log.error("intake.batch_failed", error=repr(error), size=len(taken))
            for _, future in taken:
                if not future.done():
                    future.set_exception(error)
        else:
            late = [each for each, answer in zip(taken, accepted, strict=True) if answer is None]
            for (_, future), answer in zip(taken, accepted, strict=True):
                if answer is not None and not future.done():
                    future.set_result(answer)
        self._busy -= {m.sender.value for m, _ in taken} - {m.sender.value for m, _ in late}
        return late

    def _take(self) -> list[_Waiting]:
        """The next batch. A sender is in one lane at a time: his words keep their order, and lanes share no locks."""
        taken: list[_Waiting] = []
        left: list[_Waiting] = []
        for each in self._waiting:
            fits = len(taken) < MOST_IN_BATCH and each[0].sender.value not in self._busy
            (taken if fits else left).append(each)
        self._waiting = left
        return taken

    async def accept_batch(self, messages: Sequence[InboundMessage], also: Also | None = None) -> list[Accepted]:
        """One transaction, `also` in it, which is told what became of each. A batch the database refuses for its data
        is halved until the culprit stands alone; then `also` has a transaction of its own after all of them."""
        await self._know(messages)
        bound = [bounded(m) for m in messages]
        if also is None:
            return _all_of(await self._accept(bound))
        try:
            return _all_of(await self._store_apart(bound, also))
        except _REFUSALS as error:
            log.warning("intake.apart", error=repr(error), size=len(bound))
        accepted = _all_of(await self._accept(bound)) if bound else []
        async with self._db.transaction() as tx:
            await also(tx, accepted)
        return accepted

    async def _accept(self, messages: Sequence[InboundMessage]) -> list[Accepted | None]:
        try:
            return await self._store_apart(messages)
        except _REFUSALS as error:
            if len(messages) > 1:
                log.warning("intake.halved", error=repr(error), size=len(messages))
                middle = len(messages) // 2
                halves = messages[:middle], messages[middle:]
                return [answer for half in halves for answer in await self._accept(half)]
            refusal = error
        if isinstance(refusal, IntegrityError):  # somebody made the same row at that moment: now it is seen
            try:
                return await self._store_apart(messages)
            except _REFUSALS as error:
                refusal = error
        log.error("intake.unsupported", error=repr(refusal), inbox=str(messages[0].inbox_id))
        return await self._store_apart([await self._unsupported(messages[0])])

    async def _store_apart(self, messages: Sequence[InboundMessage], also: Also | None = None) -> list[Accepted | None]:
        """In a transaction of its own, which is tried again when it and another one waited for each other, or when
        somebody we remembered is no longer known."""
        tries = 0
        while True:
            asked = self._senders.ask(messages, self._inboxes, self._clock.now())
            try:
                async with self._db.transaction() as tx:
                    accepted = await self._store(tx, messages, asked, hasty=False) if messages else []
                    if also is not None:
                        await also(tx, _all_of(accepted))
            except (Forgotten, PostgresError) as error:
                tries += 1
                again = isinstance(error, Forgotten) or str(getattr(error, "sqlstate", "")).startswith("40")
                if not again or tries > _MOST_COLLISIONS:
                    raise
                self._senders.forget(asked.blinds)
                log.warning("intake.again", error=repr(error))
            else:
                self._senders.remember(asked)
                return accepted

    async def _store(
        self, tx: Tx, messages: Sequence[InboundMessage], asked: Question, *, hasty: bool
    ) -> list[Accepted | None]:
        if asked.proved:
            await self._senders.proofs.settle(tx, asked.proved, self._inboxes, asked.received)
        gathered = await store.gather(tx, asked, hasty=hasty)
        batch = Batch(asked, gathered, self._inboxes, self._new_id, self._is_thanks)
        late = batch.late()
        accepted = [None if n in late else batch.add(n, message) for n, message in enumerate(messages)]
        if late:
            await store.let_go(tx, asked, late)
        await store.write(tx, batch.finish())
        return accepted

    async def _unsupported(self, message: InboundMessage) -> InboundMessage:
        """What the database refuses is kept whole as a blob and shown as such; nothing that arrives is dropped."""
        raw = message.raw or await self._keep(json.dumps(msgspec.to_builtins(message)).encode())
        return InboundMessage(
            inbox_id=message.inbox_id, sender=message.sender, name=clean(message.name)[:80], dedupe=message.dedupe,
            at=message.received_at, received_at=message.received_at, text="", kind="unsupported", raw=raw,
            keep_dedupe=message.keep_dedupe,
        )  # fmt: skip


def _all_of(answers: Sequence[Accepted | None]) -> list[Accepted]:
    """Of a batch that was not hasty."""
    return [answer for answer in answers if answer is not None]
