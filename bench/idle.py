"""`idle_rss` and `warm_start`: the whole product at rest, PostgreSQL included, and its second start."""

from __future__ import annotations

import asyncio
import statistics
import time
from pathlib import Path

from bench import places
from bench.report import figure
from yizhan.foundation.db import open_connection, start_server

_REST = 20
_STARTS = 3


def run() -> None:
    with places.folder() as data:
        with places.product(data) as first:
            cold = first.ready_seconds
            places.rest(first, _REST)
            parts = places.tree_rss(first.process.pid)
        starts = []
        for _ in range(_STARTS):
            with places.product(data) as again:
                starts.append(again.ready_seconds)
        bare = _bare_start(data)
    total = sum(parts.values()) / 1e6
    python = parts[max(parts, key=lambda pid: parts[pid])] / 1e6
    figure("idle_rss", total, "MB", goal="< 400", limit=400, ratio=total / 400, detail={
        "processes": len(parts), "largest_mb": round(python), "measure": "sum of proportional set sizes",
        "limit_is": "the goal",
    })  # fmt: skip
    warm = statistics.median(starts)
    figure("warm_start", warm, "s", goal="< 3", limit=bare, ratio=warm / bare, detail={
        "cold_start_s": round(cold, 2), "starts": _STARTS, "limit_is": "PostgreSQL alone to its first answer",
    })  # fmt: skip


def _bare_start(data: Path) -> float:
    started = time.perf_counter()
    with start_server(data) as server:
        asyncio.run(_ask(server.dsn))
        return time.perf_counter() - started


async def _ask(dsn: str) -> None:
    connection = await open_connection(dsn)
    await connection.fetchval("SELECT 1")
    await connection.close()
