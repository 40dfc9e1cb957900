"""The processes below the main one: started again when they end by themselves, gone when the main one is gone.

A child learns of the main one's end by its standard input, which nothing but that end ever closes; on Linux the kernel
ends it at once, so that a killed product can be started again on the same port.
"""

from __future__ import annotations

import asyncio
import ctypes
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress

from yizhan.foundation.log import get_logger

log = get_logger(__name__)

_FIRST_PAUSE = 0.2
_LONGEST_PAUSE = 30.0
_GROWN_UP_SECONDS = 30.0  # who lived so long starts again without delay
_LEAVE_SECONDS = 10.0
_PR_SET_PDEATHSIG = 1

Wanted = Callable[[], Awaitable[object]]


class Child:
    """`arguments` follow `python -m yizhan.app.child`; `wanted` returns when there is a reason to start it."""

    def __init__(
        self, name: str, arguments: Sequence[str], env: Mapping[str, str], *, descriptors: Sequence[int] = (),
        wanted: Wanted | None = None,
    ) -> None:  # fmt: skip
        self.name = name
        self._arguments = arguments
        self._env = dict(env)
        self._descriptors = tuple(descriptors)
        self._wanted = wanted
        self._process: asyncio.subprocess.Process | None = None
        self._leaving = False

    async def run(self) -> None:
        """Until cancelled or told to stop."""
        loop = asyncio.get_running_loop()
        pause = _FIRST_PAUSE
        while not self._leaving:
            if self._wanted is not None:
                await self._wanted()
            began = loop.time()
            code = await self.once()
            if self._leaving:
                return
            pause = _FIRST_PAUSE if loop.time() - began > _GROWN_UP_SECONDS else min(_LONGEST_PAUSE, 2 * pause)
            if code:
                log.error("child.ended", child=self.name, code=code, again_in=pause)
            await asyncio.sleep(pause)

    async def once(self) -> int:
        """Starts it and waits for its end."""
        process = self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "yizhan.app.child", *self._arguments, stdin=asyncio.subprocess.PIPE, env=self._env,
            pass_fds=self._descriptors, start_new_session=True,
        )  # fmt: skip
        return await process.wait()

    def stop(self) -> None:
        """Asks it to finish; `run` does not start it again."""
        self._leaving = True
        self._send(signal.SIGTERM)

    def kill(self) -> None:
        self._leaving = True
        self._send(signal.SIGKILL)

    async def gone(self) -> None:
        """After `stop`: waits for its end, and makes it when that takes too long."""
        if self._process is None:
            return
        try:
            async with asyncio.timeout(_LEAVE_SECONDS):
                await self._process.wait()
        except TimeoutError:
            log.error("child.cut", child=self.name)
            self.kill()
            await self._process.wait()

    def _send(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.send_signal(number)


@asynccontextmanager
async def kept(children: Sequence[Child]) -> AsyncIterator[None]:
    """Inside the block they run; at its end they are asked to leave, and waited for."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(child.run(), name=child.name) for child in children]
        try:
            yield
        finally:
            for child in children:
                child.stop()
            await asyncio.gather(*(child.gone() for child in children))
            for task in tasks:
                task.cancel()


def leave_with_parent(parent: int, leave: Callable[[], None]) -> None:
    """Called by the child, once its loop runs."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # gone before we asked
        os._exit(1)
    loop = asyncio.get_running_loop()

    def closed() -> None:
        loop.remove_reader(0)
        leave()

    loop.add_reader(0, closed)
