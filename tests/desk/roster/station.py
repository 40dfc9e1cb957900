"""A floor with a roster: shifts that begin and end, breaks with a line, a watch at night."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from tests.desk.routing.floor import Floor, open_floor
from yizhan.desk import roster
from yizhan.desk.roster import ROSTER, NightWatch, RosterBook, roster_book
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database, Tx
from yizhan.foundation.ids import new_id
from yizhan.foundation.timer import Timer
from yizhan.records import conversations, rosters
from yizhan.records.agents import PresenceState
from yizhan.records.config import Body, Document, Kinds, Published
from yizhan.records.rosters import NewShift, Shift, ShiftKind

ZONE = ZoneInfo("Asia/Shanghai")
MINUTE = timedelta(minutes=1)


class Station(msgspec.Struct):
    floor: Floor
    book: RosterBook
    night: NightWatch
    promised: list[UUID]

    @property
    def now(self) -> datetime:
        return self.floor.clock.now()

    def rule(self, **said: Any) -> None:
        """Rules of the house from now on."""
        body: Body = said
        document = Document(new_id(self.now), "roster", "default", 1, body, self.now, "test", "")
        self.book.take(Published(Kinds([ROSTER]), 1, [document]))

    async def plan(self, agent: UUID, begin: str, until: str, kind: str = "day", team: UUID | None = None) -> Shift:
        new = NewShift(
            team_id=team or self.floor.shop.team, agent_id=agent, kind=ShiftKind(kind), tz=str(ZONE),
            day=self.now.astimezone(ZONE).date(), begin=time.fromisoformat(begin), until=time.fromisoformat(until),
        )  # fmt: skip
        async with self.floor.db.transaction() as tx:
            made, _ = await rosters.add_shifts(tx, [new], by="test", now=self.now)
        await self.pass_time(timedelta(0))
        return made[0]

    async def pass_time(self, by: timedelta) -> None:
        await self.floor.pass_time(by)
        while await self.night.turn():
            await self.floor.settle()

    async def until(self, clock: str) -> None:
        """Minute by minute, as timers fire in life."""
        at = datetime.combine(self.now.astimezone(ZONE).date(), time.fromisoformat(clock), ZONE)
        if at < self.now:
            at += timedelta(days=1)
        while self.now < at:
            await self.pass_time(min(at - self.now, timedelta(minutes=5)))

    async def says(self, who: str, text: str) -> Any:
        done = await self.floor.says(who, text)
        await self.pass_time(timedelta(0))
        return done

    async def is_now(self, agent: UUID, state: str, reason: str | None = None) -> None:
        async with self.floor.db.transaction() as tx:
            await roster.set_own_state(
                tx, agent, PresenceState(state), reason, now=self.now, by=f"agent:{agent}", book=self.book
            )
        await self.pass_time(timedelta(0))

    async def events(self, *kinds: str) -> list[dict[str, Any]]:
        rows = await self.floor.db.pool.fetch(
            "SELECT kind, subject, agent_id, team_id, data FROM event WHERE kind = ANY ($1) ORDER BY pos", kinds
        )
        return [dict(row) for row in rows]

    async def notices(self) -> list[tuple[str, list[UUID]]]:
        """Without those of dangerous words, which have their own."""
        raised = [e["data"] for e in await self.events("notice.raised")]
        return [(each["why"], [UUID(a) for a in each["agents"]]) for each in raised if each["why"] != "words.heard"]

    async def state(self, agent: UUID) -> str:
        found: str = await self.floor.db.pool.fetchval("SELECT state FROM presence WHERE agent_id = $1", agent)
        return found


async def open_station(db: Database, clock: FakeClock) -> Station:
    book = roster_book()
    floor = await open_floor(
        db, clock, [roster.roster_reader(db, clock, book)], duty=lambda tx, now: roster.duty(tx, now, book)
    )
    roster.register_timers(floor.timers, book)
    for kind in ("routing.first_reply", "routing.offer"):
        floor.timers.register(kind, _nothing)
    promised: list[UUID] = []

    async def promise(tx: Tx, conversation_id: UUID, now: datetime) -> None:
        c = await conversations.lock_conversation(tx, conversation_id)
        if await conversations.leave_message(tx, c, actor="test", now=now):
            promised.append(conversation_id)

    return Station(floor, book, NightWatch(db, clock, book, floor.feed, promise), promised)


async def _nothing(tx: Tx, timer: Timer, now: datetime) -> None:
    """The ladder of the first reply is another story."""
