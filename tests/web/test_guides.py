"""五分钟上手 over HTTP: one's own on every device; what two of them did adds up, and a new round begins anew."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.web.desk import Desk, open_desk
from tests.web.house import House
from yizhan.web.services import Services


@pytest.fixture
async def desk(services: Services, house: House, browser: httpx.AsyncClient) -> Desk:
    return await open_desk(services, house, browser)


def step(round: int, *done: str, **more: Any) -> dict[str, Any]:
    return {"course": "agent", "round": round, "done": list(done), **more}


async def test_it_goes_on_where_another_device_left_it(desk: Desk) -> None:
    begun = await desk.get("/guide", course="agent")
    assert (begun["round"], begun["done"], begun["state"]) == (1, [], "running")
    await desk.call("PUT", "/guide", step(1, "online", "open"))
    await desk.call("PUT", "/guide", step(1, "template", "open"))
    left = await desk.call("PUT", "/guide", step(1, state="left"))
    assert (left["done"], left["state"]) == (["online", "open", "template"], "left")
    # What another device did meanwhile does not bring back what was put aside.
    assert (await desk.call("PUT", "/guide", step(1, "send")))["state"] == "left"
    assert (await desk.get("/guide", course="agent"))["done"] == ["online", "open", "send", "template"]
    assert (await desk.get("/guide", course="supervisor"))["done"] == []
    await desk.as_("gao")
    assert (await desk.get("/guide", course="agent"))["done"] == []


async def test_begun_again_it_forgets_and_an_old_device_changes_nothing(desk: Desk) -> None:
    first = await desk.call("PUT", "/guide", step(1, "online", state="over"))
    again = await desk.call("PUT", "/guide", step(2))
    assert (again["round"], again["done"], again["state"]) == (2, [], "running")
    assert again["began_at"] >= first["began_at"]
    old = await desk.call("PUT", "/guide", step(1, "end", state="over"))
    assert (old["round"], old["done"], old["state"]) == (2, [], "running")
    await desk.refused(422, "invalid", "PUT", "/guide", step(9))
    await desk.refused(422, "invalid", "PUT", "/guide", step(2, "Nonsense!"))
