"""One house for the whole contract: every case has an inbox and a stand-in of its own in it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.conftest import fresh_database
from yizhan.app.contract import Floor, open_floor
from yizhan.foundation.db import Server


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def floor(postgres: Server, template: str) -> AsyncIterator[Floor]:
    async with fresh_database(postgres, template) as dsn, open_floor(dsn) as floor:
        yield floor
