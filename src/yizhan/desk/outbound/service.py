"""The verbs of sending: begin, record, send again, take a bounce. Each leaves the message as its agent sees it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from yizhan.desk.outbound import suppression
from yizhan.desk.outbound.forwarding import as_letter
from yizhan.desk.outbound.model import ErrorClass, Letter, LetterFile, Receipt, Sender, SendFailed
from yizhan.foundation.crypto import Vault
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Conflict
from yizhan.foundation.journal import Event, emit
from yizhan.records import contacts, conversations, inboxes, outbox, texts
from yizhan.records.conversations import Draft
from yizhan.records.outbox import MAILED, SURVEY, TEMPLATE, Outgoing, QuotaExhausted, WindowClosed, Written, shown
from yizhan.records.texts import TextState

_MOST_EARLIER = 30
_ERROR_CHARS = 300
_ACCOUNT = "account"  # whether the vendor lets it in, kept beside the cursors


async def begin(tx: Tx, vault: Vault, head: Outgoing, sender: Sender, now: datetime) -> Letter | None:
    """The letter of a message that is on its way once `tx` commits; None when there is nothing to send any more."""
    attempt = await outbox.begin(tx, head.message_id, now)
    if attempt is None:
        return None
    written = await outbox.written(tx, head.message_id)
    if written.recalled_at is not None:
        await outbox.failed(tx, head.message_id, now, now, ErrorClass.RECALLED, "recalled before it was sent")
        return None
    if written.kind == MAILED:
        answers = await as_letter(tx, written)
        if answers is None:
            await outbox.failed(tx, head.message_id, now, now, ErrorClass.RECALLED, "recalled before it was sent")
            return None
        written = answers
    stop = await suppression.stops(tx, written)
    if stop is not None:
        await record(tx, head.message_id, now, SendFailed(ErrorClass.SUPPRESSED, suppression.words_of(stop)), now)
        return None
    try:
        if written.kind != TEMPLATE:
            kept = written.kind == SURVEY or written.author.startswith("agent:")
            await outbox.ensure_room(tx, head.conversation_id, head.channel, now, besides=head.message_id, kept=kept)
    except (QuotaExhausted, WindowClosed) as closed:  # it waited for so long, or was sent again by hand
        await record(tx, head.message_id, now, SendFailed(ErrorClass(closed.code), closed.message), now)
        return None
    letter = await _letter(tx, vault, head, written, attempt, now)
    mark = sender.mark(letter)
    if mark is not None:
        await outbox.refer(
            tx, inbox_id=head.inbox_id, reference=mark.reference, conversation_id=head.conversation_id,
            ticket_id=written.ticket_id, message_id=head.message_id,
        )  # fmt: skip
    await conversations.report_delivery(
        tx, head.message_id, "sending", now=now, external_id=mark.external_id if mark else None
    )
    return letter


async def refuse(tx: Tx, head: Outgoing, why: Exception, now: datetime) -> None:
    """A message of which no letter can be made: its customer was erased, its address cannot be read."""
    if await outbox.begin(tx, head.message_id, now) is not None:
        failure = SendFailed(ErrorClass.BAD_REQUEST, str(why) or type(why).__name__)
        await record(tx, head.message_id, now, failure, now)


async def _letter(tx: Tx, vault: Vault, head: Outgoing, written: Written, attempt: int, now: datetime) -> Letter:
    files = [
        LetterFile(f["hash"], f["name"], f["type"], f.get("cid") or "", f.get("size") or 0)
        for f in written.attachments or []
    ]
    return Letter(
        message_id=written.message_id, conversation_id=written.conversation_id, ticket_id=written.ticket_id,
        inbox_id=head.inbox_id, attempt=attempt, at=now,
        to=await _address(tx, vault, written), to_name=written.contact_name,
        author=written.author, author_name=written.agent_name or "", kind=written.kind, text=written.text,
        html=written.html, payload=written.payload, files=tuple(files), subject=written.ticket_subject or "",
        ticket_number=written.ticket_number,
        earlier=tuple(await outbox.thread(tx, written.conversation_id, written.message_id, _MOST_EARLIER)),
    )  # fmt: skip


async def _address(tx: Tx, vault: Vault, written: Written) -> str:
    if written.claim is not None:
        return await contacts.open_claim(tx, vault, written.contact_id, written.claim)
    return await contacts.open_identity(tx, vault, written.identity_id)


async def record(tx: Tx, message_id: UUID, started_at: datetime, outcome: Receipt | SendFailed, now: datetime) -> None:
    """What the vendor answered to the call begun at `started_at`; later than another result it changes nothing."""
    if isinstance(outcome, Receipt):
        if await outbox.sent(tx, message_id, started_at, outcome.vendor_id, now):
            await conversations.report_delivery(tx, message_id, "sent", now=now)
            if outcome.reported:
                await _hear_early(tx, message_id, outcome.vendor_id, now)
        return
    cause, words = outcome.error_class, outcome.message[:_ERROR_CHARS]
    if outcome.ambiguous:
        changed, state = await outbox.unknown(tx, message_id, started_at, now, cause, words), "unknown"
    elif outcome.retry_after is not None:
        again = now + outcome.retry_after
        changed, state = await outbox.retry_at(tx, message_id, started_at, again, cause, words), "queued"
    else:
        changed, state = await outbox.failed(tx, message_id, started_at, now, cause, words), "failed"
    if changed:
        await conversations.report_delivery(tx, message_id, state, now=now, error=shown(cause, words))
    if changed and outcome.gone:
        await suppression.suppress(tx, await outbox.written(tx, message_id), reason="bounced", words=words, now=now)


async def _hear_early(tx: Tx, message_id: UUID, vendor_id: str, now: datetime) -> None:
    """Reports that came before the vendor's answer to the call they are about."""
    for early in await outbox.take_early(tx, message_id, vendor_id):
        if early.state == "failed":
            await note_failure(tx, message_id, cause=ErrorClass(early.error_class), words=early.words, now=now)
        else:
            await conversations.report_delivery(tx, message_id, early.state, now=now)


async def hold(tx: Tx, head: Outgoing, cause: ErrorClass, until: datetime, now: datetime) -> None:
    """The account has no room before `until`; the agent sees that it waits, and for what."""
    words = f"until {until.isoformat(timespec='minutes')}"
    if await outbox.postpone(tx, head.message_id, until, cause, words):
        await conversations.report_delivery(tx, head.message_id, "queued", now=now, error=shown(cause, words))


async def tell_account(tx: Tx, inbox_id: UUID, *, is_let_in: bool, now: datetime) -> None:
    """Once at every change, over restarts: until somebody mends it customers write and are not answered."""
    before = await inboxes.cursor(tx, inbox_id, _ACCOUNT)
    if before is is_let_in or (before is None and is_let_in):
        return
    await inboxes.save_cursor(tx, inbox_id, _ACCOUNT, is_let_in)
    cause = None if is_let_in else ErrorClass.AUTH
    await emit(tx, [Event(
        kind="inbox.reached" if is_let_in else "inbox.failed", subject=inbox_id, subject_version=1, at=now,
        actor="system", data={"error_class": cause},
    )])  # fmt: skip


async def retry(tx: Tx, message_id: UUID, *, actor: str, now: datetime) -> None:
    """A person decides to send it again, knowing that an unknown one may arrive twice."""
    inbox_id = await outbox.start_again(tx, message_id, now)
    if inbox_id is None:
        raise Conflict("only a message that failed can be sent again")
    written = await outbox.written(tx, message_id)
    await conversations.report_delivery(tx, message_id, "queued", now=now)
    await emit(tx, [Event(
        kind="message.retried", subject=message_id, subject_version=1, at=now, actor=actor,
        conversation_id=written.conversation_id, ticket_id=written.ticket_id,
        data={"message": message_id, "inbox": inbox_id},
    )])  # fmt: skip


async def note_bounce(
    tx: Tx, message_id: UUID, *, cause: ErrorClass, words: str, now: datetime, raw: str | None = None,
    gone: bool = False,
) -> bool:  # fmt: skip
    """A mail of ours came back: the message failed, and a line in the conversation says why. False when known.

    `gone`: the address does not exist, so it is not written to again. A refusal of principle alarms who keeps the
    inbox: the next mails will be refused too.
    """
    if not await outbox.bounced(tx, message_id, now, cause, words[:_ERROR_CHARS]):
        return False
    written = await outbox.written(tx, message_id)
    c = await conversations.lock_conversation(tx, written.conversation_id)
    await conversations.report_delivery(tx, message_id, "failed", now=now, error=shown(cause, words[:_ERROR_CHARS]))
    draft = Draft(
        direction="system", author="system", kind="bounce", text=f"退信 bounced: {words}"[:1000], human=False,
        payload={"code": "bounced", "words": words[:1000], "bounce": {
            "message": message_id, "error_class": cause, "raw": raw,
        }},
    )  # fmt: skip
    await conversations.say(tx, c, draft, now=now, ticket_id=written.ticket_id)
    if gone:
        await suppression.suppress(tx, written, reason="bounced", words=words, now=now)
    if cause is ErrorClass.CONTENT:
        await emit(tx, [Event(
            kind="inbox.refused", subject=c.inbox_id, subject_version=1, at=now, actor="system", brand_id=c.brand_id,
            conversation_id=c.id, ticket_id=written.ticket_id, data={"error_class": cause, "message": message_id},
        )])  # fmt: skip
    return True


async def note_failure(tx: Tx, message_id: UUID, *, cause: ErrorClass, words: str, now: datetime) -> bool:
    """The vendor took it and says now that it did not arrive. False when known."""
    if not await outbox.bounced(tx, message_id, now, cause, words[:_ERROR_CHARS]):
        return False
    await conversations.report_delivery(tx, message_id, "failed", now=now, error=shown(cause, words[:_ERROR_CHARS]))
    return True


async def note_vendor(
    tx: Tx, inbox_id: UUID, vendor_id: str, state: str, *, ours: UUID | None = None, cause: ErrorClass, words: str,
    now: datetime,
) -> None:  # fmt: skip
    """What a vendor reports of a message it knows by its own id, or by `ours` that it says back: then the call was
    heard, answered or not. One that overtook the answer to the call is kept for `record`."""
    message_id = await outbox.sent_as(tx, inbox_id, vendor_id)
    if message_id is None and ours is not None:
        message_id = await outbox.heard_as(tx, inbox_id, ours, vendor_id, now)
    if message_id is None and state != "read":
        what = TextState(state)
        if await texts.report(tx, inbox_id, vendor_id, what, ours=ours, words=words[:_ERROR_CHARS], now=now):
            return
    if message_id is None and state != "sent":
        await outbox.keep_early(tx, inbox_id, vendor_id, state, cause, words[:_ERROR_CHARS], now)
    elif message_id is not None and state == "failed":
        await note_failure(tx, message_id, cause=cause, words=words, now=now)
    elif message_id is not None:
        await conversations.report_delivery(tx, message_id, state, now=now)


async def note_complaint(tx: Tx, message_id: UUID, *, words: str, now: datetime, raw: str) -> None:
    """The recipient's provider says that he calls our mail spam: he is not written to again."""
    await note_report(tx, message_id, kind="complaint", words=words, now=now, raw=raw)
    await suppression.suppress(tx, await outbox.written(tx, message_id), reason="complained", words=words, now=now)


async def note_report(
    tx: Tx, message_id: UUID, *, kind: str, words: str, now: datetime, raw: str, delivery: str | None = None
) -> None:
    """What a server says about a mail it has: delivered, read, delayed, complained of. `raw` makes it one report."""
    if delivery is not None:
        await conversations.report_delivery(tx, message_id, delivery, now=now)
        return
    written = await outbox.written(tx, message_id)
    c = await conversations.lock_conversation(tx, written.conversation_id)
    draft = Draft(
        direction="system", author="system", kind="report", text=f"投递报告 {kind}: {words}"[:1000], human=False,
        client_id=f"report:{raw[:48]}", payload={"code": "report", "what": kind, "words": words[:1000], "report": {
            "message": message_id, "kind": kind, "raw": raw,
        }},
    )  # fmt: skip
    await conversations.say(tx, c, draft, now=now, ticket_id=written.ticket_id)
