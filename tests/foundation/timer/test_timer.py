import asyncio
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database, Tx
from yizhan.foundation.ids import new_id
from yizhan.foundation.lease import Lease, LeaseLost
from yizhan.foundation.timer import (
    NewTimer,
    Timer,
    Timers,
    cancel_timers,
    drop_timers,
    held_timers,
    retry_held,
    set_timer,
    set_timers,
)

MINUTE = timedelta(minutes=1)
AT_ONCE = timedelta(0)


class Diary:
    """A handler that writes down what fired, in the same transaction as the timer's end."""

    def __init__(self) -> None:
        self.fired: list[tuple[str, int, datetime]] = []
        self.written = asyncio.Event()

    async def __call__(self, tx: Tx, timer: Timer, now: datetime) -> None:
        self.fired.append((timer.kind, timer.subject_version, timer.due))
        self.written.set()


@pytest.fixture
def diary() -> Diary:
    return Diary()


@pytest.fixture
def timers(db: Database, clock: FakeClock, diary: Diary) -> Timers:
    made = Timers(db, clock, pause=AT_ONCE)
    made.register("breach", diary)
    made.register("wake", diary)
    return made


@pytest.fixture
def subject(clock: FakeClock) -> UUID:
    return new_id(clock.now())


async def put(db: Database, due: datetime, kind: str, subject: UUID, version: int = 1) -> None:
    async with db.transaction() as tx:
        await set_timer(tx, due, kind, subject, version)


async def count(db: Database) -> int:
    async with db.read() as tx:
        found: int = await tx.fetchval("SELECT count(*) FROM timer")
        return found


async def test_nothing_fires_before_its_time(db: Database, timers: Timers, clock: FakeClock, subject: UUID) -> None:
    await put(db, clock.now() + MINUTE, "breach", subject)
    assert await timers.fire_due(clock.now() + MINUTE - timedelta(microseconds=1)) == 0
    assert await timers.fire_due(clock.now() + MINUTE) == 1
    assert await timers.fire_due(clock.now() + MINUTE) == 0
    assert await count(db) == 0


async def test_fires_in_the_order_of_due_times(
    db: Database, timers: Timers, clock: FakeClock, subject: UUID, diary: Diary
) -> None:
    for minutes in (3, 1, 2):
        await put(db, clock.now() + minutes * MINUTE, "breach", subject, minutes)
    await timers.fire_due(clock.now() + timedelta(hours=1))
    assert [version for _, version, _ in diary.fired] == [1, 2, 3]


async def test_the_handler_sees_what_was_set(db: Database, timers: Timers, clock: FakeClock, subject: UUID) -> None:
    seen: list[tuple[Timer, datetime]] = []

    async def remember(tx: Tx, timer: Timer, now: datetime) -> None:
        seen.append((timer, now))

    timers.register("snooze", remember)
    async with db.transaction() as tx:
        await set_timer(tx, clock.now(), "snooze", subject, 7, {"说明": "明天再看"})
    await timers.fire_due(clock.now() + MINUTE)
    [(timer, now)] = seen
    assert (timer.due, timer.subject, timer.data) == (clock.now(), subject, {"说明": "明天再看"})
    assert now == clock.now() + MINUTE
    assert timer.fits(7)
    assert not timer.fits(8)


async def test_effect_and_end_of_a_timer_are_one_transaction(
    db: Database, timers: Timers, clock: FakeClock, subject: UUID
) -> None:
    async def set_another_then_fail(tx: Tx, timer: Timer, now: datetime) -> None:
        await set_timer(tx, now, "breach", subject, 2)
        raise RuntimeError

    timers.register("broken", set_another_then_fail)
    await put(db, clock.now(), "broken", subject)
    assert await timers.fire_due(clock.now()) == 0
    assert await count(db) == 1, "what the failing handler wrote is gone, its timer is not"


async def test_a_failing_timer_is_held_after_five_tries_and_the_others_go_on(
    db: Database, timers: Timers, clock: FakeClock, subject: UUID, diary: Diary
) -> None:
    tries = 0

    async def fail(tx: Tx, timer: Timer, now: datetime) -> None:
        nonlocal tries
        tries += 1
        raise RuntimeError("no calendar")

    timers.register("broken", fail)
    await put(db, clock.now(), "broken", subject)
    await put(db, clock.now() + MINUTE, "breach", subject)
    assert await timers.fire_due(clock.now() + MINUTE) == 1
    assert tries == 5
    assert len(diary.fired) == 1
    async with db.read() as tx:
        [held] = await held_timers(tx)
    assert held.timer.kind == "broken"
    assert held.timer.tries == 5
    assert "RuntimeError: no calendar" in held.error


async def test_a_held_timer_can_be_retried(db: Database, clock: FakeClock, subject: UUID) -> None:
    without_handler = Timers(db, clock, pause=AT_ONCE)
    await put(db, clock.now(), "breach", subject)
    await without_handler.fire_due(clock.now())
    async with db.transaction() as tx:
        [held] = await held_timers(tx)
        assert "no handler" in held.error
        assert await retry_held(tx, "wake") == 0
        assert await retry_held(tx, "breach") == 1
    repaired, diary = Timers(db, clock), Diary()
    repaired.register("breach", diary)
    assert await repaired.fire_due(clock.now()) == 1


async def test_a_failed_try_steps_aside_for_its_pause(
    db: Database, clock: FakeClock, subject: UUID, diary: Diary
) -> None:
    timers = Timers(db, clock, pause=timedelta(hours=1))
    timers.register("breach", diary)
    await put(db, clock.now(), "unknown", subject)
    await put(db, clock.now(), "breach", subject)
    assert await timers.fire_due(clock.now()) == 1
    assert await timers.fire_due(clock.now()) == 0
    async with db.read() as tx:
        assert await held_timers(tx) == []


async def test_what_a_handler_sets_for_now_fires_in_the_same_round(
    db: Database, timers: Timers, clock: FakeClock, subject: UUID, diary: Diary
) -> None:
    async def set_next(tx: Tx, timer: Timer, now: datetime) -> None:
        await set_timer(tx, now, "breach", subject, 2)

    timers.register("first", set_next)
    await put(db, clock.now(), "first", subject)
    assert await timers.fire_due(clock.now()) == 2


async def test_cancelling_takes_one_kind_or_all_of_a_subject(
    db: Database, timers: Timers, clock: FakeClock, subject: UUID, diary: Diary
) -> None:
    other = new_id(clock.now())
    for whose in (subject, other):
        await put(db, clock.now(), "breach", whose)
        await put(db, clock.now(), "wake", whose)
    async with db.transaction() as tx:
        await cancel_timers(tx, subject, "breach")
    assert await count(db) == 3
    async with db.transaction() as tx:
        await cancel_timers(tx, subject)
    assert await timers.fire_due(clock.now()) == 2


async def test_two_that_fire_at_once_fire_each_timer_once(
    db: Database, clock: FakeClock, subject: UUID, diary: Diary
) -> None:
    for version in range(40):
        await put(db, clock.now(), "breach", subject, version)
    nodes = [Timers(db, clock), Timers(db, clock)]
    for node in nodes:
        node.register("breach", diary)
    assert sum(await asyncio.gather(*(node.fire_due(clock.now()) for node in nodes))) == 40
    assert sorted(version for _, version, _ in diary.fired) == list(range(40))


async def test_only_the_holder_of_the_lease_fires(db: Database, clock: FakeClock, subject: UUID, diary: Diary) -> None:
    lost = Lease(db, "timer", "frozen")
    timers = Timers(db, clock, lost)
    timers.register("breach", diary)
    await put(db, clock.now(), "breach", subject)
    async with Lease(db, "timer", "other"):
        with pytest.raises(LeaseLost):
            await timers.fire_due(clock.now())
    await lost.step()
    assert await timers.fire_due(clock.now()) == 1


async def test_runs_by_itself_and_wakes_for_a_nearer_one(
    db: Database, timers: Timers, clock: FakeClock, subject: UUID, diary: Diary
) -> None:
    running = asyncio.create_task(timers.run())
    await put(db, clock.now(), "wake", subject)
    timers.wake()
    async with asyncio.timeout(5):
        await diary.written.wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_one_kind_has_one_handler(timers: Timers, diary: Diary) -> None:
    with pytest.raises(ValueError, match="two handlers"):
        timers.register("breach", diary)


async def test_many_are_set_and_dropped_with_one_statement(
    db: Database, timers: Timers, diary: Diary, clock: FakeClock, subject: UUID
) -> None:
    other = new_id(clock.now())
    async with db.transaction() as tx:
        await set_timers(tx, [
            NewTimer(clock.now() + MINUTE, "breach", subject, 1), NewTimer(clock.now(), "wake", subject, 1),
            NewTimer(clock.now() + MINUTE, "breach", other, 7, {"step": 1}),
        ])  # fmt: skip
        await set_timers(tx, [])
    async with db.transaction() as tx:
        await drop_timers(tx, [subject], "wake")
        await drop_timers(tx, [])
    assert await timers.fire_due(clock.now() + MINUTE) == 2
    assert [(kind, version) for kind, version, _ in diary.fired] == [("breach", 1), ("breach", 7)]
    async with db.transaction() as tx:
        await set_timers(tx, [NewTimer(clock.now(), "breach", subject, 1), NewTimer(clock.now(), "wake", other, 1)])
        await drop_timers(tx, [subject, other])
    assert await count(db) == 0


async def test_what_fires_just_now_is_left_to_its_handler(db: Database, clock: FakeClock, subject: UUID) -> None:
    """A reader that holds the row the handler waits for must not wait for the timer in turn."""

    async def meanwhile(tx: Tx, timer: Timer, now: datetime) -> None:
        async with db.transaction() as reader:
            await drop_timers(reader, [timer.subject])

    timers = Timers(db, clock, pause=AT_ONCE)
    timers.register("breach", meanwhile)
    await put(db, clock.now(), "breach", subject)
    await put(db, clock.now() + MINUTE, "breach", subject)
    async with asyncio.timeout(5):
        assert await timers.fire_due(clock.now()) == 1
    assert await count(db) == 0
