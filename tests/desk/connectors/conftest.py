"""A stand-in CRM, and a house that asks it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.desk.connectors.room import Room
from tests.standins.crm import Crm, crm
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database


@pytest.fixture
def standin() -> Iterator[Crm]:
    with crm() as running:
        yield running


@pytest.fixture
async def room(db: Database, clock: FakeClock, standin: Crm) -> AsyncIterator[Room]:
    room = Room(db, clock, standin)
    yield room
    await room.http.close()
