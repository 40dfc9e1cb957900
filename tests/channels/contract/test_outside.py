"""`yizhan channel new`: a package from outside is found by its entry point and keeps the contract from the start."""

from __future__ import annotations

import importlib.util
import sys
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from yizhan.app.cli import main
from yizhan.app.contract import Case, Floor, broken, open_trial
from yizhan.channels import adapter, adapter_names

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Made, and known to Python as an installed one is; nothing is installed."""
    place = tmp_path / "yizhan-night-owl"
    done = CliRunner().invoke(main, ["channel", "new", "night_owl", "--folder", str(place)])
    assert done.exit_code == 0, done.output
    project = tomllib.loads((place / "pyproject.toml").read_text("utf-8"))["project"]
    info = place / "src" / "yizhan_night_owl-0.1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n")
    points = [f"[{group}]\n" + "".join(f"{k} = {v}\n" for k, v in named.items())
              for group, named in project["entry-points"].items()]  # fmt: skip
    (info / "entry_points.txt").write_text("\n".join(points))
    monkeypatch.syspath_prepend(str(place / "src"))
    adapter.cache_clear()
    return place


def case_of(place: Path) -> Case:
    spec = importlib.util.spec_from_file_location("night_owl_standin", place / "tests" / "standin.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    found: Case = module.CASE
    return found


async def test_it_is_found_and_keeps_the_contract(package: Path, floor: Floor) -> None:
    try:
        assert "night_owl" in adapter_names()
        async with open_trial(floor, case_of(package)) as trial:
            assert await broken(trial) == []
    finally:
        adapter.cache_clear()
        for name in [each for each in sys.modules if each.startswith(("yizhan_night_owl", "night_owl"))]:
            del sys.modules[name]


@pytest.mark.parametrize(("name", "words"), [
    ("Wrong", "small letters"), ("generic", "already"), ("../x", "small letters"),
])  # fmt: skip
async def test_what_is_refused(name: str, words: str, tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["channel", "new", name, "--folder", str(tmp_path / "x")])
    assert done.exit_code == 1
    assert words in done.output
