"""Data standards 数据规范: which values are not written as this house wants them, by field and by source.

`records/profiles` and `records/contacts` say how each value is written; here all that is kept is held against it.
"""

from yizhan.desk.standards.jobs import cancel, run, start
from yizhan.desk.standards.model import BEGUN, CONFORM, DONE, IDENTIFIER, ConformanceRun, Count, Example
from yizhan.desk.standards.store import counts, latest

__all__ = [
    "BEGUN",
    "CONFORM",
    "DONE",
    "IDENTIFIER",
    "ConformanceRun",
    "Count",
    "Example",
    "cancel",
    "counts",
    "latest",
    "run",
    "start",
]
