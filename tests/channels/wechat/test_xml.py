"""The XML of callbacks: whatever comes is a tree or refused, and nothing in it grows."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yizhan.channels.wechat.xml import branch_of, branches_of, read, read_xml, text_of, write_xml
from yizhan.foundation.errors import Invalid


def test_a_message_is_a_tree() -> None:
    body = "<xml><A><![CDATA[你好 😀 <!DOCTYPE x>]]></A><B/><C><D>1</D><D>2</D></C><E><F>x</F></E><E><F>y</F></E></xml>"
    tree = read_xml(body.encode())
    assert tree["A"] == "你好 😀 <!DOCTYPE x>"
    assert tree["B"] == ""
    assert tree["C"] == {"D": ["1", "2"]}
    assert [each["F"] for each in branches_of(tree, "E")] == ["x", "y"]
    assert text_of(tree, "B", "C", "A").startswith("你好")


def test_json_is_the_same_tree_with_every_digit() -> None:
    tree = read(b' {"MsgId": 24342380000000001, "Ok": true, "No": null, "List": {"A": 1}, "Many": [{"A": 2}]}')
    assert tree == {"MsgId": "24342380000000001", "Ok": "1", "No": "", "List": {"A": "1"}, "Many": [{"A": "2"}]}
    assert branches_of(tree, "List") == [{"A": "1"}]
    assert branch_of(tree, "Many") == {"A": "2"}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<xml>",
        b"nothing",
        b"[1]",
        b"{",
        b'<!DOCTYPE x [<!ENTITY a "aaaa">]><xml><A>&a;</A></xml>',
        b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><xml/>',
        b"<xml>" + b"<a>" * 50 + b"</a>" * 50 + b"</xml>",
        b"<xml>\xff</xml>",
        b'<?xml version="1.0" encoding="nonsense"?><xml/>',
    ],
)
def test_what_is_no_message_is_refused(body: bytes) -> None:
    with pytest.raises(Invalid):
        read(body)


@given(st.binary(max_size=200))
def test_no_bytes_break_it(body: bytes) -> None:
    with contextlib.suppress(Invalid):
        assert isinstance(read(body), dict)


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=100))
def test_what_is_written_is_read_again(text: str) -> None:
    text = text.replace("￾", "").replace("￿", "")
    written = write_xml({"Content": text + "]]>", "CreateTime": 1, "Image": {"MediaId": "m"}})
    assert read(written.encode()) == {"Content": text + "]]>", "CreateTime": "1", "Image": {"MediaId": "m"}}
