"""How a Chinese name is typed by somebody who hears it: syllables, run together from any of them on, and initials."""

from __future__ import annotations

from yizhan.foundation.text.fold import simplify
from yizhan.foundation.text.pinyin import syllable

_LONGEST = 8
# Read otherwise as a surname than as a word.
_SURNAMES = {
    "单": "shan", "曾": "zeng", "仇": "qiu", "解": "xie", "任": "ren", "朴": "piao", "区": "ou", "查": "zha",
    "盖": "ge", "尉": "yu", "缪": "miao", "召": "shao", "洗": "xian", "种": "chong", "秘": "bi", "翟": "zhai",
    "覃": "qin", "乐": "yue",
}  # fmt: skip


def name_sounds(name: str) -> list[str]:
    """Each once; none where there is nothing Chinese. Of a long name its first eight characters count."""
    characters = [each for each in simplify(name) if "\u4e00" <= each <= "\u9fff"][:_LONGEST]
    if not characters:
        return []
    usual = [syllable(each) for each in characters]
    found = dict.fromkeys(_runs(usual))
    if (other := _SURNAMES.get(characters[0])) is not None and other != usual[0]:
        found |= dict.fromkeys(_runs([other, *usual[1:]]))
    return list(found)


def _runs(syllables: list[str]) -> list[str]:
    joined = ["".join(syllables[start:]) for start in range(len(syllables))]
    return [*joined, *syllables, "".join(each[0] for each in syllables)]
