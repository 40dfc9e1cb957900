"""Tables out of files, a row at a time: CSV in any encoding with any line ends, and Excel."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import date, datetime, time, timedelta
from typing import Any, BinaryIO

from yizhan.desk.imports.model import Encoding, Line
from yizhan.foundation.errors import Invalid
from yizhan.foundation.text import unmarked_cell

_SAMPLE = 1 << 18
_MOST_LINES = 60  # of one cell; a quotation mark that is never closed must not swallow the file
_LONGEST = 100_000
_TOLD = 64  # lines; how far it is costs a call of the system
_DELIMITERS = (",", "\t", ";", "|")
_MOST_UNPACKED = 256 << 20
"""Bytes of an Excel file once it is unpacked: it is read as a whole."""
_LOST = "\ufffd"
_EXACT = 10**15


def encoding_of(head: bytes) -> Encoding:
    """By its mark, else by what it cannot be: GBK is what is neither UTF-16 nor UTF-8."""
    if head.startswith(b"\xef\xbb\xbf"):
        return Encoding.UTF8
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Encoding.UTF16
    sample = head[:_SAMPLE]
    if len(sample) >= 4 and sample.count(0) > len(sample) // 10:
        return Encoding.UTF16_BE if sample[0::2].count(0) > sample[1::2].count(0) else Encoding.UTF16_LE
    read = sample.decode("utf-8", "replace")
    lost = read.count(_LOST)  # one broken byte does not make a whole file GBK, and the sample may end within a letter
    return Encoding.UTF8 if sum(each > "\x7f" for each in read) > 3 * lost or lost == 0 else Encoding.GBK


def delimiter_of(line: str) -> str:
    """The one the head of the table has most of."""
    return max(_DELIMITERS, key=line.count)


def csv_lines(file: BinaryIO, encoding: Encoding, delimiter: str | None) -> Iterator[Line]:
    """The head first, as row 1. Row numbers count lines of the file, as editors do."""
    text = io.TextIOWrapper(file, encoding, errors="replace", newline="")
    waiting: list[str] = []
    number = end = 0

    def next_line() -> str | None:
        return waiting.pop(0) if waiting else text.readline(_LONGEST) or None

    while (line := next_line()) is not None:
        number += 1
        if number % _TOLD == 0:
            end = file.tell()
        start, first, taken = number, line, [line]
        while _is_open(line) and len(taken) < _MOST_LINES and (more := next_line()) is not None:
            taken.append(more)
            line += more
            number += 1
        if _is_open(line):
            waiting[:0] = taken[1:]
            number = start
            yield Line(start, (first.rstrip("\r\n"),), "a quotation mark is not closed", end)
            continue
        delimiter = delimiter or delimiter_of(line)
        if line.strip("\r\n"):
            yield _line(start, line, delimiter, end)


def excel_sheets(file: BinaryIO) -> list[str]:
    with closing(_workbook(file)) as book:
        return list(book.sheet_names)


def excel_lines(file: BinaryIO, sheet: str | None, size: int) -> Iterator[Line]:
    with closing(_workbook(file)) as book:
        name = sheet or (book.sheet_names[0] if book.sheet_names else "")
        if name not in book.sheet_names:
            raise Invalid(f"there is no sheet {name[:60]}", "sheet")
        table = book.get_sheet_by_name(name)
        for number, row in enumerate(table.iter_rows(), 1):
            cells = tuple(_shown(cell) for cell in row)
            if any(cells):
                yield Line(number, cells, _rounded(row), size * number // max(table.height, 1))


def cut(lines: Iterable[Line], width: int) -> Iterator[Line]:
    """Rows as wide as the head; one with more cells is none, for nobody knows what stands where."""
    for line in lines:
        cells = line.cells
        while len(cells) > width and not cells[-1]:
            cells = cells[:-1]
        if line.fault is None and len(cells) > width:
            yield Line(line.number, line.cells, f"{len(cells)} cells where the head has {width}", line.end)
        else:
            yield Line(line.number, cells + ("",) * (width - len(cells)), line.fault, line.end)


def _line(number: int, text: str, delimiter: str, end: int) -> Line:
    try:
        (cells,) = csv.reader([text.rstrip("\r\n")], delimiter=delimiter, strict=True)
    except (csv.Error, ValueError):
        return Line(
            number, (text.rstrip("\r\n"),), "this row cannot be read: quotation marks and separators do not fit", end
        )
    said = tuple([unmarked_cell(cell.strip()) for cell in cells])
    if _LOST in text:
        return Line(number, said, "characters that are none in this encoding", end)
    return Line(number, said, None, end)


def _is_open(text: str) -> bool:
    return text.count('"') % 2 == 1


def _workbook(file: BinaryIO) -> Any:
    from python_calamine import CalamineError, CalamineWorkbook  # 4 MB, for who imports Excel alone

    _ensure_fits(file)
    try:
        return CalamineWorkbook.from_filelike(file)
    except (CalamineError, ValueError, OSError, EOFError) as wrong:
        raise Invalid("this is no Excel file that can be read", "file") from wrong


def _rounded(row: Sequence[object]) -> str | None:
    """A card or order number that somebody typed as a number has lost its last digits for ever: no guess of ours may
    become somebody's."""
    for column, cell in enumerate(row, 1):
        if isinstance(cell, int | float) and abs(cell) >= _EXACT:
            return f"column {column} has a number of more than 15 digits, which Excel rounds: keep the column as text"
    return None


def _ensure_fits(file: BinaryIO) -> None:
    """24 MB may be packed so tightly that they are gigabytes."""
    try:
        with zipfile.ZipFile(file) as packed:
            size = sum(each.file_size for each in packed.infolist())
    except (zipfile.BadZipFile, ValueError, OSError):
        size = 0  # one of the old kind is not packed
    file.seek(0)
    if size > _MOST_UNPACKED:
        raise Invalid("an Excel file of at most 256 MB once it is unpacked: save a larger one as CSV", "file")


def _shown(cell: object) -> str:
    """As people wrote it: 13800138000 and not 1.3800138e10."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return unmarked_cell(str(cell).strip())
