"""Decisions about mail as pure functions: where it belongs, whether a machine may answer it, what a bounce means."""

import hashlib
import re
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from yizhan.channels.email.model import Bounce, BounceKind, ParsedMail
from yizhan.channels.email.parsing import says_absent
from yizhan.foundation.crypto import Signer

CONVERSATION = "c"  # purpose of the token in a reply address
OUTBOUND = "b"  # purpose of the token in an envelope sender
AUTO_REPLY_GAP = timedelta(hours=24)
BREAKER_WINDOW = timedelta(minutes=10)
BREAKER_COUNT = 5
_MAX_REFERENCES = 50
_TAG = re.compile(r"\[#(\d{1,15})-(\d{2})\]")
_OWN_ID = re.compile(r"^conv\.([a-z2-7]{26})\.[a-z2-7]{8,40}@(.+)$")


class ThreadHint(msgspec.Struct, frozen=True):
    """Where a mail says that it belongs, strongest first; only `conversation_id` and `outbound_id` are proved."""

    conversation_id: UUID | None = None
    outbound_id: UUID | None = None
    references: tuple[str, ...] = ()
    ticket_number: int | None = None
    thread_index: str = ""
    forged_token: bool = False


def thread_hint(mail: ParsedMail, own_domains: Collection[str], signer: Signer) -> ThreadHint:
    """Tokens count only in addresses of our own domains: a stranger's plus-address is not ours to read."""
    conversation: UUID | None = None
    outbound: UUID | None = None
    forged = False
    for token in _tokens(mail, own_domains):
        if token[0] == CONVERSATION and conversation is None:
            conversation = signer.read_address(CONVERSATION, token)
            forged = forged or conversation is None
        elif token[0] == OUTBOUND and outbound is None:
            outbound = signer.read_address(OUTBOUND, token)
            forged = forged or outbound is None
    return ThreadHint(
        conversation_id=conversation,
        outbound_id=outbound,
        references=reference_order(mail),
        ticket_number=find_ticket_tag(mail.subject),
        thread_index=mail.thread_index,
        forged_token=forged,
    )


_TOKEN = re.compile(r"^[cb][a-z2-7]{26}\.[a-z2-7]{10}$")


def _tokens(mail: ParsedMail, own_domains: Collection[str]) -> list[str]:
    domains = {domain.lower() for domain in own_domains}
    written = list(mail.delivered_to) + [one.email for one in mail.to + mail.cc]
    found: list[str] = []
    for address in written:
        local, _, domain = address.lower().rpartition("@")
        if domain in domains:
            found.extend(tag for tag in local.split("+")[1:] if _TOKEN.match(tag))
    return list(dict.fromkeys(found))


def reference_order(mail: ParsedMail) -> tuple[str, ...]:
    """In-Reply-To first, then References from the last to the first; the original of a bounce before all."""
    original = (mail.bounce.original_message_id,) if mail.bounce and mail.bounce.original_message_id else ()
    ordered = [*original, *mail.in_reply_to, *reversed(mail.references)]
    return tuple(one for one in dict.fromkeys(ordered) if one != mail.message_id)[:_MAX_REFERENCES]


def reference_hash(message_id: str) -> bytes:
    """The key of `mail_reference`: 16 bytes of SHA-256 over the id without its angle brackets."""
    return hashlib.sha256(message_id.strip("<> ").encode("utf-8", "replace")).digest()[:16]


def thread_reference(thread_index: str) -> bytes:
    """Outlook's thread among the references: a weak hint, good only for the same sender."""
    return reference_hash(f"thread-index:{thread_index}")


def reply_address(address: str, conversation_id: UUID, signer: Signer) -> str:
    """`support+c<id>.<mac>@domain`, or the plain address when the local part would pass 64 characters."""
    return _tagged(address, signer.address(CONVERSATION, conversation_id))


def bounce_address(address: str, outbound_id: UUID, signer: Signer) -> str:
    """The envelope sender of one outbound mail, so that its bounce names it (VERP)."""
    return _tagged(address, signer.address(OUTBOUND, outbound_id))


def _tagged(address: str, token: str) -> str:
    local, _, domain = address.rpartition("@")
    tagged = f"{local}+{token}"
    return f"{tagged}@{domain}" if len(tagged) <= 64 else address


def conversation_of_own_id(message_id: str, own_domains: Collection[str]) -> str | None:
    """The conversation part of a Message-ID that we made; unsigned, so good for a look-up and nothing else."""
    match = _OWN_ID.match(message_id.strip("<> ").lower())
    return match.group(1) if match and match.group(2) in {domain.lower() for domain in own_domains} else None


def ticket_tag(number: int) -> str:
    """`[#208000-53]`: two check digits (ISO 7064 mod 97-10), so that a typing error finds no stranger's ticket."""
    return f"[#{number}-{_check_digits(number):02d}]"


def find_ticket_tag(subject: str) -> int | None:
    for match in _TAG.finditer(subject[:2000]):
        number = int(match.group(1))
        if _check_digits(number) == int(match.group(2)):
            return number
    return None


def _check_digits(number: int) -> int:
    return 98 - (number * 100) % 97


def dedupe_key(inbox_id: UUID, mail: ParsedMail) -> bytes:
    """Equal for every delivery of one mail to one inbox.

    A Message-ID may be missing or reused, so what was written takes part; the headers do not, because every way
    through the net adds others to the same mail.
    """
    if not mail.message_id and mail.date is None:  # two equal lines of a device are two mails
        return hashlib.sha256(b"mail\0" + inbox_id.bytes + mail.raw_sha256.encode()).digest()[:16]
    said = (mail.message_id, mail.from_.key, mail.subject, mail.date.isoformat() if mail.date else "")
    named = "\0".join(said).encode("utf-8", "replace")
    return hashlib.sha256(b"mail\0" + inbox_id.bytes + named + b"\0" + _body_digest(mail.raw)).digest()[:16]


def _body_digest(raw: bytes) -> bytes:
    """Blind to line endings, which differ between IMAP and a spool. Without a header's end, of everything."""
    lines = raw.replace(b"\r\n", b"\n")
    head, _, body = lines.partition(b"\n\n")
    return hashlib.sha256((body or head).strip()).digest()


class Recent(msgspec.Struct, frozen=True):
    """What happened lately between us and this sender."""

    last_auto_reply: datetime | None = None
    inbound: Sequence[datetime] = ()  # with the mail that is judged
    answered_here: bool = False  # a machine of ours has spoken in this conversation before


class AutoReply(msgspec.Struct, frozen=True):
    """`reasons` is empty when allowed; `breaker`: no automation for this sender now, `breaker_now`: since this mail."""

    allowed: bool
    reasons: tuple[str, ...] = ()
    breaker: bool = False
    breaker_now: bool = False


def may_auto_reply(mail: ParsedMail, own_addresses: Collection[str], recent: Recent, now: datetime) -> AutoReply:
    reasons = list(mail.no_auto_reply)
    if mail.auto_reply and "subject" not in reasons:
        reasons.append("auto-reply")
    if without_tag(mail.from_.key) in {without_tag(own.lower()) for own in own_addresses}:
        reasons.append("own-address")
    if auto_reply_recipient(mail) is None:
        reasons.append("no-address")
    if mail.unsupported:
        reasons.append("unsupported")
    if recent.last_auto_reply is not None and now - recent.last_auto_reply < AUTO_REPLY_GAP:
        reasons.append("rate")
    if recent.answered_here:
        reasons.append("answered")
    count = sum(1 for at in recent.inbound if timedelta(0) <= now - at <= BREAKER_WINDOW)
    if count > BREAKER_COUNT:
        reasons.append("breaker")
    return AutoReply(not reasons, tuple(reasons), count > BREAKER_COUNT, count == BREAKER_COUNT + 1)


def without_tag(address: str) -> str:
    local, at, domain = address.rpartition("@")
    return f"{local.split('+')[0]}{at}{domain}"


def auto_reply_recipient(mail: ParsedMail) -> str | None:
    """RFC 3834 answers go to Return-Path; From or Reply-To only where they share its domain or none was given."""
    if mail.return_path == "":
        return None
    asked = (mail.reply_to[0] if mail.reply_to else mail.from_).email
    if not _is_address(asked):
        asked = mail.from_.email
    if mail.return_path is None or not _is_address(mail.return_path):
        return asked if _is_address(asked) else None
    return asked if _domain(asked) == _domain(mail.return_path) else mail.return_path


def may_be_answered_at(mail: ParsedMail, address: str) -> bool:
    """Whether RFC 3834 lets a machine's answer go to the address that a reply by hand goes to."""
    recipient = auto_reply_recipient(mail)
    return recipient is not None and recipient.lower() == address.lower()


def _is_address(text: str) -> bool:
    local, at, domain = text.rpartition("@")
    return bool(at and local and domain)


def _domain(address: str) -> str:
    return address.rpartition("@")[2].lower()


def may_join(mail: ParsedMail, hint: ThreadHint, participants: Collection[str]) -> bool:
    """A token proves; anything else needs a sender who takes part: a forged In-Reply-To joins nothing."""
    return hint.conversation_id is not None or mail.from_.key in {one.lower() for one in participants}


_GONE = ("5.1.1", "5.1.10", "5.1.6")
_UNSPECIFIC = ("", "5.0.0", "5.1.0", "5.1.2", "5.4.1")  # then the words decide


def is_gone(status: str, diagnostic: str) -> bool:
    """Whether a refusal for good says that there is no such address: only then is it not written to again."""
    return status in _GONE or (status in _UNSPECIFIC and says_absent(diagnostic))


def gone(bounce: Bounce) -> bool:
    """Of a bounce that was traced to a mail of ours, which has one recipient."""
    if bounce.kind is not BounceKind.HARD:
        return False
    return any(one.action == "failed" and is_gone(one.status, one.diagnostic) for one in bounce.recipients)
