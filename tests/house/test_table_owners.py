"""Each table has one owner: the only folder whose queries write it.

Intake is the one exception: its two set-based calls write the tables listed here, whose owners write them too.
SQL functions count for the folder whose queries call them, so what a function writes belongs to its callers.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from typing import Any

from pglast import parse_sql
from pglast.visitors import Visitor

from tests.house.sources import PACKAGE, folder, queries, report, without_comments

INTAKE = "desk/intake"
INTAKE_ALSO_WRITES = {
    "contact", "identity", "link", "conversation", "ticket", "message", "note", "mail_reference", "event_new",
}  # fmt: skip
READS_ONLY = {"desk/views"}  # reads across owners live here, and only reads


FUNCTION = re.compile(
    r"(?is)CREATE\s+(?:OR\s+REPLACE\s+)?(?:FUNCTION|PROCEDURE)\s+(\w+)\s*\(.*?\bAS\s+(\$\w*\$)(.*?)\2"
)
TABLE = re.compile(r"(?i)CREATE\s+(?:UNLOGGED\s+)?TABLE\s+(?:IF NOT EXISTS\s+)?(\w+)")


class Writes(Visitor):
    """Tables a statement writes and functions it calls."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: set[str] = set()
        self.functions: set[str] = set()

    def visit_InsertStmt(self, ancestors: object, node: Any) -> None:  # noqa: N802 - pglast's names
        self.tables.add(node.relation.relname)

    def visit_UpdateStmt(self, ancestors: object, node: Any) -> None:  # noqa: N802
        self.tables.add(node.relation.relname)

    def visit_DeleteStmt(self, ancestors: object, node: Any) -> None:  # noqa: N802
        self.tables.add(node.relation.relname)

    def visit_FuncCall(self, ancestors: object, node: Any) -> None:  # noqa: N802
        self.functions.add(node.funcname[-1].sval)


@cache
def functions() -> dict[str, str]:
    """The bodies of the SQL functions that migrations define; the last definition counts."""
    found: dict[str, str] = {}
    for path in sorted((PACKAGE / "migrations").rglob("*.sql")):
        found |= {match[1].lower(): match[3] for match in FUNCTION.finditer(without_comments(path.read_text("utf-8")))}
    return found


def written_by_function(name: str, seen: frozenset[str] = frozenset()) -> set[str]:
    body = functions().get(name)
    if body is None or name in seen:
        return set()
    pattern = r"(?i)\b(?:INSERT\s+INTO|(?<!FOR\s)(?<!DO\s)(?<!KEY\s)UPDATE|DELETE\s+FROM)\s+(?:ONLY\s+)?(\w+)"
    tables = {table.lower() for table in re.findall(pattern, body)} - {"set", "of"}
    for called in set(re.findall(r"\b(\w+)\s*\(", body)) & set(functions()):
        tables |= written_by_function(called, seen | {name})
    return tables


@cache
def writers() -> dict[str, dict[str, str]]:
    """Table, then writing folder, then one query as evidence."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for path, name, sql in queries():
        seen = Writes()
        seen(parse_sql(sql))
        for table in seen.tables.union(*(written_by_function(each) for each in seen.functions)):
            found[table].setdefault(folder(path), name)
    return found


def test_every_table_has_one_writer() -> None:
    faults = []
    for table, by in sorted(writers().items()):
        owners = {place: name for place, name in by.items() if place != INTAKE or table not in INTAKE_ALSO_WRITES}
        if len(owners) > 1:
            faults.append(f"{table}: " + ", ".join(f"{place} ({name})" for place, name in sorted(owners.items())))
    assert not faults, report(faults)


def test_views_only_read() -> None:
    faults = [
        f"{table}: {place} ({by[place]})" for table, by in writers().items() for place in READS_ONLY.intersection(by)
    ]
    assert not faults, report(faults)


def test_every_written_table_exists() -> None:
    text = without_comments("\n".join(path.read_text("utf-8") for path in (PACKAGE / "migrations").rglob("*.sql")))
    made = {name.lower() for name in TABLE.findall(text)}
    unknown = sorted(set(writers()) - made)
    assert not unknown, report(unknown)
