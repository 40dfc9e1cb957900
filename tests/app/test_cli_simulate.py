"""`yizhan simulate`: a table for people, JSON for programs, and bad rules told with their place."""

from __future__ import annotations

import asyncio
import json
from functools import partial
from pathlib import Path

from click.testing import CliRunner

from yizhan.app.cli import main
from yizhan.foundation.db import Database

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


def test_a_policy_of_service_levels_is_tried_too(tmp_path: Path) -> None:
    policy = tmp_path / "strict.json"
    policy.write_text('{"targets": {"any": {"first_response": {"minutes": 1, "clock": "calendar"}}}}')
    told = json.loads(CliRunner().invoke(main, [*_SMALL, "--sla", str(policy), "--json"]).output)
    assert {each["kind"] for each in told["after"]["by_priority"]} == {"first_response"}
    done = CliRunner().invoke(main, [*_SMALL, "--sla", str(policy)])
    assert "late.first_response.urgent" in done.output
    assert "times real time" in done.output
    policy.write_text('{"targets": {"urgent": {"resolution": {"minutes": 0}}}}')
    wrong = CliRunner().invoke(main, [*_SMALL, "--sla", str(policy)])
    assert wrong.exit_code == 1
    assert "targets" in wrong.output
    assert CliRunner().invoke(main, ["simulate", "--draft", "--sla", str(policy)]).exit_code == 2


async def test_a_day_of_the_house_is_read_out_of_its_journal(db: Database, db_dsn: str, tmp_path: Path) -> None:
    env = {"YIZHAN_DATA": str(tmp_path), "YIZHAN_DATABASE_URL": db_dsn}
    main_with = partial(CliRunner(env=env).invoke, main)
    done = await asyncio.to_thread(main_with, ["simulate", "--yesterday"])
    assert (done.exit_code, "nobody came on this day" in done.output) == (1, True), done.output
    done = await asyncio.to_thread(main_with, ["simulate", "--draft"])
    assert "no team has anybody in it" in done.output
