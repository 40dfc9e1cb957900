"""From a parsed mail to what intake accepts, with its files kept first."""

import asyncio
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from yizhan.channels.email.model import Address, ParsedMail, SenderProof
from yizhan.channels.email.model import Attachment as MailFile
from yizhan.channels.email.policy import (
    ThreadHint,
    dedupe_key,
    reference_hash,
    thread_hint,
    thread_reference,
    without_tag,
)
from yizhan.channels.email.settings import MailSettings
from yizhan.desk.intake import Attachment, InboundMessage, Sender
from yizhan.foundation.blobs import Blobs
from yizhan.foundation.crypto import Signer
from yizhan.foundation.text import mask_email

NO_DOMAIN = "unknown.invalid"
_MAX_SHOWN = 50  # addresses of one header in the payload


class MailInbox(msgspec.Struct, frozen=True):
    id: UUID
    settings: MailSettings


async def keep_files(parsed: ParsedMail, blobs: Blobs) -> None:
    """The raw mail and its attachments; put before intake, so that a committed message never points to nothing."""
    files = [(one.content, one.content_type) for one in parsed.attachments if _is_kept(one)]
    puts = [(parsed.raw, "message/rfc822"), *files]
    results = await asyncio.gather(*(blobs.put(*one) for one in puts), return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result


def to_inbound(
    parsed: ParsedMail,
    inbox: MailInbox,
    now: datetime,
    *,
    signer: Signer,
    proof: SenderProof,
    arrived: datetime | None = None,
    imported: bool = False,
    claimed_by: Collection[UUID] = (),
    answers: bool = False,
) -> InboundMessage:
    """`imported` takes the time from the mail itself; a live mail's own Date is a claim and only shown.

    `arrived` is when the server had it: a customer waits from then, also when we were away. Only a sender who is
    proved counts as authenticated; of another one it is only suggested who he may be: `claimed_by` are the contacts
    that once gave this address as theirs. `answers` says that only the owner of the address can have written it.
    """
    settings = inbox.settings
    hint = thread_hint(parsed, settings.own_domains, signer)
    at = parsed.date if imported and parsed.date is not None and parsed.date <= now + timedelta(days=1) else arrived
    return InboundMessage(
        inbox_id=inbox.id,
        sender=_sender(parsed, authenticated=proof.passed or answers),
        name=parsed.from_.name or parsed.from_.email.partition("@")[0],
        text=parsed.visible_text,
        html=parsed.html or None,
        quoted=parsed.quoted_text or None,
        kind="unsupported" if parsed.unsupported else "text",
        payload=_payload(parsed, proof=proof, forged=hint.forged_token, claimed_by=claimed_by),
        attachments=tuple(
            Attachment(
                hash=one.sha256,
                name=one.name,
                type=one.content_type,
                size=one.size,
                inline=one.inline,
                cid=one.content_id or None,
            )
            for one in parsed.attachments
            if _is_kept(one)
        ),
        dedupe=dedupe_key(inbox.id, parsed),
        keep_dedupe=True,
        at=min(at or now, now),
        received_at=now,
        external_id=parsed.message_id or None,
        subject=parsed.subject or None,
        reply_conversation=hint.conversation_id,
        references=_references(hint),
        own_reference=reference_hash(parsed.message_id) if parsed.message_id else None,
        ticket_number=hint.ticket_number,
        automatic=imported or is_automatic(parsed, settings),
        raw=parsed.raw_sha256,
        origin={"subject": parsed.subject[:200]} if parsed.subject else {},
    )


def _is_kept(file: MailFile) -> bool:
    return not file.blocked and not (file.truncated and not file.content)


def _references(hint: ThreadHint) -> tuple[bytes, ...]:
    """Nearest first; Outlook's own mark of a thread last."""
    known = [reference_hash(one) for one in hint.references]
    return (*known, thread_reference(hint.thread_index)) if hint.thread_index else tuple(known)


def is_automatic(parsed: ParsedMail, settings: MailSettings) -> bool:
    """Written by a machine, or by ourselves: kept and shown, but nobody waits for an answer to it."""
    own = {without_tag(one.lower()) for one in settings.own_addresses}
    return parsed.auto_reply or parsed.loop or parsed.bounce is not None or without_tag(parsed.from_.key) in own


def _sender(parsed: ParsedMail, *, authenticated: bool) -> Sender:
    """Who left no readable address is a stranger of his own: two of them must not share a conversation."""
    unknown = f"{parsed.raw_sha256[:24]}@{NO_DOMAIN}"
    value = parsed.from_.key or (parsed.return_path or "").lower() or unknown
    return Sender(
        kind="email",
        value=value,
        inbox_scoped=False,
        rank="auxiliary" if value == unknown else "primary",
        authenticated=authenticated,
        masked=mask_email(value),
    )


def _payload(parsed: ParsedMail, *, proof: SenderProof, forged: bool, claimed_by: Collection[UUID]) -> dict[str, Any]:
    """What the agent sees around the text; empty entries left out."""
    payload: dict[str, Any] = {
        "message_id": parsed.message_id,
        "subject": parsed.subject[:500],
        "references": [*parsed.references, *parsed.in_reply_to],
        "from": _shown([parsed.from_]),
        "to": _shown(parsed.to),
        "cc": _shown(parsed.cc),
        "reply_to": _shown(parsed.reply_to),
        "date": parsed.date.isoformat() if parsed.date else None,
        "auto_reply": parsed.auto_reply_reason,
        "no_auto_reply": list(parsed.no_auto_reply),
        "bounce": msgspec.to_builtins(parsed.bounce) if parsed.bounce else None,
        "proof": msgspec.to_builtins(proof),
        "forged_token": forged,
        "blocked": [_withheld(one) for one in parsed.attachments if not _is_kept(one)],
        "claimed_by": list(claimed_by),
        "events": msgspec.to_builtins(parsed.events),
        "encrypted": parsed.encrypted,
        "signed": parsed.signed,
        "defects": list(parsed.defects),
        "truncated": parsed.truncated,
    }
    return {key: value for key, value in payload.items() if value}


def _withheld(file: MailFile) -> dict[str, Any]:
    """What the agent cannot open: it lies only in the raw mail, or was too large to be fetched from its server."""
    reason = file.blocked or "too_large"
    return {"name": file.name, "type": file.content_type, "size": file.size, "reason": reason}


def _shown(people: Collection[Address]) -> list[dict[str, str]]:
    return [{"name": one.name, "email": one.email} for one in list(people)[:_MAX_SHOWN] if one.email or one.name]
