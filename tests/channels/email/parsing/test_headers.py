import base64

import pytest

from yizhan.channels.email.parsing.fields import addresses, date, message_ids, parameters
from yizhan.channels.email.parsing.headers import decode_base64, decode_text, split_headers
from yizhan.channels.email.parsing.subjects import normalise_subject


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"=?gb2312?B?1uzpRrv5hrSBOe8x?=", "朱镕基喆㐂"),
        (b"=?ISO-2022-JP?B?GyRCJCpMZCQkOWckbyQ7GyhC?=", "お問い合わせ"),
        (b"=?GBK?B?udjT2raptQ==?=\r\n =?GBK?B?pbXEzbbL39Przcu/7snqx+s=?=", "关于订单的投诉与退款申请"),
        (base64.b64decode("xtXNqNbQzsTW98zi"), "普通中文主题"),
        (b"=?utf-8*zh?Q?=E4=BD=A0=E5=A5=BD?=", "你好"),
        (b"=?utf-8?Q?what??=", "what?"),
        (b"=?utf-8?Q?with spaces inside?=", "with spaces inside"),
        (b"a =?utf-8?B?Yg==?= c", "a b c"),
        (b"=?utf-8?B?5L2g5aW?=\r\n =?utf-8?B?977yM?=", "你好，"),
        (b"=?no-such-charset?B?5L2g?=", "你"),
        (b"=?utf-8?B?????=", ""),
        (b"=?utf-7?B?K0FEd3Mv?=", "+ADws/"),
        (b"two\r\n\tlines\x00\x07", "two lines"),
        (b"", ""),
    ],
)
def test_header_text(raw: bytes, expected: str) -> None:
    assert decode_text(raw).replace("  ", " ") == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"a@b.cn", [("", "a@b.cn")]),
        (b"<a@B.CN>", [("", "a@b.cn")]),
        (b'"=?gb2312?B?1cXI/Q==?=" <zhang@b.cn>', [("张三", "zhang@b.cn")]),
        (b"=?utf-8?Q?Smith, John?= <j@b.cn>, x@b.cn", [("Smith, John", "j@b.cn"), ("", "x@b.cn")]),
        (b'"Quote \\"x\\" y" <q@b.cn>', [('Quote "x" y', "q@b.cn")]),
        (b"Team: a@b.cn, b@b.cn;", [("", "a@b.cn"), ("", "b@b.cn")]),
        (b'"unterminated <a@b.cn>', [("", "a@b.cn")]),
        (b"a@b.cn; c@d.cn", [("", "a@b.cn"), ("", "c@d.cn")]),
        (b"MAILTO <mailto:a@b.cn>", [("MAILTO", "a@b.cn")]),
        (b"a@b.cn <a@b.cn>", [("", "a@b.cn")]),
        ("李四 <li@b.cn>".encode("gbk"), [("李四", "li@b.cn")]),
        (b"<>", []),
        (b"undisclosed-recipients:;", []),
        (b"nobody", []),
    ],
)
def test_addresses(raw: bytes, expected: list[tuple[str, str]]) -> None:
    assert [(one.name, one.email) for one in addresses(raw)] == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"text/plain; charset=gbk; format=flowed", {"charset": "gbk", "format": "flowed"}),
        (b'a/b; name="x;y.txt"', {"name": "x;y.txt"}),
        (b"a/b; name=x y.txt", {"name": "x y.txt"}),
        (b"a/b; filename*=utf-8'zh'%E4%BD%A0.txt", {"filename": "你.txt"}),
        (b"a/b; filename*0=long; filename*1=-name.txt", {"filename": "long-name.txt"}),
        (b"a/b; filename=\"plain.txt\"; filename*=utf-8''%E4%BD%A0.txt", {"filename": "你.txt"}),
        (b'a/b; name="=?utf-8?B?5L2gLnR4dA==?="', {"name": "你.txt"}),
        (b'a/b; name="C:\\dir\\file.txt"', {"name": "C:\\dir\\file.txt"}),
        (b"a/b;;; ; x", {}),
    ],
)
def test_parameters(raw: bytes, expected: dict[str, str]) -> None:
    assert parameters(raw) == expected


def test_message_ids_in_order_each_once_and_capped() -> None:
    assert message_ids(b"<a@x> garbage <b@x>\r\n\t<a@x>") == ("a@x", "b@x")
    assert message_ids(b"bare@x") == ("bare@x",)
    long = message_ids(b" ".join(b"<%d@x>" % number for number in range(300)))
    assert len(long) == 100
    assert (long[0], long[-1]) == ("0@x", "299@x")


@pytest.mark.parametrize("raw", [b"", b"yesterday", b"Mon, 1 Jan 1900 00:00:00 +0000", b"31 Dec 9999 23:59:59 -2359"])
def test_dates_that_cannot_be_true(raw: bytes) -> None:
    assert date(raw) is None


def test_a_broken_line_does_not_end_the_headers_but_text_does() -> None:
    headers, _ = split_headers(b"From: a@b\nbroken line\nX-More: yes\n\nbody", 0, 40)
    assert headers.text("x-more") == "yes"
    raw = b"From: a@b\nHello there\nhow are you"
    headers, body = split_headers(raw, 0, len(raw))
    assert raw[body:].startswith(b"Hello")
    assert headers.defects == ("header-line",)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"QUJD", b"ABC"),
        (b"QUI", b"AB"),
        (b"QUI=\nQw==\nRGVm", b"ABCDef"),
        (b"Q*U!J D", b"ABC"),
        (b"Q", b""),
        (b"", b""),
    ],
)
def test_base64_is_read_as_far_as_it_goes(body: bytes, expected: bytes) -> None:
    assert decode_base64(body) == expected


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("Re: 回复[2]：Fwd: Order", "order"),
        ("答复: 转发：订单", "订单"),
        ("RE:RE:re: x", "x"),
        ("AW: WG: Frage", "frage"),
        ("Re:", "re:"),
        ("Regarding: x", "regarding: x"),
        ("回复（3）：好", "好"),
    ],
)
def test_normalised_subject(subject: str, expected: str) -> None:
    assert normalise_subject(subject) == expected
