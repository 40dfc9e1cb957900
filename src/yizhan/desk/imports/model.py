"""A file on its way in: how it is read, which column is what, and how far it is."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from yizhan.desk.sources import Problem

IMPORT = "import"
STARTED, ENDED = "import.started", "import.ended"
"""Events. Subject: the import; data: kind, source, dry, and at the end the counts."""
DOWNLOADED = "import.downloaded"
"""Event. Subject: the import; data: kind, source, dry. Its refused rows, which are in clear, left the house."""

TRIED, FAILED = "import.tried", "import.failed"
"""Why somebody is told at his bell, beside `ENDED`."""


class ImportKind(StrEnum):
    PROFILES = "profiles"
    ORDERS = "orders"


class Encoding(StrEnum):
    UTF8 = "utf-8-sig"  # with the mark or without
    GBK = "gb18030"
    UTF16 = "utf-16"
    UTF16_LE = "utf-16-le"
    UTF16_BE = "utf-16-be"


class ImportPlan(msgspec.Struct, frozen=True, kw_only=True):
    """`columns` says for each column of the file what it is, empty for what is left out. A sheet is one of Excel.

    What is wanted may be: id, name, level, at, verified_at, identifier:<kind>, field:<key>; of orders: number, status,
    total, currency, placed_at, customer, brand, address, line.sku, line.title, line.count, line.price,
    tracking.carrier, tracking.number, tracking.state, tracking.arrives_on, tracking.text with tracking.at, url.
    """

    columns: Annotated[tuple[Annotated[str, Meta(max_length=80)], ...], Meta(max_length=300)]
    encoding: Encoding | None = None
    delimiter: Annotated[str, Meta(pattern=r"^[,;|\t]$")] | None = None
    sheet: Annotated[str, Meta(max_length=200)] | None = None


class Import(msgspec.Struct, frozen=True):
    id: UUID
    agent_id: UUID
    kind: ImportKind
    source: str
    name: str
    parts: list[str]
    size: int
    state: str
    dry: bool
    plan: ImportPlan | None
    done_bytes: int
    done_rows: int
    counts: dict[str, int]
    fault: str | None
    runs: int
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None

    @property
    def is_excel(self) -> bool:
        return self.name.lower().endswith((".xlsx", ".xls", ".xlsb", ".ods"))


class Line(msgspec.Struct, frozen=True):
    """One row of a table. `fault` says why it is none, `end` how many bytes of the file were read by then."""

    number: int
    cells: tuple[str, ...]
    fault: str | None = None
    end: int = 0


class ImportColumn(msgspec.Struct, frozen=True):
    """`guess` is what it seems to be, empty where nothing is known of it."""

    title: str
    samples: list[str]
    guess: str


class ImportTarget(msgspec.Struct, frozen=True):
    """What a column may be."""

    key: str
    zh: str
    en: str


class ImportLook(msgspec.Struct, frozen=True):
    """What a file seems to be before anything is taken in."""

    encoding: Encoding | None
    delimiter: str | None
    sheets: list[str]
    sheet: str | None
    columns: list[ImportColumn]
    targets: list[ImportTarget]


class Fault(msgspec.Struct, frozen=True):
    row: int
    problems: tuple[Problem, ...]
    cells: tuple[str, ...]
