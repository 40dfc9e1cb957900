"""Structured fields: addresses, message ids, dates, and the parameters of Content-* headers."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import unquote_to_bytes

from yizhan.channels.email.model import Address
from yizhan.channels.email.parsing.headers import decode_text, decode_words, without_overrides
from yizhan.foundation.text import charset

_MAX_ADDRESSES = 500
_MAX_IDS = 100
_MAX_FIELD = 64 * 1024
_ID = re.compile(r"<([^<>\s]{1,990})>")
_ADDRESS = re.compile(r"[^\s<>,;:\"()]+@[^\s<>,;:\"()]+")
_TOKEN = re.compile(
    r"""(?P<word>=\?[^?\s]{1,60}\?[bBqQ]\?.{0,2000}?\?=)  # one token: bad ones hold commas and spaces
    | "(?P<quoted>(?:[^"\\]|\\.)*)"?
    | \((?P<comment>[^()]*)\)?
    | <(?P<angle>[^<>]*)>?
    | (?P<separator>[,;])
    | (?P<group>:)
    | (?P<space>\s+)
    | (?P<atom>[^\s"(<,;:=]+|.)""",
    re.VERBOSE | re.DOTALL,
)
_EDGE = " \t'\""


def addresses(raw: bytes, hint: str = "") -> tuple[Address, ...]:
    """Every mailbox of the field; names decoded after the structure is cut, so a decoded comma splits nothing."""
    if not raw:
        return ()
    raw = raw[:_MAX_FIELD]
    text = raw.decode("ascii") if raw.isascii() else charset.decode(raw, hint or None)
    found: list[Address] = []
    for words, comment, angle in _mailboxes(text):
        address = _mailbox(words, comment, angle)
        if address is not None:
            found.append(address)
            if len(found) >= _MAX_ADDRESSES:
                break
    return tuple(found)


def _mailboxes(text: str) -> Iterator[tuple[str, str, str | None]]:
    """(words, comment, what stood in angle brackets) of each mailbox."""
    words: list[str] = []
    comment = ""
    angle: str | None = None
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "atom"
        value = match.group(kind)
        if kind == "separator":
            yield "".join(words), comment, angle
            words, comment, angle = [], "", None
        elif kind == "angle":
            angle = value
        elif kind == "comment":
            comment = value
        elif kind == "group":
            words = []
        else:
            words.append(re.sub(r"\\(.)", r"\1", value) if kind == "quoted" else value)
    yield "".join(words), comment, angle


def _mailbox(words: str, comment: str, angle: str | None) -> Address | None:
    name = words
    email = "" if angle is None else "".join(angle.split()).strip(_EDGE)
    if not email:
        match = _ADDRESS.search(words)
        if match is None and not (angle is not None and words.strip()):
            return None
        email, name = (match.group(), comment) if match else ("", words)
    if email.lower().startswith("mailto:"):
        email = email[7:]
    email = _folded_domain(email)
    name = without_overrides(decode_words(name)).strip(_EDGE)
    return Address("" if name.lower() == email.lower() else name[:300], email[:320])


def _folded_domain(email: str) -> str:
    local, at, domain = email.rpartition("@")
    return f"{local}{at}{domain.lower().rstrip('.')}" if at else email


def message_ids(raw: bytes) -> tuple[str, ...]:
    """Ids without their angle brackets, in order, each once; of a long chain the first 20 and the last 80."""
    text = raw.decode("utf-8", "replace")
    found = _ID.findall(text)
    if not found:
        found = [word for word in text.split() if "@" in word and len(word) < 990]
    unique = list(dict.fromkeys(found))
    return tuple(unique if len(unique) <= _MAX_IDS else unique[:20] + unique[-80:])


def message_id(raw: bytes) -> str:
    """A Message-ID may hold spaces or lack brackets: what was written still compares."""
    text = _ID.search(raw.decode("utf-8", "replace"))
    if text is not None:
        return text.group(1)
    return "".join(decode_text(raw[:990]).strip("<> ").split())


def date(raw: bytes) -> datetime | None:
    """In UTC, or None when it cannot be true: before mail existed, or no date at all."""
    text = decode_text(raw[:200])
    if not text:
        return None
    try:
        value = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        try:
            value = datetime.fromisoformat(text)
        except ValueError:
            return None
    try:
        value = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return value if 1980 <= value.year <= 2100 else None


_PARAMETER = re.compile(
    rb""";\s*(?P<name>[^\s=;"]{1,80})\s*=\s*(?:"(?P<quoted>(?:[^"\\]|\\.)*)"?|(?P<bare>[^;]*))""",
    re.VERBOSE | re.DOTALL,
)
_SECTION = re.compile(r"^([^*]+)(?:\*(\d{1,3}))?(\*)?$")


def parameters(raw: bytes, hint: str = "") -> dict[str, str]:
    """Parameters decoded: RFC 2231 sections, encoded words inside quotes, raw 8-bit, bare names with spaces.

    A backslash before anything but a quote or itself is kept: old Windows clients send whole paths.
    """
    plain: dict[str, str] = {}
    sections: dict[str, dict[int, tuple[bytes, bool]]] = {}
    for match in _PARAMETER.finditer(raw[:_MAX_FIELD]):
        value = match.group("quoted")
        value = match.group("bare").strip() if value is None else re.sub(rb'\\(["\\])', rb"\1", value)
        parsed = _SECTION.match(match.group("name").decode("latin-1").lower())
        if parsed is None:
            continue
        name, number, extended = parsed.groups()
        if number is None and not extended:
            plain.setdefault(name, decode_text(value, hint))
        else:
            sections.setdefault(name, {}).setdefault(int(number or 0), (value, bool(extended)))
    for name, parts in sections.items():
        plain[name] = _joined_sections(parts, hint)
    return plain


def _joined_sections(parts: dict[int, tuple[bytes, bool]], hint: str) -> str:
    label = hint
    joined = b""
    coded = False
    for number in sorted(parts):
        value, extended = parts[number]
        if extended:
            if number == 0 and value.count(b"'") >= 2:
                name, _, value = value.split(b"'", 2)
                label = name.decode("latin-1") or hint
            value = unquote_to_bytes(value)
            coded = True
        joined += value
    if not coded:
        return decode_text(joined, hint)
    return charset.decode(joined, label or None).replace("\0", "")
