"""One identifier, one spelling, one mask; and what may prove who somebody is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from yizhan.foundation.errors import Invalid
from yizhan.records import contacts
from yizhan.records.config import in_chinese
from yizhan.records.contacts import is_fresh, mask, may_link, normalise, rank

CARD = "11010519491231002X"
NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "written", "kept", "shown"),
    [
        ("phone", "138 1234 5678", "+8613812345678", "138****5678"),
        ("phone", "１３８１２３４５６７８", "+8613812345678", "138****5678"),
        ("phone", "0086-138-1234-5678", "+8613812345678", "138****5678"),
        ("phone", "\u202a+8613812345678\u202c", "+8613812345678", "138****5678"),
        ("phone", "(010) 1234-5678", "+861012345678", "010****5678"),
        ("phone", "400 800 1234", "+864008001234", "400****234"),
        ("phone", "+1 (650) 253-0000", "+16502530000", "+1 650-***-*000"),
        ("phone", "+44 7700 900123", "+447700900123", "+44 770* ***123"),
        ("switchboard", "010-12345678 转 801", "+861012345678;ext=801", "010****5678"),
        ("email", " Li.Wei＠Example.COM ", "li.wei@example.com", "l*****@example.com"),
        ("email", "Li.Wei+shop@Gmail.com", "li.wei@gmail.com", "l*****@gmail.com"),
        ("email", "li+shop@example.com", "li+shop@example.com", "l******@example.com"),
        ("email", "li@例子.cn", "li@xn--fsqu00a.cn", "l*@xn--fsqu00a.cn"),
        ("id_card", "11010519491231002x", CARD, "110105********002X"),
        ("id_card", "１１０１０５ １９４９１２３１ ００２Ｘ", CARD, "110105********002X"),
        ("id_card", "110105491231002", CARD, "110105********002X"),
        ("external", " crm : C-1001 ", "crm:C-1001", "crm:C-1***01"),
        ("openid", "wx12ab:oABC123456", "wx12ab:oABC123456", "wx12ab:oAB***56"),
        ("nickname", "  小明  Ming ", "小明 ming", "小***"),
        ("user", "u9", "u9", "u***"),
    ],
)
def test_written_any_way_it_is_kept_one_way(kind: str, written: str, kept: str, shown: str) -> None:
    assert (normalise(kind, written), mask(kind, normalise(kind, written))) == (kept, shown)
    assert normalise(kind, kept) == kept, "the spelling of a spelling is itself"


@pytest.mark.parametrize(
    ("kind", "written", "why"),
    [
        ("phone", "", "empty"),
        ("phone", "1381234567", "digits are missing"),
        ("phone", "138123456789", "too many"),
        ("phone", "95588", "can exist"),
        ("phone", "call me", "digits only"),
        ("phone", "010-12345678转801", "switchboard"),
        ("phone", "1" * 400, "at most 320"),
        ("email", "li.example.com", "an @"),
        ("email", "li..wei@example.com", "dot"),
        ("email", "=HYPERLINK(1)@example.com", "character"),
        ("id_card", "110105194912310021", "mistyped"),
        ("id_card", "110105194913310021", "no date of birth"),
        ("id_card", "990105194912310020", "begins with 99"),
        ("id_card", "1101051949", "18 places"),
        ("external", "C-1001", "system:value"),
        ("passport", "E1", "no kind of identifier"),
    ],
)
def test_what_cannot_be_one_is_refused_with_a_sentence(kind: str, written: str, why: str) -> None:
    with pytest.raises(Invalid, match=why) as refused:
        normalise(kind, written)
    assert in_chinese(refused.value.message), "everybody reads why in his language"


def test_a_mobile_proves_for_180_days_and_a_landline_never() -> None:
    verified = NOW - timedelta(days=179)
    assert rank("phone", "+8613812345678") == "primary"
    assert rank("phone", "+861012345678") == "auxiliary"
    assert is_fresh("phone", verified, NOW)
    assert not is_fresh("phone", verified, NOW + timedelta(days=1))
    assert not is_fresh("phone", None, NOW)
    assert is_fresh("email", NOW - timedelta(days=4_000), NOW), "nobody gives a mailbox to somebody else"
    assert may_link("phone", "+8613812345678")
    assert not any(may_link(kind, "+8613812345678") for kind in ("caller", "shared_phone", "switchboard"))


def test_a_house_has_kinds_of_its_own() -> None:
    shipped = contacts.SHIPPED
    card = contacts.IdentityKind(key="club_card", zh="会员卡", en="Club card", rank="primary", shown=(0, 4))
    try:
        contacts.use(contacts.IdentityKinds(kinds=(*shipped.kinds, card), plus_domains=shipped.plus_domains))
        assert mask("club_card", normalise("club_card", " 88001234 ")) == "***1234"
    finally:
        contacts.use(None)
    with pytest.raises(Invalid, match="club_card"):
        normalise("club_card", "88001234")
