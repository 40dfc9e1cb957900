"""Two web processes and one that routes, on one database: whoever sits at one sees what comes in by the other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest

from tests.desk.intake.samples import Shop, open_shop, says
from yizhan.app.house import House, Part, living, open_house
from yizhan.app.settings import load_settings
from yizhan.desk.live import AgentSocket, Hub, Signal, Watch
from yizhan.foundation.clock import SystemClock
from yizhan.foundation.db import Database
from yizhan.records import agents
from yizhan.records.agents import NewAgent, PresenceState
from yizhan.records.inboxes import Channel, NewInbox, create_inbox

AT_ONCE = 0.8  # seconds, below the poll of a second that is the net
BY_AND_BY = 20.0


class Seat:
    """An agent's open workbench at one of the processes."""

    def __init__(self, house: House, line: AgentSocket) -> None:
        assert house.hub is not None
        self.hub: Hub = house.hub
        self.line = line
        self.frames: list[dict[str, Any]] = []
        self.hub.join(line, "session", None, Watch(list="all", queue=True))

    async def gets(self, seconds: float, **wanted: object) -> dict[str, Any]:
        """The first frame like this, come or to come."""
        async with asyncio.timeout(seconds):
            while True:
                for frame in self.frames:
                    shown = {**frame, **frame.get("row", {})}
                    if all(shown.get(name) == value for name, value in wanted.items()):
                        return frame
                text = await self.line.outlet.next()
                assert text is not None
                said = msgspec.json.decode(text)
                self.frames += said if isinstance(said, list) else [said]


class Floor:
    def __init__(self, shop: Shop, one: House, other: House, agent: UUID) -> None:
        self.shop = shop
        self.one = one
        self.other = other
        self.agent = agent
        self.rechecked = asyncio.Event()

    async def sit(self, house: House) -> Seat:
        async with house.db.read() as tx:
            who = await agents.viewer(tx, self.agent)
        assert who is not None

        async def recheck() -> bool:
            self.rechecked.set()
            return True

        return Seat(house, AgentSocket(who, recheck))


@pytest.fixture
async def floor(db: Database, db_dsn: str, tmp_path: Path) -> AsyncIterator[Floor]:
    settings = load_settings({"YIZHAN_DATA": str(tmp_path), "YIZHAN_DATABASE_URL": db_dsn})
    assert settings.bus_url == "postgres"
    shop = await open_shop(db, SystemClock())
    agent = await _agent(db, shop)
    async with AsyncExitStack() as stack:
        houses = []
        for part in (Part.ROUTER, Part.WEB, Part.WEB):
            opened = open_house(settings, db_dsn, parts=frozenset({part}), connections=4)
            houses.append(await stack.enter_async_context(opened))
            await stack.enter_async_context(living(houses[-1]))
        yield Floor(shop, houses[1], houses[2], agent)


async def _agent(db: Database, shop: Shop) -> UUID:
    now = shop.clock.now()
    async with db.transaction() as tx:
        await agents.ensure_roles(tx, now)
        role = next(r.id for r in await agents.roles(tx) if r.key == "agent")
        agent = await agents.create_agent(tx, NewAgent(login="linyi", name="林一", role_id=role), now, "system")
        await agents.set_members(tx, shop.team, [agents.Member(agent, False)], now, "system")
        await agents.set_presence(tx, agent, PresenceState.ONLINE, None, now, f"agent:{agent}")
    return agent


async def test_a_message_at_one_process_is_seen_at_the_other_at_once(floor: Floor) -> None:
    seat = await floor.sit(floor.one)
    now = floor.shop.clock.now()
    said = await floor.other.intake.accept(says(floor.shop.chat, "v1", "什么时候发货?", now))
    await seat.gets(AT_ONCE, t="put", e="conversation", id=str(said.conversation_id), phase="queued")


async def test_typing_at_one_process_is_seen_at_the_other(floor: Floor) -> None:
    seat = await floor.sit(floor.one)
    said = await floor.other.intake.accept(says(floor.shop.chat, "v1", "在吗", floor.shop.clock.now()))
    await seat.gets(BY_AND_BY, e="conversation", phase="served")
    assert floor.other.hub is not None
    await floor.other.hub.signal(Signal(kind="typing", conversation_id=said.conversation_id, who="customer"))
    await seat.gets(BY_AND_BY, t="typing", conversation_id=str(said.conversation_id))


async def test_who_left_one_process_but_sits_at_another_is_asked_there(floor: Floor) -> None:
    """The process that lost its last socket says 失联; the one that has another asks whether it is so."""
    await floor.sit(floor.one)
    async with floor.other.db.transaction() as tx:
        await agents.mark_lost(tx, floor.agent, floor.shop.clock.now())
    async with asyncio.timeout(BY_AND_BY):
        await floor.rechecked.wait()


async def test_an_inbox_opened_at_one_process_takes_messages_at_the_other(floor: Floor) -> None:
    now = floor.shop.clock.now()
    new = NewInbox(channel=Channel.GENERIC, name="收银", brand_id=floor.shop.brand, team_id=floor.shop.team, key="till",
                   settings={}, secrets={})  # fmt: skip
    async with floor.one.db.transaction() as tx:
        inbox = await create_inbox(tx, floor.one.vault, new, now, "system")
    async with asyncio.timeout(BY_AND_BY):
        while True:
            if inbox in floor.other.intake._inboxes:
                break
            await asyncio.sleep(0.01)
    assert (await floor.other.intake.accept(says(inbox, "c1", "你好", now))).message_id
