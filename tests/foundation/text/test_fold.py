import pytest
from hypothesis import given
from hypothesis import strategies as st

from yizhan.foundation.text import fold


@pytest.mark.parametrize("text", ["加V信", "加 微.信", "加薇❤信", "加ＷＸ", "加　威信", "加V X", "➕v"])
def test_disguises_of_wechat(text: str) -> None:
    assert "微信" in fold(text).text


def test_what_was_found_is_shown_in_place() -> None:
    text = "请 加 V 信 详聊"
    folded = fold(text)
    start = folded.text.index("微信")
    assert text[slice(*folded.origin(start, start + 2))] == "V 信"


def test_plain_words_stay() -> None:
    assert fold("型号WX-5 的 ABC").text == "型号微信5的abc"
    assert fold("xwx5").text == "xwx5"
    assert fold("轉賬給我").text == "转账给我"


@given(st.text())
def test_every_character_knows_where_it_came_from(text: str) -> None:
    folded = fold(text)
    assert len(folded.text) == len(folded.places) == len(folded.ends)
    assert list(folded.places) == sorted(folded.places)
    for index in range(len(folded.text)):
        start, end = folded.origin(index, index + 1)
        assert 0 <= start < end <= len(text)
