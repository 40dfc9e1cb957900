"""Running the checks: one for a test runner, or all of them with a database of their own."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from yizhan.app.contract.case import Case
from yizhan.app.contract.hearing import HEARING, NotHere
from yizhan.app.contract.sending import SENDING
from yizhan.app.contract.trial import BrokenContract, Trial, open_floor, open_trial
from yizhan.foundation.db import migrate, start_server

Check = Callable[[Trial], Awaitable[None]]
CHECKS: tuple[Check, ...] = (*HEARING, *SENDING)


async def run_check(trial: Trial, check: Check) -> bool:
    """False where the channel has nothing of the kind. Raises BrokenContract."""
    if check in SENDING and trial.adapter.sender is None:
        return False
    try:
        await check(trial)
    except NotHere:
        return False
    finally:
        trial.vendor.faults.clear()
        await trial.vendor.pusher.settled()
    return True


async def broken(trial: Trial) -> list[str]:
    """A line for every check that fails."""
    faults = []
    for check in CHECKS:
        try:
            await run_check(trial, check)
        except BrokenContract as failure:
            faults.append(f"{check.__name__}: {failure}")
    return faults


def run_contract(case: Case) -> None:
    """All of it, on a database that is gone afterwards. Raises BrokenContract, a line for each check that fails."""
    with tempfile.TemporaryDirectory() as home, start_server(Path(home), durable=False) as server:
        faults = asyncio.run(_faults(case, server.dsn))
    if faults:
        raise BrokenContract("\n".join(faults))


async def _faults(case: Case, dsn: str) -> list[str]:
    await migrate(dsn)
    async with open_floor(dsn) as floor, open_trial(floor, case) as trial:
        return await broken(trial)
