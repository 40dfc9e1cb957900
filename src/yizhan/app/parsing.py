"""Mails are read beside the event loop: small ones in a thread, large ones in a process of their own.

The process starts with the first large mail, ends after idle minutes, and is killed when one mail takes too long:
whatever a hostile mail does to it, the mail is kept and shown as unreadable.
"""

from __future__ import annotations

import asyncio
import hashlib
import sys
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import TypeVar

import msgspec

from yizhan.channels.email import Keys, ParsedMail, Signatures, check, parse
from yizhan.foundation.log import get_logger

log = get_logger(__name__)

T = TypeVar("T")

LARGE = 1024 * 1024
_THREADS = 2
_SECONDS = 60.0  # one mail; the largest takes under two
_IDLE_SECONDS = 180.0
_LENGTH = 8

WHOLE, TRUNCATED, SIGNED = 0, 1, 2
"""What the process is asked: to read a mail, to read the head of one, to check signatures with the keys before it."""

_MAIL = msgspec.msgpack.Decoder(ParsedMail)
_SIGNATURES = msgspec.msgpack.Decoder(Signatures)


class ParserDied(Exception):  # noqa: N818 - what happened
    """The process ended or was ended in the middle of a mail."""


class Parser:
    """Bounds how much is read at once. Never raises for what is in a mail."""

    def __init__(self, *, large: int = LARGE, seconds: float = _SECONDS, idle: float = _IDLE_SECONDS) -> None:
        self._large = large
        self._seconds = seconds
        self._idle = idle
        self._threads: Executor | None = None
        self._process: asyncio.subprocess.Process | None = None
        self._one_at_a_time: asyncio.Lock | None = None
        self._ending: asyncio.TimerHandle | None = None

    async def parse(self, raw: bytes, *, truncated: bool = False) -> ParsedMail:
        if len(raw) < self._large:
            return await self._beside(lambda: parse(raw, truncated=truncated))
        answer = await self._apart(TRUNCATED if truncated else WHOLE, raw)
        try:
            if answer is not None:
                return msgspec.structs.replace(_MAIL.decode(answer), raw=raw)
        except msgspec.DecodeError as failure:
            log.error("parsing.gave_up", size=len(raw), error=type(failure).__name__)
        digest = hashlib.sha256(raw).hexdigest()
        return ParsedMail(raw=raw, raw_sha256=digest, defects=("unread:parser",), unsupported=True, truncated=truncated)

    async def check(self, raw: bytes, keys: Keys) -> Signatures:
        """The signatures of a mail; none of one that takes too long."""
        if len(raw) < self._large:
            return await self._beside(lambda: check(raw, keys))
        answer = await self._apart(SIGNED, msgspec.msgpack.encode((keys, raw)))
        return Signatures() if answer is None else _SIGNATURES.decode(answer)

    async def _beside(self, call: Callable[[], T]) -> T:
        if self._threads is None:
            self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="parse")
        return await asyncio.get_running_loop().run_in_executor(self._threads, call)

    async def _apart(self, kind: int, content: bytes) -> bytes | None:
        """The process's answer; None when it was ended for this mail."""
        self._one_at_a_time = self._one_at_a_time or asyncio.Lock()
        async with self._one_at_a_time:
            self._stay()
            try:
                async with asyncio.timeout(self._seconds):
                    return await self._ask_twice(kind, content)
            except (TimeoutError, ParserDied) as failure:
                log.error("parsing.gave_up", size=len(content), error=type(failure).__name__)
                await self._kill()
            except BaseException:  # a stopped loop leaves half a mail in the pipe
                await self._kill()
                raise
            finally:
                self._ending = asyncio.get_running_loop().call_later(self._idle, self._leave)
        return None

    async def _ask_twice(self, kind: int, content: bytes) -> bytes:
        """It may have died of another mail, or of a full machine."""
        try:
            return await self._ask(kind, content)
        except ParserDied:
            await self._kill()
            return await self._ask(kind, content)

    async def _ask(self, kind: int, content: bytes) -> bytes:
        if self._process is None or self._process.returncode is not None:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "yizhan.app.parse_worker", stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE, start_new_session=True,
            )  # fmt: skip
        to, back = self._process.stdin, self._process.stdout
        assert to is not None
        assert back is not None
        try:
            to.write(len(content).to_bytes(_LENGTH, "big") + bytes([kind]))
            to.write(content)
            await to.drain()
            size = int.from_bytes(await back.readexactly(_LENGTH), "big")
            return await back.readexactly(size)
        except (OSError, asyncio.IncompleteReadError) as ended:
            raise ParserDied from ended

    def _stay(self) -> None:
        if self._ending is not None:
            self._ending.cancel()
            self._ending = None

    def _leave(self) -> None:
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()  # it reads the end and goes
        self._process = None

    async def close(self) -> None:
        self._stay()
        if self._threads is not None:
            self._threads.shutdown(wait=False, cancel_futures=True)
            self._threads = None
        await self._kill()

    async def _kill(self) -> None:
        process, self._process = self._process, None
        if process is None or process.returncode is not None:
            return
        process.kill()
        await process.wait()
