"""`yizhan serve`: the whole product in one process, with its embedded PostgreSQL."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import time

import click
import uvicorn
import uvloop

from yizhan.app.checks import connection_checks, inbox_types
from yizhan.app.demo import DEMO_LOGINS, LiveDemo, open_demo, plant_demo
from yizhan.app.house import House, living, open_house
from yizhan.app.settings import Settings
from yizhan.app.upkeep import retry_held
from yizhan.desk.search import Search
from yizhan.foundation.db import Server, migrate, start_server
from yizhan.foundation.log import get_logger
from yizhan.web.app import build_app
from yizhan.web.asgi import App
from yizhan.web.limits import LimitPolicy, per_minute
from yizhan.web.services import Services, WebSettings

log = get_logger(__name__)

_LOOK_SECONDS = 0.5
_OBJECTS_BETWEEN_COLLECTIONS = 20_000


def serve(settings: Settings) -> None:
    """Blocks until SIGINT or SIGTERM; PostgreSQL stops last."""
    started = time.monotonic()
    with (
        start_server(settings.data_dir, database_url=settings.database_url) as server,
        contextlib.suppress(KeyboardInterrupt),
    ):
        uvloop.run(_serve(settings, server, started))


async def _serve(settings: Settings, server: Server, started: float) -> None:
    for applied in await migrate(server.dsn):
        log.info("database.migrated", file=applied)
    async with open_house(settings, server.dsn) as house:
        house.loops.append(_keep_alive(server))
        demo = None
        if settings.demo:
            await plant_demo(house)
            demo = await open_demo(house)
        app = build_app(services_of(house, demo))
        _spare_the_collector()
        async with living(house):
            await _run_web(settings, app, started)


def _spare_the_collector() -> None:
    """What was made until now stays. Looking for cycles after every 700 objects cost a sixth of all time under load."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS, 10, 10)


async def _keep_alive(server: Server) -> None:
    """Everything else waits by itself for a PostgreSQL that went away; this starts one that was killed."""
    while True:
        await asyncio.sleep(_LOOK_SECONDS)
        if await asyncio.to_thread(server.revive):
            log.warning("database.restarted")


def services_of(house: House, demo: LiveDemo | None = None) -> Services:
    settings = house.settings
    return Services(
        db=house.db, vault=house.vault, signer=house.signer, blobs=house.blobs, clock=house.clock,
        search=Search(house.vault), intake=house.intake, hub=house.hub, trail=house.trail,
        signs=house.signs,
        checks=connection_checks(house.http, house.clock), inbox_types=inbox_types(), demo=demo, settings=WebSettings(
            public_url=settings.public_url, secure_cookies=settings.secure_cookies, demo=settings.demo,
            demo_logins=DEMO_LOGINS if settings.demo else (), limits=limits_of(settings),
            max_file_bytes=settings.max_body_bytes, data_dir=settings.data_dir,
        ),
        retry_held=lambda actor: retry_held(house, actor),
    )  # fmt: skip


def limits_of(settings: Settings) -> LimitPolicy:
    return per_minute(settings.rate_limit)


async def _run_web(settings: Settings, app: App, started: float) -> None:
    config = uvicorn.Config(
        app, host=settings.host, port=settings.port, http="httptools", ws="websockets-sansio",
        ws_per_message_deflate=False, log_level="warning", access_log=False, lifespan="off", server_header=False,
        timeout_graceful_shutdown=5,
    )  # fmt: skip
    server = _Announcing(config, settings, started)
    await server.serve()


class _Announcing(uvicorn.Server):
    """Says where it serves once it does."""

    def __init__(self, config: uvicorn.Config, settings: Settings, started: float) -> None:
        super().__init__(config)
        self._settings = settings
        self._started = started

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        await super().startup(sockets)  # type: ignore[arg-type]
        if self.started:
            took = time.monotonic() - self._started
            print_banner(self._settings, took)


def print_banner(settings: Settings, took: float) -> None:
    lines = [f"Yizhan 驿站  {settings.public_url}  (ready in {took:.1f} s)"]
    if settings.demo:
        lines.append(f"  演示登录 demo log-ins: {', '.join(DEMO_LOGINS)} (one click on the start page)")
        lines.append(f"  我是顾客 be the customer: {settings.public_url}/demo/shop")
    for line in lines:
        click.echo(line)
