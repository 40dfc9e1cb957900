"""A house of 10,000 tickets for the figures of the screen, and the customers who write to it meanwhile."""

from __future__ import annotations

import asyncio
import json
import os
import random
import struct
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import uvloop

from bench import archive, people
from bench.house import House, Person, staffed
from bench.wire import Line, Refused
from yizhan.foundation.clock import SystemClock
from yizhan.foundation.db import open_connection, start_server

TICKETS = int(os.environ.get("YIZHAN_BENCH_DESK_TICKETS", "10000"))
TURNS = (3, 60)
CUSTOMERS = 120
GREETING = "您好,我是"
_AGENTS = 8
_PICTURES = 6
_LINES = 4
_WRITERS = 2


@contextmanager
def full_desk(data: Path) -> Iterator[House]:
    """One team whose tickets are all of them; whoever sits there sees them in 本组."""
    with staffed(data, _AGENTS, async_cap=1000) as house:
        with start_server(data) as server:
            pictures = tuple(_picture(house.chief, n) for n in range(_PICTURES))
            facts = archive.Facts(
                server.dsn, SystemClock().now(), TICKETS, house.chief.ask("GET", "/brands")["items"][0]["id"],
                house.inbox, {house.team: [one.id for one in house.people]}, TURNS, pictures,
            )  # fmt: skip
            _write(facts)
            uvloop.run(_analysed(server.dsn))
        uvloop.run(_first_words(house))
        yield house


def _write(facts: archive.Facts) -> None:
    share = facts.total // _WRITERS
    running = []
    for n in range(_WRITERS):
        last = facts.total if n == _WRITERS - 1 else (n + 1) * share
        command = [sys.executable, "-m", "bench.archive", str(n * share), str(last), str(n)]
        running.append(process := subprocess.Popen(command, stdin=subprocess.PIPE))
        assert process.stdin is not None
        with process.stdin:
            process.stdin.write(msgspec.json.encode(facts))
    if any(each.wait() for each in running):
        raise Refused("the tickets could not be written")


async def _analysed(dsn: str) -> None:
    connection = await open_connection(dsn)
    try:
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()


def _picture(chief: Person, n: int) -> str:
    """A photo's worth of pixels, sent up as an agent would; the attachment as a message keeps it."""
    name = f"photo{n}.png"
    kept = chief.upload(_png(random.Random(n), 800, 600), name)
    return json.dumps([{"hash": kept["hash"], "name": name, "type": kept["type"], "size": kept["size"],
                        "inline": False, "cid": None}])  # fmt: skip


def _png(rng: random.Random, width: int, height: int) -> bytes:
    """Smooth colour with some grain: about 100 KB."""
    red, green, blue = (rng.randrange(40, 200) for _ in range(3))
    rows = bytearray()
    for y in range(height):
        rows.append(0)
        grain = rng.randbytes(width // 8)
        for x in range(width):
            light = (x * 40 // width) + (y * 30 // height) + grain[x // 8] % 6
            rows += bytes((red + light & 255, green + light & 255, blue + light & 255))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(rows), 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in parts
    )


class Customers(threading.Thread):
    """Customers who write through the shop's signed door, so many a second, until they are told to stop."""

    def __init__(self, house: House, a_second: float, *, often: int) -> None:
        super().__init__(daemon=True)
        self._house, self._pause, self._often = house, 1 / a_second, often
        self._ended = threading.Event()
        self.said = 0
        self.seconds = 0.0
        self.refused: list[str] = []

    def run(self) -> None:
        uvloop.run(self._run())

    def stop(self) -> None:
        self._ended.set()
        self.join()
        if self.refused:
            raise Refused(self.refused[0])

    async def _run(self) -> None:
        rng, idle = random.Random(time.time()), asyncio.Queue[Line]()
        lines = [await Line.open(self._house.url) for _ in range(_LINES)]
        for line in lines:
            idle.put_nowait(line)
        began = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            while not self._ended.is_set():
                await asyncio.sleep(max(0.0, began + self.said * self._pause - time.perf_counter()))
                group.create_task(self._one(idle, self._who(rng), people.sentence(rng)))
                self.said += 1
        self.seconds = time.perf_counter() - began
        for line in lines:
            line.close()

    def _who(self, rng: random.Random) -> int:
        """Every tenth message is of the one whose ticket is open."""
        return self._often if self.said % 10 == 0 else rng.randrange(CUSTOMERS)

    async def _one(self, idle: asyncio.Queue[Line], customer: int, text: str) -> None:
        line = await idle.get()
        wanted = self._house.hook(f"desk-{time.time_ns()}-{customer}", f"buyer-{customer}", text)
        status, body = await line.ask(wanted)
        idle.put_nowait(line)
        if status != 200:
            self.refused.append(f"{status} {body[:300]!r}")


async def _first_words(house: House) -> None:
    """Everybody who will write later has written once: the router has dealt their tickets out by then."""
    line = await Line.open(house.url)
    for n in range(CUSTOMERS):
        status, body = await line.ask(house.hook(f"first-{n}", f"buyer-{n}", f"{GREETING} {n} 号顾客"))
        if status != 200:
            raise Refused(f"{status} {body[:300]!r}")
    line.close()
    deadline = time.perf_counter() + 60
    while sum(_dealt(one) for one in house.people) < CUSTOMERS:
        if time.perf_counter() > deadline:
            raise Refused("the router did not deal out what came in")
        await asyncio.sleep(0.5)


def _dealt(agent: Person) -> int:
    """Tickets of today's customers that he was given; the list says at most fifty at once, he has some fifteen."""
    rows = agent.ask("GET", "/tickets?view=mine&limit=50")["items"]
    return sum(GREETING in row["subject"] for row in rows)
