"""Files shown to a virus scanner: clamd's INSTREAM, which ClamAV and most mail filters speak."""

import asyncio
import re

from yizhan.foundation.errors import DomainError

_CHUNK = 64 * 1024
_SECONDS = 60.0
_FOUND = re.compile(r"^stream: (.{1,200}) FOUND$")


class ScannerAway(DomainError):  # noqa: N818 - what happened
    """The scanner gave no verdict: nothing is known about the file."""

    code = "scanner_away"


async def scan(place: str, content: bytes) -> str:
    """The name of what was found, empty when nothing was. `place` is host:port or the path of a socket."""
    try:
        async with asyncio.timeout(_SECONDS):
            said = await _ask(place, content)
    except (OSError, TimeoutError, asyncio.IncompleteReadError) as failure:
        raise ScannerAway(f"no verdict: {failure or type(failure).__name__}") from failure
    if said == "stream: OK":
        return ""
    found = _FOUND.match(said)
    if found is None:
        raise ScannerAway(f"no verdict: {said[:200]}")
    return found[1]


async def _ask(place: str, content: bytes) -> str:
    host, _, port = place.rpartition(":")
    by_path = place.startswith("/")
    opening = asyncio.open_unix_connection(place) if by_path else asyncio.open_connection(host, int(port))
    reader, writer = await opening
    try:
        writer.write(b"zINSTREAM\0")
        for at in range(0, len(content), _CHUNK):
            piece = content[at : at + _CHUNK]
            writer.write(len(piece).to_bytes(4, "big") + piece)
            await writer.drain()
        writer.write(bytes(4))
        await writer.drain()
        said = await reader.readuntil(b"\0")
    finally:
        writer.close()
    return said.rstrip(b"\0\n").decode("utf-8", "replace")
