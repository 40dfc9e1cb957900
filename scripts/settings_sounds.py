"""How the characters of the settings' words are spelled, for searching them by pinyin; written into the front end.

python scripts/settings_sounds.py
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from pathlib import Path

from yizhan.app.rules import KINDS
from yizhan.foundation.text.pinyin import syllable

SOURCE = Path(__file__).resolve().parent.parent / "frontend" / "workbench" / "src"
SOUNDS = SOURCE / "settings" / "search" / "sounds.json"
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_WORDS = ("admin", "app", "house")


def characters() -> set[str]:
    """Whatever the settings say in Chinese."""
    said = "".join((SOURCE / "locales" / "zh-CN" / f"{name}.json").read_text("utf-8") for name in _WORDS)
    return set(_CHINESE.findall(said + "".join(kind.title[0] for kind in KINDS)))


def sounds() -> dict[str, str]:
    """Of each syllable its characters."""
    found: dict[str, list[str]] = defaultdict(list)
    for character in sorted(characters()):
        found[syllable(character)].append(character)
    return {sound: "".join(all_) for sound, all_ in sorted(found.items())}


if __name__ == "__main__":
    SOUNDS.write_text(json.dumps(sounds(), ensure_ascii=False, indent=0) + "\n", "utf-8")
