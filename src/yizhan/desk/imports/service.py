"""Beginning an import, looking into its file, and ending it before its time."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import BinaryIO
from uuid import UUID

from yizhan.desk.imports import policy, store, tables
from yizhan.desk.imports.model import (
    ENDED,
    FAILED,
    IMPORT,
    STARTED,
    TRIED,
    Encoding,
    Fault,
    Import,
    ImportColumn,
    ImportKind,
    ImportLook,
    ImportPlan,
    Line,
)
from yizhan.desk.sources import Did, ProfileRules
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Conflict, Invalid
from yizhan.foundation.ids import new_id
from yizhan.foundation.jobs import enqueue
from yizhan.foundation.journal import Event, emit
from yizhan.foundation.text import plain_cell
from yizhan.records.config import in_chinese

MOST_BYTES = 1 << 30
MOST_EXCEL = 24 << 20  # it is read as a whole; what is larger comes as CSV
PART = 4 << 20
_SAMPLES = 4
_HEADS = {"zh": ("行号", "问题"), "en": ("row", "problems")}


async def open_import(
    tx: Tx, agent_id: UUID, *, kind: ImportKind, source: str, name: str, size: int, now: datetime
) -> Import:
    """Its parts follow, each of 4 MB but for the last."""
    id = new_id(now)
    if not 0 < size <= MOST_BYTES:
        raise Invalid("a file of 1 byte to 1 GB", "size")
    await store.add(tx, id, agent_id, kind, source, name, size, now)
    made = await store.job(tx, id)
    if made.is_excel and size > MOST_EXCEL:
        raise Invalid("an Excel file of at most 24 MB: save a larger one as CSV", "size")
    return made


async def add_part(tx: Tx, id: UUID, place: int, hash: str) -> None:
    told = await store.job(tx, id, lock=True)
    if told.state != "uploading":
        raise Conflict("this file is complete")
    if not 0 <= place <= (told.size - 1) // PART:
        raise Invalid("the file has no such part", "place")
    await store.set_part(tx, id, place, hash)


async def start(
    tx: Tx, id: UUID, plan: ImportPlan, *, dry: bool, rules: ProfileRules, actor: str, now: datetime
) -> Import:
    """A dry run, or the real one; after either it may be run again, and what is in already changes nothing."""
    told = await store.job(tx, id, lock=True)
    if told.state == "running":
        raise Conflict("this import is running")
    ensure_whole(told)
    policy.check_plan(plan, told.kind, rules)
    await store.begin(tx, id, plan, dry, now)
    await enqueue(tx, IMPORT, {"import": str(id)}, key=f"{id}:{told.runs + 1}")
    after = await store.job(tx, id)
    await tell(tx, STARTED, after, actor, now)
    return after


async def cancel(tx: Tx, id: UUID, *, actor: str, now: datetime) -> Import:
    """What went in stays in."""
    told = await store.job(tx, id, lock=True)
    if told.state not in ("running", "uploading"):
        raise Conflict("this import is over")
    await store.end(tx, id, "cancelled", now)
    after = await store.job(tx, id)
    await tell(tx, ENDED, after, actor, now)
    return after


def ensure_whole(told: Import) -> None:
    parts = (told.size - 1) // PART + 1
    if len([each for each in told.parts if each]) != parts:
        raise Conflict("parts of the file are missing")


def look(
    told: Import, file: BinaryIO, rules: ProfileRules, *, encoding: Encoding | None = None,
    delimiter: str | None = None, sheet: str | None = None,
) -> ImportLook:  # fmt: skip
    """The head and the first rows; what is not said is guessed."""
    sheets: list[str] = []
    if told.is_excel:
        sheets = tables.excel_sheets(file)
        file.seek(0)
        sheet = sheet or (sheets[0] if sheets else None)
    else:
        head = file.read(1 << 18)
        file.seek(0)
        encoding = encoding or tables.encoding_of(head)
        first = head.decode(encoding, "replace").lstrip("\ufeff\r\n").splitlines()
        delimiter = delimiter or tables.delimiter_of(first[0] if first else "")
    lines = list(islice(_lines(told, file, encoding, delimiter, sheet), _SAMPLES + 1))
    if not lines:
        raise Invalid("the file has no rows", "file")
    titles, rows = lines[0].cells, lines[1:]
    columns = [
        ImportColumn(title, [row.cells[at] for row in rows if at < len(row.cells)], guess)
        for at, (title, guess) in enumerate(zip(titles, policy.guesses(titles, told.kind, rules), strict=True))
    ]  # fmt: skip
    return ImportLook(encoding, delimiter, sheets, sheet, columns, policy.labelled(told.kind, rules))


def table(told: Import, plan: ImportPlan, file: BinaryIO) -> tuple[tuple[str, ...], Iterator[Line]]:
    """The titles, and the rows below them."""
    encoding = plan.encoding
    if not told.is_excel and encoding is None:
        encoding = tables.encoding_of(file.read(1 << 18))
        file.seek(0)
    lines = _lines(told, file, encoding, plan.delimiter, plan.sheet)
    head = next(lines, None)
    if head is None:
        raise Invalid("the file has no rows", "file")
    if len(head.cells) != len(plan.columns):
        raise Invalid(f"the file has {len(head.cells)} columns, the mapping has {len(plan.columns)}", "columns")
    return head.cells, tables.cut(lines, len(head.cells))


def _lines(
    told: Import, file: BinaryIO, encoding: Encoding | None, delimiter: str | None, sheet: str | None
) -> Iterator[Line]:
    if told.is_excel:
        return tables.excel_lines(file, sheet, told.size)
    return tables.csv_lines(file, encoding or Encoding.UTF8, delimiter)


def fault_head(titles: Sequence[str], language: str) -> bytes:
    """The first line of the file of refused rows, with the mark by which spreadsheets know the encoding."""
    return b"\xef\xbb\xbf" + _lines_of([[*_HEADS[language], *(plain_cell(title) for title in titles)]])


def fault_lines(faults: Sequence[Fault], language: str) -> bytes:
    """What was refused, as it came, to be mended and brought again; nothing in it runs in a spreadsheet."""
    return _lines_of(
        [fault.row, plain_cell(_said(fault, language)), *(plain_cell(cell) for cell in fault.cells)] for fault in faults
    )


def _said(fault: Fault, language: str) -> str:
    return "；".join(
        f"{each.field}：{(in_chinese(each.message) if language == 'zh' else None) or each.message}"
        for each in fault.problems
    )


def _lines_of(rows: Iterable[Sequence[object]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


async def notify(tx: Tx, told: Import, now: datetime) -> None:
    """Who began it need not sit before it."""
    why = TRIED if told.dry else ENDED
    refused = told.counts.get(Did.REFUSED, 0)
    taken = sum(told.counts.values()) - refused
    said = {
        "who": ["starter"], "agents": [told.agent_id], "how": "notify", "name": told.name, "import": told.id,
        "rows_taken": taken, "rows_refused": refused,
    }  # fmt: skip
    if told.state == "failed":
        said |= {"level": "warning", "error": {"zh": in_chinese(told.fault or "") or told.fault, "en": told.fault}}
    await emit(tx, [
        Event(kind="notice.raised", subject=told.id, subject_version=2 * told.runs + 1, at=now, actor="system",
              agent_id=told.agent_id, data={**said, "why": FAILED if told.state == "failed" else why})
    ])  # fmt: skip


async def tell(tx: Tx, kind: str, told: Import, actor: str, now: datetime) -> None:
    facts: dict[str, object] = {"kind": told.kind, "source": told.source, "dry": told.dry}
    if kind == ENDED:
        facts |= {"state": told.state, "counts": told.counts}
    version = 2 * told.runs + (kind == ENDED)
    await emit(tx, [
        Event(kind=kind, subject=told.id, subject_version=version, at=now, actor=actor, agent_id=told.agent_id,
              data=facts)
    ])  # fmt: skip
