import pytest
from hypothesis import given
from hypothesis import strategies as st

from yizhan.foundation.db import Database
from yizhan.foundation.text import clean, tokens
from yizhan.foundation.text.tokens import MAX_TOKENS, query_words, tsquery_literal, tsvector_literal, words


def test_chinese_is_cut_latin_is_lowered_numbers_stay_whole() -> None:
    found = words("我的空气炸锅坏了，订单 SQ20250316140822，ＶＩＰ，Phone 13800138000")
    assert {"空气", "炸锅", "订单", "sq20250316140822", "vip", "phone", "13800138000"} <= set(found)
    assert "的" not in found


def test_each_word_once_in_order() -> None:
    assert words("b a b") == ["b", "a"]
    assert query_words("退款 退款 进度") == ["退款", "进度"]


def test_long_words_are_found_by_their_parts_in_the_index_only() -> None:
    assert "机器" in words("扫地机器人")
    assert "机器" not in query_words("扫地机器人")


def test_traditional_and_simplified_find_each_other() -> None:
    assert set(query_words("訂單退款進度")) <= set(words("订单退款进度"))


def test_the_organisations_own_words_stay_whole() -> None:
    assert "瓴芯净" not in query_words("瓴芯净怎么清洗")
    tokens.add_words(["瓴芯净", "X9 Pro"])
    assert "瓴芯净" in query_words("瓴芯净怎么清洗")
    assert "瓴芯净" in words("我的瓴芯净坏了")


def test_literals_are_quoted() -> None:
    assert tsvector_literal("it's a b\\c") == "'it':1 's':2 'a':3 'b':4 'c':5"
    assert tsquery_literal("退款 iphon") == "'退款' & 'iphon':*"
    assert tsquery_literal("iphone 退款") == "'iphone' & '退款'"
    assert tsquery_literal("？！ 的") == ""


def test_a_long_text_stays_within_the_limits() -> None:
    literal = tsvector_literal(" ".join(f"w{number}" for number in range(5_000)) + " w1" * 20_000)
    assert literal.count("'") == 2 * MAX_TOKENS
    assert max(int(place) for word in literal.split() for place in word.split(":")[1].split(",")) <= 16_383


async def test_postgres_reads_every_literal(db: Database) -> None:
    async with db.read() as tx:

        async def found(query: str, text: str) -> bool:
            row = await tx.fetchval(
                "SELECT $1::text::tsvector @@ $2::text::tsquery", tsvector_literal(text), tsquery_literal(query)
            )
            return bool(row)

        assert await found("退款进度", "请问退款的进度怎么样")
        assert await found("iph", "iPhone15 坏了")
        assert await found("SQ2025", "订单 sq20250316140822")
        assert not await found("换货", "请问退款的进度怎么样")
        assert await found("延保", "买了延保服务")


@given(st.text())
def test_any_text_makes_a_literal_of_its_words(text: str) -> None:
    text = clean(text)
    found = words(text)
    assert len(found) == len(set(found))
    assert tsvector_literal(text).count(":") == len(found)
    assert all("'" not in word and "\\" not in word and not word.isspace() for word in found)


@pytest.mark.parametrize("text", ["", " ", "，。", "👌"])
def test_nothing_said_nothing_indexed(text: str) -> None:
    assert words(text) == []
    assert tsvector_literal(text) == ""
