"""Long work lets others have their turn."""

from __future__ import annotations

import asyncio

from yizhan.foundation.turns import in_turns


async def test_all_come_in_order_and_others_run_between() -> None:
    others: list[int] = []
    seen: list[int] = []

    async def other() -> None:
        while True:
            others.append(len(seen))
            await asyncio.sleep(0)

    task = asyncio.create_task(other())
    async for n in in_turns(range(100)):
        seen.append(n)
    task.cancel()
    assert seen == list(range(100))
    assert {24, 48, 72, 96} <= set(others)
