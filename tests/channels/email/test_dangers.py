"""Programs and hurtful archives, whatever they call themselves."""

from __future__ import annotations

import io
import zipfile
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.standins.scanner import EICAR, scanner
from yizhan.channels.email import ScannerAway, danger_in, parse, scan


def packed(**files: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "."), content)
    return held.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("发票.exe", b"", "executable"),
        ("invoice.pdf.SCR ", b"", "executable"),
        ("photo.jpg", b"MZ\x90\x00", "executable"),
        ("notes", b"\x7fELF\x02", "executable"),
        ("open.lnk", b"", "executable"),
        ("发票.zip", packed(a__pdf=b"%PDF"), ""),
        ("发票.zip", packed(a__exe=b"x"), "executable"),
        ("发票.zip", packed(inner__zip=packed(run__js=b"x")), "executable"),
        ("bomb.zip", packed(zeros=bytes(60_000_000)), "archive"),
        ("broken.zip", b"PK\x03\x04 and nothing more", ""),
        ("报价.xlsx", packed(sheet__xml=b"<x/>"), ""),
        ("发票.pdf", b"%PDF-1.7", ""),
        ("com", b"plain", ""),
    ],
)
def test_what_is_withheld(name: str, content: bytes, expected: str) -> None:
    assert danger_in(name, content) == expected


def test_archives_in_archives_end_somewhere() -> None:
    inner = packed(a__txt=b"x")
    for _ in range(6):
        inner = packed(next__zip=inner)
    assert danger_in("x.zip", inner) == "archive"


@given(st.binary(max_size=300))
def test_no_bytes_break_it(noise: bytes) -> None:
    danger_in("x.zip", b"PK\x03\x04" + noise)


def test_a_mail_says_which_of_its_files_are_withheld() -> None:
    mail = EmailMessage()
    mail["From"] = "a@b.test"
    mail.set_content("see")
    mail.add_attachment(b"MZ", maintype="application", subtype="pdf", filename="发票.pdf")
    mail.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="单据.pdf")
    assert [one.blocked for one in parse(mail.as_bytes()).attachments] == ["executable", ""]


async def test_a_scanner_is_asked_and_believed() -> None:
    async with scanner() as clamd:
        assert await scan(clamd.place, b"harmless" * 30_000) == ""
        assert await scan(clamd.place, b"x" + EICAR) == "Eicar-Test-Signature"
        assert clamd.seen[0] == b"harmless" * 30_000
        clamd.says = "INSTREAM size limit exceeded. ERROR"
        with pytest.raises(ScannerAway, match="size limit"):
            await scan(clamd.place, b"x")
    with pytest.raises(ScannerAway):
        await scan(clamd.place, b"x")
