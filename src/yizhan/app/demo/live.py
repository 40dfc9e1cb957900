"""The demo as the web sees it: switched on and off, faster and slower, and begun anew."""

from __future__ import annotations

import asyncio
from datetime import datetime
from random import Random
from typing import TYPE_CHECKING
from uuid import UUID

from yizhan.app.demo.cast import load_corpus
from yizhan.app.demo.drive import Acts, Browsing, Drive, Duty, Openings
from yizhan.app.demo.one import WithinOne
from yizhan.app.demo.people import DEMO_LOGINS, Staff, cast, find_staff
from yizhan.app.demo.plant import plant_customers
from yizhan.desk import routing
from yizhan.foundation.db import DATABASE_TROUBLE, Tx, load_queries
from yizhan.foundation.errors import Invalid
from yizhan.foundation.journal import Event, emit, lags
from yizhan.foundation.log import get_logger
from yizhan.records import agents
from yizhan.records.agents import Member

if TYPE_CHECKING:
    from yizhan.app.house import House

SQL = load_queries(__package__)
log = get_logger(__name__)

SPEEDS = (1.0, 20.0)
_CHATS = {"shop": 62, "digital": 22, "textile": 16}
_WATCHER = "zhuguan"
_NEVER = ("gaoyuan",)
_DESK = ("linyi", "sujin")
_TRIES = 5
RESET = "demo.reset"
"""Event: what customers left is gone; who counts begins anew."""


class LiveDemo:
    """What `yizhan.web` calls a demo drive."""

    def __init__(self, house: House, staff: Staff, drive: Drive) -> None:
        self.drive = drive
        self._house = house
        self._staff = staff
        self._crm = True

    @property
    def crm(self) -> bool:
        return self._crm

    def switch_crm(self, on: bool) -> None:
        self._crm = on

    @property
    def on(self) -> bool:
        return self.drive.on

    @property
    def speed(self) -> float:
        return self.drive.speed

    @property
    def started_at(self) -> datetime:
        return self.drive.started_at

    def steer(self, on: bool, speed: float) -> None:
        check_speed(speed)
        self.drive.steer(on, speed)

    async def reset(self) -> None:
        """Empties the tables of customers and plants them again, all or nothing; who looks on is told to load anew."""
        async with self.drive.lock:
            await self._readers_are_done()
            for left in reversed(range(_TRIES)):
                try:
                    await self._begin_anew()
                    break
                except DATABASE_TROUBLE:  # these tables are written every moment: a deadlock may be lost
                    if not left:
                        raise
            self.drive.forget()
        log.info("demo.reset")

    async def _readers_are_done(self) -> None:
        """What they still have to read is about rows that will be gone. Not for ever: they can live with that."""
        for _ in range(50):
            async with self._house.db.read() as tx:
                if not any(lag for _, lag, _ in await lags(tx)):
                    return
            await asyncio.sleep(0.1)

    async def _begin_anew(self) -> None:
        """In one transaction: timers, router and screens would meddle with a month that is only half told."""
        now = self._house.clock.now()
        async with self._house.db.transaction() as tx:
            await emit(
                tx, [Event(kind=RESET, subject=self._staff.people[_WATCHER], subject_version=1, at=now, actor="system")]
            )
            await tx.execute(SQL.wipe_customers)
            await tx.fetchval(SQL.restart_numbers)
            await routing.reconcile(tx, now=now)
            await plant_customers(self._house, WithinOne(self._house.db, tx), self._staff)
            await self._tell_everybody(tx, now)

    async def _tell_everybody(self, tx: Tx, now: datetime) -> None:
        """A team that is put together anew loads its screens anew."""
        for team in await agents.teams(tx):
            await agents.set_members(tx, team.id, [], now, "system")
            await agents.set_members(tx, team.id, [Member(m.agent_id, m.lead) for m in team.members], now, "system")


def check_speed(speed: float) -> None:
    if not SPEEDS[0] <= speed <= SPEEDS[1]:
        raise Invalid("the speed is 1 to 20", "speed")


async def is_demo(house: House) -> bool:
    """Not where somebody's own house was opened with the switch on."""
    async with house.db.read() as tx:
        return _is_cast(await find_staff(tx, house.vault))


def _is_cast(staff: Staff) -> bool:
    return _WATCHER in staff.people and _CHATS.keys() <= staff.inboxes.keys()


async def open_demo(house: House, seed: int | None = None) -> LiveDemo | None:
    """None where the people of the demo are not: somebody's own house was opened with the switch on."""
    async with house.db.read() as tx:
        staff = await find_staff(tx, house.vault)
    if not _is_cast(staff):
        return None
    played = [p for p in cast() if p.login not in DEMO_LOGINS and p.login in staff.people and p.team]
    names = {staff.people[p.login]: p.name for p in played}
    chance = Random(seed)  # noqa: S311 - nothing secret hangs on it
    known = house.rules.words, house.rules.profile
    acts = Acts(house.db, house.vault, house.intake, load_corpus(), chance, names, *known)
    inboxes = {staff.inboxes[key]: weight for key, weight in _CHATS.items()}
    browsing = Browsing(house.db, house.vault, house.trail, inboxes, chance)
    on_duty: dict[str, list[UUID]] = {
        team: [staff.people[p.login] for p in played if p.team == team and p.state is not agents.PresenceState.OFFLINE]
        for team in ("after", "presale", "after2", "complaint")
    }
    duty = Duty(house.db, acts, on_duty, frozenset(staff.people[login] for login in _NEVER), chance)
    desk = frozenset(staff.people[login] for login in _DESK if login in staff.people)
    guests = frozenset(staff.people[login] for login in DEMO_LOGINS if login in staff.people)
    drive = Drive(
        house.clock, acts, browsing, duty, Openings(load_corpus(), chance), guests=guests, desk=desk,
        consulted=frozenset({staff.inboxes["textile"]}), watcher=staff.people[_WATCHER], chance=chance,
    )  # fmt: skip
    house.feed.listen(drive.hear)
    house.loops.append(drive.run())
    return LiveDemo(house, staff, drive)
