"""`segment_count`: how many of a million customers a segment fits, as its editor asks, against a bare scan."""

from __future__ import annotations

import asyncio
import os
import time
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from bench import places
from bench.report import figure
from yizhan.desk import segments
from yizhan.desk.segments import SegmentBook, SegmentDocument, SegmentTitle
from yizhan.foundation.clock import SystemClock
from yizhan.foundation.db import Database, migrate, open_database, start_server
from yizhan.records.config import Configuration, Kinds

CONTACTS = int(os.environ.get("YIZHAN_BENCH_CONTACTS", "1000000"))
_TIMES = 9
_JUDGED = 2_000
_DAY = 24 * 60

_ASKS: dict[str, Any] = {
    "silent_members": {"all": [
        {"field": "level", "op": "gte", "value": 3}, {"field": "spent_365d", "op": "gte", "value": 2000},
        {"not": {"any": [{"field": "last_order_at", "op": "within", "value": 90 * _DAY},
                         {"field": "contacted_at", "op": "within", "value": 60 * _DAY}]}},
        {"field": "profile.city", "op": "in", "value": ["杭州", "上海", "北京"]},
        {"field": "tags", "op": "not_in", "value": ["员工"]},
    ]},
    "complained_twice": {"field": "complaints_30d", "op": "gte", "value": 2},
    "first_order": [
        {"field": "orders", "op": "eq", "value": 1}, {"field": "first_order_at", "op": "within", "value": 30 * _DAY},
        {"field": "identifiers", "op": "contains", "value": ["phone"]},
    ],
    "points_and_words": {"any": [
        {"field": "profile.points", "op": "gte", "value": 9000},
        {"field": "profile.city", "op": "starts_with", "value": "成"},
        {"all": [{"field": "csat", "op": "lt", "value": 3}, {"field": "ratings", "op": "gte", "value": 2}]},
    ]},
}  # fmt: skip
"""The first is the figure: money, time, the profile and tags in one tree."""


def run() -> None:
    with places.folder() as data, start_server(data) as server:
        asyncio.run(_run(server.dsn))


async def _run(dsn: str) -> None:
    await migrate(dsn)
    db = await open_database(dsn)
    now, rules = SystemClock().now(), SegmentBook().now
    try:
        began = time.perf_counter()
        await _plant(db, now)
        planted = time.perf_counter() - began
        took = {name: await _counted(db, when, rules, now) for name, when in _ASKS.items()}
        scan = await _scan(db)
        judged = await _judged(db, now)
        size = await db.pool.fetchval("SELECT pg_total_relation_size('person_fact')")
    finally:
        await db.close()
    value = took["silent_members"][0]
    figure("segment_count", value * 1000, "ms", goal="< 500", limit=scan * 1000, ratio=scan / value, detail={
        "contacts": CONTACTS, "limit_is": "count(*) of the same table, nothing asked", "planted_s": round(planted, 1),
        "table_mb": round(size / 1e6), "fits": {name: fit for name, (_, fit) in took.items()},
        "ms": {name: round(seconds * 1000) for name, (seconds, _) in took.items()},
        "counted_anew_us_a_person": round(judged * 1e6),
    })  # fmt: skip


async def _counted(db: Database, when: Any, rules: segments.Rules, now: datetime) -> tuple[float, int]:
    """The median of a whole answer: the number, of how many, and ten of them."""
    document, took, found = SegmentDocument(title=SegmentTitle("·", "·"), when=when), [], 0
    for _ in range(_TIMES):
        async with db.read() as tx:
            began = time.perf_counter()
            found = (await segments.fit(tx, document, rules, now)).fit
            took.append(time.perf_counter() - began)
    return median(took), found


async def _scan(db: Database) -> float:
    took = []
    for _ in range(_TIMES):
        began = time.perf_counter()
        await db.pool.fetchval("SELECT count(*) FROM person_fact")
        took.append(time.perf_counter() - began)
    return median(took)


async def _judged(db: Database, now: datetime) -> float:
    """What it costs to count a person anew and to judge him, as the reader does it."""
    ids = [row["id"] for row in await db.pool.fetch("SELECT id FROM contact LIMIT $1", _JUDGED)]
    configuration, rules = Configuration(Kinds([])), SegmentBook().now
    began = time.perf_counter()
    async with db.transaction() as tx:
        await segments.count_anew(tx, ids, rules, configuration, now)
    return (time.perf_counter() - began) / max(1, len(ids))


async def _plant(db: Database, now: datetime) -> None:
    """Contacts as they are, and what would have been counted of them, spread as a shop's customers are."""
    async with db.transaction() as tx:
        await tx.execute("SELECT setseed(0.5)")
        await tx.execute(_CONTACTS, CONTACTS, now - timedelta(days=1500))
        await tx.execute(_FACTS, now)
    await db.pool.execute("VACUUM ANALYZE person_fact")


_CONTACTS = """
INSERT INTO contact (id, person_id, name, level, data_key, fields, created_at)
SELECT id, id, '客户 ' || n, (ARRAY[0,0,0,0,0,0,1,1,2,3])[1 + n % 10], '\\x00', '{}',
       $2::timestamptz + n * interval '2 minutes'
FROM (SELECT n, gen_random_uuid() AS id FROM generate_series(1, $1::int) n) x
"""
_FACTS = """
INSERT INTO person_fact (person_id, known_since, level, language, identifiers, brands, tags, channel, contacted_at,
  conversations, tickets, tickets_30d, open_tickets, ticket_tags, complaints, complaints_30d, complained_at, ratings,
  csat, last_stars, rated_at, orders, orders_30d, open_orders, refunds, spent, spent_365d, first_order_at,
  last_order_at, visits, pages, visited_at, cart, fields, fades_at, changes_at)
SELECT id, created_at, level, 'zh', CASE WHEN a < 0.7 THEN ARRAY['external', 'phone'] ELSE ARRAY['visitor'] END,
  ARRAY['home'], CASE WHEN b < 0.02 THEN ARRAY['员工'] ELSE '{}' END, 'webchat',
  CASE WHEN c < 0.5 THEN $1::timestamptz - d * interval '700 days' END, (c * 4)::int, (c * 3)::int, (c * d * 1.4)::int,
  (d < 0.02)::int, '{}', (e < 0.03)::int, (e < 0.004)::int + (e < 0.001)::int,
  CASE WHEN e < 0.03 THEN $1::timestamptz - f * interval '400 days' END, (f * 3)::int, 1 + f * 4, (1 + f * 4)::int,
  CASE WHEN f > 0.4 THEN $1::timestamptz - b * interval '300 days' END, o, (a < 0.05)::int, (a < 0.02)::int, 0,
  o * 1400 * d, o * 700 * d, CASE WHEN o > 0 THEN $1::timestamptz - c * interval '900 days' END,
  CASE WHEN o > 0 THEN $1::timestamptz - c * a * interval '900 days' END, (b * 9)::int, (b * 40)::int,
  $1::timestamptz - b * interval '200 days', b > 0.9,
  jsonb_build_object('city', (ARRAY['杭州','上海','北京','广州','成都','武汉','南京','西安'])[1 + (b * 7)::int],
                     'points', (f * 10000)::int, 'newsletter', a > 0.5, 'gender', 'female',
                     'registered_at', to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')),
  CASE WHEN a < 0.05 THEN $1::timestamptz + a * interval '400 days' END,
  CASE WHEN a < 0.05 THEN $1::timestamptz + a * interval '400 days' END
FROM (SELECT x.*, greatest(0, x.d * 12 - 4)::int AS o FROM (
  SELECT id, created_at, level, random() AS a, random() AS b, random() AS c, random() AS d, random() AS e, random() AS f
  FROM contact OFFSET 0) x) y
"""
