"""The other side of the wire: HTTP/1.1 on kept connections and WebSockets, with nothing between them and the socket.

A full client library would take more of the two processors than the product that is measured.
"""

from __future__ import annotations

import asyncio
import base64
import os
import re
import struct
import time
from collections.abc import Callable, Mapping
from typing import cast
from urllib.parse import urlsplit

_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)


class Refused(Exception):  # noqa: N818 - a word of the domain
    """The server answered otherwise than the measurement needs."""


def request(method: str, url: str, headers: Mapping[str, str], body: bytes = b"") -> bytes:
    parts = urlsplit(url)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    lines = [f"{method} {path} HTTP/1.1", f"Host: {parts.netloc}", *(f"{k}: {v}" for k, v in headers.items())]
    if body or method != "GET":
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


class Line(asyncio.Protocol):
    """One kept connection; one request at a time."""

    def __init__(self) -> None:
        self._heard = b""
        self._whole: int | None = None
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None
        self._transport: asyncio.Transport | None = None

    @classmethod
    async def open(cls, url: str) -> Line:
        parts = urlsplit(url)
        _, line = await asyncio.get_running_loop().create_connection(cls, parts.hostname or "", parts.port or 80)
        return line

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(exc or ConnectionResetError("the server hung up"))

    def data_received(self, data: bytes) -> None:
        self._heard += data
        head = self._heard.find(b"\r\n\r\n")
        if head < 0:
            return
        if self._whole is None:
            length = _LENGTH.search(self._heard, 0, head)
            self._whole = head + 4 + (int(length[1]) if length else 0)
        if len(self._heard) >= self._whole and self._answer is not None:
            answer, self._heard, self._whole = self._heard, b"", None
            self._answer.set_result((int(answer[9:12]), answer[head + 4 :]))

    async def ask(self, wanted: bytes) -> tuple[int, bytes]:
        assert self._transport is not None
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(wanted)
        return await self._answer

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


Heard = Callable[[bytes, float], None]


class Socket(asyncio.Protocol):
    """One WebSocket; `heard` gets every text with the moment its last byte was here."""

    def __init__(self, wanted: bytes, hello: bytes, heard: Heard) -> None:
        self._wanted = wanted
        self._hello = hello
        self._tell = heard
        self._rest = b""
        self._upgraded = False
        self._transport: asyncio.Transport | None = None
        self.open: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.closed: int | None = None

    @classmethod
    async def connect(cls, url: str, headers: Mapping[str, str], hello: bytes, heard: Heard) -> Socket:
        """Returns after the first text from the server."""
        parts = urlsplit(url)
        shake = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
                 "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode()}  # fmt: skip
        wanted = request("GET", url, {**shake, **headers})
        loop = asyncio.get_running_loop()
        _, socket = await loop.create_connection(
            lambda: cls(wanted, hello, heard), parts.hostname or "", parts.port or 80
        )
        await asyncio.wait_for(socket.open, 60)
        return socket

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._transport.write(self._wanted)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.open.done():
            self.open.set_exception(exc or Refused("the server hung up"))
        self.closed = self.closed or 1006

    def data_received(self, data: bytes) -> None:
        at = time.perf_counter()
        self._rest += data
        if not self._upgraded and not self._upgrade():
            return
        while (frame := self._frame()) is not None:
            opcode, payload = frame
            if opcode == 1:
                if not self.open.done():
                    self.open.set_result(None)
                self._tell(payload, at)
            elif opcode == 8:
                self.closed = int.from_bytes(payload[:2], "big") or 1005
            elif opcode == 9:
                self._send(10, payload)

    def _upgrade(self) -> bool:
        head, found, rest = self._rest.partition(b"\r\n\r\n")
        if not found:
            return False
        if b" 101 " not in head.partition(b"\r\n")[0]:
            self.open.set_exception(Refused(head.partition(b"\r\n")[0].decode()))
            return False
        self._rest, self._upgraded = rest, True
        self._send(1, self._hello)
        return True

    def _frame(self) -> tuple[int, bytes] | None:
        rest = self._rest
        if len(rest) < 2:
            return None
        size, start = rest[1] & 0x7F, 2
        if size >= 126:
            start = 4 if size == 126 else 10
            if len(rest) < start:
                return None
            size = int.from_bytes(rest[2:start], "big")
        if len(rest) < start + size:
            return None
        self._rest = rest[start + size :]
        return rest[0] & 0x0F, rest[start : start + size]

    def _send(self, opcode: int, payload: bytes) -> None:
        """Masked with zeros, which the protocol allows and costs nothing."""
        assert self._transport is not None
        size = len(payload)
        head = struct.pack("!BB", 0x80 | opcode, 0x80 | size) if size < 126 else struct.pack(
            "!BBH", 0x80 | opcode, 0xFE, size
        )  # fmt: skip
        self._transport.write(head + b"\0\0\0\0" + payload)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()
