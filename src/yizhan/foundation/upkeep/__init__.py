"""Upkeep 维护: what is done once a day so that nothing grows without end, and what each of it last came to."""

from yizhan.foundation.upkeep.model import Outcome, Task
from yizhan.foundation.upkeep.service import LEASE, run_tasks
from yizhan.foundation.upkeep.store import outcomes, partitions_ahead, rows_astray

__all__ = ["LEASE", "Outcome", "Task", "outcomes", "partitions_ahead", "rows_astray", "run_tasks"]
