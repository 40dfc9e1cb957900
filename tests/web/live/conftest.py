"""A running house with its people, a web chat inbox, and agents signed in at their sockets."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.typing import Origin

from tests.web.house import House, sign_in
from tests.web.server import Line, Running, Widget, open_inbox, running
from yizhan.records import agents
from yizhan.records.agents import Member, NewAgent, PresenceState
from yizhan.web.services import Services

Desk = Callable[..., AbstractAsyncContextManager[Line]]


@pytest.fixture(autouse=True)
async def somebody_there(services: Services, house: House) -> None:
    """With nobody in the house every word is a message left for later."""
    now = services.clock.now()
    async with services.db.transaction() as tx:
        new = NewAgent(login="xu", name="许宁", role_id=house.roles["agent"])
        somebody = await agents.create_agent(tx, new, now, "system")
        members = [Member(house.people["su"], True), Member(house.people["lin"], False), Member(somebody, False)]
        await agents.set_members(tx, house.care, members, now, "system")
        await agents.set_presence(tx, somebody, PresenceState.BREAK, None, now, "system")


@pytest.fixture
async def live(services: Services, house: House) -> AsyncIterator[Running]:
    async with running(services) as started:
        yield started


@pytest.fixture
async def shop(live: Running, house: House) -> str:
    return await open_inbox(live.services, house.brand, house.care)


@pytest.fixture
async def widget(live: Running, shop: str) -> AsyncIterator[Widget]:
    visitor = Widget(live, shop)
    yield visitor
    await visitor.close()


@pytest.fixture
def desk(live: Running) -> Desk:
    """`async with desk("lin", list="team") as line`: signed in, hello said and answered."""

    @asynccontextmanager
    async def opened(
        login: str, after: str | None = None, window: str | None = None, **watch: Any
    ) -> AsyncIterator[Line]:  # fmt: skip
        async with httpx.AsyncClient(base_url=live.base) as browser:
            assert (await sign_in(browser, login)).status_code == 200
            cookie = f"yizhan_session={browser.cookies['yizhan_session']}"
        url = f"{live.ws}/api/v1/live"
        origin = Origin(live.base)
        async with connect(url, origin=origin, additional_headers={"cookie": cookie}, compression=None) as socket:
            line = Line(socket)
            await line.say(t="hello", after=after, window=window, watch=watch)
            await line.next("hello")
            yield line

    return opened
