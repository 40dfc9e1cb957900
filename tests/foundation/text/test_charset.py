import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yizhan.foundation.text import clean, decode, decode_header


@pytest.mark.parametrize(
    ("text", "codec", "label"),
    [
        ("朱镕基喆㐂", "gb18030", "gb2312"),
        ("我要退货", "gbk", "GBK"),
        ("我要退货", "gbk", "x-gbk"),
        ("我要退货", "gbk", None),
        ("我要退货", "gbk", "utf-8"),
        ("我要退货", "utf-8", "gb2312-unknown"),
        ("我要退货", "utf-8", None),
        ("我要退货", "utf-8-sig", "gbk"),
        ("我要退货", "utf-16", None),
        ("己所不欲", "hz", "hz-gb-2312"),
        ("你好，繁體", "big5", "Big5"),
        ("繁體中文訂單查詢謝謝", "big5", None),
        ("喆堃", "big5hkscs", "big5"),
        ("안녕하세요", "cp949", "ks_c_5601-1987"),
        ("お問い合わせ", "iso2022_jp", "ISO-2022-JP"),
        ("①髙橋", "cp932", "Shift_JIS"),
        ("it’s 5 €", "cp1252", "iso-8859-1"),
        ("café déjà vu à la carte", "latin-1", None),
        ("Привет, где мой заказ?", "cp1251", "windows-1251"),
    ],
)
def test_labels_lie_and_text_is_read(text: str, codec: str, label: str | None) -> None:
    assert decode(text.encode(codec), label) == text


def test_utf_7_is_never_decoded() -> None:
    assert decode(b"+ADw-script+AD4-", "utf-7") == "+ADw-script+AD4-"


def test_what_cannot_be_read_has_holes_but_is_there() -> None:
    assert decode(b"ok \xff\xfe\xff", "utf-8").startswith("ok ")
    assert decode(b"\x81\x8d abc", "iso-8859-1").endswith(" abc")
    assert decode(b"a\x00b", None) == "ab"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("=?gb2312?B?1uzpRrv5hrSBOe8x?=", "朱镕基喆㐂"),
        ("=?ISO-2022-JP?B?GyRCJCpMZCQkOWckbyQ7GyhC?=", "お問い合わせ"),
        ("=?GBK?B?udjT2raptQ==?=\r\n =?GBK?B?pbXEzbbL39Przcu/7snqx+s=?=", "关于订单的投诉与退款申请"),
        (base64.b64decode("xtXNqNbQzsTW98zi"), "普通中文主题"),
        ('"=?gb2312?B?1uzpRg==?= 1.pdf"', '"朱镕 1.pdf"'),
        ("=?utf-8?Q?=E4=BD=A0_=E5=A5=BD?= <a@b>", "你 好 <a@b>"),
        ("Re: =?utf-8?b?5L2g5aW9?= there", "Re: 你好 there"),
        ("=?utf-8*zh?Q?=E4=BD=A0?=", "你"),
        ("=?utf-8?B?5L2g5aW9?", "=?utf-8?B?5L2g5aW9?"),
        ("plain", "plain"),
        ("", ""),
    ],
)
def test_headers(header: str | bytes, expected: str) -> None:
    assert decode_header(header) == expected


@given(
    st.binary(max_size=60),
    st.sampled_from([None, "gbk", "utf-8", "big5", "hz", "utf-16", "base64", "x", "iso-2022-jp"]),
)
def test_any_bytes_become_storable_text(content: bytes, label: str | None) -> None:
    text = decode(content, label)
    assert clean(text) == text
    decode_header(content)


def test_clean_joins_pairs_and_drops_halves() -> None:
    assert clean("a\x00b\ud800c") == "abc"
    assert clean("\ud83d\ude00") == "😀"
    assert clean("好😀") == "好😀"
