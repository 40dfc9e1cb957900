"""clamd as far as it matters: INSTREAM, the test virus, and a scanner that has trouble."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Scanner:
    """`says` overrides the verdict."""

    def __init__(self) -> None:
        self.place = ""
        self.says = ""
        self.seen: list[bytes] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert await reader.readuntil(b"\0") == b"zINSTREAM\0"
        content = b""
        while size := int.from_bytes(await reader.readexactly(4), "big"):
            content += await reader.readexactly(size)
        self.seen.append(content)
        verdict = "stream: Eicar-Test-Signature FOUND" if EICAR in content else "stream: OK"
        writer.write((self.says or verdict).encode() + b"\0")
        await writer.drain()
        writer.close()


@asynccontextmanager
async def scanner() -> AsyncIterator[Scanner]:
    told = Scanner()
    async with await asyncio.start_server(told.serve, "127.0.0.1", 0) as server:
        told.place = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield told
