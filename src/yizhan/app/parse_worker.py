"""The process that reads large mails: length, flag and mail on standard input, a parsed mail on standard output."""

from __future__ import annotations

import sys
from typing import BinaryIO

import msgspec

from yizhan.channels.email import parse

_LENGTH = 8


def serve(source: BinaryIO, sink: BinaryIO) -> None:
    """Until the input ends. The raw mail is not sent back: whoever asked has it."""
    while head := source.read(_LENGTH + 1):
        raw = source.read(int.from_bytes(head[:_LENGTH], "big"))
        parsed = msgspec.structs.replace(parse(raw, truncated=bool(head[_LENGTH])), raw=b"")
        answer = msgspec.msgpack.encode(parsed)
        sink.write(len(answer).to_bytes(_LENGTH, "big"))
        sink.write(answer)
        sink.flush()


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer)
