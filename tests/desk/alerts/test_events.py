"""What the journal is told of alerts and notices: add-only, as recorded once and for all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.desk.alerts.test_watch import Room, room
from yizhan.desk import alerts, notices
from yizhan.desk.metrics import ALL
from yizhan.foundation.clock import FakeClock

SAMPLES: list[dict[str, Any]] = json.loads(Path(__file__).with_name("events.json").read_text("utf-8"))
__all__ = ["room"]


async def test_every_event_still_says_what_its_sample_says(room: Room, clock: FakeClock) -> None:
    boss = await room.office.hire("主管", "supervisor")
    await room.release(scope="all", for_s=0, calm_s=0)
    room.figures = {("queue_length", ALL): 12.0}
    await room.looks()
    who = await room.viewer(boss)
    [row] = await room.firing(who)
    async with room.office.db.transaction() as tx:
        await alerts.acknowledge(tx, who, row.id, now=clock.now())
        await notices.read_all(tx, boss, now=clock.now())
    room.figures = {("queue_length", ALL): 3.0}
    await room.looks(1)
    await room.looks(1)
    for sample in SAMPLES:
        same = [e["data"] for e in await room.office.events(sample["kind"])]
        assert same, sample["kind"]
        assert all(sample["data"].keys() <= data.keys() for data in same), sample["kind"]
        # JSON has one kind of number
        assert all(
            isinstance(data[key], (type(sample["data"][key]), int, float))
            for data in same for key in sample["data"]
        )  # fmt: skip
