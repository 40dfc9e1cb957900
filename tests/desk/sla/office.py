"""A floor with service levels: released policies, a reader that keeps the targets, timers that strike."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from tests.desk.intake.samples import says
from tests.desk.routing.floor import Floor, open_floor
from yizhan.desk import serving, sla
from yizhan.desk.intake import Accepted
from yizhan.desk.sla import SLA_POLICY, Target, TargetKind
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database, Tx
from yizhan.foundation.timer import Timer
from yizhan.records import tickets
from yizhan.records.config import CALENDAR, Configuration, Kinds, Published
from yizhan.records.conversations import Draft
from yizhan.records.tickets import Action, By, TicketChange

KINDS = Kinds([CALENDAR, SLA_POLICY])
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
OFFICE: dict[str, Any] = {
    "tz": "Asia/Shanghai",
    "weekly": {day: ["09:30-12:00", "13:30-18:00"] for day in ("mon", "tue", "wed", "thu", "fri")},
}
PLAIN: dict[str, Any] = {
    "name": {"zh": "标准", "en": "Standard"},
    "calendar": "office",
    "targets": {
        "any": {
            "first_response": {"minutes": 30}, "next_response": {"minutes": 60}, "resolution": {"minutes": 480},
        },
        "high": {
            "first_response": {"minutes": 10}, "next_response": {"minutes": 20}, "resolution": {"minutes": 120},
        },
    },
}  # fmt: skip


class Office(msgspec.Struct):
    floor: Floor
    configuration: Configuration
    in_force: Published

    @property
    def db(self) -> Database:
        return self.floor.db

    async def release(self, policies: Mapping[str, dict[str, Any]], calendar: dict[str, Any] | None = None) -> None:
        now = self.floor.clock.now()
        async with self.db.transaction() as tx:
            await self.configuration.save(tx, "calendar", "office", calendar or OFFICE, by="test", now=now)
            for name, body in policies.items():
                await self.configuration.save(tx, "sla_policy", name, body, by="test", now=now)
            await self.configuration.release(tx, by="test", now=now)
            self.in_force = await self.configuration.published(tx)

    async def shop_says(self, who: str, *, settle: bool = True) -> None:
        floor = self.floor
        await floor.shop.intake.accept(says(floor.shop.chat, who, "在吗", self.now))
        if settle:
            await floor.settle()

    async def answers(self, done: Accepted, agent: UUID, text: str = "马上为您查", *, human: bool = True) -> None:
        assert done.conversation_id is not None
        author = f"agent:{agent}" if human else "bot"
        async with self.db.transaction() as tx:
            draft = Draft(direction="out", author=author, text=text, human=human)
            await serving.reply(tx, done.conversation_id, draft, now=self.floor.clock.now())
        await self.floor.settle()

    async def moves(self, done: Accepted, agent: UUID, action: Action, text: str = "按客户要求办理完毕了") -> None:
        assert done.ticket_id is not None
        async with self.db.transaction() as tx:
            await serving.move(tx, done.ticket_id, action, text=text, by=By(f"agent:{agent}", agent), now=self.now)
        await self.floor.settle()

    async def changes(self, done: Accepted, **what: Any) -> None:
        assert done.ticket_id is not None
        async with self.db.transaction() as tx:
            ticket = await tickets.lock_ticket(tx, done.ticket_id)
            change = TicketChange(**what)
            await tickets.change_ticket(
                tx, ticket, change, expected=ticket.version, text="按规定调整", by=By("test"), now=self.now
            )
        await self.floor.settle()

    @property
    def now(self) -> Any:
        return self.floor.clock.now()

    async def targets(self, done: Accepted) -> list[Target]:
        assert done.ticket_id is not None
        async with self.db.read() as tx:
            return await sla.targets_of(tx, [done.ticket_id])

    async def target(self, done: Accepted, kind: str) -> Target:
        """The newest of the kind."""
        return [each for each in await self.targets(done) if each.kind is TargetKind(kind)][-1]

    async def events(self, *kinds: str) -> list[dict[str, Any]]:
        rows = await self.db.pool.fetch(
            "SELECT kind, at, actor, ticket_id, agent_id, data FROM event WHERE kind = ANY ($1) ORDER BY pos", kinds
        )
        return [dict(row) for row in rows]

    async def told(self) -> list[str]:
        """What happened to targets, in order: `started first_response`."""
        rows = await self.db.pool.fetch("SELECT kind, data FROM event WHERE kind LIKE 'sla.%' ORDER BY pos")
        return [f"{row['kind'][4:]} {row['data'].get('target', '')}".strip() for row in rows]


async def open_office(db: Database, clock: FakeClock, *, plain: bool = True) -> Office:
    """Monday, half past nine: the office opens. `plain` releases one policy for everything."""
    office = Office(None, Configuration(KINDS), Published(KINDS, 0, ()))  # type: ignore[arg-type]
    office.floor = await open_floor(db, clock, [sla.sla_reader(db, clock, lambda: office.in_force)])
    for kind in ("routing.first_reply", "routing.offer"):
        office.floor.timers.register(kind, _nothing)
    sla.register_timers(office.floor.timers, lambda: office.in_force)
    if plain:
        await office.release({"plain": PLAIN})
    return office


async def _nothing(tx: Tx, timer: Timer, now: datetime) -> None:
    """The ladder of the first reply is another story."""
