"""A simulation is asked for, runs, is looked at and called off by HTTP."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import httpx
import pytest

from tests.web.desk import NOWHERE, Desk, open_desk
from tests.web.house import House
from yizhan.app.rules import KINDS
from yizhan.desk import simulation
from yizhan.desk.views import places
from yizhan.foundation.jobs import Job
from yizhan.records.config import Configuration
from yizhan.web.services import Services

GENERATED = {"what": "generated", "count": 120}


@pytest.fixture
def services(services: Services) -> Services:
    return replace(services, configuration=Configuration(KINDS, places))


@pytest.fixture
async def desk(services: Services, house: House, browser: httpx.AsyncClient) -> Desk:
    desk = await open_desk(services, house, browser)
    await desk.as_("admin")
    async with services.db.transaction() as tx:
        await services.configuration.ensure_defaults(tx, by="system", now=services.clock.now())
    return desk


def other(body: dict[str, Any], kind: str = "routing") -> dict[str, Any]:
    return {"what": "documents", "documents": [{"kind": kind, "name": "default", "body": body}]}


async def run(desk: Desk, asked: dict[str, Any]) -> Any:
    """As the worker does it."""
    job = Job(1, simulation.SIMULATE, {"simulation": asked["id"]})
    await simulation.run(desk.services.db, desk.services.clock, desk.services.configuration, job)
    return await desk.get(f"/simulations/{asked['id']}")


async def test_two_sets_of_rules_are_compared_on_one_day(desk: Desk) -> None:
    asked = await desk.post("/simulations", {"day": GENERATED, "rules": other({"live_cap": 1})})
    assert (asked["state"], asked["progress"], asked["result"]) == ("queued", 0, None)
    assert await desk.sql("SELECT count(*) FROM pgqueuer WHERE entrypoint = 'simulate'") == 1
    told = await run(desk, asked)
    assert (told["state"], told["progress"], told["error"]) == ("ended", 1, None)
    result = told["result"]
    assert result["before"]["arrivals"] == result["after"]["arrivals"] == result["day"]["arrivals"] == 120
    assert result["day"]["generated"] is True
    assert {each["kind"] for each in result["changes"]} == {"routing"}
    assert set(result["before"]["waits"]) <= {"1", "2", "3", "4"}
    assert len(result["after"]["queue"]) == 144
    (listed,) = (await desk.get("/simulations"))["items"]
    assert (listed["id"], listed["result"], listed["agent_name"]) == (asked["id"], None, told["agent_name"])
    await desk.refused(409, "conflict", "POST", f"/simulations/{asked['id']}/cancel")


async def test_bad_rules_are_told_with_their_place_before_anything_runs(desk: Desk) -> None:
    asked = {"day": GENERATED, "rules": other({"live_cap": -1})}
    told = await desk.refused(422, "invalid", "POST", "/simulations", asked)
    assert told["field"] == "routing/default: live_cap"
    asked = {"day": {"what": "on", "on": "2999-01-01"}, "rules": {"what": "drafts"}}
    assert (await desk.refused(422, "invalid", "POST", "/simulations", asked))["field"] == "day.on"
    asked = {"day": GENERATED, "rules": {"what": "release", "release": 99}}
    await desk.refused(404, "not_found", "POST", "/simulations", asked)
    assert (await desk.get("/simulations"))["items"] == []


async def test_one_called_off_does_not_run_and_a_day_without_anybody_says_so(desk: Desk) -> None:
    asked = await desk.post("/simulations", {"day": GENERATED, "rules": {"what": "drafts"}})
    assert (await desk.post(f"/simulations/{asked['id']}/cancel", status=200))["state"] == "cancelled"
    assert (await run(desk, asked))["state"] == "cancelled"
    asked = await desk.post("/simulations", {"day": {"what": "yesterday"}, "rules": {"what": "release", "release": 1}})
    told = await run(desk, asked)
    assert (told["state"], told["error"]["field"]) == ("failed", "day")


async def test_one_that_breaks_down_says_so_and_is_not_tried_for_ever(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object) -> None:
        raise ZeroDivisionError("nobody is there")

    monkeypatch.setattr("yizhan.desk.simulation.service.live", breaks)
    told = await run(desk, await desk.post("/simulations", {"day": GENERATED, "rules": {"what": "drafts"}}))
    assert (told["state"], told["error"]["code"]) == ("failed", "internal")


async def test_only_the_newest_fifty_are_kept(desk: Desk) -> None:
    asked = {"day": GENERATED, "rules": {"what": "drafts"}}
    made = [await desk.post("/simulations", asked) for _ in range(5)]
    await desk.refused(409, "conflict", "POST", "/simulations", asked)  # five wait already
    for each in made:
        await desk.post(f"/simulations/{each['id']}/cancel", status=200)
    await desk.sql(
        "INSERT INTO simulation (id, agent_id, asked, state, created_at) SELECT"
        " ('00' || substr(gen_random_uuid()::text, 3))::uuid, agent_id, asked, 'ended', created_at"
        " FROM simulation, generate_series(1, 12)"
    )  # fmt: skip
    await desk.post("/simulations", asked)
    assert await desk.sql("SELECT count(*) FROM simulation") == 50


async def test_only_who_manages_configuration_simulates(desk: Desk) -> None:
    await desk.as_("lin")
    await desk.refused(403, "forbidden", "GET", "/simulations")
    await desk.refused(403, "forbidden", "POST", "/simulations", {"day": GENERATED, "rules": {"what": "drafts"}})
    await desk.as_("admin")
    await desk.refused(404, "not_found", "GET", f"/simulations/{NOWHERE}")
