"""A figure out of bounds is told to who looks after it, survives a restart, is acknowledged, and its end is told."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest

from tests.desk.notices.office import Raising, open_raising
from yizhan.desk import alerts
from yizhan.desk.alerts import ALERT_RULE, AlertRow, AlertWatch, policy
from yizhan.desk.metrics import ALL, Figures, Scope
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database
from yizhan.foundation.errors import Conflict, NotFound
from yizhan.foundation.lease import Lease
from yizhan.records import agents
from yizhan.records.agents import Member, NewTeam, Viewer
from yizhan.records.config import Configuration, Kinds, Published

KINDS = Kinds([ALERT_RULE])
QUEUE = {
    "name": {"zh": "排队过长", "en": "A long queue"}, "metric": "queue_length", "scope": "team", "above": 10,
    "for_s": 30, "calm_s": 30, "level": "critical",
}  # fmt: skip


class Room(msgspec.Struct):
    office: Raising
    configuration: Configuration
    in_force: Published
    figures: Figures
    watch: AlertWatch

    async def release(self, name: str = "queue", **said: Any) -> None:
        now = self.office.clock.now()
        async with self.office.db.transaction() as tx:
            await self.configuration.save(tx, "alert_rule", name, {**QUEUE, **said}, by="test", now=now)
            await self.configuration.release(tx, by="test", now=now)
            self.in_force = await self.configuration.published(tx)

    async def looks(self, seconds: int = 0) -> None:
        self.office.clock.advance(timedelta(seconds=seconds))
        await self.watch.look()
        await self.office.settle()

    async def firing(self, who: Viewer) -> list[AlertRow]:
        async with self.office.db.read() as tx:
            return await alerts.open_alerts(tx, who, self.in_force)

    async def viewer(self, agent_id: UUID) -> Viewer:
        async with self.office.db.read() as tx:
            found = await agents.viewer(tx, agent_id)
        assert found is not None
        return found

    async def told(self) -> list[tuple[str, list[str]]]:
        return [(e["data"]["why"], e["data"]["agents"]) for e in await self.office.events("notice.raised")]


async def open_room(db: Database, clock: FakeClock, holder: str = "here") -> Room:
    lease = Lease(db, "alerts", holder)
    await lease.step()
    room = Room(await open_raising(db, clock), Configuration(KINDS), Published(KINDS, 0, ()), {}, None)  # type: ignore[arg-type]

    def read(now: datetime) -> Figures:
        return room.figures

    room.watch = AlertWatch(db, clock, lease, lambda: room.in_force, read)
    return room


@pytest.fixture
async def room(db: Database, clock: FakeClock) -> Room:
    return await open_room(db, clock)


async def found_team(room: Room, key: str, lead: UUID | None = None) -> UUID:
    now = room.office.clock.now()
    async with room.office.db.transaction() as tx:
        team = await agents.create_team(tx, NewTeam(key=key, name=key), now, "test")
        await agents.set_members(tx, team, [Member(lead, True)] if lead else [], now, "test")
    return team


async def test_a_team_out_of_bounds_is_told_to_its_own_and_its_end_too(room: Room, clock: FakeClock) -> None:
    boss = await room.office.hire("主管", "supervisor")
    su, other = await room.office.hire("苏瑾", "lead"), await room.office.hire("高远", "lead")
    care, _ = await found_team(room, "care", su), await found_team(room, "sales", other)
    await room.release()
    room.figures = {("queue_length", Scope("team", str(care))): 12.0, ("queue_length", ALL): 12.0}
    await room.looks()
    await room.looks(29)
    assert await room.told() == []
    await room.looks(1)
    [(why, people)] = await room.told()
    assert (why, sorted(people)) == ("alert.raised", sorted([str(boss), str(su)]))
    room.figures[("queue_length", Scope("team", str(care)))] = 20.0
    for _ in range(5):
        await room.looks(1)
    assert len(await room.told()) == 1
    [row] = await room.firing(await room.viewer(su))
    assert (row.place_name, row.title_en, row.level, row.unit) == ("care", "A long queue", "critical", "count")
    assert await room.firing(await room.viewer(other)) == []
    [notice] = (await room.office.page(su)).items
    assert (notice.facts["value"], notice.facts["threshold"], notice.level) == ("12", "10", "critical")
    room.figures = {("queue_length", Scope("team", str(care))): 3.0}
    await room.looks(1)
    await room.looks(30)
    assert [why for why, _ in await room.told()] == ["alert.raised", "alert.recovered"]
    assert await room.firing(await room.viewer(boss)) == []
    async with room.office.db.read() as tx:
        [past] = await alerts.history(tx, await room.viewer(boss), room.in_force, before=None, count=10)
    assert past.ended_at == clock.now()
    assert past.worst == 20.0
    kinds = [e["kind"] for kind in ("alert.raised", "alert.recovered") for e in await room.office.events(kind)]
    assert kinds == ["alert.raised", "alert.recovered"]


async def test_acknowledged_once_and_not_repeated(room: Room, clock: FakeClock) -> None:
    boss, su = await room.office.hire("主管", "supervisor"), await room.office.hire("苏瑾", "lead")
    await room.release(scope="all", for_s=0, repeat_min=10)
    room.figures = {("queue_length", ALL): 12.0}
    await room.looks()
    await room.looks(600)
    assert [why for why, _ in await room.told()] == ["alert.raised", "alert.repeated"]
    assert str(su) not in (await room.told())[0][1]  # the whole house is not a lead's
    who = await room.viewer(boss)
    [row] = await room.firing(who)
    async with room.office.db.transaction() as tx:
        await alerts.acknowledge(tx, who, row.id, now=clock.now())
    async with room.office.db.transaction() as tx:
        with pytest.raises(Conflict):
            await alerts.acknowledge(tx, who, row.id, now=clock.now())
        with pytest.raises(NotFound):
            await alerts.acknowledge(tx, who, UUID(int=1), now=clock.now())
    await room.looks(1200)
    [row] = await room.firing(who)
    assert (row.acknowledged_name, len(await room.told())) == ("主管", 2)


async def test_a_restart_changes_nothing(room: Room, db: Database, clock: FakeClock) -> None:
    await room.office.hire("主管", "supervisor")
    await room.release(scope="all")
    room.figures = {("queue_length", ALL): 12.0}
    await room.looks()
    await db.pool.execute("UPDATE lease SET until = '2000-01-01'")
    again = await open_room(db, clock, "there")
    again.in_force, again.figures = room.in_force, room.figures
    await again.looks(30)
    assert [why for why, _ in await again.told()] == ["alert.raised"]


async def test_without_its_rule_it_ends_without_a_word(room: Room) -> None:
    boss = await room.office.hire("主管", "supervisor")
    await room.release(scope="all", for_s=0)
    room.figures = {("queue_length", ALL): 12.0}
    await room.looks()
    await room.release(scope="all", for_s=0, on=False)
    await room.looks(1)
    assert await room.firing(await room.viewer(boss)) == []
    assert [why for why, _ in await room.told()] == ["alert.raised"]


async def test_a_rule_that_fails_is_skipped_and_told_once_and_the_others_go_on(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    await room.office.hire("admin", "admin")
    await room.release("bad", scope="all", for_s=0, to=["lead"])
    await room.release("good", scope="all", for_s=0)
    whole = policy.readings

    def readings(rule: Any, figures: Figures, wanted: Any) -> dict[str, float]:
        if rule.to == ("lead",):
            raise ZeroDivisionError
        return whole(rule, figures, wanted)

    monkeypatch.setattr(policy, "readings", readings)
    room.figures = {("queue_length", ALL): 12.0}
    await room.looks()
    await room.looks(1)
    failed = await room.office.events("rule.failed")
    assert [e["data"]["name"] for e in failed] == ["bad"]
    assert sorted(why for why, _ in await room.told()) == ["alert.raised", "rule.failed"]


async def test_while_the_numbers_are_not_counted_yet_nothing_is_said(room: Room) -> None:
    await room.release(scope="all", for_s=0)
    room.figures = None  # type: ignore[assignment]
    await room.looks()
    assert await room.told() == []
