"""What a channel heard is made durable: messages through intake, the rest in one transaction, then it is acknowledged.

A crash in between leaves the vendor without an answer: it delivers again, and everything here knows what it has.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from yizhan.desk import outbound, serving
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
from yizhan.desk.channels.voice import ask_rendering
from yizhan.desk.intake import Accepted, Attachment, Intake, scope_of
from yizhan.foundation.audio import SPOKEN
from yizhan.foundation.clock import Clock
from yizhan.foundation.crypto import Vault
from yizhan.foundation.db import Database, Tx
from yizhan.foundation.ids import new_id
from yizhan.foundation.journal import Event, emit
from yizhan.records import contacts, inboxes
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
        arrivals, messages = await self._messages(account, happenings, now)
        accepted = await self._intake.accept_all(messages) if messages else []
        if _has_rest(happenings):
            async with self._db.transaction() as tx:
                await self._rest(tx, account, happenings, arrivals, accepted, now)
        await self._after(messages, accepted, now)

    async def take_page(
        self, account: Account, happenings: Sequence[Happening], now: datetime, *, cursor: str, at: Any,
        check: Callable[[Tx], Awaitable[None]],
    ) -> None:  # fmt: skip
        """A page that was pulled: the cursor moves in the transaction that stores it, if `check` lets it."""
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
        for each in arrivals:
            files = [await self._keep(m.content, m.name, m.type) for m in each.media if m.content is not None]
            raw = await self._keep_raw(each.raw) if each.raw else None
            messages.append(inbound_of(each, account.inbox_id, now, files=files, raw=raw))
        return arrivals, messages

    async def _after(self, messages: Sequence[Any], accepted: Sequence[Accepted], now: datetime) -> None:
        for message, done in zip(messages, accepted, strict=True):
            if not done.duplicate and done.conversation_id is not None:
                await self._hear_words(done.conversation_id, message.text, now)
            if any(file.type in SPOKEN for file in message.attachments):
                async with self._db.transaction() as tx:
                    await ask_rendering(tx, done.message_id, message.attachments, now)

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
        rows = [self._keyed(account, each) for each in events]
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
                if each.kind == _UNSUBSCRIBE:
                    words = str(each.detail.get("text", ""))
                    await outbound.unsubscribe(tx, who.identity_id, who.contact_id, words=words, now=now)

    def _keyed(self, account: Account, event: ChannelEvent) -> list[Keyed]:
        who = event.who
        blind = self._vault.blind(who.kind, scope_of(who.inbox_scoped, account.inbox_id) + who.value)
        inbox = account.inbox_id if who.inbox_scoped else None
        verified = event.at if who.verified else None
        sender = Keyed(who.kind, who.value, blind, who.masked, who.rank == "primary", inbox, verified)
        return [sender, *(contacts.keyed(self._vault, each) for each in event.proofs)]

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
