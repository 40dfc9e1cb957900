"""Somebody goes offline whom no roster expects: what cannot wait for him goes to the others."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.desk.handover.test_stories import appoints
from tests.desk.roster.station import MINUTE, Station, open_station
from yizhan.desk import handover
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database
from yizhan.records import agents, tickets

HOUR = 60 * MINUTE


@pytest.fixture
async def station(db: Database, clock: FakeClock) -> Station:
    made = await open_station(db, clock)
    made.floor.readers.append(handover.handover_reader(db, clock, made.book))
    handover.register_timers(made.floor.timers, made.book)
    made.floor.timers.register(tickets.FOLLOW_UP, _nothing)
    return made


async def _nothing(tx: Any, timer: Any, now: Any) -> None:
    """The ticket stays where it is."""


async def holder(station: Station, done: Any) -> object:
    return (await station.floor.row("ticket", done.ticket_id))["agent_id"]


async def carries(station: Station) -> tuple[UUID, Any, Any]:
    """林一 without a shift, with something due in two hours and something due in four days."""
    lin = await station.floor.hire("林一")
    soon = await station.floor.says("m@x.cn", "发票", mail=True)
    late = await station.floor.says("n@x.cn", "退款", mail=True)
    await appoints(station, soon, 2)
    await appoints(station, late, 96)
    return lin, soon, late


async def test_what_is_due_goes_to_the_team_and_later_all_the_rest(station: Station) -> None:
    lin, soon, late = await carries(station)
    await station.is_now(lin, "offline")
    await station.pass_time(39 * MINUTE)
    assert [await holder(station, each) for each in (soon, late)] == [lin, lin]
    await station.pass_time(MINUTE)
    assert [await holder(station, each) for each in (soon, late)] == [None, lin]
    said = await station.floor.db.pool.fetchrow(
        "SELECT code, typed FROM note WHERE ticket_id = $1 ORDER BY id DESC LIMIT 1", soon.ticket_id
    )
    assert said is not None
    assert tuple(said) == ("absent", False)
    gao = await station.floor.hire("高远")
    assert await holder(station, soon) == gao
    async with station.floor.db.read() as tx:
        assert [each.ticket_id for each in await handover.received(tx, gao, station.now)] == [soon.ticket_id]
    for _ in range(72 * 60 // 40):
        await station.pass_time(40 * MINUTE)
    assert await holder(station, late) == gao
    assert [e["data"]["tickets"] for e in await station.events("handover.swept")] == [1, 1]


async def test_who_is_back_in_time_keeps_what_is_his(station: Station) -> None:
    lin, soon, late = await carries(station)
    await station.is_now(lin, "offline")
    await station.pass_time(39 * MINUTE)
    await station.is_now(lin, "online")
    await station.pass_time(3 * HOUR)
    assert [await holder(station, each) for each in (soon, late)] == [lin, lin]


async def test_a_lost_line_counts_and_a_coming_shift_is_waited_for(station: Station) -> None:
    lin, soon, late = await carries(station)
    await station.plan(lin, "19:00", "23:00")
    async with station.floor.db.transaction() as tx:
        await agents.mark_lost(tx, lin, station.now)
    await station.pass_time(timedelta(0))
    await station.pass_time(40 * MINUTE)
    assert await holder(station, late) == lin
    assert await holder(station, soon) is None
