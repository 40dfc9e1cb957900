"""What the journal is told of promises: add-only, as recorded once and for all."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.desk.promises.test_stories import office, promised
from tests.desk.sla.office import HOUR, Office
from yizhan.records import promises as records
from yizhan.records.promises import PromiseKind

SAMPLES: list[dict[str, Any]] = json.loads(Path(__file__).with_name("events.json").read_text("utf-8"))
__all__ = ["office"]


async def test_every_event_still_says_what_its_sample_says(office: Office) -> None:
    lin = await office.floor.hire("林一")
    chat = await office.floor.says("v1", "灯不亮")
    await office.answers(chat, lin)
    await promised(office, chat, lin, HOUR)
    await office.floor.pass_time(timedelta(minutes=20))
    await office.answers(chat, lin)  # kept
    call = await promised(office, chat, lin, HOUR, PromiseKind.CALL)
    async with office.db.transaction() as tx:
        owed = await records.lock_promise(tx, call.id)
        await records.withdraw(tx, owed, reason="改为上门", actor=f"agent:{lin}", now=office.now)
    await promised(office, chat, lin, HOUR)
    await office.floor.pass_time(2 * HOUR)  # late
    for sample in SAMPLES:
        told = [e["data"] for e in await office.events(sample["kind"])]
        same = [data for data in told if sample["kind"] != "notice.raised" or data["why"] == sample["data"]["why"]]
        assert same, sample["kind"]
        assert all(sample["data"].keys() == data.keys() for data in same), sample["kind"]
        assert all(type(data[key]) is type(sample["data"][key]) for data in same for key in data), sample["kind"]
        assert all(data.get("in_time") is sample["data"].get("in_time") for data in same), sample["kind"]
