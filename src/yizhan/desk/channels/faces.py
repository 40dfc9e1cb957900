"""Faces 表情: what a platform writes in codes of its own and everybody else as Unicode, both ways. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

# A joiner or a skin tone belongs to what stands beside it: a sequence is one picture, and none of the platform's.
_BEFORE, _BEHIND = "(?<!\u200d)", "(?![\u200d\ufe0f\U0001f3fb-\U0001f3ff])"


class Faces:
    """`table` is the platform's codes and their Unicode. Of two codes for one face the first is written."""

    def __init__(self, table: Mapping[str, str]) -> None:
        self.table = dict(table)
        self._codes: dict[str, str] = {}
        for code, face in table.items():
            self._codes.setdefault(face, code)
            self._codes.setdefault(face.rstrip("\ufe0f"), code)
        self._read = _any_of(table)
        self._write = re.compile(f"{_BEFORE}(?:{_any_of(self._codes).pattern}){_BEHIND}")

    def to_unicode(self, text: str) -> str:
        """What the table does not have stays as it is written."""
        return self._read.sub(lambda found: self.table[found[0]], text)

    def to_codes(self, text: str, most: int = 0) -> str:
        """Faces the platform has no code for are left to it as Unicode; all of them, where codes would make a text that
        fits longer than `most`."""
        coded = self._write.sub(lambda found: self._codes[found[0]], text)
        return text if most and len(coded) > most else coded


def _any_of(words: Mapping[str, str]) -> re.Pattern[str]:
    """The longest first, for one may begin like another."""
    return re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)))


def bracketed(words: str) -> dict[str, str]:
    """A table out of `赞:👍 心:❤️`: the code of each is its word in brackets."""
    return {f"[{word}]": face for word, _, face in (each.partition(":") for each in words.split())}
