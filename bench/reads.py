"""`list_p99`, `open_p99`, `search_p99`: eight readers at once in a house of 100,000 tickets and a million messages."""

from __future__ import annotations

import asyncio
import itertools
import os
import random
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import timedelta
from urllib.parse import quote
from uuid import UUID

import msgspec
import uvloop

from bench import archive, places
from bench.asking import READERS, got, queried, report
from bench.house import House, Person, staffed
from bench.wire import Line, Refused
from yizhan.foundation.clock import SystemClock
from yizhan.foundation.db import Tx, open_connection, start_server
from yizhan.foundation.text import tsquery_literal

TICKETS = int(os.environ.get("YIZHAN_BENCH_TICKETS", "100000"))
_WRITERS = 2
_TEAMS = 3
_LISTS, _OPENS, _SEARCHES = 1_600, 1_600, 1_600
_INDEX = "CREATE INDEX search_row_words ON search_row USING gin (words) WITH (fastupdate = on)"
_COMMON = ("退款", "发货", "物流", "发票", "安装")
_FOUR = ("空气炸锅", "什么时候", "蓝牙耳机", "空气净化器", "退款 拉萨")
_MIDDLE, _RARER = archive.CITIES[:25], archive.CITIES[25:]


def run() -> None:
    with places.folder() as data, staffed(data, READERS - 1) as house:
        began = time.perf_counter()
        with start_server(data) as server:
            facts = _facts(house, server.dsn)
            uvloop.run(_write(facts))
            setup = time.perf_counter() - began
            uvloop.run(_measure(house, server.dsn, round(setup)))


def _facts(house: House, dsn: str) -> archive.Facts:
    """Several teams, each with readers of its own; the administrator reads everything."""
    teams = {house.team: [one.id for one in house.people[::_TEAMS]]}
    for n in range(1, _TEAMS):
        members = [one.id for one in house.people[n::_TEAMS]]
        made = house.chief.ask("POST", "/teams", {"key": f"team{n}", "name": f"组{n}"})["id"]
        house.chief.ask("PUT", f"/teams/{made}/members", {"members": [{"agent_id": one} for one in members]})
        teams[made] = members
    kept = {"members": [{"agent_id": one} for one in teams[house.team]]}
    house.chief.ask("PUT", f"/teams/{house.team}/members", kept)
    brand = house.chief.ask("GET", "/brands")["items"][0]["id"]
    return archive.Facts(dsn, SystemClock().now(), TICKETS, brand, house.inbox, teams)


async def _write(facts: archive.Facts) -> None:
    """The indexes of search are made afterwards, as a restore would."""
    connection = await open_connection(facts.dsn)
    try:
        await connection.execute("DROP INDEX search_row_words")
        share = TICKETS // _WRITERS
        await asyncio.gather(*(
            asyncio.to_thread(_writer, facts, n * share, TICKETS if n == _WRITERS - 1 else (n + 1) * share, n)
            for n in range(_WRITERS)
        ))  # fmt: skip
        await connection.execute("SET maintenance_work_mem = '512MB'")
        await connection.execute(_INDEX)
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()


def _writer(facts: archive.Facts, first: int, last: int, seed: int) -> None:
    command = [sys.executable, "-m", "bench.archive", str(first), str(last), str(seed)]
    subprocess.run(command, input=msgspec.json.encode(facts), check=True)


async def _measure(house: House, dsn: str, setup: int) -> None:
    rng = random.Random(3)
    async with AsyncExitStack() as stack:
        lines = [await Line.open(house.url) for _ in range(READERS)]
        bare = [await open_connection(dsn) for _ in range(READERS)]
        for connection in bare:
            stack.push_async_callback(connection.close)
        readers = [house.chief, *house.people]
        tickets = await bare[0].fetch("SELECT id FROM ticket ORDER BY random() LIMIT $1", _OPENS)
        scale: dict[str, object] = {"tickets": TICKETS, "messages": TICKETS * archive.MESSAGES_A_TICKET,
                                    "readers": READERS, "setup_s": setup}  # fmt: skip
        pid = house.product.process.pid
        await _lists(pid, lines, readers, bare, rng, scale)
        await _opens(pid, lines, house.chief, bare, [r["id"] for r in tickets], scale)
        await _searches(pid, lines, readers, bare, rng, scale)
        for line in lines:
            line.close()


async def _lists(
    pid: int,
    lines: Sequence[Line],
    readers: Sequence[Person],
    bare: Sequence[Tx],
    rng: random.Random,
    scale: dict[str, object],
) -> None:
    """Mixed views and filters; from every other answer the next two pages are turned to."""

    async def one(n: int, took: list[float]) -> None:
        reader, line = readers[n], lines[n]
        path = f"/tickets?{_filter(rng)}"
        answer = await got(line, reader.get(path), took)
        for _ in range(2):
            if answer["next"] is None:
                return
            answer = await got(line, reader.get(f"{path}&cursor={answer['next']}"), took)

    async def raw(n: int, took: list[float]) -> None:
        before = SystemClock().now() - timedelta(days=360 * rng.random())
        await queried(bare[n], took, "SELECT * FROM ticket WHERE last_message_at < $1 "
                     "ORDER BY last_message_at DESC, id DESC LIMIT 50", before)  # fmt: skip

    await report(pid, "list_p99", one, raw, _LISTS // 2, scale, "50 rows of ticket by its time, one query")


def _filter(rng: random.Random) -> str:
    view = rng.choice(("mine", "team", "unassigned", "all", "all"))
    asked = [f"view={view}"]
    if rng.random() < 0.4 and view != "unassigned":
        asked.append(f"status={rng.choice(('open', 'pending', 'done'))}")
    if rng.random() < 0.2:
        asked.append(f"priority={rng.randint(1, 4)}")
    if rng.random() < 0.2:
        asked.append(f"type={rng.choice(('refund', 'complaint', 'praise'))}")
    return "&".join(asked)


async def _opens(
    pid: int,
    lines: Sequence[Line],
    chief: Person,
    bare: Sequence[Tx],
    tickets: Sequence[UUID],
    scale: dict[str, object],
) -> None:
    ids, again = itertools.cycle(tickets), itertools.cycle(tickets)

    async def one(n: int, took: list[float]) -> None:
        answer = await got(lines[n], chief.get(f"/tickets/{next(ids)}"), took)
        if len(answer["messages"]) != archive.MESSAGES_A_TICKET:
            raise Refused("a ticket came without its messages")

    async def raw(n: int, took: list[float]) -> None:
        query = "SELECT * FROM message WHERE ticket_id = $1 ORDER BY id DESC LIMIT 50"
        await queried(bare[n], took, query, next(again))

    await report(pid, "open_p99", one, raw, _OPENS, scale, "the messages of a ticket, one query")


async def _searches(
    pid: int,
    lines: Sequence[Line],
    readers: Sequence[Person],
    bare: Sequence[Tx],
    rng: random.Random,
    scale: dict[str, object],
) -> None:
    rare = readers[0].get(f"/search?q={quote(archive.RARE)}&kind=message&limit=100")
    found = len((await got(lines[0], rare, []))["items"])
    asked = {"common": _COMMON, "four": _FOUR, "middle": _MIDDLE, "rarer": _RARER, "rare": (archive.RARE,)}
    by_kind: dict[str, list[float]] = {kind: [] for kind in asked}

    async def one(n: int, took: list[float]) -> None:
        kind = rng.choice(("common", "common", "four", "middle", "rarer", "rare"))
        await got(lines[n], readers[n].get(f"/search?q={quote(rng.choice(asked[kind]))}&limit=20"), took)
        by_kind[kind].append(took[-1])

    async def raw(n: int, took: list[float]) -> None:
        await queried(bare[n], took, "SELECT m.* FROM search_row s JOIN message m USING (id) "
                     "WHERE s.words @@ $1::text::tsquery ORDER BY s.id DESC LIMIT 20",
                     tsquery_literal(rng.choice((*_RARER, archive.RARE))))  # fmt: skip

    more = {**scale, "planted": archive.PLANTED, "found": found}
    await report(pid, "search_p99", one, raw, _SEARCHES, more, "20 messages of a rarer word, one query", by_kind)
