"""winmail.dat unpacked: attachments, their long names and the body (MS-OXTNEF). Rich text is left out."""

import struct

import msgspec

from yizhan.foundation.text import charset

_SIGNATURE = 0x223E9F78
_MAX_ATTRIBUTES = 5_000
_MAX_PROPERTIES = 500
_ATTACHMENT_BEGINS = 0x9002
_ATTACHMENT_NAME = 0x8010
_ATTACHMENT_CONTENT = 0x800F
_ATTACHMENT_PROPERTIES = 0x9005
_MESSAGE_PROPERTIES = 0x9003
_BODY = 0x800C
_CODEPAGE = 0x9007
_PR_LONG_NAME = 0x3707
_PR_MIME_TYPE = 0x370E
_PR_BODY = 0x1000
_PR_BODY_HTML = 0x1013
_FIXED = {0x0002: 4, 0x0003: 4, 0x0004: 4, 0x0005: 8, 0x0006: 8, 0x0007: 8, 0x000A: 4, 0x000B: 4, 0x0014: 8, 0x0040: 8}
_COUNTED = (0x001E, 0x001F, 0x000D, 0x0102)


class Unpacked(msgspec.Struct):
    attachments: list[tuple[str, str, bytes]]  # name, content type, content
    text: str = ""
    html: str = ""


def unpack(blob: bytes) -> Unpacked | None:
    """None when it is not TNEF or carries nothing that we can show."""
    if len(blob) < 6 or struct.unpack_from("<I", blob)[0] != _SIGNATURE:
        return None
    unpacked = Unpacked([])
    codepage = "gb18030"
    files: list[dict[int, bytes]] = []
    for attribute, content in _attributes(blob):
        if attribute == _CODEPAGE and len(content) >= 4:
            codepage = f"cp{struct.unpack_from('<I', content)[0]}"
        elif attribute == _ATTACHMENT_BEGINS:
            files.append({})
        elif attribute in (_ATTACHMENT_NAME, _ATTACHMENT_CONTENT) and files:
            files[-1][attribute] = content
        elif attribute == _ATTACHMENT_PROPERTIES and files:
            files[-1].update(_named(content, codepage, (_PR_LONG_NAME, _PR_MIME_TYPE)))
        elif attribute == _BODY:
            unpacked.text = charset.decode(content, codepage).rstrip("\0")
        elif attribute == _MESSAGE_PROPERTIES:
            found = _named(content, codepage, (_PR_BODY, _PR_BODY_HTML))
            unpacked.text = unpacked.text or found.get(_PR_BODY, b"").decode("utf-8", "replace")
            unpacked.html = found.get(_PR_BODY_HTML, b"").decode("utf-8", "replace")
    unpacked.attachments = [_file(file, codepage) for file in files if _ATTACHMENT_CONTENT in file]
    return unpacked if unpacked.attachments or unpacked.text or unpacked.html else None


def _attributes(blob: bytes) -> list[tuple[int, bytes]]:
    """(id, content) of each attribute; a length past the end stops the reading."""
    found: list[tuple[int, bytes]] = []
    at = 6
    while at + 9 <= len(blob) and len(found) < _MAX_ATTRIBUTES:
        _, attribute, _, length = struct.unpack_from("<BHHI", blob, at)
        at += 9
        if at + length > len(blob):
            break
        found.append((attribute, blob[at : at + length]))
        at += length + 2
    return found


def _file(file: dict[int, bytes], codepage: str) -> tuple[str, str, bytes]:
    short = charset.decode(file.get(_ATTACHMENT_NAME, b"").split(b"\0")[0], codepage)
    name = file.get(_PR_LONG_NAME, b"").decode("utf-8", "replace") or short
    kind = file.get(_PR_MIME_TYPE, b"").decode("utf-8", "replace").lower()
    return name, kind if "/" in kind else "application/octet-stream", file[_ATTACHMENT_CONTENT]


def _named(content: bytes, codepage: str, wanted: tuple[int, ...]) -> dict[int, bytes]:
    """The wanted text properties of a MAPI block, as UTF-8."""
    try:
        return dict(_properties(content, codepage, wanted))
    except struct.error:
        return {}


def _properties(content: bytes, codepage: str, wanted: tuple[int, ...]) -> list[tuple[int, bytes]]:
    found: list[tuple[int, bytes]] = []
    (count,) = struct.unpack_from("<I", content)
    at = 4
    for _ in range(min(count, _MAX_PROPERTIES)):
        kind, number = struct.unpack_from("<HH", content, at)
        at += 4
        if number >= 0x8000:
            at = _skip_name(content, at)
        many = bool(kind & 0x1000)
        kind &= ~0x1000
        values = 1
        if many or kind in _COUNTED:
            (values,) = struct.unpack_from("<I", content, at)
            at += 4
        for _ in range(min(values, _MAX_PROPERTIES)):
            if kind in _COUNTED:
                (length,) = struct.unpack_from("<I", content, at)
                value = content[at + 4 : at + 4 + length]
                at += 4 + length + (-length % 4)
                if number in wanted:
                    found.append((number, _as_utf8(value, kind, codepage)))
            elif kind in _FIXED:
                at += _FIXED[kind]
            elif kind == 0x0048:
                at += 16
            else:
                return found
    return found


def _skip_name(content: bytes, at: int) -> int:
    (named,) = struct.unpack_from("<I", content, at + 16)
    at += 20
    if named == 0:
        return at + 4
    (length,) = struct.unpack_from("<I", content, at)
    return int(at + 4 + length + (-length % 4))


def _as_utf8(value: bytes, kind: int, codepage: str) -> bytes:
    if kind == 0x001F:
        return value.decode("utf-16-le", "replace").rstrip("\0").encode("utf-8", "replace")
    if kind == 0x001E:
        return charset.decode(value.rstrip(b"\0"), codepage).encode("utf-8", "replace")
    return charset.decode(value, None).encode("utf-8", "replace")
