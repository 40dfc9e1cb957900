"""Files as people have them: every encoding, every line end, and rows that are broken."""

from __future__ import annotations

import io
import zipfile

import pytest

from yizhan.desk.imports import Encoding, Line, tables
from yizhan.desk.imports.tables import csv_lines, cut, delimiter_of, encoding_of, excel_lines, excel_sheets
from yizhan.foundation.errors import Invalid
from yizhan.foundation.text import plain_cell, unmarked_cell

TEXT = "姓名,手机号\r\n王芳,13800138000\n李雷,13800138001\r韩梅梅,\r\n"


def read(raw: bytes, encoding: Encoding | None = None) -> list[Line]:
    return list(csv_lines(io.BytesIO(raw), encoding or encoding_of(raw), None))


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gbk", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_encoding_with_mixed_line_ends_gives_the_same_rows(codec: str) -> None:
    rows = [line.cells for line in read(TEXT.encode(codec))]
    assert rows == [("姓名", "手机号"), ("王芳", "13800138000"), ("李雷", "13800138001"), ("韩梅梅", "")]


def test_a_broken_byte_costs_one_row() -> None:
    raw = TEXT.encode() + b"\xff\xfe,1\n" + "末,2\n".encode()
    told = read(raw)
    assert [line.fault is not None for line in told] == [False, False, False, False, True, False]
    assert "none in this encoding" in str(told[4].fault)


def test_an_open_quotation_mark_does_not_swallow_the_file() -> None:
    raw = 'a,b\n"x,1\n' + "".join(f"r{n},{n}\n" for n in range(200)) + 'm,"two\nlines"\n'
    told = read(raw.encode())
    assert told[1].fault == "a quotation mark is not closed"
    assert (told[1].number, told[2].cells, told[2].number) == (2, ("r0", "0"), 3)
    assert told[-1].cells == ("m", "two\nlines")
    assert len(told) == 203


def test_rows_are_as_wide_as_the_head() -> None:
    told = list(cut([Line(2, ("a", "b", "c")), Line(3, ("a",)), Line(4, ("a", "b", ""))], 2))
    assert [line.fault is None for line in told] == [False, True, True]
    assert [line.cells for line in told[1:]] == [("a", ""), ("a", "b")]


def test_separators_are_told_by_the_head() -> None:
    assert [delimiter_of(head) for head in ("a;b;c", "a\tb", "a,b", "a|b|c")] == [";", "\t", ",", "|"]


@pytest.mark.parametrize("text", ["=1+1", "+86", "-2", "@x", "\t=1", "＝1"])
def test_what_leaves_is_no_formula_and_comes_back_as_it_was(text: str) -> None:
    assert plain_cell(text) == f"'{text}"
    assert unmarked_cell(plain_cell(text)) == text


_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def excel(*rows: str) -> io.BytesIO:
    """A workbook of one sheet, as small as Excel opens."""
    relation = (
        '<Relationships xmlns="{0}/relationships"><Relationship Id="r1" Type="{1}/{2}" Target="{3}"/></Relationships>'
    )
    types = "".join(
        f'<Override PartName="/xl/{part}.xml" ContentType="{_TYPE}.{kind}+xml"/>'
        for part, kind in (("workbook", "sheet.main"), ("s", "worksheet"))
    )
    sheets = '<sheets><sheet name="客户" sheetId="1" r:id="r1"/></sheets>'
    cells = "".join(f"<row>{row}</row>" for row in rows)
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">{types}</Types>',
        "_rels/.rels": relation.format(_PACKAGE, _OFFICE, "officeDocument", "xl/workbook.xml"),
        "xl/workbook.xml": f'<workbook xmlns="{_SHEET}" xmlns:r="{_OFFICE}">{sheets}</workbook>',
        "xl/_rels/workbook.xml.rels": relation.format(_PACKAGE, _OFFICE, "worksheet", "s.xml"),
        "xl/s.xml": f'<worksheet xmlns="{_SHEET}"><sheetData>{cells}</sheetData></worksheet>',
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    file.seek(0)
    return file


def text(cell: str) -> str:
    return f'<c t="inlineStr"><is><t>{cell}</t></is></c>'


def test_excel_is_read_as_people_wrote_it_and_numbers_it_has_rounded_are_refused() -> None:
    file = excel(
        text("姓名") + text("手机号") + text("会员号"),
        text("王芳") + "<c><v>13800138000</v></c>" + text("9223372036854775807"),
        text("李雷") + "<c><v>13800138001</v></c><c><v>9223372036854775807</v></c>",
    )
    assert excel_sheets(file) == ["客户"]
    file.seek(0)
    head, good, rounded = excel_lines(file, None, 100)
    assert head.cells == ("姓名", "手机号", "会员号")
    assert (good.cells, good.fault) == (("王芳", "13800138000", "9223372036854775807"), None)
    assert str(rounded.fault).startswith("column 3 has a number of more than 15 digits")


def test_an_excel_file_that_unpacks_to_gigabytes_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "_MOST_UNPACKED", 1 << 20)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", bytes(2 << 20))
    assert file.tell() < 1 << 16
    file.seek(0)
    with pytest.raises(Invalid, match="save a larger one as CSV"):
        tables.excel_sheets(file)
