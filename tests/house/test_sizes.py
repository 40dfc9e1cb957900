"""Small files and small functions: a reader holds one in the head at a time."""

from __future__ import annotations

import ast

from tests.house.sources import ROOT, nodes, python_files, report, shown

FILE_LINES = 400
FUNCTION_LINES = 60


def test_files_are_short() -> None:
    pages = [
        path
        for project in ("workbench", "widget", "sdk")
        for path in (ROOT / "frontend" / project / "src").rglob("*")
        if path.suffix in {".ts", ".tsx", ".vue", ".css"} and path.name != "schema.ts"  # that one is generated
    ]
    faults = [
        f"{shown(path)}: {lines} lines"
        for path in (*python_files(), *pages)
        if (lines := len(path.read_text("utf-8").splitlines())) > FILE_LINES
    ]
    assert not faults, report(faults)


def test_functions_are_short() -> None:
    faults = [
        f"{shown(path, node.lineno)}: {node.name} has {lines} lines"
        for path in python_files()
        for node in nodes(path)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := (node.end_lineno or node.lineno) - node.lineno + 1) > FUNCTION_LINES
    ]
    assert not faults, report(faults)
