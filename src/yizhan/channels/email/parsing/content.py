"""Walks the tree once and sorts it: bodies, attachments, reports, invitations, and what is sealed."""

import hashlib
import html as entities
import mimetypes
import re

import msgspec

from yizhan.channels.email.dangers import danger_in
from yizhan.channels.email.model import MAX_TEXT_CHARS, Attachment, CalendarEvent
from yizhan.channels.email.parsing import calendars, tnef
from yizhan.channels.email.parsing.headers import decode_text, split_headers, without_overrides
from yizhan.channels.email.parsing.mime import Part, Reading, decoded
from yizhan.foundation.text import charset, clean

LEFT_OUT = "x-yizhan-left-out"  # on a part that was too large to be fetched
_MAX_BODY = 2 * MAX_TEXT_CHARS
_FORBIDDEN_IN_NAMES = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_SUFFIXES = {
    "message/rfc822": ".eml",
    "text/calendar": ".ics",
    "text/plain": ".txt",
    "text/html": ".html",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "application/pdf": ".pdf",
    "application/pkcs7-mime": ".p7m",
    "application/pkcs7-signature": ".p7s",
    "application/pgp-signature": ".asc",
    "application/pgp-encrypted": ".asc",
}


class Body(msgspec.Struct):
    """One run of text in reading order; an alternative fills both."""

    text: str | None = None
    html: str | None = None


class Content(msgspec.Struct):
    bodies: list[Body]
    attachments: list[Attachment]
    events: list[CalendarEvent]
    reports: list[Part]
    report_type: str = ""
    encrypted: str = ""
    signed: str = ""


def read_content(root: Part, reading: Reading, *, truncated: bool = False) -> Content:
    content = Content([], [], [], [])
    if not root.children and root.main_type == "text" and root.disposition != "attachment":
        root.params.pop("name", None)  # a mail of one part is its own text, whatever name the sender gave it
        root.disposition_params.pop("filename", None)
    _walk(root, reading, content, None)
    if truncated and content.attachments and not any(one.truncated for one in content.attachments):
        last = content.attachments[-1]
        content.attachments[-1] = msgspec.structs.replace(last, truncated=True)
    return content


def _walk(part: Part, reading: Reading, content: Content, alternative: Body | None) -> None:
    """`alternative` is the body under construction while inside a multipart/alternative."""
    if part.content_type == "multipart/alternative":
        body = alternative or Body()
        for child in part.children:
            _walk(child, reading, content, body)
        if alternative is None and (body.text is not None or body.html is not None):
            content.bodies.append(body)
    elif part.children:
        _note_wrapper(part, content)
        # Only the first part of a multipart/related is what is read; its brothers are shown inside it.
        for number, child in enumerate(part.children):
            shown = alternative if part.content_type != "multipart/related" or number == 0 else None
            _walk(child, reading, content, shown)
    else:
        _leaf(part, reading, content, alternative)


def _note_wrapper(part: Part, content: Content) -> None:
    if part.content_type == "multipart/encrypted":
        content.encrypted = "smime" if "pkcs7" in part.params.get("protocol", "") else "pgp"
    elif part.content_type == "multipart/signed":
        content.signed = "smime" if "pkcs7" in part.params.get("protocol", "") else "pgp"
    elif part.content_type == "multipart/report":
        content.report_type = part.params.get("report-type", "").lower()


def _leaf(part: Part, reading: Reading, content: Content, alternative: Body | None) -> None:
    kind = part.content_type
    if kind in ("message/delivery-status", "message/disposition-notification", "message/feedback-report") or (
        content.report_type and kind in ("text/rfc822-headers", "message/rfc822", "message/rfc822-headers")
    ):
        content.reports.append(part)
        if kind != "message/rfc822":
            return
    if kind in ("text/plain", "text/html") and part.disposition != "attachment" and not part.file_name:
        _read_body(part, reading, content, alternative)
        return
    blob = decoded(reading, part)
    if kind == "text/calendar":
        content.events.extend(calendars.read_events(charset.decode(blob, part.params.get("charset"))))
    if kind in ("application/pkcs7-mime", "application/x-pkcs7-mime"):
        sealed = "signed" if "signed" in part.params.get("smime-type", "") else "encrypted"
        setattr(content, sealed, "smime")
    if kind in ("application/ms-tnef", "application/vnd.ms-tnef") and _unpack_tnef(blob, content):
        return
    content.attachments.append(_attachment(part, blob, reading))


def _read_body(part: Part, reading: Reading, content: Content, alternative: Body | None) -> None:
    blob = decoded(reading, part)
    label = part.params.get("charset") or None
    if label is None and part.content_type == "text/html":
        found = _META_CHARSET.search(blob, 0, 4096)
        label = found.group(1).decode("ascii") if found else None
    text = clean(charset.decode(blob[:_MAX_BODY], label)).replace("\r\n", "\n").replace("\r", "\n")
    if len(blob) > _MAX_BODY or len(text) > MAX_TEXT_CHARS:
        reading.defect("text-size")
        text = text[:MAX_TEXT_CHARS]
    if "-----BEGIN PGP MESSAGE-----" in text[:10_000]:
        content.encrypted = content.encrypted or "pgp"
    field = "html" if part.content_type == "text/html" else "text"
    if alternative is None:
        content.bodies.append(Body(**{field: text}))
    else:
        before = getattr(alternative, field)
        setattr(alternative, field, text if before is None else f"{before}\n{text}")


def _unpack_tnef(blob: bytes, content: Content) -> bool:
    """Outlook's private wrapper. What cannot be unpacked stays as winmail.dat for the agent to download."""
    unpacked = tnef.unpack(blob)
    if unpacked is None:
        return False
    for name, kind, inner in unpacked.attachments:
        content.attachments.append(make_attachment(name or "attachment", kind, inner))
    said = any((body.text or body.html or "").strip() for body in content.bodies)
    if not said and (unpacked.text or unpacked.html):
        content.bodies.append(Body(text=unpacked.text or None, html=unpacked.html or None))
        return True
    return said  # a body in Outlook's own rich text is not read: the wrapper stays for who can


def _attachment(part: Part, blob: bytes, reading: Reading) -> Attachment:
    content_id = decode_text(part.headers.raw("content-id")).strip("<> ")
    location = decode_text(part.headers.raw("content-location"))
    name = part.file_name or _nested_subject(part, reading) or location.rpartition("/")[2]
    if not name:
        name = "attachment" + _SUFFIXES.get(part.content_type, "")
    elif part.content_type == "message/rfc822" and not name.lower().endswith(".eml"):
        name += ".eml"
    kind = part.content_type
    if not part.headers.has("content-type"):
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    attachment = make_attachment(name, kind, blob, content_id or location)
    size = part.headers.text(LEFT_OUT)
    if blob or not size.isdecimal():
        return attachment
    return msgspec.structs.replace(attachment, size=int(size[:12]) * 3 // 4, truncated=True)  # base64 is a third more


def make_attachment(name: str, content_type: str, blob: bytes, content_id: str = "") -> Attachment:
    shown = safe_file_name(name)
    return Attachment(
        name=shown,
        content_type=content_type,
        size=len(blob),
        sha256=hashlib.sha256(blob).hexdigest(),
        content=blob,
        content_id=content_id[:500],
        blocked=danger_in(shown, blob),
    )


def _nested_subject(part: Part, reading: Reading) -> str:
    if part.content_type != "message/rfc822":
        return ""
    headers, _ = split_headers(reading.raw, part.start, part.end)
    return headers.text("subject")[:80]


def safe_file_name(name: str) -> str:
    """No path, no device characters, no direction tricks; at most 200 characters with the suffix kept."""
    name = without_overrides(clean(name)).replace("\\", "/").rpartition("/")[2]
    name = _FORBIDDEN_IN_NAMES.sub("_", name).strip(" .") or "attachment"
    if len(name) <= 200:
        return name
    stem, dot, suffix = name.rpartition(".")
    return f"{stem[: 199 - len(suffix)]}.{suffix}" if dot and len(suffix) <= 10 else name[:200]


def joined_html(bodies: list[Body]) -> str:
    """All bodies as one HTML when any of them is HTML, else empty."""
    if not any(body.html is not None for body in bodies):
        return ""
    return "\n".join(body.html if body.html is not None else _as_html(body.text or "") for body in bodies)


def _as_html(text: str) -> str:
    return "<div>" + entities.escape(text, quote=False).replace("\n", "<br>\n") + "</div>"
