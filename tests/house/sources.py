"""What the house rules look at: the product's own files."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "yizhan"
FLOORS = ("app", "web", "channels", "desk", "records", "simulator", "foundation")


@cache
def python_files() -> tuple[Path, ...]:
    return tuple(sorted(path for path in PACKAGE.rglob("*.py") if "_web" not in path.parts))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """All of a file's tree, walked once for all rules."""
    return tuple(ast.walk(tree(path)))


@cache
def committed_files() -> tuple[Path, ...]:
    """Files git knows or would add: what a clone gets, and what is about to be committed."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    return tuple(path for name in listed.split("\0") if name and (path := ROOT / name).is_file())


def queries() -> Iterator[tuple[Path, str, str]]:
    """Every named block of every queries.sql: its file, its name, its text without comments."""
    for path in sorted(PACKAGE.rglob("queries.sql")):
        for block in re.split(r"(?m)^-- name:[ \t]*", path.read_text("utf-8"))[1:]:
            name, body = block.split("(", 1)
            yield path, name.strip(), without_comments(body.split("\n", 1)[1])


def without_comments(sql: str) -> str:
    return re.sub(r"(?s)/\*.*?\*/", " ", re.sub(r"--[^\n]*", "", sql))


def folder(path: Path) -> str:
    """The capability a file belongs to, such as `desk/sla`."""
    parts = path.relative_to(PACKAGE).parts
    return "/".join(parts[:2]) if len(parts) > 2 else parts[0]


def shown(path: Path, line: int | None = None) -> str:
    place = path.relative_to(ROOT).as_posix()
    return place if line is None else f"{place}:{line}"


def report(faults: list[str]) -> str:
    return "\n  ".join(["", *faults])
