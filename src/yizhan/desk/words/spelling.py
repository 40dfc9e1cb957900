"""A word in other letters: 自sha and zi sha for 自杀, 幺二三幺五 for 12315. Pure, made once, with the lists.

Unlike what `sounds` finds, another character that sounds the same is none of these: 紫砂 is not 自杀.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import msgspec

from yizhan.foundation.text import Folded, sound

_LONGEST = 4  # characters: of a longer word there would be too many
_LEAST_LETTERS = 5  # of a word in letters alone: shorter ones are everywhere
_DIGITS = ("零一二三四五六七八九", "〇幺二三四五六七八九", "零壹贰叁肆伍陆柒捌玖")
HAN_DIGITS = "".join(_DIGITS)


class Spelling(msgspec.Struct, frozen=True):
    """`cuts` are the places within `text` where one syllable ends and the next begins."""

    text: str
    word: str
    cuts: frozenset[int]

    def runs(self, folded: Folded, start: int, end: int) -> bool:
        """Whether nothing was written inside a syllable: `me it is` is not mei ti."""
        return all(
            folded.places[at + 1] == folded.ends[at] or at + 1 - start in self.cuts for at in range(start, end - 1)
        )


def spellings(word: str) -> Iterator[Spelling]:
    """Of a folded word all but the word itself."""
    if word.isascii() and word.isdigit():
        for digits in _DIGITS:
            yield Spelling("".join(digits[int(each)] for each in word), word, frozenset(range(1, len(word))))
        return
    syllables = [sound(each).letters for each in word]
    if not 2 <= len(word) <= _LONGEST or not all(_spells(*pair) for pair in zip(word, syllables, strict=True)):
        return
    for parts in product(*zip(word, syllables, strict=True)):
        text = "".join(parts)
        if text != word and (not text.isascii() or len(text) >= _LEAST_LETTERS):
            yield Spelling(text, word, _cuts(parts))


def _spells(character: str, syllable: str) -> bool:
    return not character.isascii() and syllable.isascii() and len(syllable) > 1


def _cuts(parts: tuple[str, ...]) -> frozenset[int]:
    ends = [len("".join(parts[:many])) for many in range(1, len(parts))]
    return frozenset(ends)
