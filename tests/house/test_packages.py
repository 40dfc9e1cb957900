"""Packages say what they promise, hide what is inside, and are named for the reader."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.house.sources import PACKAGE, folder, nodes, python_files, report, shown, tree

EMPTY_NAMES = re.compile(r"(^|_)(manager|helpers?|utils?|misc|common|impl|info|process)$")
EMPTY_CLASS_NAMES = re.compile(r"(Manager|Helper|Utils?|Base|Impl)$")


def test_every_package_has_a_docstring() -> None:
    folders = {path.parent for path in python_files()}
    faults = [
        shown(place)
        for place in sorted(folders)
        if not (init := place / "__init__.py").is_file() or not ast.get_docstring(tree(init))
    ]
    assert not faults, report(faults)


def test_names_say_something() -> None:
    faults = [shown(path) for path in python_files() if EMPTY_NAMES.search(path.stem) and path.stem != "process"]
    faults += [
        f"{shown(path, node.lineno)}: class {node.name}"
        for path in python_files()
        for node in nodes(path)
        if isinstance(node, ast.ClassDef) and EMPTY_CLASS_NAMES.search(node.name)
    ]
    assert not faults, report(faults)


def reaches_inside(path: Path, module: str) -> bool:
    """Whether an import names a module inside another capability, such as `yizhan.desk.sla.store`."""
    parts = module.split(".")
    if parts[0] != "yizhan" or len(parts) < 4:
        return False
    if path.name.startswith("cli"):
        return False  # a command that a mail server runs for every mail imports no more than it needs
    if parts[1] == "web" and parts[3] == "shapes" and folder(path).startswith("web/"):
        return False  # a wire struct is the same wherever the API shows it
    return folder(path) != "/".join(parts[1:3])


def test_a_capability_is_imported_by_its_package() -> None:
    faults = [
        f"{shown(path, node.lineno)}: from {node.module}"
        for path in python_files()
        for node in nodes(path)
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0 and reaches_inside(path, node.module)
    ]
    assert not faults, report(faults)


def test_the_scan_of_imports() -> None:
    assert reaches_inside(PACKAGE / "web" / "inbox" / "routes.py", "yizhan.desk.sla.store")
    assert not reaches_inside(PACKAGE / "web" / "inbox" / "routes.py", "yizhan.web.tickets.shapes")
    assert not reaches_inside(PACKAGE / "desk" / "sla" / "jobs.py", "yizhan.desk.sla.store")
    assert not reaches_inside(PACKAGE / "web" / "inbox" / "routes.py", "yizhan.desk.sla")


def test_whoever_silences_the_type_checker_says_why() -> None:
    silent = re.compile(r"# type: ignore(\[[\w, -]+\])?(?!\[)(?!\s+# \w)")
    faults = [
        shown(path, number)
        for path in python_files()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if silent.search(line)
    ]
    assert not faults, report(faults)
    assert silent.search("x = y  # type: ignore[arg-type]")
    assert not silent.search("x = y  # type: ignore[arg-type]  # only slept on")
