"""What must not stand on a page: names of words, and words that only the other language has."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from scripts.screens.places import SOURCES


def _leaves(tree: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from _leaves(value, f"{path}.{key}" if path else str(key))
    else:
        yield path, str(tree)


def _book(language: str) -> dict[str, str]:
    return {
        path: words
        for file in sorted((SOURCES / "locales" / language).glob("*.json"))
        for path, words in _leaves(json.loads(file.read_text(encoding="utf-8")))
    }


class Words:
    def __init__(self) -> None:
        books = {language: _book(language) for language in ("zh-CN", "en")}
        self._names = set(books["en"])
        self.data = {"驿站", "Shanque Living"}  # what the house itself calls things: not translated
        self._foreign = {
            "en": set(books["zh-CN"].values()) - set(books["en"].values()),
            "zh-CN": {words for words in set(books["en"].values()) - set(books["zh-CN"].values()) if " " in words},
        }

    def wrong(self, language: str, shown: list[str]) -> list[str]:
        found = [f"name of a word: {each}" for each in shown if each in self._names and "." in each]
        return found + [f"other language: {each}" for each in shown if each in self._foreign[language] - self.data]
