import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import asyncpg
import pytest

from yizhan.foundation.db import Database
from yizhan.foundation.jobs import (
    Job,
    JobRequest,
    Worker,
    enqueue,
    enqueue_all,
    held_jobs,
    prune_jobs,
    queued_jobs,
    retry_held,
    wake,
)
from yizhan.foundation.jobs.queue import make_queries

AT_ONCE = timedelta(0)
AGES = timedelta(hours=1)


class Desk:
    """A handler that remembers what it did and says so."""

    def __init__(self) -> None:
        self.done: list[Job] = []
        self.worked = asyncio.Event()

    async def __call__(self, job: Job) -> None:
        self.done.append(job)
        self.worked.set()


async def queue(db: Database, kind: str, *payloads: dict[str, object]) -> None:
    async with db.transaction() as tx:
        await enqueue_all(tx, [JobRequest(kind, payload) for payload in payloads])


async def waiting(db: Database) -> int:
    async with db.read() as tx:
        return await queued_jobs(tx)


@asynccontextmanager
async def running(worker: Worker) -> AsyncIterator[None]:
    task = asyncio.create_task(worker.run())
    try:
        yield
    finally:
        worker.stop()
        async with asyncio.timeout(20):
            await task


async def test_runs_each_job_with_its_payload(db: Database) -> None:
    worker, desk = Worker(db), Desk()
    worker.register("greet", desk)
    await queue(db, "greet", {"name": "小李"}, {"name": "小张"})
    await worker.drain()
    assert [job.payload for job in desk.done] == [{"name": "小李"}, {"name": "小张"}]
    assert await waiting(db) == 0


async def test_the_more_urgent_goes_first(db: Database) -> None:
    worker, desk = Worker(db, at_once=2), Desk()
    worker.register("greet", desk)
    async with db.transaction() as tx:
        await enqueue(tx, "greet", {"n": 1})
        await enqueue(tx, "greet", {"n": 2}, priority=5)
    await worker.drain()
    assert [job.payload["n"] for job in desk.done] == [2, 1]


async def test_leaves_kinds_it_does_not_know_to_other_workers(db: Database) -> None:
    worker = Worker(db)
    worker.register("greet", Desk())
    await queue(db, "train", {})
    await worker.drain()
    assert await waiting(db) == 1


async def test_a_job_that_fails_is_tried_five_times_then_held_with_its_error(db: Database) -> None:
    worker, tries = Worker(db, pause=AT_ONCE), []

    async def fail(job: Job) -> None:
        tries.append(job.tries)
        raise RuntimeError("邮箱不可用")

    worker.register("fetch", fail)
    await queue(db, "fetch", {"inbox": 1})
    await worker.drain()
    assert tries == [0, 1, 2, 3, 4]
    async with db.transaction() as tx:
        [held] = await held_jobs(tx)
        assert held.job.kind == "fetch"
        assert held.job.payload == {"inbox": 1}
        assert "RuntimeError: 邮箱不可用" in held.error
        assert await queued_jobs(tx) == 0


async def test_a_held_job_can_be_retried(db: Database) -> None:
    worker, repaired, desk = Worker(db, pause=AT_ONCE), Worker(db), Desk()

    async def fail(job: Job) -> None:
        raise RuntimeError

    worker.register("fetch", fail)
    repaired.register("fetch", desk)
    await queue(db, "fetch", {"inbox": 1})
    await worker.drain()
    async with db.transaction() as tx:
        assert await retry_held(tx, "other") == 0
        assert await retry_held(tx) == 1
        assert await held_jobs(tx) == []
    await repaired.drain()
    assert [job.tries for job in desk.done] == [0]


async def test_a_key_outlives_its_job(db: Database) -> None:
    worker = Worker(db)
    worker.register("greet", Desk())
    async with db.transaction() as tx:
        assert await enqueue(tx, "greet", {}, key="event:1")
    await worker.drain()
    async with db.transaction() as tx:
        assert await enqueue(tx, "greet", {}, key="event:1") is None


async def test_wakes_at_once_when_told(db: Database) -> None:
    worker, desk = Worker(db, poll=AGES), Desk()
    worker.register("greet", desk)
    async with running(worker), asyncio.timeout(10):
        await queue(db, "greet", {"n": 1})
        await wake(db)
        await desk.worked.wait()
        desk.worked.clear()
        await queue(db, "greet", {"n": 2})
        await wake(db)
        await desk.worked.wait()


async def test_stopping_waits_for_running_jobs(db: Database) -> None:
    worker, started, ended = Worker(db), asyncio.Event(), []

    async def slow(job: Job) -> None:
        started.set()
        await asyncio.sleep(0.3)
        ended.append(job.id)

    worker.register("slow", slow)
    await queue(db, "slow", {})
    async with running(worker), asyncio.timeout(10):
        await started.wait()
    assert len(ended) == 1
    assert await waiting(db) == 0


@pytest.mark.parametrize("cancelled", [False, True])
async def test_a_job_broken_off_at_the_end_of_grace_is_not_lost(db: Database, cancelled: bool) -> None:
    worker, started = Worker(db, grace=timedelta(seconds=0.1)), asyncio.Event()

    async def endless(job: Job) -> None:
        started.set()
        await asyncio.Event().wait()

    worker.register("endless", endless)
    await queue(db, "endless", {})
    task = asyncio.create_task(worker.run())
    async with asyncio.timeout(10):
        await started.wait()
        task.cancel() if cancelled else worker.stop()
        await asyncio.gather(task, return_exceptions=True)
    async with db.read() as tx:
        assert await tx.fetchval("SELECT status::text FROM pgqueuer") == "queued"


async def test_a_job_of_a_dead_worker_is_taken_over(db: Database) -> None:
    await queue(db, "greet", {})
    async with db.transaction() as tx:  # as a worker leaves it that was killed a minute ago
        await tx.execute("""UPDATE pgqueuer SET status = 'picked', queue_manager_id = gen_random_uuid(),
                            heartbeat = clock_timestamp() - interval '1 minute'""")
    worker, desk = Worker(db), Desk()
    worker.register("greet", desk)
    async with running(worker), asyncio.timeout(10):
        await desk.worked.wait()


async def test_goes_on_after_its_connection_was_cut(db: Database) -> None:
    worker, desk = Worker(db, poll=timedelta(seconds=0.2)), Desk()
    worker.register("greet", desk)
    async with running(worker), asyncio.timeout(20):
        await queue(db, "greet", {"n": 1})
        await wake(db)
        await desk.worked.wait()
        desk.worked.clear()
        async with db.transaction() as tx:
            cut = await tx.fetch("""SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                                    WHERE application_name = 'yizhan jobs' AND datname = current_database()""")
            assert cut
        await queue(db, "greet", {"n": 2})
        await desk.worked.wait()
    assert {job.payload["n"] for job in desk.done} == {1, 2}


async def test_a_kind_with_a_limit_runs_one_at_a_time(db: Database) -> None:
    worker, now_running, most = Worker(db, poll=timedelta(seconds=0.1)), 0, 0

    async def count(job: Job) -> None:
        nonlocal now_running, most
        now_running += 1
        most = max(most, now_running)
        await asyncio.sleep(0.02)
        now_running -= 1

    worker.register("train", count, at_once=1)
    await queue(db, "train", {}, {}, {})
    await worker.drain()
    assert most == 1


async def test_pruning_keeps_what_is_young_or_not_done(db: Database) -> None:
    worker = Worker(db)
    worker.register("greet", Desk())
    await queue(db, "greet", {})
    await queue(db, "other", {})
    await worker.drain()
    async with db.transaction() as tx:
        await prune_jobs(tx)
        before = await tx.fetchval("SELECT count(*) FROM pgqueuer_log")
        await prune_jobs(tx, keep_log=AT_ONCE, keep_keys=AT_ONCE)
        left = await tx.fetch("SELECT DISTINCT entrypoint FROM pgqueuer_log")
    assert before >= 4
    assert [row["entrypoint"] for row in left] == ["other"]


async def test_our_migration_makes_what_the_installed_pgqueuer_expects(db: Database) -> None:
    connection = await asyncpg.connect(db.dsn)
    plan = await make_queries(connection).plan_upgrade()
    await connection.close()
    missing = [statement for statement in plan.statements if "fn_pgqueuer_changed" not in statement]
    assert missing == [], "everything but the trigger, which we do not want"


def test_one_kind_has_one_handler(db: Database) -> None:
    worker = Worker(db)
    worker.register("greet", Desk())
    with pytest.raises(ValueError, match="two handlers"):
        worker.register("greet", Desk())
