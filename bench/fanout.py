"""`fanout_2000`: one event to two thousand sockets of agents, until the last one has it."""

from __future__ import annotations

import asyncio
import statistics
import time

import uvloop

from bench import places
from bench.house import House, load_average, staffed
from bench.report import figure
from bench.wire import Line, Refused, Socket

_SOCKETS = 2_000
_PEOPLE = 20
_EVENTS = 10
_HELLO = b'{"t":"hello","watch":{"list":"all","queue":true}}'


class Crowd:
    """How many sockets have heard the word that is out, and when the last one did."""

    def __init__(self) -> None:
        self.word = b""
        self.left = 0
        self.last = 0.0
        self.size = 0
        self.done = asyncio.Event()

    def out(self, word: str) -> None:
        self.word, self.left = word.encode(), _SOCKETS
        self.done.clear()

    def heard(self) -> _Ear:
        return _Ear(self)


class _Ear:
    """One socket's; a word counts once for it."""

    def __init__(self, crowd: Crowd) -> None:
        self._crowd = crowd
        self._known = b""

    def __call__(self, text: bytes, at: float) -> None:
        crowd = self._crowd
        if crowd.word and crowd.word != self._known and crowd.word in text:
            self._known = crowd.word
            crowd.left -= 1
            crowd.last = at
            crowd.size = max(crowd.size, len(text))
            if not crowd.left:
                crowd.done.set()


def run() -> None:
    with places.folder() as data, staffed(data, _PEOPLE) as house:
        took, size = uvloop.run(_run(house))
    bare = uvloop.run(_bare(size))
    value, limit = statistics.median(took) * 1000, statistics.median(bare) * 1000
    figure("fanout_2000", value, "ms", goal="last < 300 ms", limit=limit, ratio=value / limit, detail={
        "sockets": _SOCKETS, "sessions": _PEOPLE, "events": _EVENTS, "worst_ms": round(max(took) * 1000),
        "bytes": size, "load_average": load_average(),
        "value_is": "from the request written to the last socket's frame, median of the events",
        "limit_is": "the same bytes to as many plain sockets by one asyncio server",
    })  # fmt: skip


async def _run(house: House) -> tuple[list[float], int]:
    crowd, ears = Crowd(), []
    url = f"{house.url}/api/v1/live"
    for start in range(0, _SOCKETS, 50):
        people = [house.people[n % _PEOPLE] for n in range(start, min(start + 50, _SOCKETS))]
        ears += await asyncio.gather(*(Socket.connect(url, p.at_socket, _HELLO, crowd.heard()) for p in people))
    line = await Line.open(house.url)
    took = []
    for n in range(_EVENTS + 1):
        word = f"滤芯的事 #{n}#"
        crowd.out(word)
        wanted = house.hook(f"word-{n}", "buyer", word)  # the ticket is in every list, with these words in its row
        began = time.perf_counter()
        status, body = await line.ask(wanted)
        if status != 200:
            raise Refused(f"{status} {body[:300]!r}")
        await asyncio.wait_for(crowd.done.wait(), 30)
        took.append(crowd.last - began)
        await asyncio.sleep(0.5)
    if any(one.closed for one in ears):
        raise Refused("a socket was closed by the server")
    for one in ears:
        one.close()
    return took[1:], crowd.size


async def _bare(size: int) -> list[float]:
    """Server and sockets in this one process: nobody else has to be woken."""
    writers: list[asyncio.StreamWriter] = []
    full = asyncio.Event()

    def enter(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        if len(writers) == _SOCKETS:
            full.set()

    server = await asyncio.start_server(enter, "127.0.0.1", 0, backlog=_SOCKETS)
    lines = [await asyncio.open_connection(*server.sockets[0].getsockname()[:2]) for _ in range(_SOCKETS)]
    await full.wait()
    took, payload = [], b"x" * size
    for _ in range(_EVENTS):
        began = time.perf_counter()
        for writer in writers:
            writer.write(payload)
        await asyncio.gather(*(reader.readexactly(size) for reader, _ in lines))
        took.append(time.perf_counter() - began)
    for _, writer in lines:
        writer.close()
    server.close()
    return took
