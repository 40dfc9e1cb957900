"""A reply to the bytes that go over SMTP. Pure; every value that reaches a header is freed of line breaks here."""

import base64
import binascii
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from email.utils import format_datetime
from enum import StrEnum
from urllib.parse import quote
from uuid import UUID

import msgspec

from yizhan.channels.email.model import Address
from yizhan.channels.email.parsing import LOOP_HEADER
from yizhan.foundation.errors import Invalid

MAX_REFERENCES = 20
_MAX_LINE = 998
_WORD_BYTES = 42  # of UTF-8 in one encoded word: 56 base64 characters and the frame stay under 75
_UNSAFE = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\ud800-\udfff]+")
_ATOM = re.compile(r"^[A-Za-z0-9!#$%&'*+/=?^_`{|}~ .-]+$")
_MAILBOX = re.compile(r"^[^\s<>,;:\"()\[\]\\@]{1,64}@[^\s<>,;:\"()\\@]{1,255}$")
_ID = re.compile(r"^[^\s<>]{1,900}$")
_TYPE = re.compile(r"^[a-z0-9!#$&^_.+-]{1,80}/[a-z0-9!#$&^_.+-]{1,80}$")


class Automatic(StrEnum):
    """RFC 3834: an acknowledgement answers somebody, a notice does not."""

    NO = ""
    REPLIED = "auto-replied"
    GENERATED = "auto-generated"


class File(msgspec.Struct, frozen=True):
    """With a `content_id` it is shown inside the HTML as `cid:<content_id>`."""

    name: str
    content_type: str
    content: bytes
    content_id: str = ""


class OutgoingMail(msgspec.Struct, frozen=True, kw_only=True):
    """What to send. `message_id` is ours, made by `own_message_id`; `bcc` is only in the envelope."""

    from_: Address
    to: tuple[Address, ...]
    subject: str
    text: str
    message_id: str
    date: datetime
    envelope_from: str
    html: str = ""
    cc: tuple[Address, ...] = ()
    bcc: tuple[Address, ...] = ()
    reply_to: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    files: tuple[File, ...] = ()
    automatic: Automatic = Automatic.NO
    list_unsubscribe: str = ""
    loop: str = "yizhan"


class RenderedMail(msgspec.Struct, frozen=True):
    """Ready for SMTP: CRLF, lines under 998 bytes, 7-bit unless an address needs SMTPUTF8."""

    message_id: str
    envelope_from: str
    recipients: tuple[str, ...]
    content: bytes
    smtputf8: bool = False


class UnsafeAddress(Invalid):
    """An address that could break out of its header or its SMTP command."""

    code = "unsafe_address"


def own_message_id(conversation_id: UUID, entropy: bytes, domain: str) -> str:
    """`conv.<id>.<random>@domain`: the conversation can be read from it, the random part not guessed."""
    return f"conv.{_base32(conversation_id.bytes)}.{_base32(entropy)}@{domain.lower()}"


def reply_references(parent_id: str, parent_references: Sequence[str]) -> tuple[str, ...]:
    """The parent's chain and the parent, capped so that the first and the latest stay."""
    chain = list(dict.fromkeys([*parent_references, *([parent_id] if parent_id else [])]))
    return tuple(chain if len(chain) <= MAX_REFERENCES else [chain[0], *chain[-(MAX_REFERENCES - 1) :]])


def reply_subject(subject: str) -> str:
    """One `Re:` in front, whatever stood there."""
    return subject if re.match(r"(?i)\s*re\s*[:：]", subject) else f"Re: {subject}"


def render(mail: OutgoingMail) -> RenderedMail:
    """Raises `UnsafeAddress`; all other values are made safe."""
    everyone = (*mail.to, *mail.cc, *mail.bcc)
    recipients = tuple(dict.fromkeys(_safe_mailbox(one.email) for one in everyone))
    envelope = _safe_mailbox(mail.envelope_from) if mail.envelope_from else ""
    if not recipients:
        raise UnsafeAddress("a mail needs a recipient")
    headers = list(_headers(mail))
    kind, body = _mixed(mail)
    lines = [f"{name}: {value}" for name, value in [*headers, *kind]]
    head = "\r\n".join(lines).encode("utf-8")
    return RenderedMail(
        message_id=mail.message_id,
        envelope_from=envelope,
        recipients=recipients,
        content=head + b"\r\n\r\n" + body,
        smtputf8=not head.isascii() or not "".join((*recipients, envelope)).isascii(),
    )


def _headers(mail: OutgoingMail) -> Iterable[tuple[str, str]]:
    yield "Message-ID", f"<{_safe_id(mail.message_id)}>"
    yield "Date", format_datetime(mail.date)
    yield "From", _mailboxes([mail.from_])
    yield "To", _mailboxes(mail.to)
    if mail.cc:
        yield "Cc", _mailboxes(mail.cc)
    if mail.reply_to:
        yield "Reply-To", _safe_mailbox(mail.reply_to)
    yield "Subject", _unstructured(mail.subject)
    if mail.in_reply_to and _ID.match(mail.in_reply_to):
        yield "In-Reply-To", f"<{mail.in_reply_to}>"
    chain = [f"<{one}>" for one in mail.references if _ID.match(one)]
    if chain:
        yield "References", "\r\n ".join(chain)
    if mail.automatic:
        yield "Auto-Submitted", mail.automatic.value
        yield "X-Auto-Response-Suppress", "All"
        yield LOOP_HEADER, _unstructured(mail.loop)
    if mail.automatic is Automatic.GENERATED:
        yield "Precedence", "bulk"
    if mail.list_unsubscribe.startswith("https://"):
        yield "List-Unsubscribe", f"<{quote(mail.list_unsubscribe, safe=':/?&=%#@+,;~-._')}>"
        yield "List-Unsubscribe-Post", "List-Unsubscribe=One-Click"
    yield "MIME-Version", "1.0"


_Entity = tuple[list[tuple[str, str]], bytes]


def _mixed(mail: OutgoingMail) -> _Entity:
    inline = [file for file in mail.files if file.content_id and mail.html]
    attached = [file for file in mail.files if file not in inline]
    entity = _alternative(mail)
    if inline:
        entity = _multipart("related", [entity, *map(_file, inline)], mail.message_id)
    return _multipart("mixed", [entity, *map(_file, attached)], mail.message_id) if attached else entity


def _alternative(mail: OutgoingMail) -> _Entity:
    plain = _text(mail.text, "plain")
    return _multipart("alternative", [plain, _text(mail.html, "html")], mail.message_id) if mail.html else plain


def _multipart(kind: str, entities: list[_Entity], seed: str) -> _Entity:
    """`=_` occurs in no encoded body, so the boundary cannot meet the content of a base64 or quoted-printable part."""
    number = binascii.crc32(f"{kind}{seed}".encode("utf-8", "replace"))
    boundary = f"=_{kind}_{number:08x}"
    pieces: list[bytes] = []
    for headers, body in entities:
        head = "".join(f"{name}: {value}\r\n" for name, value in headers).encode()
        pieces += [b"--", boundary.encode(), b"\r\n", head, b"\r\n", body, b"\r\n"]
    pieces += [b"--", boundary.encode(), b"--\r\n"]
    return [("Content-Type", f'multipart/{kind};\r\n boundary="{boundary}"')], b"".join(pieces)


def _text(text: str, kind: str) -> _Entity:
    """Always encoded: relays then change neither lines nor trailing blanks, and no boundary can be imitated."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace")
    content = lines.replace(b"\n", b"\r\n")
    mostly_ascii = sum(byte > 127 for byte in lines) * 6 < len(lines)
    if mostly_ascii:
        encoded = binascii.b2a_qp(lines).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        encoding = "quoted-printable"
    else:
        encoded, encoding = _base64(content), "base64"
    return [("Content-Type", f"text/{kind}; charset=utf-8"), ("Content-Transfer-Encoding", encoding)], encoded


def _file(file: File) -> _Entity:
    kind = file.content_type.lower()
    if not _TYPE.match(kind) or kind.startswith(("multipart/", "message/")):
        kind = "application/octet-stream"  # base64 is not allowed on message/*
    headers = [("Content-Type", f"{kind};\r\n {_legacy_name(file.name)}"), ("Content-Transfer-Encoding", "base64")]
    disposition = "inline" if file.content_id else "attachment"
    headers.append(("Content-Disposition", f"{disposition};\r\n {_file_name(file.name)}"))
    if file.content_id and _ID.match(file.content_id):
        headers.append(("Content-ID", f"<{file.content_id}>"))
    return headers, _base64(file.content)


def _base64(content: bytes) -> bytes:
    return base64.encodebytes(content).rstrip(b"\n").replace(b"\n", b"\r\n")


def _base32(raw: bytes) -> str:
    return base64.b32encode(raw).decode().rstrip("=").lower()


def _clean_name(name: str) -> str:
    return _UNSAFE.sub("_", name).replace('"', "'").replace("\\", "_")[:200] or "attachment"


def _legacy_name(name: str) -> str:
    """Old Chinese clients read only an encoded word in `name=`."""
    name = _clean_name(name)
    return f'name="{name}"' if name.isascii() and len(name) < 70 else f'name="{_words(name)}"'


def _file_name(name: str) -> str:
    """RFC 2231, cut into sections between percent codes so that no line grows long."""
    name = _clean_name(name)
    if name.isascii() and len(name) < 60:
        return f'filename="{name}"'
    coded = "UTF-8''" + quote(name, safe="")
    if len(coded) <= 65:
        return f"filename*={coded}"
    sections = re.findall(r"(?:%[0-9A-F]{2}|.){1,20}", coded)
    return ";\r\n ".join(f"filename*{number}*={section}" for number, section in enumerate(sections))


def _unstructured(text: str) -> str:
    text = _UNSAFE.sub(" ", text).strip()
    return text if text.isascii() and len(text) <= 900 and "=?" not in text else _words(text)


def _words(text: str) -> str:
    """Encoded words of whole characters, each on its own line."""
    words: list[str] = []
    run = b""
    for character in text:
        coded = character.encode("utf-8", "replace")
        if len(run) + len(coded) > _WORD_BYTES:
            words.append(_word(run))
            run = b""
        run += coded
    words.append(_word(run))
    return "\r\n ".join(words)


def _word(run: bytes) -> str:
    return f"=?utf-8?B?{base64.b64encode(run).decode()}?="


def _mailboxes(people: Sequence[Address]) -> str:
    return ",\r\n ".join(_mailbox(one) for one in people)


def _mailbox(one: Address) -> str:
    email = _safe_mailbox(one.email)
    name = _UNSAFE.sub(" ", one.name).strip()[:300]
    if not name:
        return email
    if not name.isascii() or "=?" in name or len(name) > 200:
        return f"{_words(name)} <{email}>"
    quoted = name if _ATOM.match(name) and "." not in name else '"' + re.sub(r'(["\\])', r"\\\1", name) + '"'
    return f"{quoted} <{email}>"


def _safe_mailbox(email: str) -> str:
    local, _, domain = email.strip().rpartition("@")
    if not domain.isascii():
        try:
            domain = domain.encode("idna").decode("ascii")
        except UnicodeError as refusal:
            raise UnsafeAddress(email[:100]) from refusal
    address = f"{local}@{domain}"
    if not _MAILBOX.match(address) or _UNSAFE.search(address):
        raise UnsafeAddress(email[:100])
    return address


def _safe_id(message_id: str) -> str:
    if not _ID.match(message_id) or not message_id.isascii():
        raise UnsafeAddress(message_id[:100])
    return message_id
