"""The routes that machines ask."""

import asyncio

from litestar import Response, get

from yizhan.foundation.db import InterfaceError, PostgresConnectionError, PostgresError
from yizhan.web.given import GivenServices
from yizhan.web.guards import PUBLIC
from yizhan.web.health.shapes import Health

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
