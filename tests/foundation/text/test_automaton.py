"""Every word at every place, as one would find it by looking for each alone."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from yizhan.foundation.text import Automaton, sound

WORDS = st.lists(st.text("abc微", min_size=1, max_size=4), max_size=8)


@settings(max_examples=200)
@given(WORDS, st.text("abc微", max_size=40))
def test_it_finds_what_looking_for_each_finds(words: list[str], text: str) -> None:
    naive = {(at, at + len(word)) for word in words for at in range(len(text)) if text.startswith(word, at)}
    found = list(Automaton(words).find(text))
    assert set(found) == naive
    assert len(found) == len(naive)


def test_what_sounds_alike_is_spelled_alike() -> None:
    assert sound("加微信").letters == sound("佳威新").letters == sound("jia微xin").letters == "jiaweixin"
    heard = sound("我加wei信")
    assert (heard.starts[2], heard.ends[len(heard.letters)]) == (1, 6)
    assert 3 not in heard.starts
