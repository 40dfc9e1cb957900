"""Nothing committed names a folder of somebody's machine or the server of a package registry."""

from __future__ import annotations

import re

from tests.house.sources import committed_files, report, shown

# Written so that this file does not find itself.
PLACES = re.compile(r"(?<![\w./-])/(?:work/(?:main|shared|plan|\.library)|root/|tmp/\w|home/\w+/|Users/\w+/)")
REGISTRIES = re.compile(
    "|".join(map(re.escape, ("registry" ".npmjs", "files" ".pythonhosted", "pypi" ".org/simple", "deb" ".debian.org",
                             "registry" ".npmmirror", "mirrors" ".aliyun", "pypi" ".tuna")))
)  # fmt: skip


def test_no_machine_and_no_registry_is_named() -> None:
    faults = []
    for path in committed_files():
        text = path.read_bytes().decode("utf-8", "ignore") if path.stat().st_size < 2_000_000 else ""
        for number, line in enumerate(text.splitlines(), 1):
            if found := PLACES.search(line) or REGISTRIES.search(line):
                faults.append(f"{shown(path, number)}: {found[0]}")
    assert not faults, report(faults[:40])


def test_the_scan_sees() -> None:
    assert PLACES.search("cd /" + "root/project")
    assert PLACES.search('"/' + 'tmp/file"')
    assert not PLACES.search("/api/work/main and https://host/root/")
