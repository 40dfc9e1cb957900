"""What goes over the wire about imports."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from yizhan.desk.imports import Encoding, Import, ImportKind, ImportPlan
from yizhan.records.config import in_chinese
from yizhan.records.profiles import SourceKey


class NewImport(msgspec.Struct):
    kind: ImportKind
    source: SourceKey
    name: Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]
    size: Annotated[int, Meta(ge=1)]


class LookRequest(msgspec.Struct):
    encoding: Encoding | None = None
    delimiter: Annotated[str, Meta(pattern=r"^[,;|\t]$")] | None = None
    sheet: Annotated[str, Meta(max_length=200)] | None = None


class StartRequest(msgspec.Struct):
    plan: ImportPlan
    dry: bool = True


class FileImportShape(msgspec.Struct):
    """`done` is a share of 1. `part_bytes` is how large a part is that is sent up."""

    id: UUID
    agent_id: UUID
    kind: ImportKind
    source: str
    name: str
    size: int
    part_bytes: int
    state: str
    dry: bool
    plan: ImportPlan | None
    done: float
    rows: int
    counts: dict[str, int]
    fault: str | None
    fault_zh: str | None
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


class FileImportList(msgspec.Struct):
    items: list[FileImportShape]


def import_shape(told: Import, part: int) -> FileImportShape:
    done = 1.0 if told.state == "ended" else min(told.done_bytes / told.size, 1.0)
    return FileImportShape(
        told.id, told.agent_id, told.kind, told.source, told.name, told.size, part, told.state, told.dry, told.plan,
        round(done, 3), sum(told.counts.values()), told.counts, told.fault,
        in_chinese(told.fault) if told.fault else None, told.created_at, told.started_at, told.ended_at,
    )  # fmt: skip
