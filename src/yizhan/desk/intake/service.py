"""The door: concurrent messages are gathered into batches, stored in one transaction each, then acknowledged."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.desk.intake import store
from yizhan.desk.intake.batch import Batch, NewId
from yizhan.desk.intake.model import Accepted, InboundMessage, InboxFacts
from yizhan.foundation.clock import Clock
from yizhan.foundation.crypto import Vault
from yizhan.foundation.db import Database, DataError, IntegrityError, PostgresError, Tx
from yizhan.foundation.errors import NotFound, TooLarge
from yizhan.foundation.log import get_logger
from yizhan.foundation.text import clean, pii

log = get_logger(__name__)

MOST_IN_BATCH = 200
_MOST_WAITING = 20_000
_MOST_TEXT = 100_000
_MOST_COLLISIONS = 5
_MOST_NUMBER = 2**62
_MOST_READ = 2_000  # characters looked through for an order's number
_ORDER_WORD = re.compile(r"订单|\border\b", re.I)
# Of the database and of the driver, which refuses what it cannot encode before the database sees it.
_REFUSALS = (DataError, IntegrityError, ValueError, TypeError)

Keep = Callable[[bytes], Awaitable[str]]


class Intake:
    """`accept` returns only when the message is durable: an acknowledgement is a promise.

    `keep` stores bytes in the blob store and returns their hash; it takes the raw form of what the database refused.
    """

    def __init__(
        self, db: Database, vault: Vault, clock: Clock, new_id: NewId, is_thanks: Callable[[str], bool], keep: Keep
    ) -> None:
        self._db = db
        self._vault = vault
        self._clock = clock
        self._new_id = new_id
        self._is_thanks = is_thanks
        self._keep = keep
        self._inboxes: Mapping[UUID, InboxFacts] = {}
        self._waiting: list[tuple[InboundMessage, asyncio.Future[Accepted]]] = []
        self._task: asyncio.Task[None] | None = None

    async def load_inboxes(self) -> None:
        self._inboxes = {i.id: i for i in await store.inbox_facts(self._db)}

    def inbox(self, inbox_id: UUID) -> InboxFacts:
        try:
            return self._inboxes[inbox_id]
        except KeyError:
            raise NotFound(f"inbox {inbox_id}") from None

    async def accept(self, message: InboundMessage) -> Accepted:
        self.inbox(message.inbox_id)
        if len(self._waiting) >= _MOST_WAITING:
            raise TooLarge("intake is full, deliver again")
        future: asyncio.Future[Accepted] = asyncio.get_running_loop().create_future()
        self._waiting.append((_bounded(message), future))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work())
        return await future

    async def _work(self) -> None:
        # One loop turn lets all requests that arrived together join; while a batch is written the next one fills.
        await asyncio.sleep(0)
        while self._waiting:
            taken, self._waiting = self._waiting[:MOST_IN_BATCH], self._waiting[MOST_IN_BATCH:]
            try:
                accepted = await self._accept([m for m, _ in taken])
            except Exception as error:  # every waiting caller learns of it, none is acknowledged
                log.error("intake.batch_failed", error=repr(error), size=len(taken))
                for _, future in taken:
                    if not future.done():
                        future.set_exception(error)
                continue
            for (_, future), answer in zip(taken, accepted, strict=True):
                if not future.done():
                    future.set_result(answer)

    async def accept_batch(self, messages: Sequence[InboundMessage]) -> list[Accepted]:
        """One transaction. A batch the database refuses for its data is halved until the culprit stands alone."""
        return await self._accept([_bounded(m) for m in messages])

    async def _accept(self, messages: Sequence[InboundMessage]) -> list[Accepted]:
        try:
            return await self._store_apart(messages)
        except _REFUSALS as error:
            if len(messages) > 1:
                middle = len(messages) // 2
                return [*await self._accept(messages[:middle]), *await self._accept(messages[middle:])]
            refusal = error
        if isinstance(refusal, IntegrityError):  # somebody made the same row at that moment: now it is seen
            try:
                return await self._store_apart(messages)
            except _REFUSALS as error:
                refusal = error
        log.error("intake.unsupported", error=repr(refusal), inbox=str(messages[0].inbox_id))
        return await self._store_apart([await self._unsupported(messages[0])])

    async def _store_apart(self, messages: Sequence[InboundMessage]) -> list[Accepted]:
        """In a transaction of its own, which is tried again when it and another one waited for each other."""
        for _ in range(_MOST_COLLISIONS):
            try:
                async with self._db.transaction() as tx:
                    return await self._store(tx, messages)
            except PostgresError as error:
                if not str(getattr(error, "sqlstate", "")).startswith("40"):
                    raise
                log.warning("intake.collision", error=repr(error))
        async with self._db.transaction() as tx:
            return await self._store(tx, messages)

    async def _store(self, tx: Tx, messages: Sequence[InboundMessage]) -> list[Accepted]:
        received = self._clock.now()
        gathered = await store.gather(tx, [self._ask(n, m, received) for n, m in enumerate(messages)], received)
        batch = Batch(gathered, self._inboxes, self._new_id, self._is_thanks, received)
        accepted = [batch.add(n, message) for n, message in enumerate(messages)]
        await store.write(tx, batch.finish())
        return accepted

    def _ask(self, n: int, m: InboundMessage, received: datetime) -> store.Row:
        sender = m.sender
        scope = scope_of(sender.inbox_scoped, m.inbox_id)
        identity, contact = self._new_id(received), self._new_id(received)
        key = self._vault.new_key()
        return (
            n, m.dedupe, m.keep_dedupe, self._new_id(m.received_at), m.at, m.inbox_id,
            self._inboxes[m.inbox_id].brand_id, sender.kind, sender.rank,
            self._vault.blind(sender.kind, scope + sender.value), sender.masked,
            key.seal(sender.value.encode(), aad=identity.bytes), m.inbox_id if sender.inbox_scoped else None,
            sender.verified, sender.authenticated, identity, contact, self._vault.wrap(key, aad=contact.bytes),
            m.name, m.locale, self._new_id(received), m.reply_conversation, list(m.references), m.ticket_number,
        )  # fmt: skip

    async def _unsupported(self, message: InboundMessage) -> InboundMessage:
        """What the database refuses is kept whole as a blob and shown as such; nothing that arrives is dropped."""
        raw = message.raw or await self._keep(json.dumps(msgspec.to_builtins(message)).encode())
        return InboundMessage(
            inbox_id=message.inbox_id, sender=message.sender, name=clean(message.name)[:80], dedupe=message.dedupe,
            at=message.received_at, received_at=message.received_at, text="", kind="unsupported", raw=raw,
            keep_dedupe=message.keep_dedupe,
        )  # fmt: skip


def scope_of(inbox_scoped: bool, inbox_id: UUID) -> str:
    """The prefix under which a platform's id is unique: the same OpenID in two inboxes is two people."""
    return f"{inbox_id}:" if inbox_scoped else ""


def _bounded(m: InboundMessage) -> InboundMessage:
    """U+0000 and lone surrogates go at the edge; text has a size limit and says when it was cut.

    A sender's clock may be wrong: nothing was said after it arrived.
    """
    text = clean(m.text)
    if len(text) > _MOST_TEXT:
        text = text[:_MOST_TEXT] + "…"
    return msgspec.structs.replace(
        m,
        sender=msgspec.structs.replace(m.sender, value=clean(m.sender.value), masked=clean(m.sender.masked)),
        text=text,
        name=clean(m.name)[:80] or "访客",
        html=_cleaned(m.html),
        quoted=_cleaned(m.quoted),
        subject=_cleaned(m.subject, 500),
        external_id=_cleaned(m.external_id),
        client_id=_cleaned(m.client_id),
        locale=_cleaned(m.locale, 35),
        order_no=_cleaned(m.order_no, 60) or order_named(f"{m.subject or ''} {text}"),
        attachments=tuple(msgspec.structs.replace(a, name=clean(a.name)[:200]) for a in m.attachments),
        at=min(m.at, m.received_at) if m.at.tzinfo else m.received_at,
        ticket_number=m.ticket_number if 0 < (m.ticket_number or 0) < _MOST_NUMBER else None,
    )


def order_named(text: str) -> str | None:
    """The one order a message names. Two orders, or a bare number that may be a parcel's, name none."""
    text = text[:_MOST_READ]
    if not _ORDER_WORD.search(text):
        return None
    found = {span.value for span in pii.find(text) if span.kind is pii.Kind.ORDER and _named(text, span.start)}
    return found.pop()[:60] if len(found) == 1 else None


def _named(text: str, start: int) -> bool:
    return _ORDER_WORD.search(text[max(start - 12, 0) : start + 1]) is not None


def _cleaned(text: str | None, most: int | None = None) -> str | None:
    return clean(text)[:most] or None if text else None
