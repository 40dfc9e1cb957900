"""`sla_idle` and `sla_late`: what 100,000 running promises cost at rest, and how late a breach is told."""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections.abc import Sequence
from datetime import datetime, timedelta

import uvloop

from bench import places
from bench.house import load_average
from bench.report import figure, millis, percentile
from yizhan.foundation.clock import SystemClock
from yizhan.foundation.db import Tx, open_connection, start_server
from yizhan.foundation.ids import new_id

TARGETS = int(os.environ.get("YIZHAN_BENCH_TARGETS", "100000"))
_REST = 60
_SETTLE = 15
_SCATTERED = 400  # over the watched seconds, each at an instant of its own
_TOGETHER = 1_000  # all at one instant, as at ten o'clock after a night
_WATCHED = 30
_BATCH = 5_000


def run() -> None:
    with places.folder() as data, places.product(data, demo=False) as product:
        places.rest(product, _SETTLE)
        bare = _share(product)
        with start_server(data) as server:
            setup = uvloop.run(_fill(server.dsn))
            places.rest(product, _SETTLE)
            full = _share(product)
            value = sum(full) - sum(bare)
            figure("sla_idle", 100 * max(0.0, value), "% of a core", goal="< 2", limit=100 * sum(bare),
                   ratio=sum(full) / sum(bare), detail={
                "targets": TARGETS, "setup_s": round(setup), "rest_s": _REST, "load_average": load_average(),
                "product_percent": round(100 * full[0], 2), "postgresql_percent": round(100 * full[1], 2),
                "limit_is": "the same product at rest without a target, % of a core",
            })  # fmt: skip
            _tell_lateness(uvloop.run(_watch(server.dsn)))


def _share(product: places.Product) -> tuple[float, float]:
    """Of one core, by the product and by its PostgreSQL, over a minute of rest."""
    pid = product.process.pid
    before, began = places.tree_cpu(pid), time.perf_counter()
    places.rest(product, _REST)
    after, took = places.tree_cpu(pid), time.perf_counter() - began
    return (after[0] - before[0]) / took, (after[1] - before[1]) / took


async def _fill(dsn: str) -> float:
    """Promises that end between tomorrow and next month."""
    began, rng, now = time.perf_counter(), random.Random(7), SystemClock().now()
    connection = await open_connection(dsn)
    try:
        for _ in range(0, TARGETS, _BATCH):
            await _add(connection, now, [
                now + timedelta(seconds=rng.uniform(86_400, 30 * 86_400)) for _ in range(min(_BATCH, TARGETS))
            ])  # fmt: skip
        await connection.execute("VACUUM ANALYZE sla_target, timer, ticket")
    finally:
        await connection.close()
    return time.perf_counter() - began


async def _watch(dsn: str) -> tuple[list[float], list[float]]:
    """How long after their instants scattered targets, and many of one instant, were told to be breached."""
    rng, now = random.Random(8), SystemClock().now()
    crowd = now + timedelta(seconds=_WATCHED + 10)
    connection = await open_connection(dsn)
    try:
        await _add(connection, now, [now + timedelta(seconds=rng.uniform(5, _WATCHED)) for _ in range(_SCATTERED)])
        await _add(connection, now, [crowd] * _TOGETHER)
        await asyncio.sleep((crowd - SystemClock().now()).total_seconds() + 10)
        rows = await connection.fetch(
            "SELECT e.at - s.due_at AS late, s.due_at FROM event e JOIN sla_target s ON s.id = e.subject "
            "WHERE e.kind = 'sla.breached'"
        )
    finally:
        await connection.close()
    late = [(row["late"].total_seconds(), row["due_at"] == crowd) for row in rows]
    return [each for each, together in late if not together], [each for each, together in late if together]


def _tell_lateness(found: tuple[Sequence[float], Sequence[float]]) -> None:
    alone, together = (sorted(times) for times in found)
    assert len(alone) == _SCATTERED, f"{len(alone)} of {_SCATTERED} breaches were told"
    assert len(together) == _TOGETHER, f"{len(together)} of {_TOGETHER} breaches were told"
    worst = max(alone[-1], together[-1])
    figure("sla_late", 1000 * worst, "ms", goal="< 1000", limit=1000, ratio=worst, detail={
        "scattered": len(alone), "alone": millis(alone), "at_one_instant": len(together),
        "together": millis(together), "p50_ms": round(1000 * percentile(alone, 0.5), 1),
        "running": TARGETS, "load_average": load_average(),
        "limit_is": "the promise: a breach is told within one second of its instant",
    })  # fmt: skip


async def _add(connection: Tx, now: datetime, dues: Sequence[datetime]) -> None:
    """Tickets with a running promise and its timer, as the reader would have left them."""
    tickets, targets = [new_id(now) for _ in dues], [new_id(now) for _ in dues]
    start, brand = now - timedelta(hours=1), new_id(now)
    await connection.execute(
        "INSERT INTO ticket (id, brand_id, contact_id, subject, type, status, priority, channel, ready, waiting_since,"
        " last_message_at, created_at) SELECT i, $2, $2, '发票', 'consult', 'open', 2, 'email', true, $3, $3, $3"
        " FROM unnest($1::uuid[]) i", tickets, brand, start,
    )  # fmt: skip
    await connection.execute(
        "INSERT INTO sla_target (id, ticket_id, kind, state, policy, policy_version, release, calendar,"
        " calendar_version, priority, allowed_s, started_at, due_at, next_at, pauses, version)"
        " SELECT i, t, 'first_response', 'running', 'default', 1, 1, 'default', 1, 2, 3600, $3, d, d, '[]', 1"
        " FROM unnest($1::uuid[], $2::uuid[], $4::timestamptz[]) u(i, t, d)", targets, tickets, start, list(dues),
    )  # fmt: skip
    await connection.execute(
        "INSERT INTO timer (due, kind, subject, subject_version, data) SELECT d, 'sla.due', i, 1, '{}'"
        " FROM unnest($1::uuid[], $2::timestamptz[]) u(i, d)", targets, list(dues),
    )  # fmt: skip
