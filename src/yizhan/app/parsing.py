"""Mails are read beside the event loop: small ones in a thread, large ones in a process of their own."""

from __future__ import annotations

import asyncio
from concurrent.futures import Executor, ThreadPoolExecutor

from yizhan.channels.email import ParsedMail, parse

_THREADS = 2


class Parser:
    """`parse` of the channel never raises; what is bounded here is how much is read at once."""

    def __init__(self) -> None:
        self._threads: Executor | None = None

    async def parse(self, raw: bytes, *, truncated: bool = False) -> ParsedMail:
        if self._threads is None:
            self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="parse")
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, lambda: parse(raw, truncated=truncated))

    def close(self) -> None:
        if self._threads is not None:
            self._threads.shutdown(wait=False, cancel_futures=True)
            self._threads = None
