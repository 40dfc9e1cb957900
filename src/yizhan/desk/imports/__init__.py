"""Imports 导入: files of customers and orders, mapped, tried, and taken in; what is refused comes back as a file."""

from yizhan.desk.imports.jobs import fetch, run
from yizhan.desk.imports.model import (
    ENDED,
    IMPORT,
    STARTED,
    Encoding,
    Fault,
    Import,
    ImportColumn,
    ImportKind,
    ImportLook,
    ImportPlan,
    ImportTarget,
    Line,
)
from yizhan.desk.imports.parts import content, forget_old, keep
from yizhan.desk.imports.service import (
    PART,
    add_part,
    cancel,
    ensure_whole,
    fault_head,
    fault_lines,
    look,
    open_import,
    start,
    table,
)
from yizhan.desk.imports.store import faults, job, latest

__all__ = [
    "ENDED",
    "IMPORT",
    "PART",
    "STARTED",
    "Encoding",
    "Fault",
    "Import",
    "ImportColumn",
    "ImportKind",
    "ImportLook",
    "ImportPlan",
    "ImportTarget",
    "Line",
    "add_part",
    "cancel",
    "content",
    "ensure_whole",
    "fault_head",
    "fault_lines",
    "faults",
    "fetch",
    "forget_old",
    "job",
    "keep",
    "latest",
    "look",
    "open_import",
    "run",
    "start",
    "table",
]
