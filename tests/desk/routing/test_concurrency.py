"""Everybody at once: eight people act while readers and the router run. No deadlock, and the books are right."""

from __future__ import annotations

import asyncio

from tests.desk.intake.samples import says
from tests.desk.routing.floor import open_floor
from tests.desk.routing.test_shift import WORDS, Shift, check_books
from yizhan.desk import clocks, routing
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database
from yizhan.foundation.errors import DomainError
from yizhan.records import agents


class Hasty(Shift):
    """Does not wait until the floor comes to rest."""

    async def act(self, count: int) -> int:
        refused = 0
        moves = (
            self.posts, self.posts, self.posts, self.answers, self.answers, self.ends, self.moves_ticket, self.sits,
            self.transfers, self.puts_back, self.pulls, self.assigns,
        )  # fmt: skip
        for _ in range(count):
            try:
                await self.chance.choice(moves)()
            except DomainError:
                refused += 1
        return refused

    async def posts(self) -> None:
        shop, now = self.floor.shop, self.floor.clock.now()
        whos = [f"c{self.chance.randrange(12)}" for _ in range(3)]
        unique = f"{id(self)}-{self.chance.random()}-"
        await shop.intake.accept_batch([
            says(shop.chat, who, self.chance.choice(WORDS), now, n=unique + str(n)) for n, who in enumerate(whos)
        ])  # fmt: skip

    async def sits(self) -> None:
        async with self.floor.db.transaction() as tx:
            who, state = self.chance.choice(self.people), self.chance.choice(["online", "online", "busy", "offline"])
            await agents.set_presence(tx, who, agents.PresenceState(state), None, self.floor.clock.now(), "test")


async def test_everybody_at_once(db: Database, clock: FakeClock) -> None:
    floor = await open_floor(db, clock, [clocks.clock_reader(db, clock)])
    routing.register_timers(floor.timers)
    clocks.register_timers(floor.timers)
    people = [await floor.hire(f"a{n}", live_cap=2, async_cap=3) for n in range(6)]
    stop = asyncio.Event()

    async def machinery() -> None:
        while not stop.is_set():
            await floor.sequencer.drain()
            for reader in floor.readers:
                await reader.step()
            await floor.feed.step()
            await floor.router.turn()
            await asyncio.sleep(0)

    async def person(seed: int) -> int:
        hasty = Hasty(floor, seed)
        hasty.people = people
        return await hasty.act(100)

    running = asyncio.create_task(machinery())
    try:
        refused = await asyncio.gather(*(person(seed) for seed in range(8)))
    finally:
        stop.set()
        await running
    await floor.settle()
    await check_books(floor)
    assert sum(refused) < 8 * 100 * 0.6
    holds = await db.pool.fetchval("SELECT count(*) FROM reader_hold")
    assert holds == 0
