from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yizhan.foundation.text import Kind, mask_email, mask_phone, pii


def kinds(text: str) -> list[tuple[Kind, str]]:
    return [(span.kind, span.value) for span in pii.find(text)]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("手机13812345678。", Kind.PHONE, "+8613812345678"),
        ("+86 138-1234-5678", Kind.PHONE, "+8613812345678"),
        ("0086 13812345678", Kind.PHONE, "+8613812345678"),
        ("138 1234 5678", Kind.PHONE, "+8613812345678"),
        ("手机１３８１２３４５６７８", Kind.PHONE, "+8613812345678"),
        ("tel13812345678", Kind.PHONE, "+8613812345678"),
        ("座机010-62345678", Kind.PHONE, "+861062345678"),
        ("call +1 415 555 2671", Kind.PHONE, "+14155552671"),
        ("身份证11010519491231002x", Kind.ID_CARD, "11010519491231002X"),
        ("110105 19491231 002X", Kind.ID_CARD, "11010519491231002X"),
        ("卡号6222 0212 3456 7890 128", Kind.BANK_CARD, "6222021234567890128"),
        ("4111-1111-1111-1111", Kind.BANK_CARD, "4111111111111111"),
        ("Zhang.San+a@mail.example.com，", Kind.EMAIL, "zhang.san+a@mail.example.com"),
        ("订单号：SQ20250316140822", Kind.ORDER, "SQ20250316140822"),
        ("订单 4111111111111111", Kind.ORDER, "4111111111111111"),
        ("单号13812345678", Kind.PHONE, "+8613812345678"),
        ("SF1234567890123", Kind.ORDER, "SF1234567890123"),
        ("2025031614082299", Kind.ORDER, "2025031614082299"),
    ],
)
def test_numbers_are_known_by_their_form(text: str, kind: Kind, value: str) -> None:
    assert kinds(text) == [(kind, value)]


@pytest.mark.parametrize(
    "text",
    ["110105194912310021", "", "12345678901", "1381234567", "139123456789", "1999.00 元",
     "2025-03-16 14:08", "400-820-8820", "a@b", "@客服", "1 2 3 4 5 6 7 8 9", "型号 KFR-35GW/26"],
)  # fmt: skip
def test_other_numbers_are_not_personal(text: str) -> None:
    assert not [kind for kind, _ in kinds(text) if kind in pii.PERSONAL]


def test_masking_keeps_the_length_and_the_rest() -> None:
    text = "我13812345678，证11010519491231002X，卡6222 0212 3456 7890 128，a.b@x.example，订单SQ20250316140822"
    masked = pii.mask(text)
    assert (
        masked == "我138****5678，证110105********002X，卡6222 **** **** ***0 128，a**@x.example，订单SQ20250316140822"
    )
    assert len(masked) == len(text)


def test_single_masks() -> None:
    assert mask_phone("13812345678") == "138****5678"
    assert mask_phone("+8613812345678") == "+86138****5678"
    assert mask_phone("+86 138-1234-5678") == "+86 138-****-5678"
    assert mask_phone("010-62345678") == "010-****5678"
    assert mask_email("zhangsan@x.example") == "z*******@x.example"
    assert mask_email("a@x.example") == "a*@x.example"


def test_replacing_gives_the_canonical_value() -> None:
    assert pii.replace("找 +86 138 1234 5678 谢谢", lambda span: f"<{span.value}>") == "找 <+8613812345678> 谢谢"


@given(st.text(alphabet="0123456789 -+@.aX订单号6213", max_size=80))
def test_spans_never_overlap_and_masked_numbers_are_gone(text: str) -> None:
    spans = pii.find(text)
    assert all(left.end <= right.start for left, right in pairwise(spans))
    masked = pii.mask(text)
    assert len(masked) == len(text)
    assert all(
        masked[span.start : span.end] != text[span.start : span.end] for span in spans if span.kind in pii.PERSONAL
    )


def test_hostile_text_is_read_in_time() -> None:
    for piece in ("1 ", "1-", "a.", "+1 ", "62", "订单", "13812345678 "):
        pii.find(piece * 30_000)
