"""SQL stands in `queries.sql` and in migrations, nowhere else, so that a reader finds all of it by name."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.sources import PACKAGE, folder, nodes, python_files, queries, report, shown

# These write SQL themselves: the pool and migrator, and the compiler of conditions (from a column whitelist).
WRITE_SQL = {"foundation/db", "foundation/conditions"}
LOOKS_LIKE_SQL = re.compile(
    r"^\s*(SELECT\s+.+\sFROM\s|SELECT\s+[\w.]+\(|INSERT\s+INTO\s|UPDATE\s+[\w.\"]+\s+SET\s|DELETE\s+FROM\s|WITH\s+\w+\s+AS\s*\("
    r"|(CREATE|ALTER|DROP)\s+(TABLE|INDEX|VIEW|FUNCTION|ROLE|SCHEMA)\s|TRUNCATE\s+\w|LISTEN\s|NOTIFY\s|LOCK\s+TABLE\s)",
    re.IGNORECASE | re.DOTALL,
)
CLOCKS = re.compile(
    r"\b(now\s*\(|current_timestamp|current_date|current_time|localtimestamp|"
    r"(clock|statement|transaction)_timestamp\s*\()",
    re.IGNORECASE,
)
# Leases, retries and heartbeats live by the machine's time; the domain's time is always a parameter.
MACHINE_TIME = {"foundation/lease", "foundation/jobs", "foundation/db", "foundation/timer"}


def looks_like_sql(text: str) -> bool:
    """A statement puts no article before a table's name: "Select an agent from the list" is prose."""
    return bool(LOOKS_LIKE_SQL.match(text)) and not re.search(r"(?i)\b(from|update) (the|a|an)\b", text)


def strings(path: Path) -> Iterator[tuple[int, str]]:
    docstrings = {
        id(node.body[0].value)
        for node in nodes(path)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body and isinstance(node.body[0], ast.Expr)
    }  # fmt: skip
    for node in nodes(path):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.lineno, node.value


def test_no_sql_in_python() -> None:
    faults = [
        f"{shown(path, line)}: {text.strip()[:60]!r}"
        for path in python_files()
        if folder(path) not in WRITE_SQL
        for line, text in strings(path)
        if looks_like_sql(text)
    ]
    assert not faults, report(faults)


@pytest.mark.parametrize(
    ("text", "is_sql"),
    [
        ("SELECT id FROM ticket", True),
        ("\n  insert into ticket (id) values ($1)", True),
        ("SELECT pg_notify($1, $2)", True),
        ("UPDATE ticket SET version = 1", True),
        ("Select a queue from the list", False),
        ("Update the settings", False),
    ],
)
def test_the_scan_tells_sql_from_prose(text: str, *, is_sql: bool) -> None:
    assert looks_like_sql(text) is is_sql


def test_domain_time_is_a_parameter_of_every_query() -> None:
    faults = [
        f"{shown(path)} {name}: {found[0]}"
        for path, name, sql in queries()
        if folder(path) not in MACHINE_TIME and (found := CLOCKS.search(sql))
    ]
    assert not faults, report(faults)


def test_every_query_file_lies_beside_a_store() -> None:
    lonely = [shown(path) for path in PACKAGE.rglob("queries.sql") if not any(path.parent.glob("*.py"))]
    assert not lonely, report(lonely)
