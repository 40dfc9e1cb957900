"""Fixtures for every test: a server for the whole run, a migrated database of its own for each test, a clock."""

import asyncio
import fcntl
import itertools
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import pytest

from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database, Server, migrate, open_connection, open_database, start_server

_APP = Path(__file__).parent / "app"
_MEMORY = Path("/dev/shm")
_PREFIX = "yizhan-run-"
_IN_USE = "in-use"
_TEMPLATE = f"migrated_{os.getpid()}"
_numbers = itertools.count(1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whoever opens the web or a whole house with its database is slow: `make test-fast` proves rules and stores."""
    for item in items:
        needs = set(getattr(item, "fixturenames", ()))
        if "services" in needs or ("postgres" in needs and _APP in item.path.parents):
            item.add_marker("slow")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A server that forgets everything, one for each worker; in memory, where that is a folder: ten times faster."""
    parent = _MEMORY if os.access(_MEMORY, os.W_OK) else Path(tempfile.gettempdir())
    _clear_up_after_killed_runs(parent)
    with (
        tempfile.TemporaryDirectory(dir=parent, prefix=_PREFIX) as home,
        (Path(home) / _IN_USE).open("w") as in_use,
        _locked(in_use),
        start_server(Path(home), durable=False) as server,
    ):
        yield server


@contextmanager
def _locked(in_use: IO[str]) -> Iterator[None]:
    """The lock ends with its process, and is seen where process numbers are others: by a container on this memory."""
    fcntl.flock(in_use, fcntl.LOCK_EX | fcntl.LOCK_NB)
    yield


def _clear_up_after_killed_runs(parent: Path) -> None:
    for left in parent.glob(f"{_PREFIX}*"):
        try:
            with (left / _IN_USE).open("r") as in_use, _locked(in_use):
                if (left / "postgres").exists():
                    start_server(left, durable=False).stop()  # finds the orphan, and ends it as its last user
                shutil.rmtree(left, ignore_errors=True)
        except OSError:
            continue  # in use, or being made or cleared up by another run at this moment


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
