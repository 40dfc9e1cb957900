"""Every sentence of ours has a code, and the workbench says each code in both languages with the same gaps."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from yizhan.records.tickets import LINES, PARTS, line

LOCALES = Path(__file__).parents[3] / "frontend" / "workbench" / "src" / "locales"
GAP = re.compile(r"\{\s*(\w+)\s*\}")


def book(language: str) -> dict[str, dict[str, str]]:
    told: dict[str, dict[str, str]] = json.loads((LOCALES / language / "said.json").read_text("utf-8"))
    return told


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_workbench_says_every_line(language: str) -> None:
    said = book(language)
    for code, words in LINES.items():
        assert sorted(GAP.findall(words)) == sorted(GAP.findall(said["said"][code])), code
    for name, parts in PARTS.items():
        assert parts.keys() <= said["said_part"][name].keys()  # type: ignore[attr-defined]


def test_the_stored_words_are_what_a_chinese_reader_sees() -> None:
    said = book("zh-CN")["said"]
    assert {code: said[code] for code in LINES} == dict(LINES)


def test_english_says_nothing_in_chinese() -> None:
    assert not re.search(r"[\u4e00-\u9fff]", json.dumps(book("en"), ensure_ascii=False))


def test_a_line_is_its_words_and_keeps_what_made_it() -> None:
    late = line("sla_moved", target="first_response", stage="late", minutes=15, team="投诉专席")
    assert late == "首次响应已超时 15 分钟,自动转派 投诉专席"
    assert (late.code, late.parts["minutes"]) == ("sla_moved", "15")
    assert line("joined", number=7) == "并入 #7"
