"""The way out at the mail provider, by SMTP: as much of RFC 5321 as a desk that sends its answers asks for."""

from __future__ import annotations

import asyncio
import base64
import binascii
import re
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

MOST_BYTES = 25 * 1024 * 1024
_ADDRESS = re.compile(r"<([^<>\s]*)>")
_AUTH = "AUTH PLAIN LOGIN"


class Post(Protocol):
    """Whom mail is handed to. Each answers with a line of SMTP."""

    def knows(self, address: str) -> str: ...
    def takes(self, recipients: list[str], raw: bytes) -> str: ...


class SmtpSession:
    """One connection. Nothing is taken from somebody who has not logged in."""

    def __init__(
        self, post: Post, may: Callable[[str, str], bool], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._post = post
        self._may = may
        self._reader = reader
        self._writer = writer
        self._in = False
        self._to: list[str] = []

    async def run(self) -> None:
        try:
            await self._say("220 simulator ESMTP")
            while line := await self._line():
                command, _, rest = line.partition(" ")
                if command.upper() == "QUIT":
                    await self._say("221 bye")
                    break
                await self._answer(command.upper(), rest)
        except (OSError, ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # who is gone needs no answer
        finally:
            self._writer.close()
            with suppress(OSError):
                await self._writer.wait_closed()

    async def _line(self) -> str:
        return (await self._reader.readline()).decode("utf-8", "replace").rstrip("\r\n")

    async def _say(self, *lines: str) -> None:
        self._writer.write("".join(f"{each}\r\n" for each in lines).encode())
        await self._writer.drain()

    async def _answer(self, command: str, rest: str) -> None:
        match command:
            case "EHLO":
                able = (f"SIZE {MOST_BYTES}", "8BITMIME", "SMTPUTF8")
                await self._say("250-simulator", *(f"250-{each}" for each in able), f"250 {_AUTH}")
            case "HELO" | "NOOP":
                await self._say("250 OK")
            case "RSET":
                self._to = []
                await self._say("250 OK")
            case "AUTH":
                self._in = await self._log_in(rest)
                await self._say("235 2.7.0 welcome" if self._in else "535 5.7.8 wrong password")
            case "MAIL" | "RCPT" | "DATA" if not self._in:
                await self._say("530 5.7.0 log in first")
            case "MAIL":
                self._to = []
                await self._say("250 2.1.0 OK")
            case "RCPT":
                found = _ADDRESS.search(rest)
                answer = self._post.knows(found[1]) if found else "501 5.1.3 no address"
                if found and answer.startswith("250"):
                    self._to.append(found[1])
                await self._say(answer)
            case "DATA" if self._to:
                await self._say("354 go on")
                await self._say(self._post.takes(self._to, await self._content()))
                self._to = []
            case _:
                await self._say("503 5.5.1 not now")

    async def _log_in(self, rest: str) -> bool:
        kind, _, first = rest.partition(" ")
        try:
            if kind.upper() == "PLAIN":
                _, user, password = _opened(first or await self._asked("")).split("\0")
                return self._may(user, password)
            user = _opened(first or await self._asked("VXNlcm5hbWU6"))
            return self._may(user, _opened(await self._asked("UGFzc3dvcmQ6")))
        except (ValueError, binascii.Error):
            return False

    async def _asked(self, challenge: str) -> str:
        await self._say(f"334 {challenge}")
        return await self._line()

    async def _content(self) -> bytes:
        """Until the dot; dots that were doubled on the way are single again."""
        lines: list[bytes] = []
        while (line := await self._reader.readline()) not in (b".\r\n", b".\n"):
            if not line:
                raise ConnectionResetError
            lines.append(line[1:] if line.startswith(b"..") else line)
        return b"".join(lines)


def _opened(sealed: str) -> str:
    return base64.b64decode(sealed, validate=True).decode()
