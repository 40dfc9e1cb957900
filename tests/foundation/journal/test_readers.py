"""Readers: an effect exactly once, in order, and one bad entry stops nobody."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import cast
from uuid import uuid4

import pytest

from tests.foundation.journal.entries import event, sequencer, write
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import DATABASE_TROUBLE, Database, Tx, migrate, open_database, start_server
from yizhan.foundation.journal import Entry, Feed, Reader, entries_after, lags, retry_held

KINDS = frozenset({"thing.changed"})


@pytest.fixture
async def eleven(db: Database) -> Database:
    """Ten entries of interest, and one that is not."""
    await db.pool.execute("CREATE TABLE effect (pos bigint NOT NULL)")
    subject = uuid4()
    await write(db, [event(subject, v, "other.thing" if v == 4 else "thing.changed") for v in range(1, 12)])
    await (await sequencer(db)).drain()
    return db


async def note(tx: Tx, entries: Sequence[Entry]) -> None:
    await tx.executemany("INSERT INTO effect VALUES ($1)", [(e.pos,) for e in entries])


async def effects(db: Database) -> list[int]:
    return [r["pos"] for r in await db.pool.fetch("SELECT pos FROM effect ORDER BY ctid")]


WANTED = [1, 2, 3, 5, 6, 7, 8, 9, 10, 11]


async def test_takes_its_kinds_in_order_once(eleven: Database, clock: FakeClock) -> None:
    reader = Reader(eleven, clock, "r", note, kinds=KINDS, batch=4)
    assert [await reader.step() for _ in range(4)] == [4, 4, 3, 0]
    assert await effects(eleven) == WANTED


async def test_what_the_feed_read_is_not_read_again(eleven: Database, clock: FakeClock) -> None:
    feed, reader = Feed(eleven), Reader(eleven, clock, "r", note, kinds=KINDS, batch=4)
    reader.follow(feed)
    assert await reader.step() == 4
    await feed.step()
    await eleven.pool.execute("ALTER TABLE event RENAME TO event_away")
    assert [await reader.step() for _ in range(3)] == [4, 3, 0]
    assert await effects(eleven) == WANTED


async def test_a_follower_whose_place_another_moved_starts_from_there(eleven: Database, clock: FakeClock) -> None:
    feed = Feed(eleven)
    one, other = (Reader(eleven, clock, "r", note, kinds=KINDS, batch=4) for _ in range(2))
    for reader in (one, other):
        reader.follow(feed)
        await reader._next()
    await feed.step()
    assert await one.step() == 4
    assert await other.step() == 0
    assert [await other.step(), await one.step(), await one.step(), await other.step()] == [4, 0, 3, 0]
    assert await effects(eleven) == WANTED


async def test_a_follower_that_is_far_behind_reads_by_itself(eleven: Database, clock: FakeClock) -> None:
    feed, reader = Feed(eleven), Reader(eleven, clock, "r", note, kinds=KINDS, batch=4)
    reader.follow(feed)
    assert await reader.step() == 4
    feed.pos = 9
    await feed.step()
    assert [await reader.step() for _ in range(3)] == [4, 3, 0]
    assert await effects(eleven) == WANTED


async def test_what_holds_nothing_is_passed_over_without_a_commit_each_time(eleven: Database, clock: FakeClock) -> None:
    reader = Reader(eleven, clock, "r", note, kinds=frozenset({"nothing.of.it"}), batch=4)
    assert [await reader.step() for _ in range(4)] == [4, 4, 3, 0]
    async with eleven.read() as tx:
        assert await lags(tx) == [("r", 7, 0)], "the first is noted, the others of that second are not"
    await reader._rest()
    async with eleven.read() as tx:
        assert await lags(tx) == [("r", 0, 0)]


async def test_what_was_passed_over_before_is_no_work_of_another(eleven: Database, clock: FakeClock) -> None:
    """One passes over what holds nothing; another takes what follows: the first finds its place taken."""
    one = Reader(eleven, clock, "r", note, kinds=frozenset({"other.thing"}), batch=1)
    assert [await one.step() for _ in range(3)] == [1, 1, 1]
    other = Reader(eleven, clock, "r", note, kinds=frozenset({"other.thing"}), batch=11)
    assert await other.step() == 10, "from where the first was noted"
    assert await one.step() == 0
    assert await effects(eleven) == [4]


@pytest.mark.parametrize("followed", [True, False])
async def test_what_a_crashed_server_forgot_is_done_again(eleven: Database, clock: FakeClock, followed: bool) -> None:
    """The place it kept lies before what this process noted: the effects since then went with it."""
    feed, reader = Feed(eleven), Reader(eleven, clock, "r", note, kinds=KINDS, batch=4)
    if followed:
        reader.follow(feed)
        await feed.step()
    assert [await reader.step() for _ in range(2)] == [4, 4]
    await eleven.pool.execute("UPDATE reader_position SET pos = 4")
    await eleven.pool.execute("DELETE FROM effect WHERE pos > 4")
    for _ in range(4):
        await reader.step()
    assert await effects(eleven) == WANTED


async def test_what_it_passed_over_and_the_server_forgot_is_looked_at_again(eleven: Database, clock: FakeClock) -> None:
    reader = Reader(eleven, clock, "r", note, kinds=frozenset({"other.thing"}), batch=4)
    assert [await reader.step() for _ in range(3)] == [4, 4, 3]
    await eleven.pool.execute("UPDATE reader_position SET pos = 0")
    await eleven.pool.execute("DELETE FROM effect")
    await reader._rest()
    for _ in range(3):
        await reader.step()
    assert await effects(eleven) == [4]


@pytest.mark.slow
async def test_a_server_killed_before_it_wrote_loses_no_effect(tmp_path: Path, clock: FakeClock) -> None:
    """Its log is written every ten seconds only: what was not waited for is surely lost."""
    with start_server(tmp_path) as server:
        await migrate(server.dsn)
        db = await open_database(server.dsn)
        await db.pool.execute("CREATE TABLE effect (pos bigint NOT NULL)")
        await db.pool.execute("ALTER SYSTEM SET wal_writer_delay = 10000")
        await db.pool.execute("SELECT pg_reload_conf()")
        subject = uuid4()
        await write(db, [event(subject, v) for v in range(1, 12)])
        await (await sequencer(db)).drain()
        reader = Reader(db, clock, "r", note, kinds=KINDS, batch=4)
        assert [await reader.step() for _ in range(2)] == [4, 4]
        killed = await writer(db)
        os.kill(killed, signal.SIGKILL)
        while await writer(db) in (0, killed):
            continue  # its sessions end with the crash; it comes back by itself
        kept = len(await effects(db))
        for _ in range(4):
            await reader.step()
        assert kept < 8, "nothing was lost: this proves nothing"
        assert await effects(db) == list(range(1, 12))
        await db.close()


async def writer(db: Database) -> int:
    """The process that writes the server's log; 0 while nobody answers."""
    try:
        found = await db.pool.fetchval("SELECT pid FROM pg_stat_activity WHERE backend_type = 'walwriter'")
    except DATABASE_TROUBLE:
        return 0
    return int(found or 0)


def test_a_patient_reader_steps_back_while_many_stand_at_the_door(clock: FakeClock) -> None:
    def reader(*, patient: bool) -> Reader:
        made = Reader(cast(Database, None), clock, "r", note, kinds=KINDS, batch=4, patient=patient)
        made.crowded = lambda: True
        return made

    patient = reader(patient=True)
    assert patient._pause(4, 0.01) == pytest.approx(0.2)
    assert patient._pause(4, 9.0) == 2.0
    assert reader(patient=False)._pause(4, 0.01) == 0.0
    patient._read_at = clock.now() - timedelta(seconds=16)
    assert patient._pause(4, 0.01) == 0.0, "who is far behind hurries"
    patient.crowded = lambda: False
    assert patient._pause(3, 0.01) == pytest.approx(0.03)


async def test_a_feed_whose_listener_fails_tells_the_same_again(eleven: Database) -> None:
    feed, told, fails = Feed(eleven), list[int](), iter([True])

    async def listen(entries: Sequence[Entry]) -> None:
        if next(fails, False):
            raise ValueError("not now")
        told.extend(entry.pos for entry in entries)

    feed.listen(listen)
    with pytest.raises(ValueError, match="not now"):
        await feed.step()
    assert await feed.step() == 11
    assert told == [entry.pos for entry in feed.after(0, 100) or []] == list(range(1, 12))


async def test_a_place_is_kept_over_a_restart_and_known_to_the_lag(eleven: Database, clock: FakeClock) -> None:
    await Reader(eleven, clock, "r", note, kinds=KINDS, batch=4).step()
    async with eleven.read() as tx:
        assert await lags(tx) == [("r", 7, 0)]
    again = Reader(eleven, clock, "r", note, kinds=KINDS)
    assert await again.step() == 7
    assert await effects(eleven) == WANTED


async def test_a_crash_between_effect_and_commit_gives_the_effect_once(eleven: Database, clock: FakeClock) -> None:
    crashes = iter(["after effect", "after effect"])

    async def take(tx: Tx, entries: Sequence[Entry]) -> None:
        await note(tx, entries)
        if next(crashes, None):
            await cut(eleven, tx)

    reader = Reader(eleven, clock, "r", take, kinds=KINDS)
    for _ in range(2):
        with pytest.raises(DATABASE_TROUBLE):
            await reader.step()
        assert await effects(eleven) == []
    assert await reader.step() == 11
    assert await effects(eleven) == WANTED
    async with eleven.read() as tx:
        assert await lags(tx) == [("r", 0, 0)]


async def cut(db: Database, tx: Tx) -> None:
    """What a killed backend looks like from here."""
    pid = tx.get_server_pid()
    connection = await db.connect()
    await connection.execute("SELECT pg_terminate_backend($1, 5000)", pid)
    await connection.close()


async def test_a_lost_server_is_no_failure_of_an_entry(eleven: Database, clock: FakeClock) -> None:
    async def take(tx: Tx, entries: Sequence[Entry]) -> None:
        await cut(eleven, tx)
        await note(tx, entries)

    reader = Reader(eleven, clock, "r", take, kinds=KINDS, batch=1)
    for _ in range(7):
        with pytest.raises(DATABASE_TROUBLE):
            await reader.step()
    assert await eleven.pool.fetchval("SELECT count(*) FROM reader_hold") == 0


async def test_after_five_failures_it_goes_on_and_a_retry_takes_what_was_held(
    eleven: Database, clock: FakeClock
) -> None:
    tries = 0

    async def take(tx: Tx, entries: Sequence[Entry]) -> None:
        nonlocal tries
        await note(tx, entries)
        if any(e.pos == 6 for e in entries):
            tries += len(entries) == 1
            raise ValueError("cannot take six")

    reader = Reader(eleven, clock, "r", take, kinds=KINDS)
    assert [await reader.step() for _ in range(6)] == [5, 0, 0, 0, 1, 5]
    assert tries == 5
    assert await effects(eleven) == [p for p in WANTED if p != 6]
    held = await eleven.pool.fetchrow("SELECT * FROM reader_hold")
    assert held is not None
    assert (held["reader"], held["pos"], held["tries"], held["held_at"]) == ("r", 6, 5, clock.now())
    assert "cannot take six" in held["error"]
    async with eleven.read() as tx:
        assert await lags(tx) == [("r", 0, 1)]
    assert await retry_held(eleven, "r", take) == (0, 1)
    assert await retry_held(eleven, "r", note) == (1, 0)
    assert sorted(await effects(eleven)) == WANTED
    assert await retry_held(eleven, "r", note) == (0, 0)


async def test_an_error_of_the_database_that_the_entry_caused_counts(eleven: Database, clock: FakeClock) -> None:
    async def take(tx: Tx, entries: Sequence[Entry]) -> None:
        await tx.execute("SELECT 1 / 0")

    reader = Reader(eleven, clock, "r", take, kinds=frozenset({"other.thing"}))
    assert [await reader.step() for _ in range(6)] == [3, 0, 0, 0, 1, 7]
    assert await eleven.pool.fetchval("SELECT pos FROM reader_hold") == 4


async def test_two_retries_at_once_take_a_held_entry_once(eleven: Database, clock: FakeClock) -> None:
    await eleven.pool.execute("INSERT INTO reader_hold VALUES ('r', 3, 'x', 5, $1)", clock.now())
    taken = await asyncio.gather(*(retry_held(eleven, "r", note) for _ in range(3)))
    assert sum(t for t, _ in taken) == 1
    assert await effects(eleven) == [3]


async def test_two_processes_of_one_reader_share_the_work(eleven: Database, clock: FakeClock) -> None:
    readers = [Reader(eleven, clock, "r", note, kinds=KINDS, batch=2) for _ in range(3)]
    while any(await asyncio.gather(*(r.step() for r in readers))):
        continue
    assert await effects(eleven) == WANTED


async def test_who_gives_up_late_does_not_move_the_place_back(eleven: Database, clock: FakeClock) -> None:
    passed: list[int] = []

    async def take(tx: Tx, entries: Sequence[Entry]) -> None:
        if not passed:
            raise ValueError("cannot")

    slow = Reader(eleven, clock, "r", take, kinds=KINDS, batch=1)
    assert [await slow.step() for _ in range(4)] == [0] * 4
    await eleven.pool.execute("UPDATE reader_position SET pos = 11")
    entry = (await entries(eleven))[0]
    assert await slow._failed(entry, ValueError("the fifth")) == 0  # type: ignore[arg-type]
    assert await eleven.pool.fetchval("SELECT pos FROM reader_position") == 11
    assert await eleven.pool.fetchval("SELECT count(*) FROM reader_hold") == 0


async def entries(db: Database) -> list[Entry]:
    async with db.read() as tx:
        return await entries_after(tx, 0, 100)


async def test_the_feed_begins_now_and_hears_everything_after(eleven: Database) -> None:
    feed = Feed(eleven)
    await feed.start()
    heard: list[int] = []

    async def hear(news: Sequence[Entry]) -> None:
        heard.extend(e.pos for e in news)

    feed.listen(hear)
    assert await feed.step() == 0
    await write(eleven, [event(uuid4(), 1)])
    await eleven.pool.execute("UPDATE lease SET until = clock_timestamp()")
    await (await sequencer(eleven)).drain()
    assert await feed.step() == 1
    assert (heard, feed.pos) == ([12], 12)


async def test_entries_brought_by_somebody_are_taken_where_they_follow_on(eleven: Database) -> None:
    known = await entries(eleven)
    feed = Feed(eleven)
    heard: list[int] = []

    async def hear(news: Sequence[Entry]) -> None:
        heard.extend(e.pos for e in news)

    feed.listen(hear)
    feed.offer(known[:3])
    assert await feed.step() == 3
    feed.offer([known[1], known[2], known[3], known[6]])
    assert await feed.step() == 1
    assert heard == [1, 2, 3, 4], "what was told before is not told again, what follows a gap waits for it"
    assert await feed.wake.wait(0), "and the gap is read at once"
    assert await feed.step() == 7
    assert heard == list(range(1, 12))


async def test_an_entry_decodes_as_it_was_written(db: Database) -> None:
    subject, agent = uuid4(), uuid4()
    await write(db, [event(subject, 3, agent_id=agent, on_behalf="x", request=subject, cause=7, depth=2)])
    await (await sequencer(db)).drain()
    (entry,) = await entries(db)
    assert (entry.subject, entry.agent_id, entry.request, entry.cause, entry.depth, entry.data) == (
        subject, agent, subject, 7, 2, {"n": 3},
    )  # fmt: skip
