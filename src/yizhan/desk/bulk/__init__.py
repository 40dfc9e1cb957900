"""Bulk 批量操作: one change of many tickets as a job, with progress, an outcome for each, and a way back."""

from yizhan.desk.bulk.jobs import BULK, run
from yizhan.desk.bulk.model import BulkChange, BulkItem, BulkJob, Doing, Hands, Place
from yizhan.desk.bulk.policy import MOST, check_change
from yizhan.desk.bulk.service import start, step, undo
from yizhan.desk.bulk.store import job, jobs_of, outcomes

__all__ = [
    "BULK",
    "MOST",
    "BulkChange",
    "BulkItem",
    "BulkJob",
    "Doing",
    "Hands",
    "Place",
    "check_change",
    "job",
    "jobs_of",
    "outcomes",
    "run",
    "start",
    "step",
    "undo",
]
