"""`parse`: from raw bytes to a ParsedMail, whatever the bytes are."""

import base64
import binascii
import hashlib
from typing import Any

import msgspec

from yizhan.channels.email.model import Address, Attachment, ParsedMail
from yizhan.channels.email.parsing import automatic, fields
from yizhan.channels.email.parsing.bounces import read_bounce
from yizhan.channels.email.parsing.content import Body, Content, joined_html, read_content
from yizhan.channels.email.parsing.headers import Headers, decode_text
from yizhan.channels.email.parsing.markup import bare_text, is_hostile, visible_part
from yizhan.channels.email.parsing.mime import Part, Reading, read_tree
from yizhan.channels.email.parsing.results import read_results
from yizhan.channels.email.parsing.subjects import normalise_subject
from yizhan.foundation.text import html as markup
from yizhan.foundation.text import quotes

_DELIVERED = ("delivered-to", "x-original-to", "x-envelope-to", "envelope-to", "x-forwarded-to", "x-delivered-to")
_MAX_HTML = 1_000_000  # what the sanitiser is asked to read


def parse(raw: bytes, *, truncated: bool = False) -> ParsedMail:
    """Never raises: what cannot be understood comes back `unsupported`, with its raw bytes.

    `truncated` tells that only the head of an oversized mail was fetched.
    """
    digest = hashlib.sha256(raw).hexdigest()
    try:
        return _parse(raw, digest, truncated)
    except Exception as failure:  # the last net under hostile input: the mail is kept and shown as it came
        return ParsedMail(
            raw=raw,
            raw_sha256=digest,
            defects=(f"unread:{type(failure).__name__}",),
            unsupported=True,
            truncated=truncated,
        )


def _parse(raw: bytes, digest: str, truncated: bool) -> ParsedMail:
    root, reading = read_tree(raw)
    headers = root.headers
    hint = root.params.get("charset", "")
    content = read_content(root, reading, truncated=truncated)
    subject = decode_text(headers.raw("subject"), hint)
    people = _people(headers, hint)
    shown = _shown(content, reading)
    return_path = _return_path(headers)
    judged = automatic.judge(headers, people["from_"], subject, return_path)
    verp = next((one for one in people["delivered_to"] + tuple(to.email for to in people["to"]) if "+" in one), "")
    bounce = read_bounce(
        content.reports,
        reading,
        sender=people["from_"],
        null_sender=return_path == "",
        subject=subject,
        text=shown["text"],
        verp=verp,
        own={one.lower() for one in people["delivered_to"]} | {to.key for to in people["to"]},
    )
    return ParsedMail(
        raw=raw,
        raw_sha256=digest,
        message_id=fields.message_id(headers.raw("message-id")),
        in_reply_to=fields.message_ids(headers.raw("in-reply-to")),
        references=fields.message_ids(headers.raw("references")),
        return_path=return_path,
        subject=subject,
        normalised_subject=normalise_subject(subject),
        date=fields.date(headers.raw("date")),
        events=tuple(content.events),
        auto_reply=bool(judged.reply_reason) and bounce is None,
        auto_reply_reason=judged.reply_reason,
        no_auto_reply=judged.silence + (("bounce",) if bounce else ()),
        loop=judged.loop,
        list_mail=judged.list_mail,
        list_id=headers.text("list-id"),
        bounce=bounce,
        auth=read_results(headers),
        authors=_authors(headers),
        thread_index=_thread_index(headers.raw("thread-index")),
        encrypted=content.encrypted,
        signed=content.signed,
        defects=tuple(reading.defects),
        unsupported=_is_unreadable(root, content),
        truncated=truncated,
        **people,
        **shown,
    )


def _people(headers: Headers, hint: str) -> dict[str, Any]:
    senders = fields.addresses(headers.raw("from"), hint)
    envelope = fields.addresses(headers.raw("sender"), hint)
    delivered = [
        address.email for name in _DELIVERED for raw in headers.raw_all(name)[:5] for address in fields.addresses(raw)
    ]
    return {
        "from_": next((one for one in senders if one.email), senders[0] if senders else Address("", "")),
        "sender": envelope[0] if envelope else Address("", ""),
        "to": _all(headers, "to", hint),
        "cc": _all(headers, "cc", hint),
        "reply_to": fields.addresses(headers.raw("reply-to"), hint),
        "delivered_to": tuple(dict.fromkeys(delivered)),
    }


def _all(headers: Headers, name: str, hint: str) -> tuple[Address, ...]:
    return tuple(address for raw in headers.raw_all(name)[:10] for address in fields.addresses(raw, hint))


def _shown(content: Content, reading: Reading) -> dict[str, Any]:
    """The bodies as text and safe HTML, the visible part, and the attachments the HTML shows."""
    for body in content.bodies:
        if body.html is not None and (len(body.html) > _MAX_HTML or is_hostile(body.html)):
            reading.defect("html-size")
            body.text, body.html = body.text or bare_text(body.html), None
    written = joined_html(content.bodies)
    safe = markup.sanitize(written) if written else ""
    spoken = any(body.text and body.text.strip() for body in content.bodies)
    text = _joined_text(content.bodies) if spoken else markup.to_text(safe)
    visible = quotes.strip_quoted(text) if spoken or not written else visible_part(written, text)
    return {
        "text": text,
        "html": safe,
        "visible_text": visible.visible,
        "quoted_text": visible.quoted,
        "attachments": _mark_inline(content.attachments, written),
    }


def _joined_text(bodies: list[Body]) -> str:
    """A body that says nothing in plain text is read from its HTML."""
    texts: list[str] = []
    for body in bodies:
        if body.text is not None and (body.text.strip() or not body.html):
            texts.append(body.text.rstrip())
        elif body.html:
            texts.append(markup.to_text(markup.sanitize(body.html)))
    return "\n\n".join(text for text in texts if text)


def _mark_inline(attachments: list[Attachment], written: str) -> tuple[Attachment, ...]:
    shown = set(markup.content_ids(written)) if written and any(one.content_id for one in attachments) else set()
    return tuple(
        msgspec.structs.replace(one, inline=True) if one.content_id and one.content_id in shown else one
        for one in attachments
    )


def _return_path(headers: Headers) -> str | None:
    if not headers.has("return-path"):
        return None
    found = fields.addresses(headers.raw("return-path"))
    return found[0].email if found else ""


def _authors(headers: Headers) -> int:
    """How many mailboxes claim to have written it."""
    return sum(max(1, len(fields.addresses(raw))) for raw in headers.raw_all("from")[:5])


def _thread_index(raw: bytes) -> str:
    try:
        decoded = base64.b64decode(b"".join(raw.split()))
    except (binascii.Error, ValueError):
        return ""
    return decoded[:22].hex() if len(decoded) >= 22 else ""


def _is_unreadable(root: Part, content: Content) -> bool:
    known = any(root.headers.has(name) for name in ("from", "to", "subject", "date", "message-id", "return-path"))
    return not known or not (root.headers.has("from") or content.bodies or content.attachments or content.reports)
