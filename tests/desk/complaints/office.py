"""A floor on which complaints are recognised, timed, taken over and paid for."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import msgspec

from tests.desk.routing.floor import Floor, open_floor
from yizhan.desk import complaints, routing
from yizhan.desk.complaints import SHIPPED, Rulebook, RuleHolder
from yizhan.desk.complaints.documents import Product, Title
from yizhan.desk.intake import Accepted
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database, Tx
from yizhan.foundation.timer import Timer
from yizhan.records.tickets import By

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
PRODUCTS = (Product("blanket", Title("电热毯", "Heated blanket"), ("电热毯", "blanket")),)


class Complaints(msgspec.Struct):
    floor: Floor
    rules: RuleHolder
    people: dict[str, UUID]

    @property
    def db(self) -> Database:
        return self.floor.db

    @property
    def now(self) -> Any:
        return self.floor.clock.now()

    @property
    def book(self) -> Rulebook:
        return self.rules.now

    def by(self, who: str) -> By:
        return By(f"agent:{self.people[who]}", self.people[who])

    async def row(self, done: Accepted) -> dict[str, Any]:
        found = await self.db.pool.fetchrow("SELECT * FROM complaint WHERE ticket_id = $1", done.ticket_id)
        return dict(found) if found else {}

    async def ticket(self, done: Accepted) -> dict[str, Any]:
        return dict(await self.db.pool.fetchrow("SELECT * FROM ticket WHERE id = $1", done.ticket_id) or {})

    async def clocks(self, done: Accepted) -> dict[str, dict[str, Any]]:
        rows = await self.db.pool.fetch(
            "SELECT k.* FROM complaint_clock k JOIN complaint p ON p.id = k.complaint_id WHERE p.ticket_id = $1",
            done.ticket_id,
        )  # fmt: skip
        return {row["kind"]: dict(row) for row in rows}

    async def notices(self) -> list[dict[str, Any]]:
        await self.floor.settle()
        rows = await self.db.pool.fetch("SELECT data FROM event WHERE kind = 'notice.raised' ORDER BY pos")
        return [row["data"] for row in rows]

    async def events(self, kind: str) -> list[dict[str, Any]]:
        await self.floor.settle()
        return [
            r["data"] for r in await self.db.pool.fetch("SELECT data FROM event WHERE kind = $1 ORDER BY pos", kind)
        ]


async def open_complaints(db: Database, clock: FakeClock) -> Complaints:
    """林一 serves, 苏瑾 leads, 周主管 supervises, 阮清 is 客诉专员; one product has a name."""
    floor = await open_floor(db, clock, [complaints.complaint_reader(db, clock)])
    rules = RuleHolder()
    rules.now = Rulebook(msgspec.structs.replace(SHIPPED, products=PRODUCTS))
    for kind in ("routing.first_reply", "routing.offer"):
        floor.timers.register(kind, _nothing)
    assign = partial(routing.take_matter, book=routing.routing_book())
    complaints.register_timers(floor.timers, lambda: rules.now, assign)
    people = {name: await floor.hire(name) for name in ("林一", "苏瑾", "周主管", "阮清")}
    roles = {"苏瑾": "lead", "周主管": "supervisor", "阮清": "specialist"}
    for name, role in roles.items():
        await db.pool.execute(
            "UPDATE agent SET role_id = (SELECT id FROM role WHERE key = $2) WHERE id = $1", people[name], role
        )
        await floor.is_now(people[name], "busy")
    await db.pool.execute("UPDATE team_member SET lead = true WHERE agent_id = $1", people["苏瑾"])
    return Complaints(floor, rules, people)


async def _nothing(tx: Tx, timer: Timer, now: object) -> None:
    """The ladder of the first reply is another story."""
