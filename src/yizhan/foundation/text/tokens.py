"""Words for full-text search: Chinese cut by rjieba, everything else by its letters and digits.

The index takes every word and sub-word (`cut_for_search`), a query only the words it means (`cut`), so that
looking for 退款进度 asks for 退款 and 进度 together. Guessing of unknown words (HMM) is off on both sides: a guess
depends on the neighbours, so text and query guess differently (recall on short service messages 96.7 % without,
94.5 % with it); unknown words are found by their characters, and known to us by `add_words`.
Traditional characters are indexed as simplified ones. rjieba costs 32 MB and is loaded with the first Chinese word.
"""

import functools
import re
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from yizhan.foundation.text.fold import simplify

if TYPE_CHECKING:
    from rjieba import Jieba

MAX_TOKENS = 1_000
MAX_POSITION = 16_383  # PostgreSQL stores no higher position
MAX_POSITIONS_PER_WORD = 16
MAX_WORD = 80  # a longer run is a key or a link; it still matches by its beginning

_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(rf"(?P<han>[{_HAN}]+)|(?P<other>(?:(?![{_HAN}])[^\W_])+)")
# Particles say nothing about the matter and are cut differently in query and text (我的 is one word, 的 another).
_PARTICLES = frozenset("的了吗呢吧啊呀嘛哦哈嗯么之与及而得地着")


@functools.cache
def _jieba() -> "Jieba":
    """The one that the import made: its dictionary costs 26 MB, a second one as much again."""
    import rjieba

    made: Jieba = rjieba.cut.__self__  # type: ignore[attr-defined]  # a method that is typed as a function
    return made


def add_words(own_words: Iterable[str]) -> None:
    """The organisation's own words (products, nicknames) stay whole from now on, in this process."""
    for word in own_words:
        for run in _RUN.finditer(_normal(word)):
            if run["han"] and len(run["han"]) > 1:
                _jieba().add_word(run["han"], None, None)


def words(text: str) -> list[str]:
    """The words to index, each once, in order of appearance."""
    return list(dict.fromkeys(_index_words(text)))


def query_words(query: str) -> list[str]:
    """The words a search must find, each once, in order."""
    return list(dict.fromkeys(_cut(query, lambda han: _jieba().cut(han, False))))


def tsvector_literal(text: str) -> str:
    """The input form of a `tsvector`: `'空气':1 '炸锅':2`, at most 1,000 different words."""
    places: dict[str, list[int]] = {}
    for position, word in enumerate(_index_words(text), start=1):
        known = places.get(word)
        if known is None:
            if len(places) == MAX_TOKENS:
                continue
            places[word] = [min(position, MAX_POSITION)]
        elif len(known) < MAX_POSITIONS_PER_WORD and known[-1] < position <= MAX_POSITION:
            known.append(position)
    return " ".join(f"{_quoted(word)}:{','.join(map(str, at))}" for word, at in places.items())


def tsquery_literal(query: str) -> str:
    """The input form of a `tsquery`: all words, the last a prefix if it is Latin; empty when nothing is asked."""
    asked = query_words(query)[:MAX_TOKENS]
    if not asked:
        return ""
    last = asked[-1]
    prefix = ":*" if last.isascii() else ""
    return " & ".join([*map(_quoted, asked[:-1]), _quoted(last) + prefix])


def _index_words(text: str) -> Iterator[str]:
    return _cut(text, lambda han: _jieba().cut_for_search(han, False))


def _cut(text: str, cut_han: Callable[[str], list[str]]) -> Iterator[str]:
    for run in _RUN.finditer(_normal(text)):
        if run["other"]:
            yield run["other"][:MAX_WORD]
            continue
        for word in cut_han(run["han"]):
            if word not in _PARTICLES:
                yield word[:MAX_WORD]


def _normal(text: str) -> str:
    return simplify(text)


def _quoted(word: str) -> str:
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"
