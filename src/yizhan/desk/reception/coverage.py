"""What the assistant should be taught next: questions without an answer, the like together, the most frequent first."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.desk.reception.documents import MOST_ENTRIES, Entry
from yizhan.desk.reception.matching import alike, letters_of
from yizhan.desk.reception.store import Unanswered
from yizhan.foundation.errors import Invalid
from yizhan.foundation.text import pii

_ALIKE = 0.5
_MOST_GROUPS = 50
_SHOWN = 5
_COLUMNS = ("key", "questions", "answer", "answer_en", "products")


class Gap(msgspec.Struct, frozen=True):
    """Questions that are like each other. `entry` is the likeliest known one, which may lack a phrasing."""

    text: str
    count: int
    last_at: datetime
    entry: str | None
    phrasings: list[str]
    conversations: list[UUID]


def gaps(questions: Sequence[Unanswered]) -> list[Gap]:
    """Personal numbers are masked. Greedy and in order, so that the same questions make the same groups."""
    groups: list[tuple[list[str], list[Unanswered]]] = []
    for one in questions:
        letters = letters_of(one.text)
        if not letters:
            continue
        best = max(groups, key=lambda group: alike(group[0], letters), default=None)
        if best is not None and alike(best[0], letters) >= _ALIKE:
            best[1].append(one)
        elif len(groups) < 4 * _MOST_GROUPS:
            groups.append((letters, [one]))
    made = [_gap(found) for _, found in groups]
    return sorted(made, key=lambda gap: (-gap.count, -gap.last_at.timestamp()))[:_MOST_GROUPS]


def _gap(found: Sequence[Unanswered]) -> Gap:
    texts = list(dict.fromkeys(pii.mask(one.text.strip())[:200] for one in found))
    entries = [one.entry for one in found if one.entry]
    return Gap(
        text=min(texts, key=len), count=len(found), last_at=max(one.at for one in found),
        entry=max(entries, key=entries.count) if entries else None, phrasings=texts[:_SHOWN],
        conversations=list(dict.fromkeys(one.conversation_id for one in found))[:_SHOWN],
    )  # fmt: skip


def read_csv(text: str) -> list[Entry]:
    """Columns key, questions (parted by |), answer, answer_en, products (parted by |); the first line names them.

    Raises Invalid with the line of the fault: nothing is taken of a file that is wrong in one place.
    """
    rows = list(csv.reader(io.StringIO(text.lstrip("\ufeff"))))
    if not rows:
        raise Invalid("the file is empty", "csv")
    names = [name.strip().lower() for name in rows[0]]
    if unknown := [name for name in names if name not in _COLUMNS]:
        raise Invalid(f"there is no column {unknown[0]}; the columns are {', '.join(_COLUMNS)}", "csv")
    if missing := [name for name in ("questions", "answer") if name not in names]:
        raise Invalid(f"the column {missing[0]} is missing", "csv")
    written = [(n, row) for n, row in enumerate(rows[1:], 2) if any(map(str.strip, row))]
    made = [_entry(n, dict(zip(names, row, strict=False))) for n, row in written]
    if len(made) > MOST_ENTRIES:
        raise Invalid(f"at most {MOST_ENTRIES} entries", "csv")
    return made


def _entry(line: int, row: dict[str, str]) -> Entry:
    cells = {name: cell.strip() for name, cell in row.items()}
    body = {
        "key": cells.get("key") or f"q{line}", "questions": _parts(cells.get("questions", "")),
        "answer": cells.get("answer", ""), "answer_en": cells.get("answer_en", ""),
        "products": _parts(cells.get("products", "")),
    }  # fmt: skip
    try:
        entry = msgspec.convert(body, Entry)
    except msgspec.ValidationError as wrong:
        raise Invalid(f"line {line}: {wrong}", "csv") from None
    if not entry.questions:
        raise Invalid(f"line {line}: an entry without a question is never found", "csv")
    return entry


def _parts(cell: str) -> list[str]:
    return [part.strip() for part in cell.replace("\n", "|").split("|") if part.strip()]
