"""A text as somebody may mean it who puts something between the characters, or digits for letters. Pure.

Each is a second reading of the same text, made only where the text gives a reason for it: what the words say as they
stand is found without. 加1微2信, 傻x逼; sh1t, we1xin; l23l5, 12三15.

Measured on 43,063 public sentences (CrossWOZ, BANKING77, CLINC150 and customers of the demo, 1.7 million characters):
one is found more than without, and it is an advertisement. What must not be found is listed beside the tests.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

_HAN = "一-鿿"
_HINT = re.compile(r"[0-9０-９①-⑳A-Za-zＡ-Ｚａ-ｚ$@]")
"""Without one of these a text is read in no other way."""
_FILLER = re.compile(
    rf"(?<=[{_HAN}])[ 　]{{0,3}}(?:[0-9０-９①-⑳]{{1,2}}|[A-Za-zＡ-Ｚａ-ｚ]{{1,2}})[ 　]{{0,3}}(?=[{_HAN}])"
)
_COUNTED = frozenset(
    "个对件次天年月日号元块点分秒只位条张台套盒箱包袋瓶单人家岁度层米级倍折名期种项楼房间片颗根支把双斤克升档格"
)
"""A number before one of these counts something: 拒绝2对 is not 绝对."""
_LEET = str.maketrans("0134578@$!", "oieastbasi")
_LETTERS = re.compile(
    r"(?<![A-Za-z0-9])(?=[0134578@$]{0,20}[A-Za-z])(?:[A-Za-z0134578@$]|!(?=[A-Za-z])){3,40}(?![A-Za-z0-9])"
)
_DIGITS = str.maketrans("IilLoO|零〇一幺二三四五六七八九壹贰叁肆伍陆柒捌玖", "1111001" + "00112345678" + "9123456789")
_NUMBERS = re.compile(r"(?<![A-Za-z0-9])[0-9IilLoO|零〇一幺二三四五六七八九壹贰叁肆伍陆柒捌玖]{5,40}(?![A-Za-z0-9])")
_LEAST_DIGITS = 2
_ASCII_DIGIT = re.compile(r"[0-9]")
"""Every run is bounded: a text of one character twenty thousand times costs no more than another."""


class Reading(msgspec.Struct, frozen=True):
    """`places[i]` is where its character `i` stands in the text as written; `touched` are those that were changed, or
    before which something was left out where it `bridges`; of these, before what is `counted` stood a number."""

    text: str
    places: tuple[int, ...]
    touched: frozenset[int]
    bridges: bool = False
    counted: frozenset[int] = frozenset()

    def origin(self, start: int, end: int) -> tuple[int, int]:
        return self.places[start], self.places[end - 1] + 1

    def rests_on(self, start: int, end: int) -> bool:
        """Whether a word found there needs this reading; a number that counts something makes none."""
        changed = self.touched.intersection(range(start + self.bridges, end))
        return bool(changed - self.counted if end - start == 2 else changed)


def readings(text: str) -> Iterator[Reading]:
    """Besides the text itself."""
    if _HINT.search(text) is None:
        return
    if (bridged := _without_fillers(text)) is not None:
        yield bridged
    for pattern, letters in ((_LETTERS, _LEET), (_NUMBERS, _DIGITS)):
        if (translated := _translated(text, pattern, letters)) is not None:
            yield translated


def _without_fillers(text: str) -> Reading | None:
    kept: list[int] = []
    touched: set[int] = set()
    counted: set[int] = set()
    at = 0
    for filler in _FILLER.finditer(text):
        kept += range(at, filler.start())
        touched.add(len(kept))
        if text[filler.end()] in _COUNTED and not filler[0].strip().isalpha():
            counted.add(len(kept))
        at = filler.end()
    if not touched:
        return None
    kept += range(at, len(text))
    return Reading("".join(text[place] for place in kept), tuple(kept), frozenset(touched), True, frozenset(counted))


def _translated(text: str, pattern: re.Pattern[str], letters: dict[int, int]) -> Reading | None:
    """Place for place, within words that mix what does not belong together."""
    said = pattern.sub(lambda word: word[0].translate(letters) if _is_mixed(word[0], letters) else word[0], text)
    touched = frozenset(at for at, (before, after) in enumerate(zip(text, said, strict=True)) if before != after)
    return Reading(said, tuple(range(len(text))), touched) if touched else None


def _is_mixed(word: str, letters: dict[int, int]) -> bool:
    """Digits among the letters of a number are no number: two at least are written as such."""
    return letters is _LEET or len(_ASCII_DIGIT.findall(word)) >= _LEAST_DIGITS
