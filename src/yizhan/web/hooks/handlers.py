"""The hooks as the framework knows and describes them. Deliveries are taken on the porch, before they reach it."""

from __future__ import annotations

from typing import cast

from litestar import Response, get, post

from yizhan.web.asgi import Scope
from yizhan.web.given import FromPath, GivenServices
from yizhan.web.guards import PUBLIC, AnyRequest
from yizhan.web.hooks.channel import take_channel
from yizhan.web.hooks.delivery import Delivery
from yizhan.web.hooks.generic import AcceptedShape, take_generic


@post("/hooks/generic/{key:str}", opt=PUBLIC, status_code=200)
async def generic_hook(key: FromPath[str], request: AnyRequest, services: GivenServices) -> AcceptedShape:
    """One message or several. Whoever gets no answer brings them again, and nothing is stored twice."""
    delivery = Delivery(key, cast(Scope, request.scope), await request.body(), services.clock.now())
    return await take_generic(services, delivery)


@get("/hooks/{channel:str}/{key:str}", opt=PUBLIC)
async def check_hook(
    channel: FromPath[str], key: FromPath[str], request: AnyRequest, services: GivenServices
) -> Response[bytes]:
    """Asked by a vendor whether the address is ours."""
    return await _take(channel, key, request, services)


@post("/hooks/{channel:str}/{key:str}", opt=PUBLIC, status_code=200)
async def channel_hook(
    channel: FromPath[str], key: FromPath[str], request: AnyRequest, services: GivenServices
) -> Response[bytes]:
    """What a vendor tells us, signed as it signs; answered as it wants once everything is durable."""
    return await _take(channel, key, request, services)


async def _take(channel: str, key: str, request: AnyRequest, services: GivenServices) -> Response[bytes]:
    delivery = Delivery(key, cast(Scope, request.scope), await request.body(), services.clock.now())
    reply = await take_channel(services, channel, delivery)
    return Response(reply.body, status_code=reply.status, media_type=reply.media_type)
