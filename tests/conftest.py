"""Fixtures for every test: a server for the whole run, a migrated database of its own for each test, a clock."""

import asyncio
import itertools
import os
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database, Server, migrate, open_connection, open_database, start_server

_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "alone")
_TEMPLATE = f"template_{_WORKER}"
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that forgets everything; the workers of one run share it as processes of the product would."""
    here = tmp_path_factory.getbasetemp()
    with start_server(_common_folder(here) / "server", durable=False) as server:
        yield server


def _common_folder(base: Path) -> Path:
    return base if _WORKER == "alone" else base.parent


@pytest.fixture(scope="session")
def template(postgres: Server) -> str:
    """The name of a migrated database, of which each test gets a copy."""

    async def make() -> None:
        await _admin(postgres, f"CREATE DATABASE {_TEMPLATE}")
        await migrate(postgres.address_of(_TEMPLATE))

    asyncio.run(make())
    return _TEMPLATE


@pytest.fixture
async def db_dsn(postgres: Server, template: str) -> AsyncIterator[str]:
    """The address of a fresh migrated database, for tests that open several pools or processes on it."""
    name = f"test_{_WORKER}_{next(_numbers)}"
    await _admin(postgres, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
    yield postgres.address_of(name)
    await _admin(postgres, f"DROP DATABASE {name} WITH (FORCE)")


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
