"""Every figure of `make bench` can at least be begun: nobody runs them all at every change."""

from __future__ import annotations

import importlib
import pkgutil

import bench


def test_every_module_of_the_bench_can_be_loaded() -> None:
    names = [found.name for found in pkgutil.iter_modules(bench.__path__) if found.name != "__main__"]
    assert len(names) > 10
    for name in names:
        importlib.import_module(f"bench.{name}")
