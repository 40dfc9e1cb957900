"""The hooks as the framework knows and describes them. Deliveries are taken on the porch, before they reach it."""

from __future__ import annotations

from typing import cast

from litestar import post

from yizhan.web.asgi import Scope
from yizhan.web.given import FromPath, GivenServices
from yizhan.web.guards import PUBLIC, AnyRequest
from yizhan.web.hooks.delivery import Delivery
from yizhan.web.hooks.generic import AcceptedShape, take_generic


@post("/hooks/generic/{key:str}", opt=PUBLIC, status_code=200)
async def generic_hook(key: FromPath[str], request: AnyRequest, services: GivenServices) -> AcceptedShape:
    """One message or several. Whoever gets no answer brings them again, and nothing is stored twice."""
    delivery = Delivery(key, cast(Scope, request.scope), await request.body(), services.clock.now())
    return await take_generic(services, delivery)
