"""ARCHITECTURE.md and the guides name only what exists: a document no test touches rots."""

from __future__ import annotations

import re

import pytest

from tests.house.sources import FLOORS, PACKAGE, ROOT, report

PAGES = ("ARCHITECTURE.md", "CONTRIBUTING.md", "README.md", "README.zh-CN.md")
TOP = {"src", "frontend", "tests", "scripts", "bench", "docs", ".ci"}
NOT_OURS = {"yizhan.toml", "keys.toml", "package.json"}  # the operator's files; any project's file


def named_paths(text: str) -> list[str]:
    """Code spans that are a path: they start at the root of the project or at a floor."""
    prose = re.sub(r"(?s)```.*?```", "", text)
    spans = re.findall(r"`([^`\n]+)`", prose) + re.findall(r"\]\((?!https?:)([^)#]+)\)", prose)
    return [span.split(":")[0].split(" ")[0] for span in spans if is_place(span)]


def is_place(span: str) -> bool:
    first, _, rest = span.partition("/")
    return bool(rest and first in TOP | set(FLOORS)) or bool(re.fullmatch(r"[\w.-]+\.(md|toml|lock)", span))


@pytest.mark.parametrize("page", PAGES)
def test_every_path_named_exists(page: str) -> None:
    names = set(named_paths((ROOT / page).read_text("utf-8"))) - NOT_OURS
    gone = sorted(name for name in names if not (ROOT / name).exists() and not (PACKAGE / name).exists())
    assert not gone, report(gone)


def test_the_page_shows_every_floor() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    assert not [floor for floor in FLOORS if f"src/yizhan/{floor}" not in text]


def test_every_command_named_exists() -> None:
    targets = set(re.findall(r"(?m)^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8")))
    text = "\n".join((ROOT / page).read_text("utf-8") for page in PAGES)
    named = set(re.findall(r"(?:`|^|\s\| `)make ([a-z-]+)", text, re.MULTILINE))
    assert named <= targets, sorted(named - targets)
