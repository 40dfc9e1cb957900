"""A small day that was is read back out of the journal exactly, and played again."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from tests.desk.satisfaction.office import Asking, open_asking
from yizhan.app.rules import KINDS
from yizhan.desk import simulation
from yizhan.desk.routing import WorkKind
from yizhan.desk.simulation import Day, Rules
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database
from yizhan.foundation.errors import Invalid
from yizhan.foundation.journal import Entry
from yizhan.records.config import Configuration, Published
from yizhan.records.conversations import EndReason

ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = date(2026, 3, 2)


async def passes(office: Asking, **span: float) -> None:
    await office.floor.pass_time(timedelta(**span))


async def a_monday(office: Asking) -> UUID:
    """One chat served, one who left the queue, and a mail answered ten minutes after it was given."""
    lin = await office.floor.hire("林一")
    await office.floor.learn(lin, "refund")
    await passes(office, minutes=1)
    one = await office.floor.says("v1", "在吗")
    await passes(office, seconds=20)
    await office.answers(one, lin)
    await passes(office, seconds=80)
    await office.ends(one)
    await office.floor.is_now(lin, "busy")
    two = await office.floor.says("v2", "有人吗")
    await passes(office, seconds=50)
    await office.ends(two, EndReason.ABANDONED)
    mail = await office.floor.says("wang@example.com", "怎么安装?", mail=True)
    await passes(office, minutes=5)
    await office.floor.is_now(lin, "online")
    await passes(office, minutes=10)
    await office.answers(mail, lin)
    await passes(office, hours=1)
    await office.floor.is_now(lin, "offline")
    return lin


async def read(db: Database, clock: FakeClock, on: date = MONDAY) -> tuple[Day, Published]:
    async with db.read() as tx:
        published = await Configuration(KINDS).published(tx)
        asked = Rules(published).asked
        return await simulation.day_that_was(tx, on, ZONE, asked, now=clock.now()), published


async def test_a_day_that_was_is_read_back_and_played_again(db: Database, clock: FakeClock) -> None:
    office = await open_asking(db, clock)
    began = clock.now()
    lin = await a_monday(office)
    with pytest.raises(Invalid, match="not over"):
        await read(db, clock)
    clock.advance(timedelta(days=1))
    day, published = await read(db, clock)
    told: list[Any] = [
        (a.kind, (a.at - began).total_seconds(), a.channel, a.serve_s, a.reply_s, a.patience_s) for a in day.arrivals
    ]
    assert told == [
        (WorkKind.CONVERSATION, 60.0, "webchat", 100, 20, None),
        (WorkKind.CONVERSATION, 160.0, "webchat", 100, None, 50),  # the usual time: nobody ever served him
        (WorkKind.TICKET, 210.0, "email", 600, 600, None),
    ]
    assert all(a.team_id == office.floor.shop.team and a.promised for a in day.arrivals)
    (person,) = day.people
    there = [((a - began).total_seconds(), (b - began).total_seconds()) for a, b in person.there]
    assert (person.seat.agent_id, there) == (lin, [(0.0, 160.0), (510.0, 4710.0)])
    assert {day.skills[skill] for skill in person.seat.skills} == {"refund"}
    assert day.unknown == {"calls": 1, "handling": 1}
    found = simulation.live(day, Rules(published))
    assert (found.arrivals, found.served, found.left, found.unserved) == (3, 2, 1, 0)
    assert found.loads[0].served == 2
    assert {each.kind for each in found.by_priority} == {"first_response", "resolution"}


async def test_what_lay_there_at_midnight_is_there_in_the_morning(db: Database, clock: FakeClock) -> None:
    office = await open_asking(db, clock)
    lin = await office.floor.hire("林一")
    held = await office.floor.says("wang@example.com", "怎么安装?", mail=True)
    await office.floor.is_now(lin, "offline")
    waits = await office.floor.says("li@example.com", "还没发货", mail=True)
    await passes(office, days=1)
    await office.floor.is_now(lin, "online")
    await office.floor.says("v9", "在吗")
    clock.advance(timedelta(days=1))
    day, published = await read(db, clock, MONDAY + timedelta(days=1))
    assert [(a.ticket_id, a.holder, a.promised) for a in day.arrivals[:2]] == [
        (held.ticket_id, lin, False), (waits.ticket_id, None, True),
    ]  # fmt: skip
    found = simulation.compared(day, simulation.WhichDay("on", on=MONDAY), published, published)
    assert (found.day.arrivals, found.day.carried, found.before.arrivals) == (1, 2, 2)


async def test_a_day_in_which_nobody_came_is_told(db: Database, clock: FakeClock) -> None:
    await open_asking(db, clock)
    with pytest.raises(Invalid, match="nobody came"):
        await read(db, clock, MONDAY - timedelta(days=3))


async def test_asking_and_its_end_stand_in_the_journal(db: Database, clock: FakeClock) -> None:
    office = await open_asking(db, clock)
    lin = await office.floor.hire("林一")
    day, rules = simulation.WhichDay("generated", count=60), simulation.OtherRules("drafts")
    async with db.transaction() as tx:
        asked = simulation.Asked(day, rules)
        made = await simulation.ask(tx, lin, asked, Configuration(KINDS), now=clock.now())
    async with db.transaction() as tx:
        await simulation.call_off(tx, made.id, lin, now=clock.now())
    await office.floor.settle()
    rows = await db.pool.fetch("SELECT * FROM event WHERE subject = $1 ORDER BY pos", made.id)
    entries = [Entry(*[row[name] for name in Entry.__struct_fields__]) for row in rows]
    assert [(e.kind, e.v, e.data) for e in entries] == [
        ("simulation.asked", 1, {"day": "generated", "rules": "drafts"}),
        ("simulation.ended", 1, {"state": "cancelled"}),
    ]
