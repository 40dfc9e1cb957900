"""What the journal is told of follow-ups: add-only, as recorded once and for all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.desk.followups.test_stories import office, waits
from tests.desk.sla.office import HOUR, Office
from yizhan.records.tickets import WaitingReason

SAMPLES: list[dict[str, Any]] = json.loads(Path(__file__).with_name("events.json").read_text("utf-8"))
__all__ = ["office"]


async def test_every_event_still_says_what_its_sample_says(office: Office) -> None:
    lin = await office.floor.hire("林一")
    chat = await office.floor.says("v1", "灯不亮")
    await office.answers(chat, lin)
    await waits(office, chat, WaitingReason.THIRD_PARTY, 1)
    await office.floor.pass_time(HOUR)
    await office.floor.says("v1", "怎么还没处理")
    await office.floor.pass_time(HOUR)
    for sample in SAMPLES:
        told = await office.events(sample["kind"])
        same = [e["data"] for e in told if not str(e["data"].get("why")).startswith("sla.")]
        assert same, sample["kind"]
        assert all(sample["data"].keys() <= data.keys() for data in same), sample["kind"]
        assert all(type(data[key]) is type(sample["data"][key]) for data in same for key in sample["data"])
