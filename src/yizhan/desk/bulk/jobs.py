"""A bulk job at work: ticket after ticket, so that nobody waits for a lock longer than one takes."""

from __future__ import annotations

from uuid import UUID

from yizhan.desk.bulk.model import Hands
from yizhan.desk.bulk.service import BULK, step
from yizhan.foundation.clock import Clock
from yizhan.foundation.db import Database
from yizhan.foundation.jobs import Job

__all__ = ["BULK", "run"]


async def run(db: Database, clock: Clock, hands: Hands, job: Job) -> None:
    """Until nothing is left. A worker that dies is followed by one that goes on where it stopped."""
    job_id = UUID(str(job.payload["job"]))
    while await step(db, job_id, hands, clock.now()):
        continue
