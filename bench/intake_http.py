"""`intake_http`: one message a request through the signed hook, answered after the commit, by the whole product."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Iterator, Sequence

import uvloop

from bench import people, places
from bench.house import House, load_average, staffed
from bench.report import figure, millis, percentile
from bench.wire import Line, Refused, Socket, request
from yizhan.foundation.db import open_connection, start_server

_LINES = 64
_MESSAGES = 25_000
_WARM = 2_500
_SENDERS = 5_000
_AGENTS = 10
_HELLO = b'{"t":"hello","watch":{"list":"all","queue":true}}'


def run() -> None:
    with places.folder() as data, staffed(data, _AGENTS) as house:
        took, seconds, bare, spent = uvloop.run(_run(house))
        with start_server(data) as server:
            stored = uvloop.run(_stored(server.dsn))
    if stored != _WARM + _MESSAGES:
        raise Refused(f"{stored} messages stored, {_WARM + _MESSAGES} acknowledged")
    rate, limit = len(took) / seconds, _MESSAGES / bare
    p99 = percentile(sorted(took), 0.99) * 1000
    figure("intake_http", rate, "messages/s", goal=">= 2500, p99 < 80 ms", limit=limit, ratio=rate / limit, detail={
        **millis(took), "p99_met": p99 < 80, "connections": _LINES, "messages": len(took), "senders": _SENDERS,
        "agents_with_sockets": _AGENTS, "acknowledged_are_stored": True, "load_average": load_average(),
        "cpu_us_a_message": spent,
        "limit_is": "GET /healthz of the same server over the same connections",
    })  # fmt: skip


async def _run(house: House) -> tuple[list[float], float, float, dict[str, int]]:
    rng = random.Random(11)
    url = f"{house.url}/api/v1/live"
    sockets = [await Socket.connect(url, one.at_socket, _HELLO, _unheard) for one in house.people]
    lines = [await Line.open(house.url) for _ in range(_LINES)]
    wanted = [_message(house, rng, n) for n in range(_WARM + _MESSAGES)]
    await through(lines, wanted[:_WARM])
    before = places.tree_cpu(house.product.process.pid)
    took, seconds = await through(lines, wanted[_WARM:])
    await asyncio.sleep(2)  # what readers and router still do belongs to the messages, not to the limit
    spent = places.spent(before, places.tree_cpu(house.product.process.pid), _MESSAGES)
    _, bare = await through(lines, [request("GET", f"{house.url}/healthz", {})] * _MESSAGES)
    for line in lines:
        line.close()
    for socket in sockets:
        socket.close()
    return took, seconds, bare, spent


def _unheard(text: bytes, at: float) -> None:
    """These agents only make the product work for them."""


def _message(house: House, rng: random.Random, n: int) -> bytes:
    return house.hook(f"m{n}", f"buyer-{rng.randrange(_SENDERS)}", people.sentence(rng))


async def through(lines: Sequence[Line], wanted: Sequence[bytes]) -> tuple[list[float], float]:
    """Each line asks the next as soon as it was answered. The seconds each took, and all together."""
    todo, took = iter(wanted), list[float]()
    started = time.perf_counter()
    await asyncio.gather(*(_work(line, todo, took) for line in lines))
    return took, time.perf_counter() - started


async def _work(line: Line, todo: Iterator[bytes], took: list[float]) -> None:
    for each in todo:
        started = time.perf_counter()
        status, body = await line.ask(each)
        took.append(time.perf_counter() - started)
        if status != 200:
            raise Refused(f"{status} {body[:300]!r}")


async def _stored(dsn: str) -> int:
    connection = await open_connection(dsn)
    try:
        return int(await connection.fetchval("SELECT count(*) FROM message"))
    finally:
        await connection.close()
