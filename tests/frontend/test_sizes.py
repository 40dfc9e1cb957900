"""What a visitor and an agent download first stays small; measured on the built files as a server sends them."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from scripts import frontend

KILOBYTE = 1024
pytestmark = pytest.mark.browser  # needs the built assets, which `make test` makes


def compressed(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 9))


@pytest.mark.parametrize("name", ["widget.js", "window.js"])
def test_each_script_of_the_widget_is_at_most_15_kilobytes(name: str) -> None:
    assert compressed(frontend.WEB / "widget" / name) <= 15 * KILOBYTE


def test_the_widget_is_two_classic_scripts() -> None:
    built = {path for path in (frontend.WEB / "widget").rglob("*") if path.suffix in {".js", ".css"}}
    assert {path.name for path in built} == {"widget.js", "window.js"}
    for path in built:
        assert not re.search(r"(?m)^\s*(import|export)\s", path.read_text("utf-8"))


def test_the_first_page_of_the_workbench_is_at_most_250_kilobytes() -> None:
    home = frontend.WEB / "workbench"
    page = (home / "index.html").read_text("utf-8")
    first = [home / name for name in re.findall(r'(?:src|href)="/app/([^"]+\.(?:js|css))"', page)]
    assert first
    assert sum(map(compressed, first)) <= 250 * KILOBYTE
