"""A running house with one web chat inbox, and a visitor at it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.web.house import House
from tests.web.server import Running, Widget, open_inbox, running
from yizhan.web.services import Services


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
