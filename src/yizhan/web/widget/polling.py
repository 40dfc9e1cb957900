"""Where sockets do not get through: the same frames by POST and a long poll, and a last word as the page goes away."""

from __future__ import annotations

import asyncio
from typing import Annotated

import msgspec
from litestar import Response, get, post
from litestar.params import QueryParameter

from yizhan.desk.live import VisitorSocket, read_place
from yizhan.foundation.errors import Invalid
from yizhan.web.given import FromPath, GivenServices
from yizhan.web.guards import PUBLIC, AnyRequest
from yizhan.web.services import Services
from yizhan.web.widget.door import bearer_guest, known_guest, open_door
from yizhan.web.widget.hearing import Hearing, Malformed
from yizhan.web.widget.presence import here, may_record
from yizhan.web.widget.shapes import Beacon

_PATIENCE_SECONDS = 25.0
_MOST_BYTES = 64 * 1024
_POSITION = '{"t":"pos"'


@post("/widget/{key:str}/frames", opt=PUBLIC, status_code=200)
async def post_frame(key: FromPath[str], request: AnyRequest, services: GivenServices) -> Response[msgspec.Raw]:
    """One frame, as it would go through the socket; the answers to it come back."""
    return await _heard(key, request, services)


@post("/widget/{key:str}/messages", opt=PUBLIC, status_code=200)
async def post_message(key: FromPath[str], request: AnyRequest, services: GivenServices) -> Response[msgspec.Raw]:
    """The same under the name that programs look for."""
    return await _heard(key, request, services)


async def _heard(key: str, request: AnyRequest, services: Services) -> Response[msgspec.Raw]:
    guest = await bearer_guest(services, request, key)
    return _frames(await Hearing(services, guest, request).hear(await _body(request)))


@get("/widget/{key:str}/poll", opt=PUBLIC)
async def poll(
    key: FromPath[str], request: AnyRequest, services: GivenServices,
    after: Annotated[str, QueryParameter(max_length=40)] = "",
) -> Response[msgspec.Raw]:  # fmt: skip
    """What came after the position, at once when there is something, else when something comes."""
    guest = await bearer_guest(services, request, key)
    line = VisitorSocket()
    async with here(services, guest, line, read_place(after)):
        frames = line.outlet.drain()
        if len(frames) > 1 or line.outlet.closing is not None:
            return _frames(frames)
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                while all(frame.startswith(_POSITION) for frame in frames[1:]):
                    await line.outlet.wait()
                    frames = [*frames[:1], *line.outlet.drain()]
        except TimeoutError:
            frames = [*frames, *line.outlet.drain()]
    return _frames(frames)


@post("/widget/{key:str}/trail", opt=PUBLIC, status_code=204)
async def beacon(
    key: FromPath[str], request: AnyRequest, services: GivenServices,
    token: Annotated[str, QueryParameter(max_length=2_000)] = "",
) -> None:  # fmt: skip
    """Sent as the page goes away: a beacon carries no headers of ours, so the token stands in the address."""
    now = services.clock.now()
    guest = known_guest(services, await open_door(services, request, key), token, now)
    try:
        said = msgspec.json.decode(await _body(request), type=Beacon)
    except msgspec.DecodeError as error:
        raise Malformed(str(error)) from None
    if may_record(guest.door.settings, request.headers) and not services.widgets.frames.take(guest.blind.hex()):
        await Hearing(services, guest, request).trail(said.items, now, said.sent_at)


async def _body(request: AnyRequest) -> bytes:
    body = await request.body()
    if len(body) > _MOST_BYTES:
        raise Invalid(f"a frame has {_MOST_BYTES} bytes at most", "body")
    return body


def _frames(frames: list[str]) -> Response[msgspec.Raw]:
    return Response(
        msgspec.Raw(f'{{"frames":[{",".join(frames)}]}}'.encode()), headers={"Cache-Control": "no-store"},
        media_type="application/json",
    )  # fmt: skip
