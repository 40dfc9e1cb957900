"""How the characters of the settings' words are spelled, for searching them by pinyin, and which values the documents
have, for the tests of that search; both written into the front end.

python scripts/settings_sounds.py
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import msgspec

from yizhan.app.rules import KINDS
from yizhan.foundation.text.pinyin import syllable

SOURCE = Path(__file__).resolve().parent.parent / "frontend" / "workbench" / "src"
SOUNDS = SOURCE / "settings" / "search" / "sounds.json"
NAMES = SOURCE.parent / "tests" / "kinds.json"
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_WORDS = (*(Path("locales", "zh-CN", f"{name}.json") for name in ("admin", "app", "house")),
          Path("settings", "search", "asked.zh-CN.json"))  # fmt: skip


def characters() -> set[str]:
    """Whatever the settings say in Chinese."""
    said = "".join((SOURCE / path).read_text("utf-8") for path in _WORDS)
    return set(_CHINESE.findall(said + "".join(kind.title[0] for kind in KINDS)))


def sounds() -> dict[str, str]:
    """Of each syllable its characters."""
    found: dict[str, list[str]] = defaultdict(list)
    for character in sorted(characters()):
        found[syllable(character)].append(character)
    return {sound: "".join(all_) for sound, all_ in sorted(found.items())}


def kinds() -> list[dict[str, Any]]:
    """Every kind of document, of its schema only the names of its values."""
    found = []
    for kind in KINDS:
        schema = msgspec.json.schema(kind.shape)
        title = {"zh": kind.title[0], "en": kind.title[1]}
        found.append({"name": kind.name, "title": title, "schema": _names(schema, schema, ())})
    return found


def _names(of: dict[str, Any], root: dict[str, Any], seen: tuple[str, ...]) -> dict[str, Any]:
    if reference := of.get("$ref"):
        known = reference.rpartition("/")[2]
        return {} if known in seen else _names(root["$defs"][known], root, (*seen, known))
    kept: dict[str, Any] = {}
    if inside := of.get("properties"):
        kept["properties"] = {name: _names(each, root, seen) for name, each in inside.items()}
    for word in ("items", "additionalProperties"):
        if isinstance(of.get(word), dict) and (names := _names(of[word], root, seen)):
            kept[word] = names
    if some := [names for each in of.get("anyOf", []) if (names := _names(each, root, seen))]:
        kept["anyOf"] = some
    return kept


if __name__ == "__main__":
    NAMES.write_text(json.dumps(kinds(), ensure_ascii=False, indent=0, separators=(",", ":")) + "\n", "utf-8")
    SOUNDS.write_text(json.dumps(sounds(), ensure_ascii=False, indent=0) + "\n", "utf-8")
