"""What a visitor and an agent download first stays small; measured on the built files as a server sends them."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest

from scripts import frontend

KILOBYTE = 1024
pytestmark = pytest.mark.browser  # needs the built assets, which `make test` makes


def compressed(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 9))


def test_the_widget_is_one_classic_script_of_at_most_15_kilobytes() -> None:
    built = {path.name: path for path in (frontend.WEB / "widget").rglob("*") if path.is_file()}
    assert set(built) == {"widget.js", "look.zh.json", "look.en.json"}
    assert compressed(built["widget.js"]) <= 15_000
    script = built["widget.js"].read_text("utf-8")
    assert not re.search(r"(?m)^\s*(import|export)\s", script)
    assert "import(" not in script, "a second script in disguise"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_the_widget_says_and_wears_is_data_of_at_most_7_kilobytes(language: str) -> None:
    look = frontend.WEB / "widget" / f"look.{language}.json"
    assert compressed(look) <= 7_000
    assert set(json.loads(look.read_text("utf-8"))) == {"version", "words", "icons", "emoji", "styles"}


def _with_what_it_needs(name: str, built: dict[str, dict[str, Any]], found: set[str]) -> set[str]:
    """The files of a chunk and of all it imports at once."""
    chunk = built[name]
    if chunk["file"] not in found:
        found |= {chunk["file"], *chunk.get("css", [])}
        for each in chunk.get("imports", []):
            _with_what_it_needs(each, built, found)
    return found


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_what_an_agent_loads_before_the_inbox_stands_is_at_most_250_kilobytes(language: str) -> None:
    """The entry, which holds the inbox, and the books it speaks from in one language, with its sentences of refusal."""
    home = frontend.WEB / "workbench"
    built = json.loads((home / ".vite" / "manifest.json").read_text("utf-8"))
    spoken = [f"src/locales/{language}/first.ts"]
    first: set[str] = set()
    for name in ("index.html", *spoken, *["src/refusals.zh-CN.json"] * (language == "zh-CN")):
        _with_what_it_needs(name, built, first)
    assert any(name.endswith(".css") for name in first)
    assert sum(compressed(home / name) for name in first) <= 250 * KILOBYTE
