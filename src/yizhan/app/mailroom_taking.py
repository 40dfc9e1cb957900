"""One mail that has arrived: proved, its files looked at and kept, then a message, or a report about one of ours."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from yizhan.app.parsing import Parser
from yizhan.channels.email import (
    Attachment,
    BounceKind,
    Dns,
    MailInbox,
    MailSettings,
    ParsedMail,
    Recent,
    ScannerAway,
    SenderProof,
    gone,
    keep_files,
    may_auto_reply,
    may_be_answered_at,
    prove_sender,
    reference_hash,
    scan,
    thread_hint,
    thread_reference,
    to_inbound,
)
from yizhan.desk import outbound, serving, words
from yizhan.desk.channels import render_spoken
from yizhan.desk.intake import Accepted
from yizhan.desk.outbound import ErrorClass
from yizhan.foundation.audio import SPOKEN
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Invalid
from yizhan.foundation.journal import Event, emit
from yizhan.foundation.log import get_logger
from yizhan.records import contacts, outbox
from yizhan.records.conversations import Draft
from yizhan.records.inboxes import Inbox
from yizhan.web.files import kind_of

if TYPE_CHECKING:
    from yizhan.app.house import House

log = get_logger(__name__)

_SCANS, _BETWEEN_SCANS = 3, 2.0
_FINAL = {
    BounceKind.HARD: ErrorClass.RECIPIENT,
    BounceKind.SOFT: ErrorClass.TRANSIENT,
    BounceKind.POLICY: ErrorClass.CONTENT,
    BounceKind.UNKNOWN: ErrorClass.BAD_REQUEST,
}
_RECEIPTS = {BounceKind.DELIVERED: "delivered", BounceKind.READ: "read"}


class Taking:
    """`accept` returns after the commit."""

    def __init__(self, house: House, inbox: Inbox, settings: MailSettings, parser: Parser, dns: Dns) -> None:
        self._house = house
        self._inbox = inbox
        self._settings = settings
        self._parser = parser
        self._dns = dns

    async def accept(self, parsed: ParsedMail, arrived: datetime | None, *, imported: bool = False) -> None:
        house = self._house
        now = house.clock.now()
        parsed = await self._kept(parsed)
        if parsed.bounce is not None and not imported and await self._reported(parsed):
            return
        proof = SenderProof()  # nobody keeps keys as long as old mail
        if not imported:
            proof = await prove_sender(parsed, self._settings, self._dns, self._parser.check)
        claimed_by = [] if imported or proof.passed or not parsed.from_.email else await self._claimants(parsed)
        answers = not (imported or proof.passed) and await self._answers(parsed)
        into = MailInbox(self._inbox.id, self._settings)
        message = to_inbound(
            parsed, into, now, signer=house.signer, proof=proof, arrived=arrived, imported=imported,
            claimed_by=claimed_by, answers=answers,
        )  # fmt: skip
        accepted = await house.intake.accept(message)
        await render_spoken(house.db, accepted.message_id, message.attachments, now)
        if not accepted.duplicate:
            await self._after(parsed, accepted, now, imported=imported)

    async def _claimants(self, parsed: ParsedMail) -> list[UUID]:
        """Who may have written it: for a person to decide, since nothing proves the sender."""
        async with self._house.db.read() as tx:
            return await contacts.claimants(tx, self._house.vault, "email", parsed.from_.key)

    async def _answers(self, parsed: ParsedMail) -> bool:
        """Whether it answers a mail of which only the owner of the sender's address can know."""
        known = [reference_hash(one) for one in (*parsed.in_reply_to, *parsed.references)]
        if not known or not parsed.from_.email:
            return False
        async with self._house.db.read() as tx:
            return self._house.vault.blind("email", parsed.from_.key) in await outbox.mailed_to(
                tx, self._inbox.id, known
            )

    # files ----------------------------------------------------------------------------------------------------------

    async def _kept(self, parsed: ParsedMail) -> ParsedMail:
        if self._settings.scanner:
            looked = [await self._looked(one) if not one.blocked else one for one in parsed.attachments]
            parsed = msgspec.structs.replace(parsed, attachments=tuple(looked))
        parsed = msgspec.structs.replace(parsed, attachments=tuple(_spoken(each) for each in parsed.attachments))
        try:
            await keep_files(parsed, self._house.blobs)
        except Invalid as refusal:  # a file the store will not have: the mail is kept whole instead
            log.warning("mail.files_refused", inbox=self._inbox.key, error=refusal.message)
            parsed = _unread(parsed)
            await keep_files(parsed, self._house.blobs)
        return parsed

    async def _looked(self, file: Attachment) -> Attachment:
        """A file without a verdict is withheld: the mail is not, and lies in the store as it came."""
        for attempt in range(_SCANS):
            try:
                found = await scan(self._settings.scanner, file.content)
            except ScannerAway as away:
                log.error("mail.scanner_away", inbox=self._inbox.key, error=away.message)
                if attempt + 1 < _SCANS:
                    await asyncio.sleep(_BETWEEN_SCANS)
                continue
            return msgspec.structs.replace(file, blocked=f"virus: {found}") if found else file
        return msgspec.structs.replace(file, blocked="unscanned")

    # reports --------------------------------------------------------------------------------------------------------

    async def _reported(self, parsed: ParsedMail) -> bool:
        """A report about a mail of ours belongs to that mail; one about a stranger's goes the way of any mail."""
        bounce = parsed.bounce
        assert bounce is not None
        hint = thread_hint(parsed, self._settings.own_domains, self._house.signer)
        originals = [reference_hash(bounce.original_message_id)] if bounce.original_message_id else []
        now = self._house.clock.now()
        async with self._house.db.transaction() as tx:
            sent = await outbox.referred(tx, self._inbox.id, hint.outbound_id, originals)
            if sent is None:
                return False
            words = " ".join(one for one in (bounce.status, bounce.diagnostic or parsed.subject) if one)
            if bounce.kind in _FINAL:
                await outbound.note_bounce(
                    tx, sent.message_id, cause=_FINAL[bounce.kind], words=words, now=now, raw=parsed.raw_sha256,
                    gone=gone(bounce),
                )  # fmt: skip
            elif bounce.kind is BounceKind.COMPLAINT:
                await outbound.note_complaint(tx, sent.message_id, words=words, now=now, raw=parsed.raw_sha256)
            else:
                await outbound.note_report(
                    tx, sent.message_id, kind=bounce.kind, words=words, now=now, raw=parsed.raw_sha256,
                    delivery=_RECEIPTS.get(bounce.kind),
                )  # fmt: skip
        return True

    # what follows ---------------------------------------------------------------------------------------------------

    async def _after(self, parsed: ParsedMail, accepted: Accepted, now: datetime, *, imported: bool) -> None:
        """Outlook's thread is remembered, and the customer is told that his mail has come, if the inbox wants that."""
        conversation = accepted.conversation_id
        if conversation is None or (imported and not parsed.thread_index):
            return
        async with self._house.db.transaction() as tx:
            if parsed.thread_index:
                await outbox.remember(
                    tx, inbox_id=self._inbox.id, reference=thread_reference(parsed.thread_index),
                    conversation_id=conversation, ticket_id=accepted.ticket_id, message_id=accepted.message_id,
                )  # fmt: skip
            if imported:
                return
            recent = await self._recent(tx, accepted, now)
            verdict = may_auto_reply(parsed, self._settings.own_addresses, recent, now)
            if verdict.breaker_now:
                await self._alarm(tx, accepted, now)
            if verdict.allowed and self._settings.acknowledge and may_be_answered_at(parsed, parsed.from_.email):
                draft = Draft(
                    direction="out", author="system", kind="acknowledgement", text=self._settings.acknowledge,
                    human=False, client_id=f"acknowledgement:{accepted.message_id}",
                )  # fmt: skip
                if not await words.allows(tx, conversation, draft, self._house.rules.words, now=now):
                    return
                with suppress(serving.KeptSilent):
                    await serving.reply(tx, conversation, draft, now=now)

    async def _recent(self, tx: Tx, accepted: Accepted, now: datetime) -> Recent:
        lately = await outbox.lately(tx, accepted.message_id, now)
        answers = [one.at for one in lately if one.direction == "out"]
        return Recent(
            max(answers, default=None), [one.at for one in lately if one.direction == "in"],
            any(one.direction == "out" and one.here for one in lately),
        )  # fmt: skip

    async def _alarm(self, tx: Tx, accepted: Accepted, now: datetime) -> None:
        """Two machines may be talking to each other: told once, and no machine of ours answers."""
        log.warning("mail.loop_suspected", inbox=self._inbox.key, message=str(accepted.message_id))
        await emit(tx, [Event(
            kind="inbox.loop_suspected", subject=self._inbox.id, subject_version=self._inbox.version, at=now,
            actor="system", brand_id=self._inbox.brand_id, team_id=self._inbox.team_id,
            conversation_id=accepted.conversation_id, ticket_id=accepted.ticket_id,
            data={"message": accepted.message_id},
        )])  # fmt: skip


def _unread(parsed: ParsedMail) -> ParsedMail:
    return ParsedMail(
        raw=parsed.raw, raw_sha256=parsed.raw_sha256, message_id=parsed.message_id, from_=parsed.from_,
        subject=parsed.subject, defects=(*parsed.defects, "files-refused"), unsupported=True,
    )  # fmt: skip


def _spoken(file: Attachment) -> Attachment:
    """Voice that is to be made playable is called what it is, whatever the sender's program called it."""
    kind = kind_of(file.content, file.name)
    return msgspec.structs.replace(file, content_type=kind) if kind in SPOKEN else file
