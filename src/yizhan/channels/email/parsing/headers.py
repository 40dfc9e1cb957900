"""Header blocks: split, unfolded and decoded the way mail is really written, not only as the RFCs ask."""

import binascii
import re
from collections.abc import Iterator

import msgspec

from yizhan.channels.email.model import MAX_HEADER_BYTES, MAX_HEADERS
from yizhan.foundation.text import charset

_MAX_VALUE = 64 * 1024  # bounds the search for the end of an encoded word
_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:[ \t]*")
_FOLD = re.compile(rb"\r?\n[ \t]*")
_ENCODED = re.compile(rb"=\?([^?\s]{1,60})\?([bBqQ])\?(.{0,2000}?)\?=", re.DOTALL)
_CONTROLS = re.compile("[\x00-\x1f\x7f]+")
# Bidirectional overrides make a file or a sender look like another one.
_OVERRIDES = re.compile("[\u202a-\u202e\u2066-\u2069]")


class Headers(msgspec.Struct, frozen=True):
    """The fields in order, names lowered, values raw and unfolded; `charset` decodes unencoded 8-bit bytes."""

    fields: tuple[tuple[str, bytes], ...]
    defects: tuple[str, ...] = ()

    def raw(self, name: str) -> bytes:
        return next((value for key, value in self.fields if key == name), b"")

    def raw_all(self, name: str) -> list[bytes]:
        return [value for key, value in self.fields if key == name]

    def has(self, name: str) -> bool:
        return any(key == name for key, _ in self.fields)

    def text(self, name: str) -> str:
        return decode_text(self.raw(name))


def split_headers(raw: bytes, start: int, end: int) -> tuple[Headers, int]:
    """The header block that begins at `start`, and where the body begins."""
    fields: list[tuple[str, bytes]] = []
    defects: list[str] = []
    position = _skip_envelope(raw, end) if start == 0 else start
    stop = min(end, position + MAX_HEADER_BYTES)
    while position < stop:
        line_end = _line_end(raw, position, stop)
        line = raw[position:line_end]
        if not line.strip(b"\r\n"):
            position = line_end
            break
        match = _FIELD.match(line)
        if match is None:
            defects.append("header-line")
            if fields and not _more_headers(raw, line_end, stop):
                break
            position = line_end
            continue
        position = line_end
        while position < stop and raw[position : position + 1] in (b" ", b"\t"):
            position = _line_end(raw, position, stop)
        if len(fields) < MAX_HEADERS:
            value = raw[line_end - len(line) + match.end() : position]
            fields.append((match.group(1).decode("ascii").lower(), _FOLD.sub(b" ", value).strip()))
    if position >= stop < end:
        defects.append("header-size")
    return Headers(tuple(fields), tuple(dict.fromkeys(defects))), position


def _line_end(raw: bytes, start: int, stop: int) -> int:
    found = raw.find(b"\n", start, stop)
    return stop if found < 0 else found + 1


def _skip_envelope(raw: bytes, end: int) -> int:
    """Blank lines and the mbox `From ` line before the first field of a mail; a part may begin with its blank line."""
    start = 0
    while start < end and raw[start : start + 1] in (b"\r", b"\n"):
        start += 1
    if raw[start : start + 5] == b"From " or raw[start : start + 6] == b">From ":
        return _line_end(raw, start, end)
    return start


def _more_headers(raw: bytes, position: int, stop: int) -> bool:
    """A broken line inside the block is skipped; one after the last field is the body without its blank line."""
    line = raw[position : _line_end(raw, position, stop)]
    match = _FIELD.match(line)
    return match is not None and b"-" in match.group(1)


def decode_text(raw: bytes, hint: str = "") -> str:
    """Encoded words joined and decoded, 8-bit bytes sniffed, controls removed; `hint` is the body's charset."""
    if not raw:
        return ""
    raw = raw[:_MAX_VALUE]
    text = "".join(_pieces(raw, hint)) if b"=?" in raw else _plain(raw, hint)
    return _CONTROLS.sub(" ", text).strip()


def decode_words(text: str) -> str:
    """Encoded words in text that was already decoded, as in a quoted display name."""
    return decode_text(text.encode("utf-8", "replace")) if "=?" in text else text


def without_overrides(text: str) -> str:
    return _OVERRIDES.sub("", text)


def _plain(raw: bytes, hint: str) -> str:
    if raw.isascii():
        return raw.decode("ascii")
    return charset.decode(raw, hint or None)


def _pieces(raw: bytes, hint: str) -> Iterator[str]:
    """Runs of adjacent words of one charset are joined as bytes first: senders cut characters in two."""
    position = 0
    run: list[tuple[bytes, bytes]] = []
    label = ""
    for match in _ENCODED.finditer(raw):
        between = raw[position : match.start()]
        name = match.group(1).split(b"*")[0].decode("ascii", "replace").lower()
        if run and (between.strip() or name != label):
            yield _join(run, label)
            run = []
        if between.strip() or (position == 0 and between):
            yield _plain(between, hint)
        run.append((match.group(2).lower(), match.group(3)))
        label = name
        position = match.end()
    if run:
        yield _join(run, label)
    if position < len(raw):
        yield _plain(raw[position:], hint)


def _join(run: list[tuple[bytes, bytes]], label: str) -> str:
    chunks: list[bytes] = []
    open_base64 = b""
    for encoding, payload in run:
        if encoding == b"b":
            stripped = b"".join(payload.split())
            open_base64 += stripped
            if len(open_base64) % 4 and not open_base64.endswith(b"="):
                continue  # some senders cut the base64 stream itself between words
            chunks.append(decode_base64(open_base64))
            open_base64 = b""
        else:
            chunks.append(binascii.a2b_qp(payload.replace(b" ", b"_"), header=True))
    if open_base64:
        chunks.append(decode_base64(open_base64))
    return charset.decode(b"".join(chunks), label)


_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")
_SEGMENT = re.compile(rb"[^=]+")


def decode_base64(body: bytes) -> bytes:
    """Whatever can be read: wrong padding, foreign characters and several joined streams are accepted."""
    try:
        content = binascii.a2b_base64(body)
    except binascii.Error:
        return b"".join(_base64_segment(part) for part in _SEGMENT.findall(body))
    padding = body.find(b"=")
    if padding >= 0 and len(body) - padding > 8 and _NOT_BASE64.sub(b"", body[padding:]):
        return b"".join(_base64_segment(part) for part in _SEGMENT.findall(body))
    return content


def _base64_segment(part: bytes) -> bytes:
    letters = _NOT_BASE64.sub(b"", part)
    if len(letters) % 4 == 1:
        letters = letters[:-1]
    return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))
