"""An agent's day, counted as the journal grows, and the same when it is counted again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.desk.satisfaction.office import HOUR, Asking, open_asking
from yizhan.desk import figures
from yizhan.desk.figures import Figure, by_day, figures_reader, middle
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database
from yizhan.records import agents, ratings
from yizhan.records.agents import PresenceState, Spell
from yizhan.records.ratings import Cause

ZONE = ZoneInfo("Asia/Shanghai")


async def rows(office: Asking) -> dict[str, list[dict[str, Any]]]:
    pool = office.floor.db.pool
    return {table: [dict(row) for row in await pool.fetch(f"SELECT * FROM {table} ORDER BY 1, 2")]
            for table in ("agent_spell", "agent_day")}  # fmt: skip


async def a_day(office: Asking) -> Any:
    lin = await office.floor.hire("林一")
    one = await office.floor.says("v1", "灯不亮")
    office.floor.clock.advance(timedelta(seconds=40))
    await office.answers(one, lin)
    await office.floor.says("v1", "还是不亮")
    office.floor.clock.advance(timedelta(seconds=20))
    await office.answers(one, lin)
    await office.answers(one, lin, "再补充一句")
    await office.ends(one)
    await office.rates(one, 1, False)
    su = await office.floor.hire("苏瑾")
    two = await office.floor.says("v2", "要退款")
    three = await office.floor.says("v3", "发票")
    for chat in (two, three):
        agent = await office.floor.agent_of(chat)
        await office.answers(chat, lin if agent == lin else su)
    mine = two if await office.floor.agent_of(two) == lin else three
    await office.hands(mine, su)
    await office.ends(mine)
    assert one.conversation_id is not None
    async with office.floor.db.transaction() as tx:
        made, _ = await ratings.appeal(tx, one.conversation_id, Cause.PRODUCT, "批次", agent_id=lin, now=office.now)
        await ratings.decide(tx, made.id, accept=True, words="是", cause=None, by=su, now=office.now)
    office.floor.clock.advance(2 * HOUR)
    again = await office.floor.says("v1", "灯又不亮了")
    await office.answers(again, su)
    await office.floor.settle()
    return lin


async def test_a_response_counts_only_while_he_worked(db: Database, clock: FakeClock) -> None:
    office = await open_asking(db, clock)
    office.floor.readers.append(figures_reader(db, clock, lambda: ZONE))
    today = clock.now().astimezone(ZONE).date()
    lin = await office.floor.hire("林一")
    chat = await office.floor.says("v1", "灯不亮")
    await office.answers(chat, lin)
    await office.floor.says("v1", "还是不亮")
    office.floor.clock.advance(timedelta(seconds=30))
    await office.floor.is_now(lin, "break")
    office.floor.clock.advance(timedelta(minutes=10))
    await office.floor.is_now(lin, "online")
    office.floor.clock.advance(timedelta(seconds=15))
    await office.answers(chat, lin)
    async with db.read() as tx:
        (day,) = await figures.days(tx, lin, today, today)
        spells = await agents.presence_spells(tx, lin, clock.now() - HOUR, clock.now() + HOUR, clock.now())
    assert (day.turns, day.waited_s) == (2, 45)
    assert [(each.state, (each.ends_at - each.starts_at).seconds) for each in spells][:3] == [
        ("online", 15), ("break", 600), ("online", 30),
    ]  # fmt: skip


async def test_a_day_is_counted_and_opens_what_lies_behind_it(db: Database, clock: FakeClock) -> None:
    office = await open_asking(db, clock)
    reader = figures_reader(db, clock, lambda: ZONE)
    office.floor.readers.append(reader)
    today = clock.now().astimezone(ZONE).date()
    lin = await a_day(office)
    async with db.read() as tx:
        (day,) = await figures.days(tx, lin, today, today)
        behind = await figures.behind(tx, lin, today, today, Figure.RESPONSE)
        excluded = await figures.behind(tx, lin, today, today, Figure.EXCLUDED)
        rated = await figures.behind(tx, lin, today, today, Figure.RATED)
        starred = await figures.behind(tx, lin, today, today, Figure.CSAT)
    assert (day.served, day.first_replies, day.turns, day.handed_on, day.repeated) == (3, 2, 3, 1, 1)
    assert day.waited_s == 60
    assert behind[0].response_s == 30
    assert (day.asked, day.rated, day.starred, day.excluded) == (1, 1, 0, 1)  # an appeal was accepted
    assert [each.stars for each in excluded] == [each.stars for each in rated] == [1]
    assert starred == [], "it says nothing of him"
    before = await rows(office)
    await db.pool.execute("DELETE FROM agent_spell")
    await db.pool.execute("DELETE FROM agent_day")
    await db.pool.execute("UPDATE reader_position SET pos = 0 WHERE reader = 'figures'")
    anew = figures_reader(db, clock, lambda: ZONE)
    while await anew.step():
        pass
    assert await rows(office) == before


def test_the_middle_tells_nobody_from_a_small_team() -> None:
    def worked(first_s: int, rated: int = 0) -> dict[str, int]:
        ones = "served first_replies turns waited_s ended length_s handed_on repeated judged solved"
        return {**dict.fromkeys(ones.split(), 1), "first_reply_s": first_s, "starred": rated, "stars": 4 * rated}

    five = [worked(10), worked(20), worked(30, 1), worked(40, 1), worked(500, 1)]
    found = middle(five)
    assert (found.colleagues, found.values["first"], found.values["served"]) == (5, 30.0, 1.0)
    assert "csat" not in found.values, "three ratings would tell whose they are"
    assert middle(five[:4]).values == {}


async def test_colleagues_are_those_of_his_teams(db: Database, clock: FakeClock) -> None:
    office = await open_asking(db, clock)
    lin, su = [await office.floor.hire(name) for name in ("林一", "苏瑾")]
    day, pool = clock.now().date(), office.floor.db.pool
    counted = "INSERT INTO agent_day VALUES ($1, $2, $3, 1, 30, 1, 9, 1, 60, 0, 0, 0, 0, 0, 0, 0, 0, 0)"
    for who, served in ((lin, 7), (su, 3)):
        for at in (day, day - timedelta(days=1), day - timedelta(days=9)):
            await pool.execute(counted, who, at, served)
    async with db.read() as tx:
        assert [each["served"] for each in await figures.colleagues(tx, lin, day - timedelta(days=1), day)] == [6]
    await pool.execute("DELETE FROM team_member WHERE agent_id = $1", su)
    async with db.read() as tx:
        assert await figures.colleagues(tx, lin, day, day) == []


def test_a_spell_over_midnight_belongs_to_both_days() -> None:
    noon = datetime(2026, 3, 2, 15, 30, tzinfo=UTC)  # 23:30 in Shanghai
    spells = [
        Spell(PresenceState.BREAK, None, noon + timedelta(hours=1), noon + timedelta(hours=2)),
        Spell(PresenceState.ONLINE, None, noon, noon + timedelta(hours=1)),
    ]
    assert [(str(each.day), each.states) for each in by_day(spells, ZONE)] == [
        ("2026-03-02", {"online": 1800}), ("2026-03-03", {"break": 3600, "online": 1800}),
    ]  # fmt: skip
