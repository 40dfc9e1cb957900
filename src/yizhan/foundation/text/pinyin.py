"""How Chinese characters sound, without tones: 加, 佳 and jia are one, so that what is spelled or misspelled is found.

`pinyin.txt` has the 6,763 characters of GB 2312 by their commonest reading; others sound like nothing.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import msgspec


class Sounded(msgspec.Struct, frozen=True):
    """`letters` are the syllables run together. `starts` and `ends` are the places where a character or a run of Latin
    letters begins and ends: of each its place in the text."""

    letters: str
    starts: dict[int, int]
    ends: dict[int, int]


@cache
def _sounds() -> dict[str, str]:
    lines = files("yizhan.foundation.text").joinpath("pinyin.txt").read_text("utf-8").splitlines()
    return {character: sound for sound, _, all_ in (line.partition(" ") for line in lines) for character in all_}


def sound(text: str) -> Sounded:
    """Folded text as it is pronounced. What is written in Latin letters sounds as it is written."""
    sounds = _sounds()
    parts: list[str] = []
    starts: dict[int, int] = {}
    ends: dict[int, int] = {}
    at = 0
    for place, character in enumerate(text):
        syllable = sounds.get(character, character)
        if not (_latin(character) and place and _latin(text[place - 1])):
            starts[at] = place
        parts.append(syllable)
        at += len(syllable)
        if not (_latin(character) and place + 1 < len(text) and _latin(text[place + 1])):
            ends[at] = place + 1
    return Sounded("".join(parts), starts, ends)


def _latin(character: str) -> bool:
    return "a" <= character <= "z"


def syllable(character: str) -> str:
    """Of one character; itself where it has none."""
    return _sounds().get(character, character)
