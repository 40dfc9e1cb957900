"""How a process of ours ends: told once (Ctrl-C, SIGTERM) it finishes in order, told twice it goes at once."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

import uvloop

from yizhan.foundation.log import get_logger

log = get_logger(__name__)

_FORCED = 130


class Ending:
    """`gently` is what the first word does at this moment: by default it breaks the main task off, whose `finally`
    blocks put everything in order. `force` is done by the second word, right before the process is gone."""

    def __init__(self, gently: Callable[[], object], force: Callable[[], object]) -> None:
        self.asked = False
        self._gently = gently
        self._force = force

    @contextmanager
    def by(self, gently: Callable[[], object], force: Callable[[], object] | None = None) -> Iterator[None]:
        """Inside the block the first word does this, and the second does `force` before all else."""
        before = self._gently, self._force
        self._gently, self._force = gently, _both(force, self._force) if force else self._force
        try:
            yield
        finally:
            self._gently, self._force = before

    def told(self) -> None:
        if self.asked:
            log.warning("ending.forced")
            self._force()
            os._exit(_FORCED)
        self.asked = True
        self._gently()


def run(main: Callable[[Ending], Coroutine[Any, Any, None]], force: Callable[[], object] = lambda: None) -> None:
    """Runs `main` until it ends or is told to."""
    uvloop.run(_told(main, force))


async def _told(main: Callable[[Ending], Coroutine[Any, Any, None]], force: Callable[[], object]) -> None:
    task = asyncio.current_task()
    assert task is not None
    ending = Ending(task.cancel, force)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ending.told)
    try:
        await main(ending)
    except asyncio.CancelledError:
        if not ending.asked:
            raise


def _both(one: Callable[[], object], other: Callable[[], object]) -> Callable[[], object]:
    def each() -> None:
        one()
        other()

    return each
