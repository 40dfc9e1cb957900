"""`view360_p99`: eight agents open customers of 5,000 entries each, and read on into their past."""

from __future__ import annotations

import itertools
import os
import time
from contextlib import AsyncExitStack
from datetime import datetime, timedelta

import uvloop

from bench import places
from bench.asking import READERS, got, queried, report
from bench.house import House, staffed
from bench.wire import Line, Refused
from yizhan.foundation.clock import SystemClock
from yizhan.foundation.db import open_connection, start_server

PEOPLE = int(os.environ.get("YIZHAN_BENCH_CUSTOMERS", "60"))
_OTHERS = 50_000
_ENTRIES = 5_000
_YEARS = timedelta(days=12 * 365)
_TALKS, _MESSAGES, _ORDERS, _VISITS, _RATINGS = 120, 36, 120, 240, 80
_NOTES = _ENTRIES - _TALKS * (_MESSAGES + 1) - _ORDERS - _VISITS - _RATINGS
_VIEWS = 1_200
_PAGE = 60

_BORN = """
CREATE FUNCTION pg_temp.born(at timestamptz) RETURNS uuid LANGUAGE sql AS $$
  SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' || substr(md5(random()::text), 1, 3)
          || '8' || substr(md5(random()::text), 1, 15))::uuid
$$"""
_TABLES = """
CREATE TEMP TABLE who (n int, id uuid, rich bool);
CREATE TEMP TABLE talk (contact uuid, rich bool, k int, id uuid, ticket uuid, face uuid, at timestamptz)"""
_PLANT = (
    """INSERT INTO who
       SELECT n, pg_temp.born($1::timestamptz - $2::interval + n * interval '1 ms'), n <= $3
       FROM generate_series(1, $4::int) n""",
    """INSERT INTO talk
       SELECT w.id, w.rich, k, pg_temp.born(at), pg_temp.born(at), pg_temp.born(at), at
       FROM who w CROSS JOIN generate_series(1, CASE WHEN w.rich THEN $3::int ELSE 1 END) k
       CROSS JOIN LATERAL (SELECT $1::timestamptz - $2::interval * ((k - 0.5 + random() / 4) / $3)) t(at)""",
    """INSERT INTO contact (id, person_id, name, data_key, created_at)
       SELECT id, id, '顾客' || n, '', $1::timestamptz - $2::interval FROM who""",
    """INSERT INTO identity (id, contact_id, kind, rank, sealed, blind, masked, valid_from)
       SELECT pg_temp.born($1::timestamptz - $2::interval), id, k, 'auxiliary', '', decode(md5(id::text || k), 'hex'),
              'c***', $1::timestamptz - $2::interval FROM who CROSS JOIN unnest(ARRAY['visitor', 'generic']) k""",
    """INSERT INTO conversation (id, inbox_id, identity_id, contact_id, brand_id, team_id, ticket_id, channel, live,
         phase, ready, agent_id, seniority, last_message_at, last_inbound_at, preview, ended_at, created_at)
       SELECT id, $1::uuid, face, contact, $2::uuid, $3::uuid, ticket,
              CASE WHEN k % 9 = 0 THEN 'voice' ELSE 'generic' END, false, 'ended', true, $4::uuid, at,
              at + interval '1 hour', at, '净水器漏水', at + interval '1 hour', at FROM talk""",
    """INSERT INTO ticket (id, brand_id, contact_id, subject, type, status, priority, channel, owner_id, agent_id,
         team_id, ready, last_message_at, created_at)
       SELECT ticket, $1::uuid, contact, '净水器漏水', 'aftersale', CASE WHEN k = 1 THEN 'open' ELSE 'done' END, 2,
              'generic', $3::uuid, $3, $2::uuid, true, at, at FROM talk""",
    """INSERT INTO message (id, conversation_id, ticket_id, contact_id, identity_id, inbox_id, direction, author, kind,
         text, at, received_at)
       SELECT pg_temp.born(t.at + m * interval '97 s'), t.id, t.ticket, t.contact, t.face, $1::uuid,
              CASE WHEN m % 2 = 0 THEN 'in' ELSE 'out' END,
              CASE WHEN m % 2 = 0 THEN 'customer:' || t.contact ELSE 'agent:' || $2::text END, 'text',
              repeat('师傅说缺个接头,要等到明天。', 3), t.at + m * interval '97 s', t.at + m * interval '97 s'
       FROM talk t CROSS JOIN generate_series(1, CASE WHEN t.rich THEN $3::int ELSE 4 END) m""",
    """INSERT INTO note (id, ticket_id, conversation_id, action, text, typed, actor, at)
       SELECT pg_temp.born(at + interval '50 min'), ticket, id, 'solve', '已处理', true, 'agent:' || $1::text,
              at + interval '50 min' FROM talk WHERE rich AND k <= $2""",
    """INSERT INTO customer_order (id, source, number, identity_id, contact_id, status, total_fen, currency, placed_at,
         changed_at, document, digest, version)
       SELECT pg_temp.born(t.at), 'shop', 'SO' || row_number() OVER (), t.face, t.contact, 'done', 18990, 'CNY', t.at,
              t.at,
              '{"lines": [{"sku": "Q2", "title": "净水器 Q2", "count": 1, "price_fen": 18990}]}', '', 1
       FROM talk t WHERE t.k <= $1""",
    """INSERT INTO visit (id, inbox_id, visitor, started_at, seen_at, origin, pages)
       SELECT pg_temp.born(at), $1::uuid, decode(md5(w.id::text || 'visitor'), 'hex'), at, at, '{}', 5
       FROM who w CROSS JOIN generate_series(1, $2::int) k
       CROSS JOIN LATERAL (SELECT $3::timestamptz - $4::interval * (k::float / $2)) t(at) WHERE w.rich""",
    """INSERT INTO trail (id, visit_id, kind, url, title, at)
       SELECT pg_temp.born(v.started_at + p * interval '9 s'), v.id, 'page', 'https://shop.example/p/' || p, '净水器',
              v.started_at
       FROM visit v CROSS JOIN generate_series(1, 5) p""",
    """INSERT INTO rating (conversation_id, contact_id, brand_id, inbox_id, ticket_id, agent_id, stars, way, given_at,
         changed_at)
       SELECT id, contact, $1::uuid, $2::uuid, ticket, $3::uuid, 5, 'window', at + interval '2 h', at + interval '2 h'
       FROM talk WHERE rich AND k <= $4""",
)
_NEWEST = """SELECT m.* FROM conversation v JOIN message m ON m.conversation_id = v.id
WHERE v.contact_id = $1 ORDER BY m.id DESC LIMIT $2"""


def run() -> None:
    with places.folder() as data, staffed(data, READERS - 1) as house:
        began = time.perf_counter()
        with start_server(data) as server:
            customers = uvloop.run(_plant(house, server.dsn, SystemClock().now()))
            setup = time.perf_counter() - began
            uvloop.run(_measure(house, server.dsn, customers, round(setup)))


async def _plant(house: House, dsn: str, now: datetime) -> list[str]:
    brand, agent = house.chief.ask("GET", "/brands")["items"][0]["id"], house.people[0].id
    given: tuple[tuple[object, ...], ...] = (
        (now, _YEARS, PEOPLE, PEOPLE + _OTHERS), (now, _YEARS, _TALKS), (now, _YEARS), (now, _YEARS),
        (house.inbox, brand, house.team, agent), (brand, house.team, agent), (house.inbox, agent, _MESSAGES),
        (agent, _NOTES), (_ORDERS,), (house.inbox, _VISITS, now, _YEARS), (), (brand, house.inbox, agent, _RATINGS),
    )  # fmt: skip
    tx = await open_connection(dsn)
    try:
        await tx.execute("SET synchronous_commit = off")
        await tx.execute(_BORN)
        await tx.execute(_TABLES)
        for query, of in zip(_PLANT, given, strict=True):
            await tx.execute(query, *of)
        await tx.execute("VACUUM ANALYZE")
        return [str(row["id"]) for row in await tx.fetch("SELECT id FROM who WHERE rich")]
    finally:
        await tx.close()


async def _measure(house: House, dsn: str, customers: list[str], setup: int) -> None:
    """A view is the customer whole, the first page of his timeline, and then one deeper or one of a kind."""
    people, again = itertools.cycle(customers), itertools.cycle(customers)
    depth = itertools.cycle(("", "&kinds=order", "&kinds=ticket,rating", f"&until={_long_ago()}"))
    by_kind: dict[str, list[float]] = {"whole": [], "first": [], "further": [], "filtered": []}
    async with AsyncExitStack() as stack:
        lines = [await Line.open(house.url) for _ in range(READERS)]
        bare = [await open_connection(dsn) for _ in range(READERS)]
        for connection in bare:
            stack.push_async_callback(connection.close)

        async def one(n: int, took: list[float]) -> None:
            who, ask = next(people), house.chief.get
            path = f"/customers/{who}/timeline?limit={_PAGE}"
            whole = await got(lines[n], ask(f"/contacts/{who}"), took)
            by_kind["whole"].append(took[-1])
            page = await got(lines[n], ask(path), took)
            by_kind["first"].append(took[-1])
            if whole["figures"]["conversations"] != _TALKS or len(page["items"]) != _PAGE:
                raise Refused("a customer came without his past")
            await got(lines[n], ask(f"{path}&cursor={page['next']}"), took)
            by_kind["further"].append(took[-1])
            await got(lines[n], ask(path + next(depth)), took)
            by_kind["filtered"].append(took[-1])

        async def raw(n: int, took: list[float]) -> None:
            await queried(bare[n], took, _NEWEST, next(again), _PAGE)

        scale: dict[str, object] = {"entries": _ENTRIES, "customers": PEOPLE + _OTHERS, "rich": PEOPLE,
                                    "readers": READERS, "setup_s": setup}  # fmt: skip
        limit_is = "the newest messages of a customer, one query"
        await report(house.product.process.pid, "view360_p99", one, raw, _VIEWS // 4, scale, limit_is, by_kind)
        for line in lines:
            line.close()


def _long_ago() -> str:
    return (SystemClock().now() - _YEARS / 2).strftime("%Y-%m-%dT%H:%M:%SZ")
