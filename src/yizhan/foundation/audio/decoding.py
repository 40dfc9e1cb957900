"""The process that decodes: a recording on standard input; its length in seconds, a line end and the MP3 on standard
output. It ends with another code than 0 where it can make nothing of it.

    python -m yizhan.foundation.audio.decoding audio/amr
"""

from __future__ import annotations

import io
import sys
from typing import Any

_MOST_SECONDS = 1800  # of sound
_MEMORY = 1 << 30
_CPU_SECONDS = 45
_BIT_RATE = 32_000  # speech in one channel
_SILK_HEAD = b"#!SILK_V3"
_SILK_RATE = 24_000  # what its decoder is asked for; it takes none that is higher and sensible


def main(kind: str) -> None:
    _bound()
    content = sys.stdin.buffer.read()
    samples, rate = _silk(content) if kind == "audio/silk" else _by_ffmpeg(content)
    if not len(samples):
        sys.exit(3)
    import codecpod

    rendered = codecpod.save_bytes(samples, rate, codecpod.Mp3(bit_rate=_BIT_RATE), mono=True)
    sys.stdout.buffer.write(f"{len(samples) / rate:.2f}\n".encode() + rendered)


def _by_ffmpeg(content: bytes) -> tuple[Any, int]:
    import codecpod

    rate = codecpod.info(content).sample_rate
    found: Any = codecpod.load(content, mono=True, num_frames=_MOST_SECONDS * rate)
    return found[0], found[1]


def _silk(content: bytes) -> tuple[Any, int]:
    import numpy
    import pysilk

    pcm = io.BytesIO()
    pysilk.decode(io.BytesIO(_whole_packets(content)), pcm, _SILK_RATE)
    samples = numpy.frombuffer(pcm.getvalue(), dtype="<i2")[: _MOST_SECONDS * _SILK_RATE]
    return samples, _SILK_RATE


def _whole_packets(content: bytes) -> bytes:
    """What the decoder takes: a head and packets. WeChat and QQ put 0x02 before the head and write no closing mark,
    others close with a length of -1; a recording that was cut off ends with its last whole packet."""
    begin = content.index(_SILK_HEAD) + len(_SILK_HEAD)
    end = begin
    while end + 2 <= len(content):
        size = int.from_bytes(content[end : end + 2], "little", signed=True)
        if size < 0 or end + 2 + size > len(content):
            break
        end += 2 + size
    return _SILK_HEAD + content[begin:end]


def _bound() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such bounds; whoever asked has a time-out
        return
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main(sys.argv[1])
