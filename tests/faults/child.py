"""Processes of a test: one module each, ended by their number, their words read line by line."""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]


class Child:
    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def start(cls, module: str, *arguments: str) -> Child:
        return cls(await asyncio.create_subprocess_exec(
            sys.executable, "-m", module, *arguments, cwd=_ROOT, stdout=asyncio.subprocess.PIPE,
        ))  # fmt: skip

    @property
    def number(self) -> int:
        return self._process.pid

    async def says(self, words: str, seconds: float = 30.0) -> None:
        """Until it says so; what it says before is passed over."""
        assert self._process.stdout is not None
        async with asyncio.timeout(seconds):
            while (line := await self._process.stdout.readline()).decode().strip() != words:
                assert line, f"ended before it said {words}"

    def stop(self) -> None:
        self._process.send_signal(signal.SIGSTOP)

    def wake(self) -> None:
        self._process.send_signal(signal.SIGCONT)

    async def kill(self) -> None:
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()
