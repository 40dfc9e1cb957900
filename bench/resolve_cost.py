"""`resolve_cost`: the share of intake's throughput that knowing who is who costs, among a million customers.

The same messages from the same senders twice, in turns on one database: with what proves who they are, claims of theirs
that mails confirm, and the weighing of evidence kept up to the last event; and without any of it.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID
from zlib import crc32

from bench import people, places
from bench.house import load_average
from bench.intake_batch import found_inbox, load
from bench.report import figure
from yizhan.app.collector import spare_the_collector
from yizhan.app.house import House, open_house
from yizhan.app.settings import Settings, load_settings
from yizhan.desk.intake import InboundMessage, Sender
from yizhan.desk.resolution import SHIPPED, resolution_reader
from yizhan.foundation.db import migrate, start_server
from yizhan.foundation.ids import new_id
from yizhan.foundation.journal import Sequencer, Wake
from yizhan.foundation.lease import Lease
from yizhan.records import contacts
from yizhan.records.contacts import Identifier

PLANTED = int(os.environ.get("YIZHAN_BENCH_CONTACTS", "1000000"))
SPEAKERS = 20_000
ONCE = 2_000
"""More than write or are new in one round."""
BATCH, BATCHES, ROUNDS = 200, 50, 3
STRANGERS, MAILS = 0.05, 0.05
"""Shares of the messages: of people who are new, and by mail. One in five of the first proves what a customer has
proved, one in five of the second had been named by a customer as his: two messages in a hundred make a link."""

PLANT = (
    "INSERT INTO contact (id, person_id, name, level, data_key, fields, created_at, version)"
    " SELECT md5('c' || n)::uuid, md5('c' || n)::uuid, '客户' || n, 0, '\\x00', '{}', $3, 1"
    " FROM generate_series($1::int, $2::int) n",
    "INSERT INTO identity (id, contact_id, kind, rank, sealed, blind, masked, verified_at, valid_from)"
    " SELECT md5('p' || n)::uuid, md5('c' || n)::uuid, 'phone', 'primary', '\\x00', decode(md5('b' || n), 'hex'),"
    " '138****0000', $3, $3 FROM generate_series($1::int, $2::int) n",
    "INSERT INTO resolution_key (contact_id, field, key, mark)"
    " SELECT contact_id, 'number', blind, 'seen' FROM identity"
    " WHERE kind = 'phone' AND $1::int < $2::int AND valid_from = $3",
)


@dataclass
class Spent:
    """Seconds of storing messages, of following the journal and of weighing; processor in microseconds a message."""

    storing: float = 0.0
    weighing: float = 0.0
    cpu: float = 0.0


class Planted(NamedTuple):
    """A house with its customers, of whom the first so many speak."""

    house: House
    inbox: UUID
    speakers: Sequence[UUID]


def run() -> None:
    with places.folder() as data:
        settings = load_settings({"YIZHAN_DATA": str(data)})  # its keys must be there before a database is
        with start_server(data) as server:
            asyncio.run(_run(settings, server.dsn))


async def _run(settings: Settings, dsn: str) -> None:
    await migrate(dsn)
    async with open_house(settings, dsn) as house:
        for loop in house.loops:
            loop.close()  # only intake runs here, and who we let follow it
        began = time.perf_counter()
        planted = await _plant(house)
        planting = time.perf_counter() - began
        spare_the_collector()
        rng, spent = random.Random(7), {True: Spent(), False: Spent()}
        async with Lease(house.db, "journal", "bench") as journal:
            await _round(planted, journal, rng, 0, Spent(), known=True)  # warms up, and counts for nothing
            for n in range(1, ROUNDS + 1):
                for known in ((True, False), (False, True))[n % 2]:
                    await _round(planted, journal, rng, n, spent[known], known=known)
        links = await house.db.pool.fetchval("SELECT count(*) FROM link")
        asked = await house.db.pool.fetchval("SELECT count(*) FROM candidate")
    messages, cpu = ROUNDS * BATCHES * BATCH, {known: round(each.cpu / ROUNDS) for known, each in spent.items()}
    seconds = {known: each.storing + each.weighing for known, each in spent.items()}
    share = 1 - seconds[False] / seconds[True]
    figure("resolve_cost", share * 100, "% of intake's throughput", goal="< 20", limit=None, ratio=None, detail={
        "contacts": PLANTED, "messages": messages, "with": round(messages / seconds[True]),
        "without": round(messages / seconds[False]), "links": links, "candidates": asked,
        "weighing_s": round(spent[True].weighing, 2), "following_s": round(spent[False].weighing, 2),
        "cpu_us_a_message": {"with": cpu[True], "without": cpu[False], "share": round(1 - cpu[False] / cpu[True], 3)},
        "planting_s": round(planting), "strangers": STRANGERS, "mails": MAILS, "load": load_average(),
    })  # fmt: skip


async def _plant(house: House) -> Planted:
    inbox, now, vault = await found_inbox(house), house.clock.now(), house.vault
    proved = now - timedelta(days=30)
    people_, identities, claims = [], [], []
    for n in range(SPEAKERS):
        contact, key = new_id(proved), vault.new_key()
        people_.append((contact, contact, f"客户{n}", 0, vault.wrap(key, aad=contact.bytes), "{}", proved, 1))
        for kind, value, scope in (("visitor", f"v{n}", f"{inbox}:"), ("phone", _phone(n), "")):
            identities.append((new_id(proved), contact, kind, "primary" if kind == "phone" else "auxiliary", b"\0",
                               vault.blind(kind, scope + value), "138****0000", proved, proved))  # fmt: skip
        claims.append((contact, "email", vault.blind("email", _mail(n)), b"\0", "m***", proved))
    await _copy(house, "contact", "id person_id name level data_key fields created_at version", people_)
    names = "id contact_id kind rank sealed blind masked verified_at valid_from"
    await _copy(house, "identity", names, identities)
    await _copy(house, "claim", "contact_id kind blind sealed masked at", claims)
    for statement in PLANT:
        await house.db.pool.execute(statement, SPEAKERS, PLANTED, proved, timeout=600)
    await house.db.pool.execute("ANALYZE contact, identity, claim, resolution_key")
    return Planted(house, inbox, [row[0] for row in people_])


async def _copy(house: House, table: str, names: str, rows: Sequence[tuple[object, ...]]) -> None:
    await house.db.pool.copy_records_to_table(table, records=rows, columns=names.split())


async def _round(planted: Planted, journal: Lease, rng: random.Random, n: int, spent: Spent, *, known: bool) -> None:
    """As many messages as in every round. `known` is with all that says who is who."""
    house = planted.house
    lanes = _said(planted, rng, f"{n}{'w' if known else 'o'}", n * 2 + known, known=known)
    reader = resolution_reader(house.db, house.clock, house.vault, lambda: SHIPPED)
    sequencer = Sequencer(house.db, journal, Wake(), lambda pos: None)
    before = places.tree_cpu(os.getpid())
    spent.storing += await load(house, lanes)
    began = time.perf_counter()
    if known:
        await _claim(planted, rng)
    await sequencer.drain()
    while known and await reader.step():
        continue
    spent.weighing += time.perf_counter() - began
    spent.cpu += sum(places.spent(before, places.tree_cpu(os.getpid()), BATCH * BATCHES).values())


async def _claim(planted: Planted, rng: random.Random) -> None:
    """One customer in a hundred says that an address is his: evidence to be weighed."""
    house, now = planted.house, planted.house.clock.now()
    async with house.db.transaction() as tx:
        for _ in range(BATCH * BATCHES // 100):
            n = rng.randrange(SPEAKERS)
            value = _phone(rng.randrange(SPEAKERS))
            await contacts.claim(tx, house.vault, planted.speakers[n], kind="phone", value=value,
                                 masked="138****0000", actor="system", now=now)  # fmt: skip


def _said(planted: Planted, rng: random.Random, name: str, part: int, *, known: bool) -> list[list[InboundMessage]]:
    """Two lanes, each sender in one as in the product. Who mails or is new comes once in the whole run."""
    now = planted.house.clock.now()
    lanes: list[list[InboundMessage]] = [[], []]
    once: list[int] = []
    for n in range(BATCH * BATCHES):
        chance, number = rng.random(), part * ONCE + len(once)
        once += [n] * (chance < MAILS + STRANGERS)
        proofs: tuple[Identifier, ...] = ()
        if chance < MAILS:
            value = _mail(number) if number % 5 == 0 else f"{name}-{n}@example.com"
            who = Sender(kind="email", value=value, inbox_scoped=False, authenticated=known)
        elif chance < MAILS + STRANGERS:
            who = Sender(kind="visitor", value=f"{name}-{n}", inbox_scoped=True)
            if known and number % 5 == 0:
                proofs = (Identifier("phone", _phone(number), now),)
        else:
            who = Sender(kind="visitor", value=f"v{rng.randrange(SPEAKERS)}", inbox_scoped=True)
        dedupe = hashlib.sha256(f"{name}{n}".encode()).digest()[:16]
        lanes[crc32(who.value.encode()) % 2].append(InboundMessage(
            inbox_id=planted.inbox, sender=who, name="访客", text=people.sentence(rng), dedupe=dedupe, at=now,
            received_at=now, proofs=proofs,
        ))  # fmt: skip
    return lanes


def _phone(n: int) -> str:
    return f"+86138{n:08}"


def _mail(n: int) -> str:
    return f"m{n}@example.com"
