"""Time is passed in: only `foundation/clock` asks the machine for it, so every story can be told with a FakeClock."""

from __future__ import annotations

import ast
from collections.abc import Iterable

import pytest

from tests.house.sources import folder, nodes, python_files, report, shown

WALL_CLOCK = {
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "datetime.datetime.now",
    "datetime.datetime.utcnow", "datetime.datetime.today", "datetime.date.today",
    "time.time", "time.time_ns", "time.gmtime", "time.localtime", "time.ctime", "uuid.uuid1", "uuid1",
}  # fmt: skip


_LAST_WORDS = {name.rpartition(".")[2] for name in WALL_CLOCK}


def wall_clock_calls(parts: Iterable[ast.AST]) -> list[tuple[int, str]]:
    return [
        (node.lineno, name)
        for node in parts
        if isinstance(node, ast.Attribute | ast.Name)
        and (node.attr if isinstance(node, ast.Attribute) else node.id) in _LAST_WORDS
        and (name := ast.unparse(node)) in WALL_CLOCK
    ]


def test_nobody_looks_at_the_wall_clock() -> None:
    faults = [
        f"{shown(path, line)}: {name}"
        for path in python_files()
        if folder(path) not in {"foundation/clock", "foundation"} or path.name != "clock.py"
        for line, name in wall_clock_calls(nodes(path))
    ]
    assert not faults, report(faults)


@pytest.mark.parametrize("call", ["datetime.now(UTC)", "date.today()", "time.time()", "f(clock=datetime.now)"])
def test_the_scan_sees(call: str) -> None:
    assert wall_clock_calls(ast.walk(ast.parse(call)))


@pytest.mark.parametrize("call", ["time.monotonic()", "time.perf_counter()", "clock.now()"])
def test_the_scan_allows(call: str) -> None:
    assert not wall_clock_calls(ast.walk(ast.parse(call)))
