"""The way a query takes, decided purely."""

from __future__ import annotations

from yizhan.desk.search.policy import Commonness, deeper, plan, snippet

MILLION = Commonness(1_000_000, {"退款": 0.1, "发货": 0.1, "拉萨": 0.0007, "重庆": 0.005, "order": 0.02})


def test_a_common_word_is_walked_from_the_newest_row() -> None:
    assert plan(["退款"], MILLION, 40).window(40) == 2_000
    assert plan(["退款"], MILLION, 40).window(1_000) == 20_000


def test_a_rare_word_and_an_unknown_one_take_the_index() -> None:
    assert not plan(["拉萨"], MILLION, 40).window(40)
    assert not plan(["琥珀"], MILLION, 40).window(40)
    assert not plan(["退款", "琥珀"], MILLION, 40).window(40)
    assert not plan([], MILLION, 40).window(40)


def test_few_hits_are_walked_to_where_many_are_asked_of_the_index() -> None:
    assert plan(["重庆"], MILLION, 40).window(40) == 16_000
    assert not plan(["重庆"], MILLION, 40).window(1_000)


def test_in_a_small_house_the_index_is_as_good_as_any() -> None:
    assert not plan(["退款"], Commonness(1_000, MILLION.shares), 40).window(40)
    assert not plan(["退款"], Commonness(), 40).window(40)


def test_common_words_together_are_less_common() -> None:
    assert plan(["退款", "发货"], MILLION, 40).window(40) == 8_000
    assert not plan(["退款", "发货", "order"], MILLION, 40).window(40)


def test_the_last_latin_word_is_only_begun() -> None:
    assert round(1 / plan(["ord"], MILLION, 40).each, 3) == 0.02
    assert plan(["1"], MILLION, 40).window(40)  # what begins with a 1 is many things, none of them common
    assert not plan(["1", "退款"], MILLION, 40).window(40)


def test_a_walk_that_met_few_says_whether_the_index_would_have_many() -> None:
    asked = plan(["退款", "发货"], MILLION, 40)
    assert not asked.too_many(20, 8_000)
    assert asked.too_many(900, 40_000)


def test_a_walk_is_bounded() -> None:
    assert plan(["退款", "发货"], MILLION, 40).window(1_000_000) == 50_000


def test_who_sees_a_third_is_looked_further_for_by_that_share() -> None:
    assert deeper(40, 13, 20) == 83
    assert deeper(40, 0, 20) == 240
    assert deeper(500, 1, 20) == 1_000


def test_a_snippet_shows_the_surroundings_of_the_hit() -> None:
    text = "前" * 60 + "退款" + "后" * 100
    shown = snippet(text, "退款")
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert "退款" in shown
    assert snippet("短", "退款") == "短"
