"""Whatever the journal can say has words in both languages: nobody reads the name of a kind in the audit."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.house.sources import ROOT, nodes, python_files
from yizhan.desk.outlets import words as outlets
from yizhan.records.agents import Permission

LOCALES = ROOT / "frontend" / "workbench" / "src" / "locales"
KIND = re.compile(r"[a-z]+(_[a-z]+)*\.(?!json$|toml$|html$|csv$)[a-z]+(_[a-z]+)*")
# Written alike, and no events: timers and jobs, types of tickets, fields of a filter.
OTHERS = {
    "complaint.delivery", "complaint.quality", "complaint.service", "nps.close", "nps.low", "nps.start", "nps.step",
    "reception.silence", "sla.due", "ticket.follow_up", "demo.asked", "demo.told",
    "handover.absent", "handover.sweep",
}  # fmt: skip


def words(language: str, file: str, part: str) -> set[str]:
    return set(json.loads((LOCALES / language / file).read_text("utf-8"))[part])


def literals(path: Path) -> Iterator[str]:
    """Texts of a module, but for what only a log is told."""
    logged = {
        id(each.args[0])
        for each in nodes(path)
        if isinstance(each, ast.Call) and each.args and isinstance(each.func, ast.Attribute)
        and isinstance(each.func.value, ast.Name) and each.func.value.id == "log"
    }  # fmt: skip
    for each in nodes(path):
        if isinstance(each, ast.Constant) and isinstance(each.value, str) and id(each) not in logged:
            yield each.value


@cache
def spoken() -> frozenset[str]:
    return frozenset(text for path in python_files() for text in literals(path) if KIND.fullmatch(text))


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_event_has_a_word(language: str) -> None:
    known = words(language, "audit.json", "event")
    nouns = {each.partition("_")[0] for each in known}
    elsewhere = OTHERS | {each.value for each in Permission} | set(outlets.WHY)
    said = spoken()
    assert len(said) > 150, "the sources are not where they were"
    missing = {kind for kind in said - elsewhere if kind.partition(".")[0] in nouns}
    assert sorted(kind for kind in missing if kind.replace(".", "_") not in known) == []


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_reader_and_every_lease_has_a_word(language: str) -> None:
    readers, leases = set[str](), set[str]()
    for path in python_files():
        for each in nodes(path):
            if isinstance(each, ast.Call) and isinstance(each.func, ast.Name):
                text = [a.value for a in each.args if isinstance(a, ast.Constant) and isinstance(a.value, str)][:1]
                readers |= set(text) if each.func.id == "Reader" else set()
                leases |= set(text) if each.func.id == "Lease" else set()
    assert {"search", "triage"} < readers
    assert {"journal", "router"} < leases
    assert sorted(readers - words(language, "admin.json", "reader")) == []
    assert sorted(leases - words(language, "admin.json", "lease")) == []
