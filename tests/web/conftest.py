"""A house with its people, and browsers at its door."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from tests.web.built import app_of, free_all
from tests.web.house import House, found_house
from yizhan.desk.metrics import Metrics
from yizhan.desk.search import Search
from yizhan.foundation.blobs import open_blobs
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.crypto import Signer, Vault, new_keyring
from yizhan.foundation.db import Database
from yizhan.foundation.journal import Feed
from yizhan.records.access import Passwords
from yizhan.web.services import Services, WebSettings


@pytest.fixture(autouse=True)
def routes_serve_again() -> Iterator[None]:
    yield
    free_all()


@pytest.fixture
def settings(tmp_path: Path) -> WebSettings:
    return WebSettings(demo_logins=("admin", "lin"), assets=tmp_path / "assets")


@pytest.fixture
def services(db: Database, clock: FakeClock, settings: WebSettings, tmp_path: Path) -> Services:
    keys = new_keyring()
    vault = Vault(keys)
    return Services(
        search=Search(vault),
        db=db,
        vault=vault,
        signer=Signer(keys),
        blobs=open_blobs((tmp_path / "blobs").as_uri(), vault),
        clock=clock,
        metrics=Metrics(db, Feed(db), clock),
        settings=settings,
        passwords=Passwords(memory_kib=64, rounds=1),
    )


@pytest.fixture
async def house(services: Services) -> House:
    return await found_house(services)


@pytest.fixture
async def browser(services: Services) -> AsyncIterator[httpx.AsyncClient]:
    """Nobody is signed in yet."""
    transport = httpx.ASGITransport(app_of(services))
    async with httpx.AsyncClient(transport=transport, base_url="http://desk.test") as client:
        yield client
