"""All we take of pgqueuer. Imported by a running worker only."""

from datetime import timedelta

from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver
from pgqueuer.adapters.persistence.qb import QueryBuilderEnvironment, QueryQueueBuilder, QuerySchedulerBuilder
from pgqueuer.core.qm import QueueManager
from pgqueuer.domain.settings import DBSettings, Durability
from pgqueuer.domain.types import Channel, QueueExecutionMode
from pgqueuer.errors import RetryRequested
from pgqueuer.models import Job as QueuedJob
from pgqueuer.queries import Queries

from yizhan.foundation.db import Tx
from yizhan.foundation.jobs.store import CHANNEL

__all__ = ["QueueManager", "QueuedJob", "RetryRequested", "make_manager", "make_queries", "work_off"]


def make_queries(connection: Tx) -> Queries:
    """With the names of our migration spelled out: pgqueuer would otherwise take them from variables like CHANNEL."""
    settings = DBSettings(
        prefix="",
        db_schema=None,
        channel=Channel(CHANNEL),
        function="fn_pgqueuer_changed",
        trigger="tg_pgqueuer_changed",
        statistics_table="pgqueuer_statistics",
        queue_status_type="pgqueuer_status",
        queue_table="pgqueuer",
        queue_table_log="pgqueuer_log",
        schedules_table="pgqueuer_schedules",
        durability=Durability.durable,
    )
    return Queries(
        AsyncpgDriver(connection),
        qbe=QueryBuilderEnvironment(settings),
        qbq=QueryQueueBuilder(settings),
        qbs=QuerySchedulerBuilder(settings),
    )


def make_manager(connection: Tx) -> QueueManager:
    return QueueManager(make_queries(connection), Channel(CHANNEL))


async def work_off(
    manager: QueueManager, *, at_once: int, poll: timedelta, heartbeat: timedelta, until_empty: bool
) -> None:
    """Fails when the connection does, so that the caller can make a new one."""
    await manager.run(
        dequeue_timeout=poll,
        batch_size=at_once // 2,
        max_concurrent_tasks=at_once,
        heartbeat_timeout=heartbeat,
        mode=QueueExecutionMode.drain if until_empty else QueueExecutionMode.continuous,
        shutdown_on_listener_failure=True,
    )
