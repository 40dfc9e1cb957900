"""A visitor who is met by one process and speaks to another is known there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from uuid import uuid4

import pytest

from yizhan.app.settings import load_settings
from yizhan.app.shared_memory import shared_memory
from yizhan.foundation.bus import MAX_PAYLOAD, PostgresBus
from yizhan.foundation.crypto import Vault
from yizhan.foundation.db import Database
from yizhan.web.widget_memory import Page, WidgetMemory

WHO = b"w" * 16


@pytest.fixture
async def memories(db: Database, tmp_path: Path) -> AsyncIterator[tuple[WidgetMemory, WidgetMemory]]:
    vault = Vault(load_settings({"YIZHAN_DATA": str(tmp_path)}).keys)
    buses = PostgresBus(db), PostgresBus(db)
    for bus in buses:
        await bus.start()
    yield shared_memory(buses[0], vault), shared_memory(buses[1], vault)
    for bus in buses:
        await bus.close()


async def until(so: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while True:
            if so():
                return
            await asyncio.sleep(0.005)


async def test_what_one_learns_and_forgets_all_do(memories: tuple[WidgetMemory, WidgetMemory]) -> None:
    here, there = memories
    page, visit = Page("https://shop.test/灯", "台灯"), uuid4()
    here.pages.put(WHO, page)
    here.visits.put(WHO, visit)
    await until(lambda: there.pages.get(WHO) == page and there.visits.get(WHO) == visit)
    there.visits.pop(WHO)
    await until(lambda: here.visits.get(WHO) is None)
    assert here.pages.get(WHO) == page


async def test_what_is_too_long_for_a_signal_stays_at_home(memories: tuple[WidgetMemory, WidgetMemory]) -> None:
    here, there = memories
    here.pages.put(WHO, Page("https://shop.test/" + "a" * MAX_PAYLOAD))
    here.pages.put(b"x" * 16, Page("https://shop.test/"))
    await until(lambda: there.pages.get(b"x" * 16) is not None)
    assert there.pages.get(WHO) is None
    assert here.pages.get(WHO) is not None
