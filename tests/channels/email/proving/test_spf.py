"""The RFC's own test suite, case by case, and what the suite leaves open."""

from __future__ import annotations

import json
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest

from tests.standins.names import TROUBLE, Zone
from yizhan.channels.email.proving.ports import DnsTrouble
from yizhan.channels.email.proving.spf import check_host

SUITE = json.loads((Path(__file__).parent / "rfc7208.json").read_text("utf-8"))["scenarios"]
CASES = [(scenario["zone"], name, case) for scenario in SUITE for name, case in scenario["tests"].items()]


class SuiteZone:
    """The suite's own form of a zone: SPF rows stand for TXT where there is none, TIMEOUT for no answer."""

    def __init__(self, zone: dict[str, list[Any]] | None) -> None:
        self._rows = {name.lower().rstrip("."): rows for name, rows in (zone or {}).items()}

    async def look_up(self, name: str, kind: str) -> tuple[str, ...]:
        rows = self._rows.get(name.lower().rstrip("."), [])
        for _ in range(5):  # a chain of aliases ends some day, or has no answer
            alias = next((row["CNAME"] for row in rows if isinstance(row, dict) and "CNAME" in row), None)
            rows = rows if alias is None else self._rows.get(alias.lower().rstrip("."), [])
        wanted = kind
        if kind == "TXT" and not any(isinstance(row, dict) and "TXT" in row for row in rows):
            wanted = "SPF"
        found: list[Any] = []
        for row in rows:
            if row == "TIMEOUT" or (isinstance(row, dict) and row.get(wanted) == "TIMEOUT"):
                if found:
                    break
                raise DnsTrouble(name)
            if isinstance(row, dict) and wanted in row and row[wanted] != "NONE":
                found.append(row[wanted])
        if kind == "MX":
            return tuple(host.rstrip(".").lower() for _, host in sorted(found))
        if kind == "TXT":
            return tuple("".join(one) if isinstance(one, list) else str(one) for one in found)
        return tuple(str(one).rstrip(".") for one in found)


@pytest.mark.parametrize(("zone", "name", "case"), CASES, ids=[name for _, name, _ in CASES])
async def test_the_suite_of_the_rfc(zone: dict[str, list[Any]], name: str, case: dict[str, Any]) -> None:
    sender, helo = case["mailfrom"], case["helo"]
    domain = sender.rpartition("@")[2] or helo
    found = await check_host(SuiteZone(zone), ip_address(case["host"]), domain, sender, helo)
    expected = case["result"] if isinstance(case["result"], list) else [case["result"]]
    assert found in expected


async def test_an_address_in_the_form_of_the_newer_protocol_is_the_older_one() -> None:
    zone = Zone({"TXT a.test": ["v=spf1 ip4:203.0.113.7 -all"]})
    assert await check_host(zone, ip_address("::ffff:203.0.113.7"), "A.test.", "x@a.test", "h") == "pass"
    assert await check_host(zone, ip_address("203.0.113.8"), "a.test", "x@a.test", "h") == "fail"


async def test_trouble_is_not_an_answer() -> None:
    zone = Zone({"TXT a.test": ["v=spf1 include:b.test -all"], "TXT b.test": [TROUBLE]})
    assert await check_host(zone, ip_address("203.0.113.7"), "a.test", "x@a.test", "h") == "temperror"
