"""With YIZHAN_TEST_STRICT=1 a skipped test counts as failed: a whole run that leaves something out is not a pass.

Also: expected failures. A test that may fail silently proves nothing.
"""

from __future__ import annotations

import os
from collections.abc import Generator

import pytest

STRICT = os.environ.get("YIZHAN_TEST_STRICT") == "1"


def deny_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    if STRICT and report.skipped:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else getattr(report, "wasxfail", "skipped")
        report.outcome = "failed"
        report.longrepr = f"YIZHAN_TEST_STRICT forbids this: {reason}"
        report.__dict__.pop("wasxfail", None)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    deny_skip(report)
    return report


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    deny_skip(report)
    return report
