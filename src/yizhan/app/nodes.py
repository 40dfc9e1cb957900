"""One part of the product in a process of its own: a node of several machines, or a child of `yizhan serve`."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta

import click

from yizhan.app import ending
from yizhan.app.collector import collect_at_leisure, spare_the_collector
from yizhan.app.ending import Ending
from yizhan.app.house import House, Part, living, open_house
from yizhan.app.listening import WebServer, begin, open_socket
from yizhan.app.services import services_of
from yizhan.app.settings import Settings, SettingsError
from yizhan.app.worker import plan_tidying, work
from yizhan.foundation.db import migrate
from yizhan.foundation.log import get_logger
from yizhan.web.app import build_app
from yizhan.web.services import DemoDrive

log = get_logger(__name__)

OpenDemo = Callable[[House], Awaitable[DemoDrive | None]]

_CONNECTIONS = {Part.WEB: 6, Part.ROUTER: 8, Part.WORKER: 4}


def run_node(part: Part, settings: Settings) -> None:
    """Blocks until SIGINT or SIGTERM. The database is somebody else's to run, and shared."""
    if settings.database_url is None:
        raise SettingsError("database_url", f"must be set for `yizhan {part}`: all nodes share one database")
    if settings.bus_url == "local":
        raise SettingsError("bus_url", f'must be "postgres" or a URL as nats://host for `yizhan {part}`')
    door = open_socket(settings.host, settings.port) if part is Part.WEB else None
    ending.run(lambda end: _node(part, settings, door, end))


async def _node(part: Part, settings: Settings, door: socket.socket | None, end: Ending) -> None:
    for applied in await migrate(_dsn(settings)):
        log.info("database.migrated", file=applied)
    if door is not None:
        await serve_web(settings, door, end)
    elif part is Part.WORKER:
        await work_here(settings, end)
    else:
        await _route(settings)


async def serve_web(settings: Settings, door: socket.socket, end: Ending, demo: OpenDemo | None = None) -> None:
    async with _open(Part.WEB, settings) as house:
        house.loops.append(collect_at_leisure(house.intake.in_a_rush))
        app = build_app(services_of(house, await demo(house) if demo else None))
        web = WebServer(app, door, lambda: _say(f"web {settings.public_url}"))
        spare_the_collector()
        begin(door)
        with end.by(web.stop):
            async with living(house):
                await web.run_until_stopped()


async def work_here(settings: Settings, end: Ending, *, idle: timedelta | None = None) -> None:
    async with _open(Part.WORKER, settings) as house:
        _say("worker")
        await work(house, end, idle=idle)


async def _route(settings: Settings) -> None:
    async with _open(Part.ROUTER, settings) as house:
        house.loops.append(plan_tidying(house))
        async with living(house):
            _say("router")
            await asyncio.Event().wait()


def _open(part: Part, settings: Settings) -> AbstractAsyncContextManager[House]:
    return open_house(settings, _dsn(settings), parts=frozenset({part}), connections=_CONNECTIONS[part])


def _dsn(settings: Settings) -> str:
    assert settings.database_url is not None
    return settings.database_url


def _say(what: str) -> None:
    click.echo(f"Yizhan 驿站  {what}  (ready)")
