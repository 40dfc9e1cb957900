"""What a visitor and an agent download first stays small; measured on the built files as a server sends them."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

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


def test_the_first_page_of_the_workbench_is_at_most_250_kilobytes() -> None:
    home = frontend.WEB / "workbench"
    page = (home / "index.html").read_text("utf-8")
    first = [home / name for name in re.findall(r'(?:src|href)="/app/([^"]+\.(?:js|css))"', page)]
    assert first
    assert sum(map(compressed, first)) <= 250 * KILOBYTE
