"""The routes that machines ask."""

import asyncio

from litestar import Response, get

from yizhan.desk.operations import state
from yizhan.foundation.db import InterfaceError, PostgresConnectionError, PostgresError
from yizhan.records.agents import Permission
from yizhan.web.given import GivenServices
from yizhan.web.guards import PUBLIC, AnyRequest, permits
from yizhan.web.health.metrics import MEDIA_TYPE, exposition
from yizhan.web.health.shapes import Health, Operations, operations_shape

_PATIENCE_SECONDS = 2.0


@get("/healthz", opt=PUBLIC)
async def healthy(services: GivenServices) -> Health:
    """Answers while the event loop turns: it touches nothing else."""
    return Health("ok", services.settings.version)


@get("/readyz", opt=PUBLIC)
async def ready(services: GivenServices) -> Response[Health]:
    """503 until the database answers."""
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS), services.db.pool.acquire() as connection:
            await connection.fetchval("SELECT 1")
    except (PostgresError, PostgresConnectionError, InterfaceError, OSError, TimeoutError):
        return Response(Health("no database", services.settings.version), status_code=503)
    return Response(Health("ok", services.settings.version))


@get("/operations", guards=[permits(Permission.SUPERVISE)])
async def operations(services: GivenServices) -> Operations:
    """How far the readers are behind, what waits to be sent, and the database."""
    async with services.db.read() as tx:
        return operations_shape(await state(tx, services.clock.now()), services.settings.version)


@get("/metrics", guards=[permits(Permission.SUPERVISE)], media_type=MEDIA_TYPE)
async def metrics(request: AnyRequest, services: GivenServices) -> str:
    """For Prometheus, which signs in with an API token."""
    async with services.db.read() as tx:
        return exposition(request.app.state.meter, await state(tx, services.clock.now()))
