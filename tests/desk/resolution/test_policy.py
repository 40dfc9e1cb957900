"""What agreements weigh, what follows, and how weights move with experience."""

from __future__ import annotations

import math

import msgspec
import pytest

from yizhan.desk import resolution
from yizhan.desk.resolution import SHIPPED, Finding, Known, Mark, Verdict, judge
from yizhan.desk.resolution.comparing import jaro_winkler, name_level, named, place
from yizhan.desk.resolution.rules import RESOLUTION
from yizhan.foundation.errors import Invalid


def known(name: str = "", *, told: tuple[str, ...] = (), **keys: bytes) -> Known:
    marks = {field: {key: Mark.TOLD if field in told else Mark.SEEN} for field, key in keys.items()}
    return Known(marks, {"name": [named(name)]} if named(name) else {})


def verdict(one: Known, other: Known) -> tuple[Verdict, str]:
    found = judge(SHIPPED, one, other)
    return found.verdict, found.held


def test_a_level_weighs_the_logarithm_of_its_odds() -> None:
    found = judge(SHIPPED, known(device=b"d"), known(device=b"d"))
    (device,) = found.findings
    assert device.weight == pytest.approx(math.log2(0.5 / 2e-5), abs=0.01)
    assert found.bits == pytest.approx(math.log2(1e-5 / (1 - 1e-5)) + device.weight, abs=0.02)


def test_same_device_and_similar_name_is_for_people_and_more_links() -> None:
    one, other = known("王晓燕", device=b"d"), known("晓燕", device=b"d")
    assert verdict(one, other) == (Verdict.REVIEW, "")
    assert (
        verdict(known("王晓燕", device=b"d", address=b"a"), known("王小燕", device=b"d", address=b"a"))[0]
        is Verdict.LINK
    )
    assert verdict(known("王晓燕"), known("王晓燕"))[0] is Verdict.NOTHING


def test_a_recycled_number_alone_is_for_people() -> None:
    assert verdict(known("李雷", number=b"n"), known("韩梅", number=b"n", told=("number",)))[0] is Verdict.REVIEW


def test_what_somebody_only_types_never_links() -> None:
    typed = known("王晓燕", number=b"n", order=b"o", told=("number", "order"))
    assert verdict(known("王晓燕", number=b"n", order=b"o"), typed) == (Verdict.REVIEW, "told")


def test_two_identity_cards_never_link_and_two_fresh_mobiles_are_for_people() -> None:
    def her(*mobiles: bytes, card: bytes = b"") -> Known:
        cards = {"id_card": card} if card else {}
        keys = {"device": b"d", "address": b"a", "email": b"e", **cards}
        return Known({field: {key: Mark.SEEN} for field, key in keys.items()}, {}, frozenset(mobiles))

    assert verdict(her(card=b"1"), her(card=b"2"))[0] is Verdict.CONFLICT
    found = verdict(her(b"1"), her(b"2"))
    assert found == (Verdict.REVIEW, "two_mobiles")


def test_a_couple_at_one_address_with_one_telephone_is_for_people() -> None:
    hers = known("李静", number=b"n", address=b"a", order=b"o")
    assert verdict(hers, known("王磊", number=b"n", address=b"a", order=b"o")) == (Verdict.REVIEW, "household")
    assert verdict(hers, known("李婧", number=b"n", address=b"a", order=b"o"))[0] is Verdict.LINK


def test_a_switchboard_is_little_evidence() -> None:
    shared = Known({"number": {b"n": Mark.SHARED}})
    (finding,) = judge(SHIPPED, shared, known(number=b"n")).findings
    assert (finding.field, judge(SHIPPED, shared, known(number=b"n")).verdict) == ("shared_number", Verdict.NOTHING)


def test_names_by_character_by_sound_and_by_likeness() -> None:
    assert name_level("王晓燕", "王小燕") == "sound"
    assert name_level("王晓燕", "wang xiaoyan") == "sound"
    assert name_level("燕子", "王晓燕") == "different"
    assert [named(each) for each in ("访客 a83f", "138****5678", "用户123", "微信用户", "王晓燕")] == [
        "",
        "",
        "",
        "",
        "王晓燕",
    ]
    assert place("浙江省 杭州市,文三路 2号") == place("浙江省杭州市文三路2号")
    assert jaro_winkler("martha", "marhta") == pytest.approx(0.961, abs=0.001)


def one_field(field: str, m: float, u: float) -> dict[str, object]:
    levels = [{"level": "same", "m": m, "u": u}]
    return {"fields": [{"field": field, "zh": "一", "en": "One", "levels": levels}]}


@pytest.mark.parametrize(("change", "field"), [
    ({"review_at": 0.999}, "review_at"),
    (one_field("shoe", 0.5, 0.1), "fields[0].field"),
    (one_field("device", 0.1, 0.5), "fields[0].levels"),
])  # fmt: skip
def test_a_document_that_makes_no_sense_is_refused(change: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        RESOLUTION.decode({**msgspec.to_builtins(SHIPPED), **change})
    assert refused.value.field == field


def test_decisions_move_the_weights_and_few_do_not() -> None:
    device = (Finding("device", "same", 14.61), Finding("name", "different", -1.31))
    few = resolution.proposal(SHIPPED, [(device, False)] * 5)
    assert (few.document, few.needed) == (None, 20)
    order = (Finding("order", "same", 18.2),)
    found = resolution.proposal(SHIPPED, [(device, False)] * 30 + [(order, True)] * 30)
    moved = {(each.field, each.level): each.after - each.before for each in found.changes}
    assert moved["device", "same"] < -0.5
    assert moved["order", "same"] > 0
    assert found.document is not None
    assert RESOLUTION.decode(msgspec.to_builtins(found.document)) == found.document
    assert found.wrong_after <= found.wrong_before


def test_a_run_teaches_weights_without_anybodys_word() -> None:
    """Two hundred pairs that agree in all, eight hundred that share a device alone: of a showroom's tablet."""
    agrees = {"name": "same", "device": "same", "address": "same"}
    shares = {"name": "different", "device": "same", "address": "different"}
    patterns = {
        tuple(levels.get(field.field, "missing") for field in SHIPPED.fields): pairs
        for levels, pairs in ((agrees, 200), (shares, 800))
    }
    assert resolution.estimate(SHIPPED, dict.fromkeys(patterns, 1), []).document is None
    asked = [((Finding("device", "same", 14.61), Finding("name", "different", -1.31)), False)] * 3
    found = resolution.estimate(SHIPPED, patterns, asked)
    assert (found.pairs, round(found.share, 1)) == (1000, 0.2)
    moved = {(each.field, each.level): each.after for each in found.changes}
    assert moved["device", "same"] < 1
    assert moved["name", "same"] > 3
    assert (found.wrong_before, found.wrong_after) == (0, 0)
    assert found.document is not None
    assert RESOLUTION.decode(msgspec.to_builtins(found.document)) == found.document
