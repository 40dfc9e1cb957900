"""The tree of parts, cut as slices of the raw mail; depth, number and repair of broken boundaries bounded."""

import binascii
import re
from collections.abc import Iterator

import msgspec

from yizhan.channels.email.model import MAX_DEPTH, MAX_PARTS
from yizhan.channels.email.parsing.fields import parameters
from yizhan.channels.email.parsing.headers import Headers, decode_base64, decode_text, split_headers

_GUESS = re.compile(rb"^--([^\s]{1,70})[ \t]*\r?$", re.MULTILINE)
_TYPE = re.compile(r"^[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+$")


class Part(msgspec.Struct):
    """A leaf or a multipart; `start` and `end` bound the body inside the raw mail."""

    headers: Headers
    start: int
    end: int
    content_type: str
    params: dict[str, str]
    disposition: str
    disposition_params: dict[str, str]
    children: list["Part"]

    @property
    def main_type(self) -> str:
        return self.content_type.partition("/")[0]

    @property
    def file_name(self) -> str:
        return self.disposition_params.get("filename") or self.params.get("name") or ""


class Reading(msgspec.Struct):
    """One mail being read: what was counted and what was wrong."""

    raw: bytes
    parts: int = 0
    defects: list[str] = []

    def defect(self, name: str) -> None:
        if name not in self.defects:
            self.defects.append(name)


def read_tree(raw: bytes) -> tuple[Part, Reading]:
    reading = Reading(raw, 0, [])
    return _read_part(reading, 0, len(raw), 0, "text/plain"), reading


def _read_part(reading: Reading, start: int, end: int, depth: int, default_type: str) -> Part:
    headers, body = split_headers(reading.raw, start, end)
    for defect in headers.defects:
        reading.defect(defect)
    reading.parts += 1
    raw_type = headers.raw("content-type")
    content_type = decode_text(raw_type.split(b";")[0]).lower()
    if not _TYPE.match(content_type):
        if raw_type:
            reading.defect("content-type")
        content_type = "text/plain" if content_type == "text" else default_type
    raw_disposition = headers.raw("content-disposition")
    part = Part(
        headers=headers,
        start=body,
        end=end,
        content_type=content_type,
        params=parameters(raw_type),
        disposition=decode_text(raw_disposition.split(b";")[0]).lower(),
        disposition_params=parameters(raw_disposition) if raw_disposition else {},
        children=[],
    )
    if part.main_type == "multipart":
        _read_children(reading, part, depth)
    return part


def _read_children(reading: Reading, part: Part, depth: int) -> None:
    if depth >= MAX_DEPTH:
        reading.defect("depth")
        part.content_type = "application/octet-stream"
        return
    boundary = part.params.get("boundary", "").encode("utf-8", "replace")
    spans = list(_sections(reading, part, boundary)) if boundary else []
    if not spans:
        reading.defect("boundary")
        guess = _GUESS.search(reading.raw, part.start, min(part.end, part.start + 64 * 1024))
        spans = list(_sections(reading, part, guess.group(1))) if guess else []
    if not spans:
        part.content_type = "text/plain"
        return
    inner = "message/rfc822" if part.content_type == "multipart/digest" else "text/plain"
    for start, end in spans:
        if reading.parts >= MAX_PARTS:
            reading.defect("parts")
            return
        part.children.append(_read_part(reading, start, end, depth + 1, inner))


def _sections(reading: Reading, part: Part, boundary: bytes) -> Iterator[tuple[int, int]]:
    """Spans between delimiter lines; a missing closing line ends at the end of the part."""
    open_at = -1
    for line_start, line_end, closing in _delimiters(reading.raw, part.start, part.end, boundary):
        if open_at >= 0:
            yield open_at, max(open_at, _before_newline(reading.raw, line_start))
        open_at = -1 if closing else line_end
        if closing:
            break
    if open_at >= 0:
        reading.defect("boundary-end")
        if open_at < part.end:
            yield open_at, part.end


def _delimiters(raw: bytes, start: int, end: int, boundary: bytes) -> Iterator[tuple[int, int, bool]]:
    marker = b"--" + boundary
    at = raw.find(marker, start, end)
    while at >= 0:
        after = at + len(marker)
        newline = raw.find(b"\n", after, end)
        line_end = end if newline < 0 else newline + 1
        rest = raw[after : min(line_end, after + 200)].strip()
        # A longer boundary may begin with this one; only a bare line or "--" delimits.
        if (at == start or raw[at - 1 : at] == b"\n") and rest in (b"", b"--"):
            yield at, line_end, rest == b"--"
            after = max(after, line_end)
        at = raw.find(marker, after, end)


def _before_newline(raw: bytes, at: int) -> int:
    """The newline before a delimiter belongs to the delimiter."""
    if raw[at - 1 : at] == b"\n":
        at -= 1
        if raw[at - 1 : at] == b"\r":
            at -= 1
    return at


def decoded(reading: Reading, part: Part) -> bytes:
    """The body with its transfer encoding undone; an unknown encoding is taken as none."""
    body = reading.raw[part.start : part.end]
    encoding = decode_text(part.headers.raw("content-transfer-encoding")).split(";")[0].strip().lower()
    if encoding == "base64":
        return decode_base64(body)
    if encoding == "quoted-printable":
        return binascii.a2b_qp(body)
    if encoding in ("x-uuencode", "uuencode", "x-uue", "uue"):
        return _uudecode(body)
    if encoding.replace(" ", "").replace("-", "") not in ("", "7bit", "8bit", "binary"):
        reading.defect("transfer-encoding")
    return body


def _uudecode(body: bytes) -> bytes:
    content: list[bytes] = []
    inside = False
    for line in body.splitlines():
        if not inside:
            inside = line.startswith(b"begin ")
        elif line.strip() in (b"end", b"`", b""):
            break
        else:
            try:
                content.append(binascii.a2b_uu(line))
            except binascii.Error:  # encoders pad lines with blanks that were lost: cut to the length the line states
                length = (((line[0] - 32) & 63) * 4 + 5) // 3
                content.append(_uu_line(line[:length]))
    return b"".join(content)


def _uu_line(line: bytes) -> bytes:
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        return b""
