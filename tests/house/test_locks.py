"""Lock files pin by hash and name no server, so that every mirror serves them and `npm ci` never finds a gap."""

from __future__ import annotations

import json
import re
import tomllib

import pytest

from tests.house.sources import ROOT, report

PYTHON_LOCKS = ("requirements.lock", "requirements-build.lock", "requirements-dev.lock", "requirements-bench.lock")


@pytest.mark.parametrize("name", PYTHON_LOCKS)
def test_python_locks_hold_hashes_and_no_addresses(name: str) -> None:
    lines = (ROOT / name).read_text("utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith((" ", "#"))]
    assert all(re.match(r"^[a-z0-9.-]+==[^ ]+( ;.*)? \\$", line) for line in pins), report(pins)
    assert not [line for line in lines if "://" in line]
    assert len(re.findall(r"--hash=sha256:", "\n".join(lines))) >= len(pins)


def test_every_dependency_is_locked() -> None:
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    locked = {line.split("==")[0] for line in (ROOT / "requirements.lock").read_text("utf-8").splitlines()}
    names = {re.split(r"[<>=\[; ]", each)[0].lower().replace("_", "-") for each in wanted}
    assert names <= locked, f"run `make lock`: {sorted(names - locked)}"


def test_the_locks_agree() -> None:
    pins: dict[str, set[str]] = {}
    for name in PYTHON_LOCKS:
        for found in re.finditer(r"(?m)^([a-z0-9.-]+)==([^ ]+)", (ROOT / name).read_text("utf-8")):
            pins.setdefault(found[1], set()).add(found[2])
    assert not {name: versions for name, versions in pins.items() if len(versions) > 1}


@pytest.mark.parametrize("folder", ["frontend", "bench/npm"])
def test_the_npm_lock_is_whole_and_names_no_server(folder: str) -> None:
    packages = json.loads((ROOT / folder / "package-lock.json").read_text("utf-8"))["packages"]
    addressed = [name for name, entry in packages.items() if "resolved" in entry and not entry.get("link")]
    assert not addressed, report(addressed)
    unhashed = [
        name for name, entry in packages.items()
        if "/node_modules/" in f"/{name}" and not entry.get("link") and "integrity" not in entry
    ]  # fmt: skip
    assert not unhashed, report(unhashed)
    present = {name.rpartition("node_modules/")[2] for name in packages}
    optional = {each for entry in packages.values() for each in entry.get("optionalDependencies", {})}
    gaps = sorted(optional - present)
    assert not gaps, report(gaps)


def test_front_end_versions_are_exact() -> None:
    loose = [
        f"{name} {version}"
        for folder in ("frontend", "bench")
        for page in (ROOT / folder).glob("**/package.json")
        if "node_modules" not in page.parts
        for group in ("dependencies", "devDependencies")
        for name, version in json.loads(page.read_text("utf-8")).get(group, {}).items()
        if not re.fullmatch(r"\d+\.\d+\.\d+", version)
    ]
    assert not loose, report(loose)
