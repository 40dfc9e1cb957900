"""Rosters over HTTP: planning with its reasons, import with a dry run, copying a week, leave, the line for a break."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.web.desk import API, NOWHERE, Desk, open_desk
from tests.web.house import House
from yizhan.records.config import CALENDAR, Configuration, Kinds
from yizhan.web.services import Services


@pytest.fixture
def services(services: Services) -> Services:
    """A house with a calendar."""
    return replace(services, configuration=Configuration(Kinds([CALENDAR])))


@pytest.fixture
async def desk(services: Services, house: House, browser: httpx.AsyncClient) -> Desk:
    made = await open_desk(services, house, browser)
    await made.as_("su")
    return made


def wish(desk: Desk, **more: Any) -> dict[str, Any]:
    said = {"team_id": str(desk.house.care), "agent_id": str(desk.house.people["lin"]), "kind": "day",
            "day": "2026-03-03", "begin": "09:00", "until": "18:00"}  # fmt: skip
    return said | more


async def test_a_shift_is_planned_changed_and_taken_back(desk: Desk) -> None:
    made = await desk.post("/roster/shifts", wish(desk))
    assert (made["day"], made["begin"], made["until"], made["tz"]) == (
        "2026-03-03", "09:00", "18:00", "Asia/Shanghai",
    )  # fmt: skip
    assert made["starts_at"] == "2026-03-03T01:00:00Z"
    refused = await desk.refused(409, "conflict", "POST", "/roster/shifts", wish(desk, begin="17:00", until="20:00"))
    assert "overlaps with 2026-03-03 09:00–18:00" in refused["detail"]
    assert "与 2026-03-03 09:00–18:00 的班次重叠" in refused["zh"]
    empty = await desk.refused(422, "invalid", "POST", "/roster/shifts", wish(desk, begin="20:00", until="20:00"))
    assert (empty["field"], empty["zh"]) == ("until", "20:00–20:00 没有时长：班次的结束要晚于开始")
    for field, more in {
        "until": {"until": "09:00"}, "tz": {"tz": "Mars/Base"}, "agent_id": {"agent_id": str(NOWHERE)},
    }.items():  # fmt: skip
        path = f"/roster/shifts/{made['id']}"
        assert (await desk.refused(422, "invalid", "PUT", path, wish(desk, version=1, **more)))["field"] == field
    stranger = wish(desk, agent_id=str(desk.house.people["gao"]), day="2026-03-04")
    assert "不在" not in (await desk.refused(409, "conflict", "POST", "/roster/shifts", stranger))["detail"]
    changed = await desk.browser.put(f"{API}/roster/shifts/{made['id']}", json=wish(desk, version=1, until="24:00"))
    assert (changed.json()["until"], changed.json()["version"]) == ("00:00", 2)
    stale = wish(desk, version=1, until="20:00")
    await desk.refused(409, "conflict", "PUT", f"/roster/shifts/{made['id']}", stale)
    await desk.refused(403, "forbidden", "POST", "/roster/shifts", wish(desk, team_id=str(desk.house.sales)))
    seen = await desk.get("/roster", first="2026-03-02")
    assert ([s["id"] for s in seen["shifts"]], seen["may_plan"], len(seen["days"])) == ([made["id"]], True, 7)
    await desk.as_("lin")
    assert (await desk.get("/me/shifts"))["items"][0]["id"] == made["id"]
    assert (await desk.get("/roster", first="2026-03-02"))["may_plan"] is False
    await desk.refused(403, "forbidden", "DELETE", f"/roster/shifts/{made['id']}")
    await desk.as_("su")
    assert (await desk.browser.delete(f"{API}/roster/shifts/{made['id']}")).status_code == 204
    assert (await desk.get("/roster", first="2026-03-02"))["shifts"] == []
    assert await desk.sql("SELECT count(*) FROM timer WHERE kind = 'roster.began'") == 0


async def test_a_file_is_tried_before_it_is_taken(desk: Desk) -> None:
    head = "客服组,客服,日期,开始,结束,班次\n"
    good = "售后,林一,2026-03-03,09:00,18:00,白班\ncare,su,2026-03-03,22:00,06:00,夜班\n"
    bad = "售后,林一,2026-03-03,17:00,20:00,白班\n售后,高远,2026-03-03,09:00,18:00,\n"
    tried = await desk.post("/roster/import", {"text": head + good}, 200)
    assert (tried["rows"], tried["made"], tried["faults"]) == (2, 0, [])
    assert await desk.sql("SELECT count(*) FROM shift") == 0
    wrong = await desk.post("/roster/import", {"text": head + good + bad, "dry_run": False}, 200)
    assert [(f["line"], f["field"]) for f in wrong["faults"]] == [(4, ""), (5, "agent")]
    assert all(f["zh"] and f["zh"] != f["message"] for f in wrong["faults"])
    assert (wrong["made"], await desk.sql("SELECT count(*) FROM shift")) == (0, 0)
    done = await desk.post("/roster/import", {"text": head + good, "dry_run": False}, 200)
    assert (done["made"], await desk.sql("SELECT count(*) FROM shift")) == (2, 2)
    await desk.refused(422, "invalid", "POST", "/roster/import", {"text": "a,b\n1,2\n"})


async def test_a_week_is_copied_and_what_does_not_fit_is_told(desk: Desk) -> None:
    await desk.post("/roster/shifts", wish(desk))
    body = {"team_id": str(desk.house.care), "source": "2026-03-02", "target": "2026-03-09"}
    assert (await desk.post("/roster/copy", body, 200)) == {"made": 1, "skipped": []}
    again = await desk.post("/roster/copy", body, 200)
    assert (again["made"], again["skipped"][0]["day"]) == (0, "2026-03-10")
    assert "overlaps" in again["skipped"][0]["why"]
    assert "重叠" in again["skipped"][0]["zh"]
    await desk.refused(422, "invalid", "POST", "/roster/copy", {**body, "target": "2026-03-10"})


async def test_leave_says_what_nobody_covers(desk: Desk) -> None:
    await desk.post("/roster/shifts", wish(desk))
    lin = str(desk.house.people["lin"])
    made = await desk.post("/roster/leave", {"agent_id": lin, "first": "2026-03-03", "last": "2026-03-03"})
    assert [s["day"] for s in made["uncovered"]] == ["2026-03-03"]
    assert made["leave"]["ends_at"] == "2026-03-03T16:00:00Z"
    assert [one["id"] for one in (await desk.get("/roster", first="2026-03-02"))["leaves"]] == [made["leave"]["id"]]
    for wrong in ({"last": "2026-03-02"}, {"agent_id": str(NOWHERE)}):
        body = {"agent_id": lin, "first": "2026-03-05", "last": "2026-03-06", **wrong}
        await desk.refused(422, "invalid", "POST", "/roster/leave", body)
    assert (await desk.browser.delete(f"{API}/roster/leave/{made['leave']['id']}")).status_code == 204
    assert (await desk.get("/roster", first="2026-03-02"))["leaves"] == []


async def test_who_is_on_duty_and_how_long_everybody_worked(desk: Desk) -> None:
    await desk.post("/roster/shifts", wish(desk, day="2026-03-02"))
    on = await desk.get("/roster/on-duty")
    assert [d["agent_id"] for d in on["items"]] == [str(desk.house.people["lin"])]
    await desk.browser.put(f"{API}/me/presence", json={"state": "online", "reason": None})
    desk.services.clock.advance(timedelta(minutes=10))  # type: ignore[attr-defined]
    told = {w["name"]: w for w in (await desk.get("/roster/worktime", first="2026-03-02"))["items"]}
    assert (told["苏瑾"]["seconds"]["online"], told["苏瑾"]["at_work"]) == (600, 600)
    assert told["林一"]["planned"] == 9 * 3600


async def test_the_line_for_a_break(desk: Desk) -> None:
    assert (await desk.get("/me/break")) == {
        "quota": None, "resting": [], "waiting": 0, "place": 0, "reason": None, "until": None,
    }  # fmt: skip
    await desk.refused(409, "conflict", "PUT", "/me/break", {"reason": "meal"})
    await desk.refused(409, "conflict", "POST", "/me/wrap-up/extend")
    assert (await desk.browser.delete(f"{API}/me/break")).status_code == 204


async def test_the_sheet_of_a_shift_is_done_and_read(desk: Desk) -> None:
    await desk.as_("lin")
    served, done = await desk.served("v1"), await desk.served("v2")
    await desk.sql("UPDATE conversation SET phase = 'ended' WHERE id = $1", done.conversation_id)
    soon = desk.services.clock.now() + timedelta(hours=2)
    await desk.sql("UPDATE ticket SET next_follow_up = $2, waiting_reason = 'internal' WHERE id = $1",
                   done.ticket_id, soon)  # fmt: skip
    sheet = await desk.get("/me/handover")
    assert [c["id"] for c in sheet["chats"]] == [str(served.conversation_id)]
    assert [(t["ticket"]["id"], t["why"]) for t in sheet["tickets"]] == [(str(done.ticket_id), "follow_up")]
    assert (sheet["ends_at"], sheet["next"]) == (None, [])
    ticket = {"id": str(done.ticket_id), "to": "agent", "agent_id": str(desk.house.people["su"]), "note": "客户在等"}
    chat = {"id": str(served.conversation_id), "do": "keep"}
    await desk.refused(422, "invalid", "POST", "/me/handover", {"tickets": [{**ticket, "note": " "}]})
    told = await desk.post("/me/handover", {"chats": [chat], "tickets": [ticket]}, 200)
    assert told == {"handed": 2, "staying": [str(served.conversation_id)]}
    assert (await desk.get("/auth/me"))["presence"]["reason"] == "handover"
    await desk.as_("su")
    received = await desk.get("/me/handover/received")
    assert [(i["from_name"], i["to_me"], i["note"], i["seen"]) for i in received["items"]] == [
        ("林一", True, "客户在等", False),
    ]  # fmt: skip
    assert (received["unseen"], [t["id"] for t in received["due"]]) == (1, [str(done.ticket_id)])
    await desk.post("/me/handover/received/seen", None, 204)
    assert (await desk.get("/me/handover/received"))["unseen"] == 0
