"""Replies by SMTP: a letter of the desk becomes a mail that threads in the customer's mailbox."""

import asyncio
import hashlib
import html as entities
import re
from datetime import timedelta
from typing import Protocol

import msgspec

from yizhan.channels.email.links import enclosed, file_url, listed, unsubscribe_url, usable
from yizhan.channels.email.model import Address
from yizhan.channels.email.policy import (
    bounce_address,
    is_gone,
    reference_hash,
    reply_address,
    ticket_tag,
)
from yizhan.channels.email.rendering import (
    Automatic,
    File,
    OutgoingMail,
    RenderedMail,
    own_message_id,
    render,
    reply_references,
    reply_subject,
)
from yizhan.channels.email.settings import MailSecret, MailSettings, allowed
from yizhan.channels.email.signing import sign
from yizhan.channels.email.transport.failures import ErrorClass as MailErrorClass
from yizhan.channels.email.transport.failures import MailServerError
from yizhan.channels.email.transport.send import RETRY_AFTER, Refusal, SendResult, SendState, SmtpSender, retry_delay
from yizhan.desk.outbound import NOTICES, ErrorClass, Letter, Limit, Mark, Receipt, SendFailed
from yizhan.foundation.blobs import Blobs
from yizhan.foundation.crypto import Signer
from yizhan.foundation.errors import DomainError, Invalid
from yizhan.records.outbox import Earlier

_ENTROPY_BYTES = 10
_FULL = "5.2.2"


class Keys(Protocol):
    """What opens the mailbox, asked for at each mail."""

    async def __call__(self) -> MailSecret:
        """Raises MailServerError."""
        ...

    def refused(self) -> None:
        """The server did not take it."""


class MailSender:
    """The way out of one e-mail inbox. SMTP recognises no repetition, so a call that broke off is never repeated."""

    def __init__(
        self, settings: MailSettings, keys: Keys, signer: Signer, blobs: Blobs, public_url: str = ""
    ) -> None:  # fmt: skip
        self._settings = settings
        self._keys = keys
        self._signer = signer
        self._blobs = blobs
        self._public_url = public_url

    @property
    def idempotent(self) -> bool:
        return False

    def mark(self, letter: Letter) -> Mark:
        message_id = self._message_id(letter)
        return Mark(message_id, reference_hash(message_id))

    def _message_id(self, letter: Letter) -> str:
        """Equal for every attempt, so that a mail that came twice after all is recognised; not to be guessed."""
        secret = hashlib.sha256(self._signer.address("m", letter.message_id).encode()).digest()
        return own_message_id(letter.conversation_id, secret[:_ENTROPY_BYTES], self._settings.domain)

    async def send(self, letter: Letter) -> Receipt:
        if letter.automatic:
            ensure_wanted(letter)
        try:
            rendered = render(self.compose(letter, *await self._files(letter)))
        except DomainError as refusal:  # an address that cannot be written, a file that is gone
            cause = ErrorClass.RECIPIENT if isinstance(refusal, Invalid) else ErrorClass.BAD_REQUEST
            raise SendFailed(cause, refusal.message) from refusal
        result = await self.transfer(rendered)
        if result.state is SendState.ACCEPTED:
            return Receipt(rendered.message_id)
        raise failure_of(result, letter.attempt)

    async def transfer(self, rendered: RenderedMail) -> SendResult:
        """A log-in that was refused is tried once more with fresh keys: a token may have been withdrawn."""
        for fresh in (False, True):
            try:
                secret = await self._keys()
            except MailServerError as failure:
                return refused(failure)
            content = await asyncio.to_thread(sign, rendered.content, self._settings, secret)
            async with SmtpSender(self._settings, secret) as connection:
                result = await connection.send(msgspec.structs.replace(rendered, content=content))
            if fresh or result.error_class is not MailErrorClass.AUTH or self._settings.oauth is None:
                return result
            self._keys.refused()
        return result

    @property
    def limits(self) -> tuple[Limit, ...]:
        minute, day = allowed(self._settings)
        wanted = ((minute, timedelta(minutes=1)), (day, timedelta(days=1)))
        return tuple(Limit(most, span) for most, span in wanted if most)

    async def _files(self, letter: Letter) -> tuple[tuple[File, ...], str]:
        """Those that are enclosed, and a paragraph with links to the others."""
        fit = enclosed([one.size for one in letter.files], self._settings.attach_bytes)
        kept: list[File] = []
        links: list[tuple[str, int, str]] = []
        for one, fits in zip(letter.files, fit, strict=True):
            if fits or one.cid or not usable(self._public_url):
                kept.append(File(one.name, one.type, await self._blobs.get(one.hash), one.cid))
            else:
                url = file_url(self._public_url, self._signer, letter.message_id, one.name, one.hash, letter.at)
                links.append((one.name, one.size, url))
        return tuple(kept), listed(links) if links else ""

    def compose(self, letter: Letter, files: tuple[File, ...] = (), links: str = "") -> OutgoingMail:
        """The mail in words. The tagged Reply-To is left out where the provider would drop the tag."""
        settings = self._settings
        tagged = reply_address(settings.address, letter.conversation_id, self._signer)
        parent = letter.earlier[0].external_id if letter.earlier else ""
        notice = letter.automatic and letter.kind in NOTICES
        return OutgoingMail(
            from_=Address(self._from_name(letter), settings.address),
            to=(Address(letter.to_name if letter.to_name != letter.to else "", letter.to),),
            subject=subject_of(letter),
            text=_signed("\n\n".join(one for one in (letter.text, links) if one), settings.signature),
            html=_with_links(letter.html, links) if letter.html else "",
            message_id=self._message_id(letter),
            date=letter.at,
            envelope_from=self._envelope(letter),
            reply_to=tagged if settings.plus_addressing else "",
            in_reply_to=parent,
            references=reply_references(parent, _chain(letter.earlier[1:])) if parent else (),
            files=files,
            automatic=Automatic.GENERATED if notice else Automatic.REPLIED if letter.automatic else Automatic.NO,
            list_unsubscribe=self._way_out(letter) if notice else "",
        )

    def _way_out(self, letter: Letter) -> str:
        if not usable(self._public_url):
            return ""
        return unsubscribe_url(self._public_url, self._signer, letter.message_id, letter.at)

    def _from_name(self, letter: Letter) -> str:
        return " · ".join(dict.fromkeys(one for one in (letter.author_name, self._settings.from_name) if one))

    def _envelope(self, letter: Letter) -> str:
        base = self._settings.bounce_address or self._settings.address
        if not self._settings.plus_addressing and not self._settings.bounce_address:
            return base
        return bounce_address(base, letter.message_id, self._signer)

    async def close(self) -> None:
        """Nothing stays open between two letters."""


def ensure_wanted(letter: Letter) -> None:
    """RFC 3834: no machine of ours answers what came from a machine, whoever in this house asked for it."""
    latest = next((one for one in letter.earlier if one.direction == "in" and one.payload), None)
    reasons = (latest.payload or {}).get("no_auto_reply") if latest else None
    if reasons:
        words = ", ".join(map(str, reasons))
        raise SendFailed(ErrorClass.UNWANTED, f"the mail came from a machine: {words}")


def _with_links(html: str, links: str) -> str:
    """The paragraph again for who reads the HTML."""
    if not links:
        return html
    lines = re.sub(r"(https://\S+)", r'<a href="\1">\1</a>', entities.escape(links)).replace("\n", "<br>\n")
    return f"{html}\n<p>{lines}</p>"


def subject_of(letter: Letter) -> str:
    """The customer's own subject, so that his reader threads it, with the ticket's number once; a notice may say its
    own."""
    own = str((letter.payload or {}).get("subject") or "") if letter.kind in NOTICES else ""
    if own:
        return own
    latest = next((one for one in letter.earlier if one.direction == "in" and one.payload), None)
    written = str((latest.payload or {}).get("subject") or "") if latest else ""
    subject = reply_subject(written or letter.subject)
    if letter.ticket_number is None:
        return subject
    tag = ticket_tag(letter.ticket_number)
    return subject if tag in subject else f"{subject} {tag}"


def _chain(earlier: tuple[Earlier, ...]) -> list[str]:
    """Oldest first: what the first mail itself referred to, then the mails of the conversation."""
    if not earlier:
        return []
    began = (earlier[-1].payload or {}).get("references") or []
    return [*map(str, began), *(one.external_id for one in reversed(earlier))]


def _signed(text: str, signature: str) -> str:
    return f"{text}\n\n-- \n{signature}" if signature.strip() else text


def refused(failure: MailServerError) -> SendResult:
    """Before any server of mail was asked: nothing was sent."""
    passing = failure.error_class in (MailErrorClass.TRANSIENT, MailErrorClass.THROTTLE)
    return SendResult(
        SendState.RETRY if passing else SendState.FAILED, failure.message,
        (Refusal(failure.error_class, failure.message),),
    )  # fmt: skip


def failure_of(result: SendResult, attempt: int) -> SendFailed:
    """4xx is tried again after 5, 15, 60, 240 minutes and then every four hours for two days; 5xx is final.

    A refused log-in is tried again too: no customer can help it, and the administrator mends the inbox meanwhile.
    """
    refusal = result.refused[0] if result.refused else None
    cause = ErrorClass((refusal.error_class if refusal else MailErrorClass.UNKNOWN).value)
    code = f"{refusal.code} " if refusal and refusal.code else ""
    status = f"{refusal.status} " if refusal and refusal.status and refusal.status not in refusal.message else ""
    words = f"{code}{status}{result.message}"
    if result.state is SendState.UNKNOWN:
        return SendFailed(ErrorClass.UNKNOWN, words, ambiguous=True)
    if result.state is SendState.RETRY or cause is ErrorClass.AUTH:
        return SendFailed(cause, words, retry_after=retry_delay(attempt, _waited(attempt)))
    if refusal is not None and refusal.status == _FULL:
        return SendFailed(ErrorClass.TRANSIENT, words)  # the address is right; another day may bring room
    gone = cause is ErrorClass.RECIPIENT and refusal is not None and is_gone(refusal.status, refusal.message)
    return SendFailed(cause, words, gone=gone)


def _waited(attempt: int) -> timedelta:
    """How long all tries before this one took."""
    steps = [RETRY_AFTER[min(number, len(RETRY_AFTER) - 1)] for number in range(attempt - 1)]
    return sum(steps, timedelta(0))
