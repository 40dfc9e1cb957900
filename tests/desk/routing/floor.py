"""A service floor for stories: the shop of intake, agents at their seats, and the machinery that one process runs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from tests.desk.intake.samples import Shop, open_shop, says
from yizhan.desk.intake import Accepted
from yizhan.desk.priority import Prioritiser, priority_book
from yizhan.desk.routing import ROUTING, Router, RoutingBook, routing_book
from yizhan.desk.triage import triage_reader
from yizhan.desk.words import WordListener, word_book
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database
from yizhan.foundation.ids import new_id
from yizhan.foundation.journal import Feed, Reader, Sequencer, Wake
from yizhan.foundation.lease import Lease
from yizhan.foundation.timer import Timers
from yizhan.records import agents
from yizhan.records.agents import NewAgent, PresenceState
from yizhan.records.config import Body, Document, Kinds, Published

_LIFE = timedelta(hours=1)


class Floor(msgspec.Struct):
    shop: Shop
    clock: FakeClock
    db: Database
    sequencer: Sequencer
    readers: list[Reader]
    feed: Feed
    router: Router
    timers: Timers
    leases: list[Lease]

    async def settle(self) -> None:
        """Until nothing moves any more: journal, readers, feed, router."""
        for _ in range(20):
            moved = await self.sequencer.drain()
            for reader in self.readers:
                moved += await reader.step()
            moved += await self.feed.step()
            moved += await self.router.turn()
            if not moved:
                return
        raise AssertionError("the floor does not come to rest")

    async def pass_time(self, by: timedelta) -> None:
        """Timers fire in order, each followed by what it sets in motion."""
        self.clock.advance(by)
        while await self.timers.fire_due(self.clock.now()):
            await self.settle()
        await self.settle()

    async def says(self, who: str, text: str, *, mail: bool = False) -> Accepted:
        inbox = self.shop.mail if mail else self.shop.chat
        done = await self.shop.intake.accept(says(inbox, who, text, self.clock.now()))
        await self.settle()
        return done

    async def hire(
        self, login: str, *, state: str = "online", live_cap: int = 5, async_cap: int = 30, team: bool = True
    ) -> UUID:
        now = self.clock.now()
        async with self.db.transaction() as tx:
            await agents.ensure_roles(tx, now)
            role = await tx.fetchval("SELECT id FROM role WHERE key = 'agent'")
            agent_id = await agents.create_agent(
                tx, NewAgent(login=login, name=login, role_id=role, live_cap=live_cap, async_cap=async_cap), now, "test"
            )
            if team:
                await tx.execute("INSERT INTO team_member VALUES ($1, $2)", self.shop.team, agent_id)
            await agents.set_presence(tx, agent_id, PresenceState(state), None, now, f"agent:{agent_id}")
        await self.settle()
        return agent_id

    async def is_now(self, agent_id: UUID, state: str) -> None:
        async with self.db.transaction() as tx:
            await agents.set_presence(tx, agent_id, PresenceState(state), None, self.clock.now(), f"agent:{agent_id}")
        await self.settle()

    async def learn(self, agent_id: UUID, key: str) -> UUID:
        now = self.clock.now()
        async with self.db.transaction() as tx:
            skill = await tx.fetchval("SELECT id FROM skill WHERE key = $1", key)
            skill = skill or await agents.create_skill(tx, key, key, now, "test")
            held = {r["skill_id"]: r["level"] for r in await tx.fetch(
                "SELECT skill_id, level FROM agent_skill WHERE agent_id = $1", agent_id)}  # fmt: skip
            await agents.set_skills(tx, agent_id, {**held, skill: 3}, now, "test")
        await self.settle()
        return UUID(str(skill))

    async def row(self, table: str, row_id: UUID | None) -> dict[str, object]:
        found = await self.db.pool.fetchrow(f"SELECT * FROM {table} WHERE id = $1", row_id)
        assert found is not None
        return dict(found)

    async def agent_of(self, done: Accepted) -> object:
        return (await self.row("conversation", done.conversation_id))["agent_id"]

    async def agent_of_ticket(self, done: Accepted) -> object:
        return (await self.row("ticket", done.ticket_id))["agent_id"]

    async def loads(self) -> dict[UUID, tuple[int, int]]:
        return {r["agent_id"]: (r["live"], r["async"]) for r in await self.db.pool.fetch("SELECT * FROM agent_load")}

    async def counted(self) -> dict[UUID, tuple[int, int]]:
        """What the loads should be by the assignments themselves."""
        rows = await self.db.pool.fetch(
            "SELECT l.agent_id, coalesce(sum(a.weight) FILTER (WHERE a.load = 'live'), 0)::int AS live,"
            " coalesce(sum(a.weight) FILTER (WHERE a.load = 'async'), 0)::int AS async FROM agent_load l"
            " LEFT JOIN assignment a ON a.agent_id = l.agent_id AND a.ended_at IS NULL AND a.counted GROUP BY 1"
        )
        return {r["agent_id"]: (r["live"], r["async"]) for r in rows}

    async def kinds(self) -> list[str]:
        return [r["kind"] for r in await self.db.pool.fetch("SELECT kind FROM event ORDER BY pos")]


def routing_rules(said: Body, **places: Body) -> RoutingBook:
    """The rules of a house that says this, and of the places that say that over it."""
    book = routing_book()
    book.take(published(said, **places))
    return book


def published(said: Body, **places: Body) -> Published:
    at = datetime(2026, 3, 2, tzinfo=UTC)
    documents = {"default": said, **places}
    return Published(Kinds([ROUTING]), 1, [
        Document(new_id(at), "routing", name, 1, body, at, "test", "") for name, body in documents.items()
    ])  # fmt: skip


async def open_floor(
    db: Database, clock: FakeClock, more: Iterable[Reader] = (), book: RoutingBook | None = None, **ports: Any
) -> Floor:
    shop = await open_shop(db, clock)
    # Nobody renews them here: on a busy machine a story takes longer than a lease lives.
    journal, lease = (Lease(db, name, str(new_id(clock.now())), _LIFE) for name in ("journal", "router"))
    await journal.step()
    await lease.step()
    feed = Feed(db)
    await feed.start()
    sequencer = Sequencer(db, journal, Wake(), lambda pos: None)
    judges = (WordListener(word_book()), Prioritiser(priority_book()))
    readers = [triage_reader(db, clock, judges=judges), *more]
    router = Router(db, clock, lease, feed, book, **ports)
    return Floor(shop, clock, db, sequencer, readers, feed, router, Timers(db, clock), [journal, lease])
