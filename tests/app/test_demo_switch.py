"""The switch of the demo: for those who supervise, and only where there is a demo."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import httpx

from yizhan.app.demo import open_demo, plant_demo
from yizhan.app.house import open_house
from yizhan.app.services import services_of
from yizhan.app.settings import load_settings
from yizhan.foundation.clock import FakeClock
from yizhan.web.app import build_app


@asynccontextmanager
async def browser(dsn: str, clock: FakeClock, home: Path, *, switch: bool = True) -> AsyncIterator[httpx.AsyncClient]:
    settings = load_settings({"YIZHAN_DATA": str(home), "YIZHAN_DEMO": "true"})
    async with open_house(settings, dsn, clock) as house:
        await plant_demo(house, count=10)
        await house.rules.begin(house.db, clock)
        demo = await open_demo(house, seed=1) if switch else None
        services = services_of(house, demo)
        for loop in house.loops:
            loop.close()  # nothing runs by itself here
        transport = httpx.ASGITransport(build_app(services))
        async with httpx.AsyncClient(transport=transport, base_url=settings.public_url) as client:
            yield client


async def sign_in(client: httpx.AsyncClient, login: str) -> None:
    answer = await client.post("/api/v1/auth/demo", json={"login": login})
    assert answer.status_code == 200, answer.text
    client.headers["x-csrf-token"] = answer.json()["csrf"]


async def sources_of_a_member(client: httpx.AsyncClient) -> tuple[str, bool]:
    """How the demo's CRM stands with somebody whom it knows, and whether orders of his are shown."""
    newest = (await client.get("/api/v1/customers", params={"sort": "new", "limit": 200})).json()["items"]
    for member in (each for each in newest if each["orders"]):
        told = (await client.post(f"/api/v1/contacts/{member['id']}/look-up")).json()
        if told["sources"][0]["state"] != "unasked":
            return told["sources"][0]["state"], bool(told["orders"])
    raise AssertionError("nobody is a member")


async def test_a_supervisor_steers_and_begins_anew(db_dsn: str, clock: FakeClock, tmp_path: Path) -> None:
    async with browser(db_dsn, clock, tmp_path) as client:
        await sign_in(client, "zhuguan")
        shown = (await client.get("/api/v1/demo")).json()
        assert shown["enabled"] is True
        assert shown["drive"] == {"on": True, "speed": 1.0}
        changed = await client.put("/api/v1/demo", json={"on": False, "speed": 5})
        assert changed.json()["drive"] == {"on": False, "speed": 5.0}
        assert (await client.put("/api/v1/demo", json={"speed": 21})).status_code == 422
        assert await sources_of_a_member(client) == ("fresh", True)
        assert (await client.put("/api/v1/demo", json={"crm": False})).json()["crm"] is False
        clock.advance(timedelta(minutes=2))
        assert await sources_of_a_member(client) == ("stale", True)
        before = await client.get("/api/v1/auth/me")
        again = await client.post("/api/v1/demo/reset")
        assert again.status_code == 200, again.text
        assert (await client.get("/api/v1/auth/me")).json()["agent"] == before.json()["agent"]


async def test_an_agent_may_not(db_dsn: str, clock: FakeClock, tmp_path: Path) -> None:
    async with browser(db_dsn, clock, tmp_path) as client:
        await sign_in(client, "linyi")
        assert (await client.get("/api/v1/demo")).status_code == 403
        assert (await client.put("/api/v1/demo", json={"on": False})).status_code == 403
        assert (await client.post("/api/v1/demo/reset")).status_code == 403


async def test_where_there_is_no_demo_nothing_is_begun_anew(db_dsn: str, clock: FakeClock, tmp_path: Path) -> None:
    async with browser(db_dsn, clock, tmp_path, switch=False) as client:
        await sign_in(client, "admin")
        assert (await client.get("/api/v1/demo")).json()["enabled"] is False
        assert (await client.post("/api/v1/demo/reset")).status_code == 404
