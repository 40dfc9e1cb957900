"""A running house with one web chat inbox, and a visitor at it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.web.house import House
from tests.web.server import Running, Widget, open_inbox, running
from yizhan.records import agents
from yizhan.records.agents import PresenceState
from yizhan.web.services import Services


@pytest.fixture(autouse=True)
async def somebody_there(services: Services, house: House) -> None:
    """With nobody in the house every word is a message left for later."""
    async with services.db.transaction() as tx:
        await agents.set_presence(tx, house.people["su"], PresenceState.BREAK, None, services.clock.now(), "system")


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
