"""What is wrong, in Chinese: every refusal and advice of configuration, and refusals with names or numbers in them.

A gap `{a}` holds a name or number, `{s}` holds a sentence that is looked up here too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import msgspec

_FILE = Path(__file__).with_name("sentences.zh-CN.json")
_GAP = re.compile(r"\\\{([a-z]+)\\\}")
_FIELD = re.compile(r"\{([a-z]+)\}")


def in_chinese(english: str, names: Mapping[str, str] | None = None) -> str | None:
    """The sentence in Chinese; None where it is none of these. `names` are of fields and kinds by their key."""
    for pattern, chinese in _patterns():
        found = pattern.fullmatch(english)
        if found is not None:
            said = {gap: _filled(gap, text, names or {}) for gap, text in found.groupdict().items()}
            return _with(chinese, said)
    return None


def _with(sentence: str, said: Mapping[str, str]) -> str:
    return _FIELD.sub(lambda gap: said[gap[1]], sentence)


def _filled(gap: str, text: str, names: Mapping[str, str]) -> str:
    if gap == "s":
        return (in_chinese(text, names) or text).removesuffix("，请修改")
    words = re.split(r"( or | → |, )", text)
    return "".join(_joint(word) or names.get(word) or _book().words.get(word, word) for word in words)


def _joint(word: str) -> str | None:
    return {" or ": " 或 ", " → ": " → ", ", ": "、"}.get(word)


class _Book(msgspec.Struct, frozen=True):
    sentences: dict[str, str]
    words: dict[str, str]


@cache
def _book() -> _Book:
    return msgspec.json.decode(_FILE.read_bytes(), type=_Book)


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    said = _book().sentences
    return [(re.compile(_GAP.sub(r"(?P<\1>.+?)", re.escape(english)), re.S), zh) for english, zh in said.items()]
