"""One open socket: a writer that sends what its outlet holds, and a reader of bounded, well-formed frames."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from litestar import WebSocket
from litestar.exceptions import WebSocketDisconnect

from yizhan.desk.live import Outlet
from yizhan.foundation.db import DATABASE_TROUBLE
from yizhan.foundation.log import get_logger

log = get_logger(__name__)

BAD_INPUT = 4400
TOO_BIG = 1009
TRY_LATER = 1013
MOST_CHARS = 64 * 1024

AnySocket = WebSocket[Any, Any, Any]
Hear = Callable[[str], Awaitable[None]]


async def converse(socket: AnySocket, outlet: Outlet, hear: Hear) -> None:
    """Until either side ends it. What the other side sends is heard one after the other."""
    writer = asyncio.create_task(_write(socket, outlet))
    try:
        await _read(socket, outlet, hear)
    finally:
        writer.cancel()
        await asyncio.gather(writer, return_exceptions=True)


async def _read(socket: AnySocket, outlet: Outlet, hear: Hear) -> None:
    while True:
        try:
            text = await socket.receive_data(mode="text")
        except WebSocketDisconnect:
            return
        if outlet.closing is not None:
            continue
        if len(text) > MOST_CHARS:
            outlet.finish(TOO_BIG)
            continue
        try:
            await hear(text)
        except DATABASE_TROUBLE as error:
            # Nothing was acknowledged: the client comes back and says it again.
            log.warning("socket.database_away", error=repr(error))
            outlet.finish(TRY_LATER)


async def _write(socket: AnySocket, outlet: Outlet) -> None:
    try:
        while (text := await outlet.next()) is not None:
            await socket.send_data(text)
        await socket.close(outlet.closing or 1000)
    except (WebSocketDisconnect, OSError):
        return  # the reader learns of it by itself
