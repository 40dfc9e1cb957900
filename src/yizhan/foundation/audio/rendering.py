"""Asks the decoding process. Nothing of a codec is loaded here."""

from __future__ import annotations

import asyncio
import os
import sys

import msgspec

SPOKEN = frozenset({"audio/amr", "audio/amr-wb", "audio/silk", "audio/x-speex"})
"""Types that `playable` takes."""
RENDERED_TYPE = "audio/mpeg"

_MOST_BYTES = 20 * 1024 * 1024
_SECONDS = 60.0
_PASSED_ON = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "VIRTUAL_ENV")


class Unplayable(Exception):  # noqa: N818 - what it is
    """Damaged, too long, or of a kind for which this machine has no decoder; never worth a second try."""


class Rendered(msgspec.Struct, frozen=True):
    content: bytes
    seconds: float


async def playable(content: bytes, kind: str, *, seconds: float = _SECONDS) -> Rendered:
    """Raises Unplayable. `seconds` is how long the decoder may take."""
    if kind not in SPOKEN:
        raise Unplayable(f"{kind} is not a voice we read")
    if len(content) > _MOST_BYTES:
        raise Unplayable("the recording is too large")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "yizhan.foundation.audio.decoding", kind,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        env=_environment(),
    )  # fmt: skip
    try:
        async with asyncio.timeout(seconds):
            answer, _ = await process.communicate(content)
    except TimeoutError:
        raise Unplayable("the recording took too long to read") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return _read(answer, process.returncode)


def _environment() -> dict[str, str]:
    """None of our secrets; and one thread, because each takes memory."""
    return {**{name: os.environ[name] for name in _PASSED_ON if name in os.environ}, "OPENBLAS_NUM_THREADS": "1"}


def _read(answer: bytes, code: int | None) -> Rendered:
    length, line, content = answer.partition(b"\n")
    if code != 0 or not line or not content:
        raise Unplayable(f"the recording cannot be read ({code})")
    return Rendered(content, float(length))
