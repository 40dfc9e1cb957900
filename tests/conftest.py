"""Fixtures for every test: a server for the whole run, a migrated database of its own for each test, a clock."""

import asyncio
import itertools
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests import memory
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database, Server, migrate, open_connection, open_database, start_server

_APP = Path(__file__).parent / "app"
_WAITING = {Path(__file__).parent / name for name in ("faults", "journeys")}
_TEMPLATE = f"migrated_{os.getpid()}"
_numbers = itertools.count(1)

# A machine that does much besides is slow to think up examples; that says nothing about what is tested.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whoever opens the web or a whole house with its database is slow: `make test-fast` proves rules and stores."""
    for item in items:
        needs = set(getattr(item, "fixturenames", ()))
        if "services" in needs or ("postgres" in needs and _APP in item.path.parents):
            item.add_marker("slow")
    items[:] = _spread(items)


def _spread(items: list[pytest.Item]) -> list[pytest.Item]:
    """Files whose tests wait for processes and browsers lie evenly between those that compute, which so use the time,
    and none in the last fifth, when nobody else would be left. Large files come first, for the same reason."""
    files: dict[Path, list[pytest.Item]] = {}
    for item in items:
        files.setdefault(item.path, []).append(item)
    waiting = [path for path in files if not _WAITING.isdisjoint(path.parents)]
    order = sorted(files.keys() - set(waiting), key=lambda path: (-len(files[path]), path))
    step = len(order) * 4 // 5 // max(1, len(waiting))
    for number, path in enumerate(waiting):
        order.insert(number * (step + 1), path)
    return [item for path in order for item in files[path]]


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A server that forgets everything, one for each worker."""
    with memory.folder() as home, start_server(home, durable=False) as server:
        yield server


@pytest.fixture(scope="session")
def template(postgres: Server) -> Iterator[str]:
    """The name of a migrated database, of which each test gets a copy."""

    async def make() -> None:
        await _admin(postgres, f"CREATE DATABASE {_TEMPLATE}")
        await migrate(postgres.address_of(_TEMPLATE))

    asyncio.run(make())
    yield _TEMPLATE
    asyncio.run(_admin(postgres, f"DROP DATABASE {_TEMPLATE}"))


@asynccontextmanager
async def fresh_database(postgres: Server, template: str) -> AsyncIterator[str]:
    """The address of a copy of the template, gone when the block ends."""
    name = f"test_{os.getpid()}_{next(_numbers)}"
    await _admin(postgres, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
    yield postgres.address_of(name)
    await _admin(postgres, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def db_dsn(postgres: Server, template: str) -> AsyncIterator[str]:
    """The address of a fresh migrated database, for tests that open several pools or processes on it."""
    async with fresh_database(postgres, template) as dsn:
        yield dsn


@pytest.fixture
async def db(db_dsn: str) -> AsyncIterator[Database]:
    """A fresh migrated database."""
    database = await open_database(db_dsn)
    yield database
    await database.close()


@pytest.fixture
def clock() -> FakeClock:
    """Monday, 2026-03-02, half past nine in Shanghai: an open office on an ordinary morning."""
    return FakeClock(datetime(2026, 3, 2, 1, 30, tzinfo=UTC))


async def _admin(server: Server, statement: str) -> None:
    connection = await open_connection(server.dsn)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
