"""Readers who ask the product over HTTP, all at once, and how what they waited is printed."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

from bench import places
from bench.house import load_average
from bench.report import figure, millis, percentile
from bench.wire import Line, Refused
from yizhan.foundation.db import Tx

READERS = 8
Read = Callable[[int, list[float]], Awaitable[None]]
"""What reader `n` does once; how long each request took is noted."""


async def report(
    pid: int, name: str, one: Read, raw: Read, count: int, scale: dict[str, object], limit_is: str,
    by_kind: dict[str, list[float]] | None = None,
) -> None:  # fmt: skip
    await everybody(one, count // 8)
    for times in (by_kind or {}).values():
        times.clear()
    before = places.tree_cpu(pid)
    took, seconds = await everybody(one, count)
    own, below = ((b - a) / len(took) * 1e6 for a, b in zip(before, places.tree_cpu(pid), strict=True))
    bare, _ = await everybody(raw, count)
    p99, limit = percentile(sorted(took), 0.99) * 1000, percentile(sorted(bare), 0.99) * 1000
    figure(name, p99, "ms", goal="< 100", limit=limit, ratio=p99 / limit, detail={
        **scale, **millis(took), "requests": len(took), "requests_a_second": round(len(took) / seconds),
        **{kind: millis(times) for kind, times in (by_kind or {}).items()},
        "cpu_us_a_request": {"product": round(own), "postgresql": round(below)}, "load_average": load_average(),
        "limit_is": f"p99 of {limit_is}, by as many connections",
    })  # fmt: skip


async def everybody(read: Read, count: int) -> tuple[list[float], float]:
    """`count` times, by all readers at once: what each request took, and all together."""
    todo, took = iter(range(count)), list[float]()

    async def work(n: int) -> None:
        for _ in todo:
            await read(n, took)

    began = time.perf_counter()
    await asyncio.gather(*(work(n) for n in range(READERS)))
    return took, time.perf_counter() - began


async def got(line: Line, wanted: bytes, took: list[float]) -> Any:
    began = time.perf_counter()
    status, body = await line.ask(wanted)
    took.append(time.perf_counter() - began)
    if status != 200:
        raise Refused(f"{status} {body[:300]!r}")
    return json.loads(body)


async def queried(connection: Tx, took: list[float], query: str, *given: object) -> None:
    began = time.perf_counter()
    await connection.fetch(query, *given)
    took.append(time.perf_counter() - began)
