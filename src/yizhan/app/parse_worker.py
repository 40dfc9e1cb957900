"""The process that reads large mails: length, kind and mail on standard input, what was found on standard output."""

from __future__ import annotations

import sys
from typing import BinaryIO

import msgspec

from yizhan.app.parsing import SIGNED, TRUNCATED
from yizhan.channels.email import check, parse

_LENGTH = 8


def serve(source: BinaryIO, sink: BinaryIO) -> None:
    """Until the input ends. The raw mail is not sent back: whoever asked has it."""
    while head := source.read(_LENGTH + 1):
        content = source.read(int.from_bytes(head[:_LENGTH], "big"))
        answer = _answer(head[_LENGTH], content)
        sink.write(len(answer).to_bytes(_LENGTH, "big"))
        sink.write(answer)
        sink.flush()


def _answer(kind: int, content: bytes) -> bytes:
    if kind == SIGNED:
        keys, raw = msgspec.msgpack.decode(content, type=tuple[dict[str, str | None], bytes])
        return msgspec.msgpack.encode(check(raw, keys))
    parsed = parse(content, truncated=kind == TRUNCATED)
    return msgspec.msgpack.encode(msgspec.structs.replace(parsed, raw=b""))


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer)
