"""A whole shift by chance: customers and agents do what they like, and the books are right at every rest."""

from __future__ import annotations

import contextlib
import random
from datetime import timedelta
from uuid import UUID

import pytest

from tests.desk.routing.floor import Floor, open_floor
from yizhan.desk import clocks, routing, serving
from yizhan.desk.routing import WorkKind
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database, Tx
from yizhan.foundation.errors import DomainError
from yizhan.foundation.lease import Lease
from yizhan.records import agents
from yizhan.records.agents import PresenceState
from yizhan.records.conversations import Draft, Solved, Summary
from yizhan.records.tickets import Action, By

WORDS = ("在吗", "我要退款", "好的谢谢", "还是不行", "我要投诉", "冒烟了", "请问几点开门")


class Shift:
    def __init__(self, floor: Floor, seed: int) -> None:
        self.floor = floor
        self.chance = random.Random(seed)
        self.people: list[UUID] = []

    async def step(self) -> None:
        moves = (
            self.writes, self.writes, self.writes, self.answers, self.answers, self.ends, self.moves_ticket,
            self.presence, self.transfers, self.puts_back, self.pulls, self.assigns, self.loses_line, self.time,
        )  # fmt: skip
        with contextlib.suppress(DomainError):  # chance asked for what the rules refuse
            await self.chance.choice(moves)()
        await self.floor.settle()

    async def writes(self) -> None:
        mail = self.chance.random() < 0.3
        who = f"c{self.chance.randrange(8)}" + ("@example.com" if mail else "")
        self.floor.clock.advance(timedelta(milliseconds=1))
        await self.floor.says(who, self.chance.choice(WORDS), mail=mail)

    async def answers(self) -> None:
        async with self.floor.db.transaction() as tx:
            found = await self._one(tx, "SELECT id, agent_id FROM conversation WHERE phase = 'served'")
            if found:
                draft = Draft(direction="out", author=f"agent:{found['agent_id']}", text="好的")
                await serving.reply(tx, found["id"], draft, now=self.floor.clock.now())

    async def ends(self) -> None:
        async with self.floor.db.transaction() as tx:
            found = await self._one(tx, "SELECT id, agent_id FROM conversation WHERE phase = 'served' AND live")
            if found:
                told = Summary("consult", self.chance.choice(list(Solved)), "已经按约定处理")
                by = By(f"agent:{found['agent_id']}", found["agent_id"])
                await serving.end(tx, found["id"], told, typed=False, by=by, now=self.floor.clock.now())

    async def moves_ticket(self) -> None:
        async with self.floor.db.transaction() as tx:
            found = await self._one(tx, "SELECT id, agent_id FROM ticket WHERE agent_id IS NOT NULL")
            if found:
                action = self.chance.choice([Action.SOLVE, Action.CONFIRM, Action.REOPEN, Action.CANCEL])
                by = By(f"agent:{found['agent_id']}", found["agent_id"])
                text = "已经按照约定给客户办好"
                await serving.move(tx, found["id"], action, text=text, by=by, now=self.floor.clock.now())

    async def presence(self) -> None:
        state = self.chance.choice(["online", "online", "online", "busy", "offline"])
        await self.floor.is_now(self.chance.choice(self.people), state)

    async def transfers(self) -> None:
        async with self.floor.db.transaction() as tx:
            found = await self._one(tx, "SELECT id, agent_id FROM conversation WHERE phase = 'served' AND live")
            if found:
                to, now = self.chance.choice(self.people), self.floor.clock.now()
                by = By(f"agent:{found['agent_id']}", found["agent_id"])
                offer = await routing.transfer(tx, found["id"], to_agent=to, note="请接手", by=by, now=now)
                if self.chance.random() < 0.7:
                    await routing.accept_offer(tx, offer.id, to, now=now)

    async def puts_back(self) -> None:
        async with self.floor.db.transaction() as tx:
            found = await self._one(tx, "SELECT work, work_id, agent_id FROM assignment WHERE ended_at IS NULL")
            if found:
                by, kind = By(f"agent:{found['agent_id']}", found["agent_id"]), WorkKind(str(found["work"]))
                now = self.floor.clock.now()
                await routing.put_back(tx, kind, found["work_id"], note="请别人看", by=by, now=now)

    async def pulls(self) -> None:
        async with self.floor.db.transaction() as tx:
            found = await self._one(tx, "SELECT kind, id FROM routing_waiting")
            if found:
                who, now = self.chance.choice(self.people), self.floor.clock.now()
                await routing.pull(tx, WorkKind(str(found["kind"])), found["id"], who, now=now)

    async def assigns(self) -> None:
        async with self.floor.db.transaction() as tx:
            found = await self._one(tx, "SELECT id FROM ticket WHERE status = 'open'")
            if found:
                who, now = self.chance.choice(self.people), self.floor.clock.now()
                await routing.assign_ticket(
                    tx, found["id"], agent_id=who, team_id=None, note="请跟进", by=By("agent:lead"), now=now
                )

    async def loses_line(self) -> None:
        async with self.floor.db.transaction() as tx:
            await agents.mark_lost(tx, self.chance.choice(self.people), self.floor.clock.now())

    async def time(self) -> None:
        await self.floor.pass_time(timedelta(seconds=self.chance.choice([1, 25, 125, 310, 1000, 90_000])))

    async def _one(self, tx: Tx, query: str) -> dict[str, UUID] | None:
        rows = await tx.fetch(query)
        return dict(self.chance.choice(rows)) if rows else None


async def check_books(floor: Floor) -> None:
    assert await floor.loads() == await floor.counted()
    unheld = (
        "SELECT v.id FROM conversation v WHERE v.live AND v.phase = 'served' AND NOT EXISTS (SELECT FROM assignment a"
        " WHERE a.work_id = v.id AND a.ended_at IS NULL AND a.agent_id = v.agent_id)"
    )
    assert await floor.db.pool.fetch(unheld) == []
    stale = "SELECT * FROM routing_stance WHERE stance = 'over' OR counted <> (stance = 'weighs')"
    assert await floor.db.pool.fetch(stale) == []
    apart = (
        "SELECT v.id FROM conversation v JOIN ticket t ON t.id = v.ticket_id WHERE v.phase = 'served' AND v.live"
        " AND t.status = 'open' AND t.merged_into IS NULL AND t.agent_id IS DISTINCT FROM v.agent_id"
    )
    assert await floor.db.pool.fetch(apart) == []
    for work in floor.router.board.waiting():
        assert floor.router.board.able(work, floor.clock.now()) == [], f"{work} waits beside somebody free"
    waiting = {r["id"] for r in await floor.db.pool.fetch("SELECT id FROM routing_waiting")}
    assert {w.id for w in floor.router.board.waiting()} == waiting


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
async def test_the_books_are_right_at_every_rest(db: Database, clock: FakeClock, seed: int) -> None:
    floor = await open_floor(db, clock, [clocks.clock_reader(db, clock)])
    clocks.register_timers(floor.timers)
    routing.register_timers(floor.timers)
    shift = Shift(floor, seed)
    for n in range(4):
        shift.people.append(await floor.hire(f"a{n}", live_cap=1 + n % 2, async_cap=2))
    await floor.learn(shift.people[0], "complaint")
    for _ in range(60):
        await shift.step()
        await check_books(floor)
    for person in shift.people:
        await floor.is_now(person, str(PresenceState.ONLINE))
    await check_books(floor)
    lease = Lease(db, "router.fresh", "another", timedelta(hours=1))
    await lease.step()
    fresh = routing.Router(db, clock, lease, floor.feed)
    assert await fresh.turn() == 0, "a router built anew would have decided more"
