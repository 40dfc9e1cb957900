"""Service levels over HTTP: the promises about a ticket with their reasons, and the list of what is due."""

from __future__ import annotations

import dataclasses
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.web.desk import Desk, open_desk
from tests.web.house import House
from yizhan.desk import sla, views
from yizhan.desk.triage import triage_reader
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database
from yizhan.foundation.journal import Sequencer, Wake
from yizhan.foundation.lease import Lease
from yizhan.foundation.timer import Timers
from yizhan.records.config import CALENDAR, Configuration, Kinds, Published
from yizhan.web.services import Services


@pytest.fixture
async def desk(services: Services, house: House, browser: httpx.AsyncClient) -> Desk:
    return await open_desk(services, house, browser)


Settle = Callable[[], Awaitable[None]]


@pytest.fixture
async def settle(db: Database, clock: FakeClock) -> Settle:
    """What one process does by itself: sequencer, triage, service levels, timers."""
    none = Published(Kinds([CALENDAR, sla.SLA_POLICY]), 0, ())
    lease = Lease(db, "journal", "here")
    await lease.step()
    sequencer = Sequencer(db, lease, Wake(), lambda pos: None)
    readers = [triage_reader(db, clock), sla.sla_reader(db, clock, lambda: none)]
    timers = Timers(db, clock)
    sla.register_timers(timers, lambda: none)

    async def turn() -> None:
        for _ in range(4):
            await sequencer.drain()
            for reader in readers:
                await reader.step()
            await timers.fire_due(clock.now())

    return turn


async def test_a_ticket_tells_its_promises_and_why(desk: Desk, settle: Settle) -> None:
    done = await desk.comes("v1", "在吗")
    await settle()
    items = (await desk.get(f"/tickets/{done.ticket_id}/sla"))["items"]
    assert [(item["kind"], item["state"]) for item in items] == [
        ("resolution", "running"), ("first_response", "running"),
    ]  # fmt: skip
    first = items[1]
    assert first["policy"]["title"] == {"zh": "标准时效", "en": "Standard"}
    assert (first["calendar"]["tz"], first["allowed_s"], first["left_s"]) == ("Asia/Shanghai", 3600, 3600)
    assert first["counted"] == [{"begin": first["started_at"], "end": first["due_at"]}]
    assert first["when"]["zh"].endswith("3月2日 10:30 到期")
    await desk.refused(404, "not_found", "GET", f"/tickets/{desk.house.brand}/sla")


async def test_the_list_of_what_is_due(desk: Desk, settle: Settle, clock: FakeClock) -> None:
    first = await desk.comes("v1", "在吗")
    await settle()
    clock.advance(timedelta(minutes=50))
    second = await desk.comes("v2", "在吗")
    await settle()
    page = await desk.get("/tickets", due="any", limit=1)
    assert [(row["id"], row["due"]["state"]) for row in page["items"]] == [(str(first.ticket_id), "warned")]
    page = await desk.get("/tickets", due="any", limit=1, cursor=page["next"])
    assert [(row["id"], row["due"]["kind"]) for row in page["items"]] == [(str(second.ticket_id), "first_response")]
    clock.advance(timedelta(minutes=10))
    await settle()
    assert [row["id"] for row in (await desk.get("/tickets", due="breached"))["items"]] == [str(first.ticket_id)]
    assert (await desk.get("/tickets", due="warned"))["items"] == []
    (row,) = [row for row in (await desk.get("/tickets"))["items"] if row["id"] == str(first.ticket_id)]
    assert row["due"]["state"] == "breached"
    await desk.refused(422, "invalid", "GET", "/tickets?due=soon")


POLICY: dict[str, Any] = {
    "name": {"zh": "会员", "en": "Members"}, "order": 10, "calendar": "default",
    "when": {"field": "level", "op": "gte", "value": 1},
    "targets": {"any": {"first_response": {"minutes": 20}}},
    "escalation": [{"at": "breach", "do": "move", "team": "care"}, {"at": "breach", "do": "notify", "to": ["lead"]}],
}  # fmt: skip


@pytest.fixture
def services(services: Services) -> Services:
    kinds = Kinds([CALENDAR, sla.SLA_POLICY])
    return dataclasses.replace(services, configuration=Configuration(kinds, views.places))


async def test_policies_and_calendars_are_configuration(desk: Desk) -> None:
    await desk.as_("admin")
    async with desk.services.db.transaction() as tx:
        await desk.services.configuration.ensure_defaults(tx, by="system", now=desk.services.clock.now())
    answer = await desk.browser.put("/api/v1/config/sla_policy/members", json={"body": POLICY})
    assert answer.status_code == 200, answer.text
    await desk.post("/config/releases", {"note": "会员"}, 201)
    assert "members" in [item["name"] for item in (await desk.get("/config/sla_policy"))["items"]]


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("calendar/night", {"tz": "Asia/Shanghai", "weekly": {}}, "weekly"),
        ("calendar/night", {"tz": "Asia/Nowhere", "weekly": {"mon": ["09:00-18:00"]}}, "tz"),
        ("calendar/night", {"tz": "UTC", "weekly": {"mon": ["09:00-12:00", "11:00-18:00"]}}, "weekly.mon"),
        ("sla_policy/members", {**POLICY, "escalation": [{"at": "breach", "do": "move", "team": "nobody"}]},
         "escalation[0].team"),
        ("sla_policy/members", {**POLICY, "when": {"field": "vip", "op": "eq", "value": True}}, "when.field"),
        ("sla_policy/members", {**POLICY, "warn": {"minutes": 30}}, "warn.minutes"),
    ],
)  # fmt: skip
async def test_what_makes_no_sense_is_explained_when_it_is_saved(
    desk: Desk, path: str, body: dict[str, Any], field: str
) -> None:
    await desk.as_("admin")
    told = await desk.refused(422, "invalid", "PUT", f"/config/{path}", {"body": body})
    assert told["field"] == field
    assert len(told["detail"]) > 10
