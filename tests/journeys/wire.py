"""A wire between a browser and the product that can be cut: at once, or at one moment of a request."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum


class Moment(Enum):
    """Where a trap cuts: what the request begins with, and how far it gets."""

    BEFORE_IT_LEFT = (b"POST /api/v1/conversations/", "nothing")
    ANSWER_LOST = (b"POST /api/v1/conversations/", "all")
    IN_AN_UPLOAD = (b"POST /api/v1/files", "half")
    AT_THE_SOCKET = (b"GET /api/v1/live", "all")


class Wire:
    """Every connection of the browser goes through here; a cut ends them all, and no new one comes about."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._loop = asyncio.new_event_loop()
        self._open: set[asyncio.StreamWriter] = set()
        self._browsers: set[asyncio.StreamWriter] = set()
        self._trap: Moment | None = None
        self._up = True
        self._silent = False
        self._ended = asyncio.Event()
        self.sprung = threading.Event()
        self.url = ""
        self.beyond = f"http://127.0.0.1:{port}"

    def cut(self) -> None:
        self._does(self._cut)

    def cut_at(self, moment: Moment) -> None:
        self.sprung.clear()
        self._trap = moment

    def falls_silent(self) -> None:
        """A lid is shut: the browser is gone, and the product hears nothing of it."""
        self._silent = True
        self._does(self._lose)

    def mend(self) -> None:
        self._trap, self._up, self._silent = None, True, False

    def serve(self, ready: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._pass_on, "127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        ready.set()
        self._loop.run_forever()
        server.close()

    def end(self) -> None:
        self._does(self._cut)
        self._loop.call_soon_threadsafe(self._ended.set)
        self._loop.call_soon_threadsafe(self._loop.call_later, 0.1, self._loop.stop)  # what was cut ends first

    def _does(self, what: Callable[[], None]) -> None:
        done = threading.Event()

        def do() -> None:
            what()
            done.set()

        self._loop.call_soon_threadsafe(do)
        done.wait(5)

    def _lose(self) -> None:
        self._up = False
        for each in self._browsers:
            each.transport.abort()

    def _cut(self) -> None:
        self._up, self._trap = False, None
        for each in self._open:
            each.transport.abort()
        self.sprung.set()

    async def _pass_on(self, from_browser: asyncio.StreamReader, to_browser: asyncio.StreamWriter) -> None:
        if not self._up:
            to_browser.transport.abort()
            return
        from_product, to_product = await asyncio.open_connection("127.0.0.1", self._port)
        both = {to_browser, to_product}
        self._open |= both
        self._browsers.add(to_browser)
        doomed = asyncio.Event()
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._up_the_wire(from_browser, to_product, doomed))
                group.create_task(self._down_the_wire(from_product, to_browser, doomed))
        except* OSError:
            pass
        finally:
            self._open -= both
            self._browsers.discard(to_browser)
            for each in both:
                each.transport.abort()

    async def _up_the_wire(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, doomed: asyncio.Event
    ) -> None:
        while data := await source.read(65536):
            trap = self._trap
            if trap is not None and data.startswith(trap.value[0]):
                self._trap = None
                passes: str = trap.value[1]
                if passes == "nothing":
                    self._cut()
                    return
                if passes == "half":
                    sink.write(data[: len(data) // 2])
                    self._cut()
                    return
                doomed.set()
            sink.write(data)
            await sink.drain()
        if self._silent:
            await self._ended.wait()
        sink.close()

    async def _down_the_wire(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, doomed: asyncio.Event
    ) -> None:
        while data := await source.read(65536):
            if doomed.is_set():
                self._cut()
                return
            if not sink.is_closing():
                sink.write(data)
                await sink.drain()
        sink.close()


@contextmanager
def wire_to(port: int) -> Iterator[Wire]:
    wire, ready = Wire(port), threading.Event()
    thread = threading.Thread(target=wire.serve, args=(ready,), daemon=True)
    thread.start()
    ready.wait(10)
    yield wire
    wire.end()
    thread.join(10)
