"""What is fetched of a mail that is too large, and how it is put together."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage

import pytest
from imapclient.response_types import BodyData

from yizhan.channels.email import parse
from yizhan.channels.email.transport import partwise
from yizhan.channels.email.transport.partwise import Node, read_structure, wanted

PLAIN = (b"text", b"plain", (b"charset", b"utf-8"), None, None, b"7bit", 12, 1)
HTML = (b"TEXT", b"HTML", None, None, None, b"7bit", 40, 2)
SMALL = (b"application", b"pdf", None, None, None, b"base64", 2_000)
LARGE = (b"video", b"mp4", None, None, None, b"base64", 60_000_000)
BODY = BodyData.create(((PLAIN, HTML, b"ALTERNATIVE"), LARGE, SMALL, b"MIXED"))


def test_a_structure_is_numbered_as_the_protocol_does() -> None:
    root = read_structure(BODY)
    assert root is not None
    assert [(one.number, one.kind) for one in partwise.leaves(root)] == [
        ("1.1", "text/plain"), ("1.2", "text/html"), ("2", "video/mp4"), ("3", "application/pdf"),
    ]  # fmt: skip
    assert read_structure(BodyData.create(PLAIN)) == Node("1", "text/plain", 12)


@pytest.mark.parametrize("body", [None, (), (b"text",), 5, ([],), (b"text", b"plain", None, None, None, b"7bit", b"x")])
def test_what_is_no_structure(body: object) -> None:
    assert read_structure(body) is None


def test_texts_come_first_then_the_smallest_files() -> None:
    root = read_structure(BODY)
    assert root is not None
    assert wanted(root, 1_000_000) == ["1.1", "1.2", "3"]
    assert wanted(root, 100) == ["1.1", "1.2"]
    many = Node("", "multipart/mixed", 0, tuple(Node(str(n), "a/b", 1) for n in range(500)))
    assert wanted(many, 10_000) == []


def test_what_was_fetched_reads_as_the_mail_it_was() -> None:
    mail = EmailMessage(policy=email.policy.SMTP)
    mail["From"], mail["Subject"] = "a@b.test", "很大的附件"
    mail.set_content("请看附件")
    mail.add_alternative("<p>请看附件</p>", subtype="html")
    mail.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="说明.pdf")
    mail.add_attachment(bytes(300_000), maintype="video", subtype="mp4", filename="视频.mp4")
    header = mail.as_bytes().partition(b"\r\n\r\n")[0]
    alternative, pdf, video = mail.iter_parts()
    parts = {"1": alternative, "2": pdf, "3": video}
    parts |= {f"1.{n}": part for n, part in enumerate(alternative.iter_parts(), start=1)}
    split = {number: part.as_bytes().partition(b"\r\n\r\n") for number, part in parts.items()}
    mimes = {number: one[0] for number, one in split.items()}
    bodies = {number: split[number][2] for number in ("1.1", "1.2", "2")}
    root = Node("", "multipart/mixed", 0, (
        Node("1", "multipart/alternative", 0, (Node("1.1", "text/plain", 1), Node("1.2", "text/html", 1))),
        Node("2", "application/pdf", 1), Node("3", "video/mp4", 400_000),
    ))  # fmt: skip
    parsed = parse(partwise.assemble(root, header, mimes, bodies), truncated=True)
    assert (parsed.subject, parsed.visible_text.strip()) == ("很大的附件", "请看附件")
    assert "请看附件" in parsed.html
    assert [(one.name, one.size, one.truncated) for one in parsed.attachments] == [
        ("说明.pdf", 8, False), ("视频.mp4", 300_000, True),
    ]  # fmt: skip
