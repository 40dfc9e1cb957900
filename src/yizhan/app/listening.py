"""The door: one listening socket, shared by all web processes of a machine, and uvicorn behind it.

Shared, not one socket each: what waits to be accepted belongs to nobody, so a killed process takes no caller along.
"""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable, Iterator

import uvicorn

from yizhan.app.settings import SettingsError
from yizhan.web.asgi import App

_DRAIN_SECONDS = 5
_BACKLOG = 2048


def open_socket(host: str, port: int) -> socket.socket:
    """Bound, not yet listening: before we are ready callers are refused rather than kept waiting."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError as unknown:
        raise SettingsError("host", f"{host} is no address to listen on ({unknown.strerror})") from None
    family, kind, _, _, address = found[0]
    door = socket.socket(family, kind)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind(address)
    except OSError as refused:
        door.close()
        raise SettingsError("port", f"{port} on {host} cannot be listened on ({refused.strerror})") from None
    return door


def begin(door: socket.socket) -> None:
    """Two may have bound the same free port; only one can listen."""
    try:
        door.listen(_BACKLOG)
    except OSError as refused:
        host, port = door.getsockname()[:2]
        raise SettingsError("port", f"{port} on {host} cannot be listened on ({refused.strerror})") from None


class WebServer(uvicorn.Server):
    """Serves until `stop`: then it accepts nobody new, and requests under way get some seconds to end."""

    def __init__(self, app: App, door: socket.socket, ready: Callable[[], None] = lambda: None) -> None:
        super().__init__(uvicorn.Config(
            app, http="httptools", ws="websockets-sansio", ws_per_message_deflate=False, log_level="warning",
            access_log=False, lifespan="off", server_header=False, timeout_graceful_shutdown=_DRAIN_SECONDS,
            backlog=_BACKLOG,
        ))  # fmt: skip
        self._door = door
        self._ready = ready

    async def run_until_stopped(self) -> None:
        await self.serve(sockets=[self._door])

    def stop(self) -> None:
        self.should_exit = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are the business of `yizhan.app.ending`."""
        yield
