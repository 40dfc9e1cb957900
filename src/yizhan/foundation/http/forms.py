"""A form with files, as browsers post it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple


class FormFile(NamedTuple):
    field: str
    name: str
    type: str
    content: bytes


def multipart(fields: Mapping[str, str], files: Sequence[FormFile]) -> tuple[str, bytes]:
    """Its content type and its body. The boundary follows from the content, so equal forms are equal bytes."""
    boundary = sha256(b"\0".join([*(v.encode() for v in fields.values()), *(f.content for f in files)])).hexdigest()[
        :40
    ]
    parts = [_part(boundary, f'name="{_quoted(name)}"', "", value.encode()) for name, value in fields.items()]
    for file in files:
        named = f'name="{_quoted(file.field)}"; filename="{_quoted(file.name)}"'
        parts.append(_part(boundary, named, file.type, file.content))
    return f"multipart/form-data; boundary={boundary}", b"".join([*parts, b"--%b--\r\n" % boundary.encode()])


def _part(boundary: str, named: str, type: str, content: bytes) -> bytes:
    kind = f"Content-Type: {_line(type)}\r\n" if type else ""
    head = f"--{boundary}\r\nContent-Disposition: form-data; {named}\r\n{kind}\r\n"
    return head.encode() + content + b"\r\n"


def _quoted(name: str) -> str:
    return _line(name).replace("\\", "\\\\").replace('"', "%22")


def _line(words: str) -> str:
    return "".join(" " if ord(each) < 32 else each for each in words)
