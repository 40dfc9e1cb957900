"""The visitor's live line."""

from __future__ import annotations

from typing import Annotated

from litestar import websocket
from litestar.params import QueryParameter

from yizhan.desk.live import VisitorSocket, read_place
from yizhan.foundation.errors import DomainError
from yizhan.records.access import NotSignedIn
from yizhan.web.given import FromPath, GivenServices
from yizhan.web.guards import PUBLIC, SOCKET_FORBIDDEN, SOCKET_NOT_SIGNED_IN
from yizhan.web.live import BAD_INPUT, AnySocket, converse
from yizhan.web.services import Services
from yizhan.web.widget.door import Guest, known_guest, open_door
from yizhan.web.widget.hearing import Hearing, Malformed
from yizhan.web.widget.presence import here

_ERROR = '{"t":"error","code":"malformed","detail":"not a frame"}'


@websocket("/widget/{key:str}/ws", opt=PUBLIC)
async def visitor_socket(
    socket: AnySocket,
    key: FromPath[str],
    services: GivenServices,
    token: Annotated[str, QueryParameter(max_length=2_000)] = "",
    after: Annotated[str, QueryParameter(max_length=40)] = "",
) -> None:
    """After the frames missed since `after` comes a welcome; then both sides speak."""
    guest = await _guest(socket, services, key, token)
    if guest is None:
        return
    await socket.accept()
    line = VisitorSocket()
    hearing = Hearing(services, guest, socket)

    async def hear(text: str) -> None:
        try:
            line.outlet.put(await hearing.hear(text))
        except Malformed:
            line.outlet.finish(BAD_INPUT, _ERROR)

    async with here(services, guest, line, read_place(after)):
        await converse(socket, line.outlet, hear)


async def _guest(socket: AnySocket, services: Services, key: str, token: str) -> Guest | None:
    """A wrong site is turned away at the door; a token that is over is told so, for a new one is easily had."""
    try:
        return known_guest(services, await open_door(services, socket, key), token, services.clock.now())
    except NotSignedIn:
        await socket.accept()
        await socket.close(SOCKET_NOT_SIGNED_IN, "not_signed_in")
    except DomainError as refusal:
        await socket.close(SOCKET_FORBIDDEN, refusal.code)
    return None
