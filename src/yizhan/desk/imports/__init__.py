"""Imports 导入: files of customers and orders, mapped, tried, and taken in; what is refused comes back as a file."""

from yizhan.desk.imports.jobs import MOST_FAULTS, fetch, run
from yizhan.desk.imports.model import (
    ENDED,
    IMPORT,
    STARTED,
    Column,
    Encoding,
    Fault,
    Import,
    Kind,
    Line,
    Look,
    Plan,
)
from yizhan.desk.imports.service import (
    PART,
    add_part,
    cancel,
    ensure_whole,
    fault_file,
    look,
    open_import,
    start,
    table,
)
from yizhan.desk.imports.store import expired, faults, forget, job, latest

__all__ = [
    "ENDED",
    "IMPORT",
    "MOST_FAULTS",
    "PART",
    "STARTED",
    "Column",
    "Encoding",
    "Fault",
    "Import",
    "Kind",
    "Line",
    "Look",
    "Plan",
    "add_part",
    "cancel",
    "ensure_whole",
    "expired",
    "fault_file",
    "faults",
    "fetch",
    "forget",
    "job",
    "latest",
    "look",
    "open_import",
    "run",
    "start",
    "table",
]
