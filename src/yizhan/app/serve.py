"""`yizhan serve`: the whole product on one machine, with its embedded PostgreSQL."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time
from collections.abc import Callable

import click
import msgspec

from yizhan.app import ending
from yizhan.app.child import child_environment
from yizhan.app.children import Child, kept
from yizhan.app.collector import collect_at_leisure, spare_the_collector
from yizhan.app.demo import DEMO_LOGINS, DemoHost, LiveDemo, is_planted, open_demo
from yizhan.app.ending import Ending
from yizhan.app.house import House, living, open_house
from yizhan.app.listening import WebServer, begin, open_socket
from yizhan.app.services import services_of
from yizhan.app.settings import Settings
from yizhan.app.worker import plan_tidying, until_wanted
from yizhan.foundation.db import Server, migrate, start_server
from yizhan.foundation.log import get_logger
from yizhan.web.app import build_app
from yizhan.web.meters import PROCESS

log = get_logger(__name__)

_LOOK_SECONDS = 0.5
_CONNECTIONS = 30
_CONNECTIONS_OF_A_CHILD = 8


def serve(settings: Settings) -> None:
    """Blocks until SIGINT or SIGTERM; PostgreSQL stops last."""
    started = time.monotonic()
    door = open_socket(settings.host, settings.port)
    settings = _at(settings, door)
    connections = _CONNECTIONS + settings.web * _CONNECTIONS_OF_A_CHILD
    with (
        start_server(settings.data_dir, database_url=settings.database_url, connections=connections) as server,
        contextlib.suppress(KeyboardInterrupt),
    ):
        ending.run(lambda end: _serve(settings, server, door, started, end), force=server.stop)


def _at(settings: Settings, door: socket.socket) -> Settings:
    """With the port we got where any free one was asked for."""
    port = door.getsockname()[1]
    public = settings.public_url.removesuffix(":0")
    if port == settings.port:
        return settings
    ours = settings.public_url if public == settings.public_url else f"{public}:{port}"
    return msgspec.structs.replace(settings, port=port, public_url=ours)


async def _serve(settings: Settings, server: Server, door: socket.socket, started: float, end: Ending) -> None:
    for applied in await migrate(server.dsn):
        log.info("database.migrated", file=applied)
    env = child_environment(settings, server.dsn)
    async with open_house(settings, server.dsn) as house:
        house.loops += [_keep_alive(server), plan_tidying(house), collect_at_leisure(house.intake.in_a_rush)]
        demo = await _demo(house, env) if settings.demo else None
        app = build_app(services_of(house, demo))
        spare_the_collector()
        begin(door)
        web = WebServer(app, door, lambda: print_banner(settings, time.monotonic() - started))
        children = _children(house, env, door)
        with end.by(_each(web.stop, *(one.stop for one in children)), _each(*(one.kill for one in children))):
            async with living(house), kept(children):
                await web.run_until_stopped()


def _children(house: House, env: dict[str, str], door: socket.socket) -> list[Child]:
    webs = [
        Child(f"web {n}", ["web", str(door.fileno())], {**env, PROCESS: f"web-{n}"}, descriptors=[door.fileno()])
        for n in range(1, house.settings.web + 1)
    ]
    return [*webs, Child("worker", ["worker"], env, wanted=until_wanted(house))]


async def _demo(house: House, env: dict[str, str]) -> LiveDemo | None:
    """Planted by a process of its own: the memory it takes goes with it."""
    if not await is_planted(house):
        planter = Child("demo", ["plant"], env)
        try:
            code = await planter.once()
        finally:
            planter.kill()
        if code:
            raise click.ClickException("the demo could not be planted; the log above says why")
        await house.intake.load_inboxes()
        await house.rules.live.start()  # the planter released rules: the first work is dealt out by them
    demo = await open_demo(house)
    if demo is not None and house.settings.web:
        house.loops.append(DemoHost(house.bus, demo).run())
    return demo


async def _keep_alive(server: Server) -> None:
    """Everything else waits by itself for a PostgreSQL that went away; this starts one that was killed."""
    while True:
        await asyncio.sleep(_LOOK_SECONDS)
        if await asyncio.to_thread(server.revive):
            log.warning("database.restarted")


def print_banner(settings: Settings, took: float) -> None:
    lines = [f"Yizhan 驿站  {settings.public_url}  (ready in {took:.1f} s)"]
    if settings.demo:
        lines.append(f"  演示登录 demo log-ins: {', '.join(DEMO_LOGINS)} (one click on the start page)")
        lines.append(f"  我是顾客 be the customer: {settings.public_url}/demo/shop")
    for line in lines:
        click.echo(line)


def _each(*acts: Callable[[], object]) -> Callable[[], None]:
    def all_of_them() -> None:
        for act in acts:
            act()

    return all_of_them
