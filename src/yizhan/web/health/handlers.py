"""The routes that machines ask."""

import asyncio
import shutil
from datetime import timedelta
from pathlib import Path

import msgspec
from litestar import Response, get, post

from yizhan.desk.operations import Disk, alarms, held, state
from yizhan.foundation.db import InterfaceError, PostgresConnectionError, PostgresError
from yizhan.foundation.errors import Forbidden
from yizhan.records import config
from yizhan.records.agents import Permission
from yizhan.web.given import GivenServices, GivenViewer
from yizhan.web.guards import PUBLIC, permits
from yizhan.web.health.metrics import MEDIA_TYPE, exposition
from yizhan.web.health.shapes import (
    FailedRule,
    FailedRules,
    Health,
    HeldList,
    Operations,
    RetriedList,
    operations_shape,
)

_PATIENCE_SECONDS = 2.0
_REMEMBERED = timedelta(days=30)


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
    """How far the readers are behind, what waits, who holds the leases, the disk, and what somebody should look at."""
    folder = services.settings.data_dir
    disk = await asyncio.to_thread(_disk_of, folder) if folder else None
    async with services.db.read() as tx:
        told = await state(tx, services.clock.now())
    retry = services.retry_held is not None
    return operations_shape(told, disk, alarms(told, disk), retry=retry, version=services.settings.version)


@get("/operations/held", guards=[permits(Permission.SUPERVISE)])
async def held_work(services: GivenServices) -> HeldList:
    """Events, timers and jobs that failed too often, with the error of the last try."""
    async with services.db.read() as tx:
        return HeldList(await held(tx))


@get("/operations/rules", guards=[permits(Permission.SUPERVISE)])
async def failed_rules(services: GivenServices) -> FailedRules:
    """Rules that failed in the last month while they were in force: skipped, told once, counted."""
    async with services.db.read() as tx:
        found = await config.failed_rules(tx, services.clock.now() - _REMEMBERED)
    return FailedRules([FailedRule(**msgspec.structs.asdict(each)) for each in found])


@post("/operations/retry", guards=[permits(Permission.CONFIG_MANAGE)], status_code=200)
async def retry_held_work(services: GivenServices, viewer: GivenViewer) -> RetriedList:
    """Takes all held work once more; what fails again is held again."""
    if services.retry_held is None:
        raise Forbidden("this process takes no held work again")
    return RetriedList(await services.retry_held(viewer.actor))


def _disk_of(folder: Path) -> Disk:
    usage = shutil.disk_usage(folder)
    return Disk(usage.free, usage.total)


@get("/metrics", guards=[permits(Permission.SUPERVISE)], media_type=MEDIA_TYPE)
async def metrics(services: GivenServices) -> str:
    """For Prometheus, which signs in with an API token; any process answers for all."""
    async with services.db.read() as tx:
        return exposition(services.meters.readings(), await state(tx, services.clock.now()))
