"""What the journal is told of rosters: add-only, as recorded once and for all."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.desk.roster.station import MINUTE, open_station
from yizhan.desk import handover, roster
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database
from yizhan.records import rosters
from yizhan.records.tickets import By

SAMPLES: list[dict[str, Any]] = json.loads(Path(__file__).with_name("events.json").read_text("utf-8"))


async def test_every_event_still_says_what_its_sample_says(db: Database, clock: FakeClock) -> None:
    station = await open_station(db, clock)
    station.floor.readers.append(handover.handover_reader(db, clock, station.book))
    handover.register_timers(station.floor.timers, station.book)
    station.rule(break_quota=1)
    lin, gao = await station.floor.hire("林一"), await station.floor.hire("高远")
    await station.plan(lin, "09:00", "10:00")
    await station.plan(gao, "20:00", "08:00", "on_call")
    await station.is_now(lin, "break", "meal")
    async with db.transaction() as tx:
        await roster.join_line(tx, gao, "meal", now=station.now, by="test", book=station.book)
    await station.is_now(lin, "online")
    await station.pass_time(5 * MINUTE)
    await station.is_now(gao, "offline")
    await station.says("v1", "插座着火了")
    await station.until("10:10")
    async with db.transaction() as tx:
        await handover.hand_over(tx, lin, [], [], by=By(f"agent:{lin}", lin), now=station.now)
        (late,) = await rosters.shifts_between(tx, station.now, station.now + timedelta(days=1))
        wish = rosters.hours_of(late)
        await rosters.change_shift(tx, late.id, wish, expected=1, by="test", now=station.now)
        new = rosters.NewLeave(
            agent_id=lin, kind=rosters.LeaveKind.SICK, starts_at=station.now, ends_at=station.now + MINUTE, tz="UTC"
        )
        leave, _ = await rosters.add_leave(tx, new, by="test", now=station.now)
        await rosters.remove_leave(tx, leave.id, by="test", now=station.now)
    await station.until("20:01")
    await station.is_now(gao, "online")
    async with db.transaction() as tx:
        await rosters.remove_shift(tx, late.id, by="test", now=station.now)
    await station.floor.settle()
    for sample in SAMPLES:
        same = [e["data"] for e in await station.events(sample["kind"])]
        assert same, sample["kind"]
        assert all(sample["data"].keys() <= data.keys() for data in same), sample["kind"]
        assert all(type(data[key]) is type(sample["data"][key]) for data in same for key in sample["data"])
