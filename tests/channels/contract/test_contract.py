"""One contract over every adapter that is registered.

A case says what a stand-in cannot: `cases/<channel>.py`; without one the ordinary is assumed.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from importlib import import_module
from pathlib import Path

import pytest
import pytest_asyncio

from yizhan.app.contract import CHECKS, Case, Check, Floor, Trial, open_trial, run_check
from yizhan.channels import adapter_names
from yizhan.simulator import VENDORS, vendor_class

pytestmark = pytest.mark.asyncio(loop_scope="module")

CASES = Path(__file__).parent / "cases"


def case_of(channel: str) -> Case | None:
    """None for a channel nobody stands in for."""
    if (CASES / f"{channel}.py").is_file():
        found: Case = import_module(f"tests.channels.contract.cases.{channel}").CASE
        return found
    for vendor in map(vendor_class, VENDORS):
        if any(door.channel == channel for door in vendor.doors):
            return Case(channel=channel, vendor=vendor)
    return None


STOOD_IN = [name for name in adapter_names() if case_of(name) is not None]


async def test_every_channel_has_a_stand_in() -> None:
    assert [name for name in adapter_names() if name not in STOOD_IN] == []


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=STOOD_IN)
async def trial(request: pytest.FixtureRequest, floor: Floor) -> AsyncIterator[Trial]:
    case = case_of(request.param)
    assert case is not None
    async with open_trial(floor, case) as trial:
        yield trial


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
async def test_the_contract(trial: Trial, check: Check) -> None:
    await run_check(trial, check)
