"""No file was kept with both sides of a merge in it: a broken word list shows every page without its words."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_MARK = re.compile(rb"^(<{7} |>{7} )", re.MULTILINE)


def test_no_file_holds_the_marks_of_a_conflict() -> None:
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.split(b"\0")
    files = [ROOT / name.decode() for name in names if name]
    assert len(files) > 1000
    assert [str(file) for file in files if file.is_file() and _MARK.search(file.read_bytes())] == []
