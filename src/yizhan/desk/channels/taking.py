"""What a channel heard is made durable: messages through intake, the rest in one transaction, then it is acknowledged.

A crash in between leaves the vendor without an answer: it delivers again, and everything here knows what it has.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from yizhan.desk import outbound, serving
from yizhan.desk.channels.answering import any_answers, quoted
from yizhan.desk.channels.model import (
    Account,
    Arrival,
    ChannelEvent,
    DeliveryReport,
    Happening,
    Media,
    Nudge,
    Recall,
)
from yizhan.desk.channels.policy import believed, dedupe_key, inbound_of, packed, waiting
from yizhan.desk.channels.store import SQL
from yizhan.desk.channels.voice import render_spoken
from yizhan.desk.channels.withdrawing import WITHDRAWALS, ask_for_erasure
from yizhan.desk.intake import Accepted, Attachment, Intake, Sender, scope_of
from yizhan.foundation.clock import Clock
from yizhan.foundation.crypto import Vault
from yizhan.foundation.db import Database, Tx
from yizhan.foundation.ids import new_id
from yizhan.foundation.journal import Event, emit
from yizhan.records import contacts, inboxes, outbox
from yizhan.records.contacts import Keyed
from yizhan.records.outbox import MESSAGE

Keep = Callable[[bytes, str, str], Awaitable[Attachment]]
"""Keeps content under a name and a claimed type; returns what it really is."""
KeepRaw = Callable[[bytes], Awaitable[str]]
HearWords = Callable[[UUID, str, datetime], Awaitable[None]]
"""Told the words of every new message: one may be the code that was asked for."""
Rest = Sequence[Happening]

NUDGED = "inbox.nudged"
_UNSUBSCRIBE = "unsubscribe"


class Taking:
    """`take` returns when everything is durable."""

    def __init__(
        self, db: Database, vault: Vault, clock: Clock, intake: Intake, keep: Keep, keep_raw: KeepRaw,
        hear_words: HearWords,
    ) -> None:  # fmt: skip
        self._db = db
        self._vault = vault
        self._clock = clock
        self._intake = intake
        self._keep = keep
        self._keep_raw = keep_raw
        self._hear_words = hear_words

    async def take(self, account: Account, happenings: Sequence[Happening], now: datetime) -> None:
        happenings = await self._concerning(account, happenings, now)
        await self._meet(account, happenings, now)
        arrivals, messages = await self._messages(account, happenings, now)
        accepted = await self._intake.accept_all(messages) if messages else []
        if account.unsaid or _has_rest(happenings):
            async with self._db.transaction() as tx:
                await self._rest(tx, account, happenings, arrivals, accepted, now)
        await self._after(messages, accepted, now)

    async def take_page(
        self, account: Account, happenings: Sequence[Happening], now: datetime, *, cursor: str, at: Any,
        check: Callable[[Tx], Awaitable[None]],
    ) -> None:  # fmt: skip
        """A page that was pulled: the cursor moves in the transaction that stores it, if `check` lets it."""
        happenings = await self._concerning(account, happenings, now)
        await self._meet(account, happenings, now)
        arrivals, messages = await self._messages(account, happenings, now)

        async def also(tx: Tx, accepted: Sequence[Accepted]) -> None:
            await check(tx)
            await self._rest(tx, account, happenings, arrivals, accepted, now)
            if at is not None:
                await inboxes.save_cursor(tx, account.inbox_id, cursor, at)

        accepted = await self._intake.accept_batch(messages, also)
        await self._after(messages, accepted, now)

    async def _messages(
        self, account: Account, happenings: Sequence[Happening], now: datetime
    ) -> tuple[list[Arrival], list[Any]]:
        """What came along is kept before the message is: what is acknowledged is whole."""
        arrivals = [each for each in happenings if isinstance(each, Arrival)]
        messages = []
        for each, quote in zip(arrivals, await self._quoted(account, arrivals), strict=True):
            files = [await self._keep(m.content, m.name, m.type) for m in each.media if m.content is not None]
            raw = await self._keep_raw(each.raw) if each.raw else None
            messages.append(inbound_of(each, account.inbox_id, now, files=files, raw=raw, quote=quote))
        return arrivals, messages

    async def _quoted(self, account: Account, arrivals: Sequence[Arrival]) -> Sequence[dict[str, Any] | None]:
        if not any_answers(arrivals):
            return [None] * len(arrivals)
        async with self._db.read() as tx:
            return await quoted(tx, account.inbox_id, arrivals)

    async def _concerning(
        self, account: Account, happenings: Sequence[Happening], now: datetime
    ) -> Sequence[Happening]:
        """Without the words that only go on with a conversation where none is open."""
        if not any(isinstance(each, Arrival) and each.continues is not None for each in happenings):
            return happenings
        kept: list[Happening] = []
        for each in happenings:
            if isinstance(each, Arrival) and each.continues is not None:
                begun = any(isinstance(one, Arrival) and one.who.value == each.who.value for one in kept)
                if not begun and not await self._goes_on(account, each.who, now - each.continues):
                    continue
            kept.append(each)
        return kept

    async def _meet(self, account: Account, happenings: Sequence[Happening], now: datetime) -> None:
        """Who writes in a thread is known as himself before: all his threads are one customer's."""
        threads = [each for each in happenings if isinstance(each, Arrival) and each.of is not None]
        if not threads:
            return
        rows = [[self._keyed(account, who, None) for who in (each.of, each.who) if who] for each in threads]
        names = [contacts.Newcomer(each.name or each.who.masked) for each in threads]
        async with self._db.transaction() as tx:
            await contacts.reach(
                tx, self._vault, rows, now=now, by="system", drawn=lambda at, _, __: names[at], channel=account.channel
            )

    async def _goes_on(self, account: Account, who: Sender, since: datetime) -> bool:
        async with self._db.read() as tx:
            return bool(await tx.fetchval(SQL.goes_on, self._blind(account, who), account.inbox_id, since))

    async def _after(self, messages: Sequence[Any], accepted: Sequence[Accepted], now: datetime) -> None:
        for message, done in zip(messages, accepted, strict=True):
            if not done.duplicate and done.conversation_id is not None:
                await self._hear_words(done.conversation_id, message.text, now)
            await render_spoken(self._db, done.message_id, message.attachments, now)

    async def _rest(
        self, tx: Tx, account: Account, happenings: Rest, arrivals: Sequence[Arrival], accepted: Sequence[Accepted],
        now: datetime,
    ) -> None:  # fmt: skip
        await self._note_media(tx, account, arrivals, accepted, now)
        opened = [_opening(each) for each in arrivals if each.opens != MESSAGE]
        await self._note_events(tx, account, [*opened, *(e for e in happenings if isinstance(e, ChannelEvent))], now)
        for each in happenings:
            if isinstance(each, DeliveryReport):
                await self._report(tx, account, each, now)
            elif isinstance(each, Recall):
                await self._recall(tx, account, each, now)
            elif isinstance(each, Nudge):
                await self._nudge(tx, account, each, now)
        if account.unsaid:
            await self._hide_recalled(tx, account, [each.id for each in arrivals], now)

    async def _note_media(
        self, tx: Tx, account: Account, arrivals: Sequence[Arrival], accepted: Sequence[Accepted], now: datetime
    ) -> None:
        rows: list[tuple[UUID, int, Media]] = [
            (done.message_id, place, media)
            for arrival, done in zip(arrivals, accepted, strict=True)
            for place, media in enumerate(waiting(arrival))
        ]
        if rows:
            refs = [self._vault.seal(packed(m), aad=id.bytes) for id, _, m in rows]
            await tx.execute(
                SQL.add_media, [id for id, _, _ in rows], [place for _, place, _ in rows], account.inbox_id, refs,
                [m.expires_at for _, _, m in rows], now,
            )  # fmt: skip

    async def _note_events(self, tx: Tx, account: Account, events: Sequence[ChannelEvent], now: datetime) -> None:
        if not events:
            return
        rows = [
            [self._keyed(account, each.who, each.at), *(contacts.keyed(self._vault, proof) for proof in each.proofs)]
            for each in events
        ]
        people = [contacts.Newcomer(each.name or each.who.masked) for each in events]
        reached = await contacts.reach(
            tx, self._vault, rows, now=now, by="system", drawn=lambda at, _, __: people[at], channel=account.channel
        )
        for each, who in zip(events, reached, strict=True):
            made = await tx.fetchval(
                SQL.add_event, new_id(now), account.inbox_id, who.identity_id, who.contact_id, each.kind, each.detail,
                believed(each.at, now), dedupe_key(account.inbox_id, f"event:{each.id}"),
            )  # fmt: skip
            if made is not None:
                await emit(tx, [_acted(account, each.kind, who.contact_id, now)])
                if each.kind in WITHDRAWALS:
                    await ask_for_erasure(tx, self._vault, account, each.kind, who.contact_id, now)
                if each.kind == _UNSUBSCRIBE:
                    words = str(each.detail.get("text", ""))
                    await outbound.unsubscribe(tx, who.identity_id, who.contact_id, words=words, now=now)

    def _keyed(self, account: Account, who: Sender, at: datetime | None) -> Keyed:
        inbox = account.inbox_id if who.inbox_scoped else None
        links, verified = who.rank == "primary", at if who.verified else None
        return Keyed(who.kind, who.value, self._blind(account, who), who.masked, links, inbox, verified)

    def _blind(self, account: Account, who: Sender) -> bytes:
        return self._vault.blind(who.kind, scope_of(who.inbox_scoped, account.inbox_id) + who.value)

    async def _report(self, tx: Tx, account: Account, report: DeliveryReport, now: datetime) -> None:
        await outbound.note_vendor(
            tx,
            account.inbox_id,
            report.vendor_id,
            report.state,
            ours=report.ours,
            cause=report.error_class,
            words=report.words,
            now=now,
        )

    async def _nudge(self, tx: Tx, account: Account, nudge: Nudge, now: datetime) -> None:
        """One for an account that no inbox of ours has is nobody's."""
        inbox_id: UUID | None = account.inbox_id
        if nudge.of is not None:
            inbox_id = await inboxes.set_to(tx, account.channel, *nudge.of)
        if inbox_id is not None:
            await emit(tx, [_nudged(inbox_id, nudge, now)])

    async def _recall(self, tx: Tx, account: Account, recall: Recall, now: datetime) -> None:
        message_id = await tx.fetchval(SQL.message_of, dedupe_key(account.inbox_id, recall.id))
        if message_id is not None:
            await serving.recalled_by_customer(tx, message_id, now=now)
        else:
            await outbox.keep_early(tx, account.inbox_id, recall.id, outbox.RECALLED, "", "", now)

    async def _hide_recalled(self, tx: Tx, account: Account, ids: Sequence[str], now: datetime) -> None:
        """What was taken back before it came, since its first delivery failed."""
        for id in await outbox.take_recalled(tx, account.inbox_id, ids) if ids else ():
            await self._recall(tx, account, Recall(id=id), now)


def _has_rest(happenings: Rest) -> bool:
    return any(not isinstance(each, Arrival) or each.opens != MESSAGE or waiting(each) for each in happenings)


def _opening(arrival: Arrival) -> ChannelEvent:
    """A message that its channel counts as something else opens that window."""
    return ChannelEvent(id=arrival.id, who=arrival.who, name=arrival.name, kind=arrival.opens, at=arrival.at)


def _acted(account: Account, kind: str, contact_id: UUID, now: datetime) -> Event:
    return Event(
        kind="contact.acted", subject=contact_id, subject_version=1, at=now, actor=f"customer:{contact_id}",
        contact_id=contact_id, data={"what": kind, "inbox": account.inbox_id},
    )  # fmt: skip


def _nudged(inbox_id: UUID, nudge: Nudge, now: datetime) -> Event:
    return Event(kind=NUDGED, subject=inbox_id, subject_version=1, at=now, actor="system", data={"token": nudge.token})
