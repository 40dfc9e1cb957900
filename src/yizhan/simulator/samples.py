"""Things people send, small enough to be made here: a picture, a voice message, a file."""

from __future__ import annotations

import math
import struct
import zlib
from functools import cache

from yizhan.simulator.people import Blob

_SIDE = 320
_RATE = 8_000


@cache
def picture() -> Blob:
    """A photo of sorts: an evening sky over hills, as PNG."""
    rows = b"".join(b"\0" + b"".join(_pixel(x, y) for x in range(_SIDE)) for y in range(_SIDE))
    head = struct.pack(">IIBBBBB", _SIDE, _SIDE, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return Blob("photo.png", "image/png", b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*each) for each in parts))


def _pixel(x: int, y: int) -> bytes:
    hill = _SIDE * 0.7 + 26 * math.sin(x / 47) + 14 * math.sin(x / 19 + 2)
    if y > hill:
        return bytes((38, 70 + (y - int(hill)) // 6, 74))
    if (x - 222) ** 2 + (y - 96) ** 2 < 900:
        return bytes((255, 244, 214))
    return bytes((255 - y // 3, 176 - y // 4, 120 + y // 3))


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


@cache
def voice(kind: str = "amr") -> Blob:
    """Two seconds: `amr` as WeChat records (comfort noise), `wav` a chord anybody can play."""
    if kind == "amr":
        frame = bytes([0x3C]) + bytes.fromhex("48f51f9666790a0f8ae0400000c05000000000000000000000000000000000")
        return Blob("voice.amr", "audio/amr", b"#!AMR\n" + frame * 100)
    tones = [
        int(6_000 * sum(math.sin(2 * math.pi * hertz * n / _RATE) for hertz in (262, 330, 392)) * (1 - n / 16_000))
        for n in range(2 * _RATE)
    ]
    sound = struct.pack(f"<{len(tones)}h", *tones)
    head = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + len(sound), b"WAVE", b"fmt ", 16, 1, 1, _RATE, _RATE * 2,
                       2, 16, b"data", len(sound))  # fmt: skip
    return Blob("voice.wav", "audio/wav", head + sound)


def document() -> Blob:
    return Blob("发票 invoice.txt", "text/plain", "发票号 4403-8812,金额 ¥1,299.00\n".encode())


def video() -> Blob:
    """A film of no length: the head by which an MP4 is known, and an empty body."""
    head = struct.pack(">I4s4sI4s4s", 24, b"ftyp", b"isom", 512, b"isom", b"mp41")
    return Blob("video.mp4", "video/mp4", head + struct.pack(">I4s", 8, b"mdat"))


def sample(kind: str) -> Blob | None:
    """Something to send of that kind, without looking for a file."""
    if kind == "image":
        return picture()
    if kind == "file":
        return document()
    if kind == "video":
        return video()
    return voice() if kind == "voice" else None
