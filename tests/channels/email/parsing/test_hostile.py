"""What the open internet sends: nothing raises, nothing takes long, nothing is lost."""

import base64
import random
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.channels.email.samples import names, raw
from yizhan.channels.email import parse
from yizhan.channels.email.model import MAX_DEPTH, MAX_PARTS

SPLICES = [
    *(b"\x00", b"\r\n\r\n", b"--", b"=?utf-8?B?", b"?=", b"\xff\xfe", b"<", b"(" * 50, b'"', b"=", b"\r"),
    b"Content-Type: multipart/mixed; boundary=x\r\n",
    b"Content-Transfer-Encoding: base64\r\n",
    b"filename*0*=x''%",
]


def mutated(content: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.randint(1, 8)):
        at = chance.randint(0, len(content))
        match chance.randint(0, 4):
            case 0:
                content = content[:at] + bytes([chance.randint(0, 255)]) + content[at + 1 :]
            case 1:
                content = content[:at] + content[at + chance.randint(0, 200) :]
            case 2:
                content = content[:at] + chance.choice(SPLICES) + content[at:]
            case 3:
                other = chance.randint(0, len(content))
                content = content[:at] + content[other : other + 300] + content[at:]
            case _:
                content = content[:at]
    return content


@pytest.mark.parametrize("name", names())
def test_mutations_of_the_corpus_never_raise_and_lose_nothing(name: str) -> None:
    chance = random.Random(name)
    original = raw(name)
    for _ in range(60):
        content = mutated(original, chance)
        parsed = parse(content)
        assert parsed.raw == content
        assert not [defect for defect in parsed.defects if defect.startswith("unread")], content
        "".join((parsed.text, parsed.html, parsed.subject, parsed.from_.name)).encode("utf-8")
        assert "\0" not in parsed.text + parsed.html + parsed.subject


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_a_mail_of_some_kind(content: bytes) -> None:
    parsed = parse(content)
    assert parsed.raw == content
    assert not [defect for defect in parsed.defects if defect.startswith("unread")]


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.sampled_from([b"From", b"To", b"Subject", b"Content-Type", b"Date", b"References"]))
def test_any_header_value(value: bytes, name: bytes) -> None:
    parsed = parse(name + b": " + value.replace(b"\n", b" ") + b"\nMIME-Version: 1.0\n\nbody")
    assert not [defect for defect in parsed.defects if defect.startswith("unread")]
    assert "\n" not in parsed.subject + parsed.from_.name + parsed.from_.email


def nested(depth: int) -> bytes:
    content = b"From: a@b.cn\r\n"
    for level in range(depth):
        content += b'Content-Type: multipart/mixed; boundary="n%d"\r\n\r\n--n%d\r\n' % (level, level)
    return content + b"Content-Type: text/plain\r\n\r\ndeep\r\n"


def test_depth_is_bounded() -> None:
    assert parse(nested(MAX_DEPTH - 1)).text == "deep"
    for depth in (MAX_DEPTH + 5, 3_000):
        parsed = parse(nested(depth))
        assert "depth" in parsed.defects
        assert not parsed.unsupported


def test_the_number_of_parts_is_bounded() -> None:
    parts = b"--x\r\nContent-Type: image/png; name=a.png\r\n\r\nA\r\n" * 5_000
    parsed = parse(b"From: a@b.cn\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n" + parts + b"--x--\r\n")
    assert len(parsed.attachments) < MAX_PARTS
    assert "parts" in parsed.defects


MANY = 100_000
HEAD = b"From: a@b.cn\r\nSubject: x\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(HEAD + b"<a " * MANY, id="open tags"),
        pytest.param(HEAD + b"&" * 3 * MANY, id="ampersands"),
        pytest.param(HEAD + b"<div>" * (MANY // 2), id="deep html"),
        pytest.param(HEAD + b"<!--" * MANY, id="comments"),
        pytest.param(HEAD + b"<![foo bar]>", id="marked section"),
        pytest.param(HEAD + b"<blockquote type=cite>" * MANY, id="quotes"),
        pytest.param(b"Subject: " + b"=?a?q?" * 10_000 + b"\n\nx", id="unended words"),
        pytest.param(b"From: " + b"(" * MANY + b"\n\nx", id="comments in addresses"),
        pytest.param(b"To: " + b"a@b.cn," * MANY + b"\n\nx", id="addresses"),
        pytest.param(b"X: y\n" * MANY + b"\nx", id="headers"),
        pytest.param(b"References: " + b"<a@b> " * MANY + b"\n\nx", id="references"),
        pytest.param(b"Content-Type: multipart/mixed; boundary=a\n\n" + b"--ab\n" * MANY, id="boundary prefixes"),
        pytest.param(b"Content-Type: multipart/mixed; boundary=a\n\n" + b"--a\n\n" * MANY, id="empty parts"),
        pytest.param(b"Content-Type: a/b; " + b"a*0*=x;" * MANY + b"\n\nx", id="parameters"),
        pytest.param(b"Subject: a\n\n" + b"> " * MANY * 3, id="quote marks"),
        pytest.param(b"Subject: a\n\n" + b"On x wrote:\n" * MANY, id="attributions"),
        pytest.param(b"Subject: a\n\n" + "自动回复".encode() * MANY, id="long line"),
        pytest.param(b"Content-Transfer-Encoding: base64\n\n" + b"=" * MANY * 10, id="padding"),
        pytest.param(b"Subject: " + b"Re: " * 20_000 + b"\n\nx", id="prefixes"),
    ],
)
def test_no_input_costs_seconds(content: bytes) -> None:
    started = process_time()
    parsed = parse(content)
    assert process_time() - started < 3
    assert parsed.raw == content


def test_a_large_attachment_is_whole() -> None:
    content = random.Random(30).randbytes(30 * 1024 * 1024)
    body = base64.encodebytes(content)
    head = b'From: a@b.cn\nContent-Type: application/zip; name="big.zip"\nContent-Transfer-Encoding: base64\n\n'
    parsed = parse(head + body)
    assert parsed.attachments[0].content == content
    assert parsed.attachments[0].name == "big.zip"


def test_a_long_text_is_shortened_and_says_so() -> None:
    parsed = parse(b"From: a@b.cn\n\n" + b"line of text\n" * 200_000)
    assert "text-size" in parsed.defects
    assert len(parsed.text) <= 1_000_000


def test_only_the_head_of_an_oversized_mail() -> None:
    whole = (
        b"From: a@b.cn\r\nSubject: big\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nhello\r\n"
        b"--x\r\nContent-Type: application/zip; name=a.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    ) + base64.encodebytes(bytes(100_000))
    parsed = parse(whole[:50_000], truncated=True)
    assert parsed.text == "hello"
    assert parsed.truncated
    assert [one.truncated for one in parsed.attachments] == [True]
