"""What a job is, before, while and after it runs."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec


class JobRequest(msgspec.Struct, frozen=True):
    """`key` names the cause (`event:4711`): the same cause never queues the same kind twice, not even after the end."""

    kind: str
    payload: Mapping[str, object] = {}
    key: str | None = None
    priority: int = 0
    after: timedelta = timedelta(0)


class Job(msgspec.Struct, frozen=True):
    """As its handler gets it. `tries` counts the failed ones before."""

    id: int
    kind: str
    payload: dict[str, object]
    tries: int = 0


class HeldJob(msgspec.Struct, frozen=True):
    """One that failed too often; `held_at` is machine time."""

    job: Job
    error: str
    held_at: datetime
