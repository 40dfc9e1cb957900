import asyncio
import subprocess
import sys
from datetime import timedelta

import pytest

from yizhan.foundation.db import Database, Tx
from yizhan.foundation.jobs import JobRequest, enqueue, enqueue_all, queued_jobs


async def test_a_job_is_queued_with_its_cause_or_not_at_all(db: Database) -> None:
    with pytest.raises(RuntimeError):
        await _queue_then_fail(db)
    async with db.read() as tx:
        assert await queued_jobs(tx) == 0


async def _queue_then_fail(db: Database) -> None:
    async with db.transaction() as tx:
        await enqueue(tx, "fetch_media", {"url": "https://example.cn/猫.png"})
        raise RuntimeError


async def test_the_same_cause_queues_once(db: Database) -> None:
    async with db.transaction() as tx:
        assert await enqueue(tx, "fetch_media", {"n": 1}, key="event:7") is not None
        assert await enqueue(tx, "fetch_media", {"n": 1}, key="event:7") is None
        assert await enqueue(tx, "index", {"n": 1}, key="event:7") is not None
        assert await enqueue(tx, "fetch_media", {"n": 1}, key="event:8") is not None
        assert await queued_jobs(tx) == 3


async def test_without_a_key_every_call_queues(db: Database) -> None:
    async with db.transaction() as tx:
        for _ in range(3):
            await enqueue(tx, "report", {})
        assert await queued_jobs(tx) == 3


async def test_a_batch_skips_what_it_or_another_already_had(db: Database) -> None:
    async with db.transaction() as tx:
        await enqueue(tx, "index", {"n": 0}, key="2")
        asked = [JobRequest("index", {"n": number}, key=str(number % 4)) for number in range(8)]
        numbers = await enqueue_all(tx, asked)
        assert len(numbers) == 3
        assert numbers == sorted(numbers)
        assert await _payloads(tx, numbers) == ['{"n":0}', '{"n":1}', '{"n":3}']
        assert await enqueue_all(tx, asked) == []
        assert await enqueue_all(tx, []) == []


async def _payloads(tx: Tx, numbers: list[int]) -> list[str]:
    rows = await tx.fetch("SELECT payload FROM pgqueuer WHERE id = ANY($1) ORDER BY id", numbers)
    return [row["payload"].decode() for row in rows]


async def test_many_that_report_the_same_cause_at_once_queue_it_once(db: Database) -> None:
    async def report() -> int:
        async with db.transaction() as tx:
            return len(await enqueue_all(tx, [JobRequest("index", {}, key=str(number)) for number in range(30)]))

    assert sum(await asyncio.gather(*(report() for _ in range(8)))) == 30


async def test_a_delayed_job_is_not_due_yet(db: Database) -> None:
    async with db.transaction() as tx:
        await enqueue(tx, "report", {}, after=timedelta(hours=1))
        assert await tx.fetchval("SELECT execute_after > clock_timestamp() + interval '59 minutes' FROM pgqueuer")


def test_queueing_does_not_import_the_queue_it_writes_for() -> None:
    program = "import sys, yizhan.foundation.jobs; sys.exit('pgqueuer' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
