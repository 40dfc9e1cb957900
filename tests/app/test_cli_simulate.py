"""`yizhan simulate`: a table for people, JSON for programs, and bad rules told with their place."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from yizhan.app.cli import main

_SMALL = ["simulate", "--tickets", "300", "--people", "24"]


def test_a_table_compares_the_day() -> None:
    done = CliRunner().invoke(main, _SMALL)
    assert done.exit_code == 0, done.output
    assert {"p95.4", "late.4", "gini", "matched"} <= {line.split(" ")[0] for line in done.output.splitlines()}


def test_other_rules_are_tried_without_a_release(tmp_path: Path) -> None:
    rules = tmp_path / "tight.json"
    rules.write_text('{"live_cap": 1}')
    done = CliRunner().invoke(main, [*_SMALL, "--rules", str(rules), "--json"])
    told = json.loads(done.output)
    assert told["names"] == ["default rules", "tight.json"]
    assert told["before"]["served"] + told["before"]["unserved"] == 300
    rules.write_text('{"live_cap": -1}')
    wrong = CliRunner().invoke(main, [*_SMALL, "--rules", str(rules)])
    assert wrong.exit_code == 1
    assert "live_cap" in wrong.output
