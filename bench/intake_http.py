"""`intake_http`: one message a request through the signed hook, answered after the commit, by the whole product."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Iterator, Sequence

import uvloop

from bench import people, places
from bench.house import House, Person, load_average, settled, staffed
from bench.report import figure, millis, percentile
from bench.wire import Line, Refused, Socket, request
from yizhan.foundation.db import open_connection, start_server

_LINES = 64
_MESSAGES = 25_000
_WARM = 2_500
_SENDERS = 5_000
_AGENTS = 10
_LOOK_SECONDS = 2.0  # so long at most until a workbench reads lists anew of which it was told that they are stale
_LISTS = ("/conversations/mine", "/conversations/queue", "/tickets?view=all")
_HELLO = b'{"t":"hello","watch":{"list":"all","queue":true}}'


def run() -> None:
    with places.folder() as data, staffed(data, _AGENTS) as house:
        took, seconds, bare, spent, looks = uvloop.run(_run(house))
        with start_server(data) as server:
            stored = uvloop.run(_stored(server.dsn))
    if stored != _WARM + _MESSAGES:
        raise Refused(f"{stored} messages stored, {_WARM + _MESSAGES} acknowledged")
    rate, limit = len(took) / seconds, _MESSAGES / bare
    p99 = percentile(sorted(took), 0.99) * 1000
    figure("intake_http", rate, "messages/s", goal=">= 2500, p99 < 80 ms", limit=limit, ratio=rate / limit, detail={
        **millis(took), "p99_met": p99 < 80, "connections": _LINES, "messages": len(took), "senders": _SENDERS,
        "agents_with_sockets": _AGENTS, "lists_read_anew": looks, "acknowledged_are_stored": True,
        "load_average": load_average(), "cpu_us_a_message": spent,
        "limit_is": "GET /healthz of the same server over the same connections",
    })  # fmt: skip


async def _run(house: House) -> tuple[list[float], float, float, dict[str, int], int]:
    rng = random.Random(11)
    url = f"{house.url}/api/v1/live"
    desks = [Desk(one, await Line.open(house.url), rng) for one in house.people]
    sockets = [await Socket.connect(url, desk.person.at_socket, _HELLO, desk.hear) for desk in desks]
    lines = [await Line.open(house.url) for _ in range(_LINES)]
    wanted = [_message(house, rng, n) for n in range(_WARM + _MESSAGES)]
    await through(lines, wanted[:_WARM])
    await settled(house)
    before = places.tree_cpu(house.product.process.pid)
    took, seconds = await through(lines, wanted[_WARM:])
    await asyncio.sleep(2)  # what readers and router still do belongs to the messages, not to the limit
    spent = places.spent(before, places.tree_cpu(house.product.process.pid), _MESSAGES)
    _, bare = await through(lines, [request("GET", f"{house.url}/healthz", {})] * _MESSAGES)
    for line in (*lines, *(desk.line for desk in desks)):
        line.close()
    for socket in sockets:
        socket.close()
    return took, seconds, bare, spent, sum(desk.read for desk in desks)


class Desk:
    """An agent's screen: it reads its lists again when it is told that they are stale, as the workbench does."""

    def __init__(self, person: Person, line: Line, rng: random.Random) -> None:
        self.person = person
        self.line = line
        self.read = 0
        self._rng = rng
        self._wanted = [person.get(path) for path in _LISTS]
        self._looking: asyncio.Task[None] | None = None

    def hear(self, text: bytes, at: float) -> None:
        if b'"t":"stale"' in text and (self._looking is None or self._looking.done()):
            self._looking = asyncio.create_task(self._look())

    async def _look(self) -> None:
        await asyncio.sleep(_LOOK_SECONDS * self._rng.random())
        for wanted in self._wanted:
            status, body = await self.line.ask(wanted)
            if status != 200:
                raise Refused(f"{status} {body[:300]!r}")
        self.read += 1


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
