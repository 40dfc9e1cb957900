"""`screen_latency`: from a customer's message on the wire to its frame at the socket of the agent who serves him."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Sequence

import uvloop

from bench import places
from bench.house import House, load_average, staffed
from bench.report import figure, millis, percentile
from bench.wire import Line, Refused, Socket

_AGENTS = 200
_CUSTOMERS = 1_000
_A_SECOND = 200
_SECONDS = 15
_LINES = 32
_SPOKEN = re.compile(rb'"text":"[^"]*#(\d+)#')
_HELLO = b'{"t":"hello","watch":{"list":"mine"}}'
_PATIENCE = 60.0


class Screens:
    """When which message was first on a screen; only the serving agent's socket gets it."""

    def __init__(self) -> None:
        self.shown: dict[int, float] = {}
        self.twice = 0

    def heard(self, text: bytes, at: float) -> None:
        for found in _SPOKEN.findall(text):
            n = int(found)
            self.twice += n in self.shown
            self.shown.setdefault(n, at)


def run() -> None:
    with places.folder() as data, staffed(data, _AGENTS, async_cap=50) as house:
        whole, after, echo, screens = uvloop.run(_run(house))
    p99 = percentile(sorted(after), 0.99)
    figure("screen_latency", p99 * 1000, "ms", goal="p50 < 50 ms, p99 < 200 ms", limit=echo * 1000, ratio=p99 / echo,
           detail={
        **millis(after), "with_the_request": millis(whole), "agents": _AGENTS, "messages": len(whole),
        "messages_a_second": _A_SECOND, "shown_twice": screens.twice, "load_average": load_average(),
        "value_is": "p99 from the answer that accepts the message to its frame",
        "limit_is": "p99 of a loopback echo meanwhile",
    })  # fmt: skip


async def _run(house: House) -> tuple[list[float], list[float], float, Screens]:
    screens = Screens()
    url = f"{house.url}/api/v1/live"
    sockets = [await Socket.connect(url, one.at_socket, _HELLO, screens.heard) for one in house.people]
    lines = [await Line.open(house.url) for _ in range(_LINES)]
    await _everybody_served(house, lines, screens)
    sent, answered, echoes = await _load(house, lines)
    await _all_shown(screens, len(sent), "messages")
    for line in lines:
        line.close()
    for socket in sockets:
        socket.close()
    if any(one.closed for one in sockets):
        raise Refused("a socket was closed by the server")
    whole = [screens.shown[n] - at for n, at in sent.items()]
    after = [max(0.0, screens.shown[n] - at) for n, at in answered.items()]
    return whole, after, percentile(sorted(echoes), 0.99), screens


async def _everybody_served(house: House, lines: Sequence[Line], screens: Screens) -> None:
    """Everybody's first message, and a second one that shows that the router gave him to somebody."""
    for n in range(_CUSTOMERS):
        await _say(house, lines[n % _LINES], f"first-{n}", n, "您好")
    deadline = time.perf_counter() + _PATIENCE
    while len(screens.shown) < _CUSTOMERS and time.perf_counter() < deadline:
        for n in range(_CUSTOMERS):
            if n not in screens.shown:
                await _say(house, lines[n % _LINES], f"again-{n}-{time.perf_counter()}", n, f"在吗 #{n}#")
        await asyncio.sleep(1)
    if len(screens.shown) < _CUSTOMERS:
        raise Refused(f"only {len(screens.shown)} of {_CUSTOMERS} customers are served")
    await asyncio.sleep(1)
    screens.shown.clear()
    screens.twice = 0


async def _load(house: House, lines: Sequence[Line]) -> tuple[dict[int, float], dict[int, float], list[float]]:
    sent: dict[int, float] = {}
    answered: dict[int, float] = {}
    idle: asyncio.Queue[Line] = asyncio.Queue()
    for line in lines:
        idle.put_nowait(line)

    async def one(n: int) -> None:
        wanted = house.hook(f"m-{n}", f"buyer-{n % _CUSTOMERS}", f"还是没有收到,麻烦查一下 #{n}#")
        sent[n] = time.perf_counter()  # waiting for a free line counts: the customer waits too
        line = await idle.get()
        status, body = await line.ask(wanted)
        answered[n] = time.perf_counter()
        idle.put_nowait(line)
        if status != 200:
            raise Refused(f"{status} {body[:300]!r}")

    stop = asyncio.Event()
    echoing = asyncio.create_task(_echoes(stop))
    async with asyncio.TaskGroup() as group:
        began = time.perf_counter()
        for n in range(_A_SECOND * _SECONDS):
            await asyncio.sleep(max(0.0, began + n / _A_SECOND - time.perf_counter()))
            group.create_task(one(n))
    stop.set()
    return sent, answered, await echoing


async def _say(house: House, line: Line, id: str, customer: int, text: str) -> None:
    status, body = await line.ask(house.hook(id, f"buyer-{customer}", text))
    if status != 200:
        raise Refused(f"{status} {body[:300]!r}")


async def _all_shown(screens: Screens, count: int, what: str) -> None:
    deadline = time.perf_counter() + _PATIENCE
    while len(screens.shown) < count:
        if time.perf_counter() > deadline:
            raise Refused(f"{count - len(screens.shown)} of {count} {what} were never shown")
        await asyncio.sleep(0.05)


async def _echoes(stop: asyncio.Event) -> list[float]:
    """Round trips of a small packet to a socket of this very process, under the same load."""

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while word := await reader.read(64):
            writer.write(word)
        writer.close()

    took = []
    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname()[:2])
    while not stop.is_set():
        began = time.perf_counter()
        writer.write(b"x")
        await reader.readexactly(1)
        took.append(time.perf_counter() - began)
        await asyncio.sleep(0.02)
    writer.close()
    server.close()
    return took
