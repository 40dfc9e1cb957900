"""Work without a time of its own: media, mail fetching, reports, retraining. Later, at least once, elsewhere.

`enqueue` writes a row in the caller's transaction; `wake` after the commit tells the worker, at most once a batch.
A job that fails five times is held for somebody to look at. Only a running worker imports pgqueuer (29 MB).
"""

from yizhan.foundation.jobs.model import HeldJob, Job, JobRequest
from yizhan.foundation.jobs.store import (
    due_jobs,
    enqueue,
    enqueue_all,
    held_jobs,
    prune_jobs,
    queued_jobs,
    retry_held,
    wake,
)
from yizhan.foundation.jobs.worker import Handler, Worker

__all__ = [
    "Handler",
    "HeldJob",
    "Job",
    "JobRequest",
    "Worker",
    "due_jobs",
    "enqueue",
    "enqueue_all",
    "held_jobs",
    "prune_jobs",
    "queued_jobs",
    "retry_held",
    "wake",
]
