"""等待原因, 催单, 关注人, links, sub-tasks, the trace and 僵尸单 over HTTP."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from tests.web.desk import NOWHERE, Desk, open_desk
from tests.web.house import House
from yizhan.foundation.clock import FakeClock
from yizhan.web.services import Services


@pytest.fixture
async def desk(services: Services, house: House, browser: httpx.AsyncClient) -> Desk:
    return await open_desk(services, house, browser)


async def test_a_ticket_waits_for_a_reason_and_until_a_time(desk: Desk, clock: FakeClock) -> None:
    done = await desk.served()
    path = f"/tickets/{done.ticket_id}/wait"
    at = (clock.now() + timedelta(hours=3)).isoformat()
    for reason in ("internal", "third_party", "appointment"):
        told = await desk.refused(422, "invalid", "PUT", path, {"reason": reason, "text": "等仓库回复"})
        assert told["field"] == "next_follow_up"
    past = (clock.now() - timedelta(minutes=1)).isoformat()
    for wrong in ({"next_follow_up": past}, {"text": " "}, {"reason": "lunch"}):
        body = {"reason": "internal", "text": "等仓库回复", "next_follow_up": at, **wrong}
        await desk.refused(422, "invalid", "PUT", path, body)
    body = {"reason": "third_party", "text": "等快递", "next_follow_up": at}
    answer = await desk.browser.put(f"/api/v1{path}", json=body)
    row = answer.json()["ticket"]
    assert (row["status"], row["waiting_reason"], row["chases"]) == ("open", "third_party", 0)
    data = await desk.sql("SELECT data FROM event_new WHERE kind = 'ticket.changed'")
    assert data["fields"] == ["next_follow_up", "waiting_reason"]
    assert await desk.sql("SELECT count(*) FROM timer WHERE kind = 'ticket.follow_up'") == 1
    gone = await desk.post(f"/tickets/{done.ticket_id}/go-on", {"text": "快递已回复"}, 200)
    assert gone["ticket"]["waiting_reason"] is None
    await desk.refused(409, "conflict", "POST", f"/tickets/{done.ticket_id}/go-on", {"text": "再来"})
    await desk.browser.put(f"/api/v1{path}", json={"reason": "customer_info", "text": "等照片"})
    solved = await desk.post(f"/tickets/{done.ticket_id}/move", {"action": "solve", "text": "已补发"}, 200)
    assert solved["ticket"]["waiting_reason"] is None
    await desk.refused(409, "conflict", "PUT", path, {"reason": "customer_info", "text": "等照片"})


async def test_a_chase_is_counted_and_climbs(desk: Desk, house: House) -> None:
    done = await desk.served()
    lead = house.people["su"]
    await desk.sql("UPDATE team_member SET lead = agent_id = $1", lead)
    path = f"/tickets/{done.ticket_id}/chase"
    rows = [(await desk.post(path, {"text": "客户来电催"}, 200))["ticket"] for _ in range(3)]
    assert [(row["chases"], row["priority"]) for row in rows] == [(1, 2), (2, 3), (3, 3)]
    told = [r["data"] for r in await desk.services.db.pool.fetch(
        "SELECT data FROM event_new WHERE kind = 'notice.raised' ORDER BY seq")]  # fmt: skip
    assert [t["who"] for t in told] == [["handler"], ["handler"], ["lead", "handler"]]
    assert {t["why"] for t in told} == {"ticket.chased"}
    await desk.post(f"/tickets/{done.ticket_id}/move", {"action": "cancel", "text": "重复"}, 200)
    await desk.refused(409, "conflict", "POST", path, {"text": "又催"})


async def test_watchers_and_links(desk: Desk) -> None:
    one, two = await desk.served("v1"), await desk.served("v2")
    path = f"/tickets/{one.ticket_id}"
    number = await desk.sql("SELECT number FROM ticket WHERE id = $1", two.ticket_id)
    around = (await desk.browser.put(f"/api/v1{path}/watchers", json={})).json()
    assert [w["name"] for w in around["watchers"]] == ["林一"]
    await desk.refused(422, "invalid", "PUT", f"{path}/watchers", {"agent_id": str(NOWHERE)})
    body = {"number": number, "kind": "causes", "text": "同一批次"}
    around = await desk.post(f"{path}/links", body)
    assert [(x["kind"], x["out"], x["ticket"]["number"]) for x in around["links"]] == [("causes", True, number)]
    other = await desk.get(f"/tickets/{two.ticket_id}/around")
    assert [(x["kind"], x["out"]) for x in other["links"]] == [("causes", False)]
    await desk.refused(409, "conflict", "POST", f"{path}/links", body)
    await desk.refused(404, "not_found", "POST", f"{path}/links", {**body, "number": 1})
    own = await desk.sql("SELECT number FROM ticket WHERE id = $1", one.ticket_id)
    await desk.refused(422, "invalid", "POST", f"{path}/links", {**body, "number": own})
    link = around["links"][0]["id"]
    around = await desk.post(f"/tickets/{two.ticket_id}/links/{link}/undo", {"text": "弄错了"}, 200)
    assert around["links"] == []
    lin = around["watchers"] or (await desk.get(f"{path}/around"))["watchers"]
    answer = await desk.browser.delete(f"/api/v1{path}/watchers/{lin[0]['id']}")
    assert answer.json()["watchers"] == []


async def test_a_subtask_is_another_teams_and_holds_the_parent(desk: Desk, house: House) -> None:
    done = await desk.served()
    path = f"/tickets/{done.ticket_id}"
    body = {"subject": "查库存", "team_id": str(house.care), "text": "请核对滤芯库存"}
    child = (await desk.post(f"{path}/sub-tasks", body))["ticket"]
    assert (child["status"], child["agent_id"], child["parent_id"]) == ("new", None, str(done.ticket_id))
    await desk.refused(422, "invalid", "POST", f"{path}/sub-tasks", {**body, "team_id": str(NOWHERE)})
    await desk.refused(409, "conflict", "POST", f"/tickets/{child['id']}/sub-tasks", body)
    around = await desk.get(f"{path}/around")
    assert [c["id"] for c in around["children"]] == [child["id"]]
    await desk.post(f"{path}/move", {"action": "solve", "text": "已答复客户"}, 200)
    told = await desk.refused(409, "conflict", "POST", f"{path}/move", {"action": "confirm", "text": "客户同意"})
    assert f"#{child['number']}" in told["detail"]
    await desk.post(f"{path}/move", {"action": "confirm", "text": "客户同意", "anyway": True}, 200)
    again = await desk.comes("v1", "请问还有货吗?")
    assert str(again.ticket_id) != child["id"]


async def test_the_trace_says_who_when_from_to_and_why(desk: Desk, house: House) -> None:
    done = await desk.served("wang@example.com")
    path = f"/tickets/{done.ticket_id}"
    await desk.post(f"{path}/assign", {"agent_id": str(house.people["su"]), "note": "苏瑾熟悉此单"}, 204)
    await desk.as_("su")
    version = (await desk.get(path))["ticket"]["version"]
    await desk.call("PATCH", path, {"version": version, "priority": 3, "text": "客户很急"})
    await desk.post(f"{path}/move", {"action": "solve", "text": "已补发新件"}, 200)
    await desk.sql("INSERT INTO event SELECT seq + 1, seq, at, kind, v, subject, subject_version, brand_id, team_id,"
                   " agent_id, contact_id, conversation_id, ticket_id, actor, on_behalf, request, cause, depth, data,"
                   " '' FROM event_new")  # fmt: skip
    rows = (await desk.get(f"{path}/trace"))["items"]
    assert [(r["action"], r["author"]["name"], r["before"], r["after"], r["text"]) for r in rows][:3] == [
        ("solve", "苏瑾", "open", "pending", "已补发新件"), ("change", "苏瑾", None, None, "客户很急"),
        ("assign", "林一", "林一", "苏瑾", "苏瑾熟悉此单"),
    ]
    assert (rows[1]["facts"]["was"], rows[1]["facts"]["now"]) == ({"priority": 2}, {"priority": 3})
    begun = [row for row in rows if row["action"] == "ticket.created"]
    assert [(row["author"]["kind"], row["facts"]["channel"]) for row in begun] == [("customer", "email")]
    assert len({row["key"] for row in rows}) == len(rows)
    await desk.refused(422, "invalid", "GET", f"{path}/trace?cursor=zzz")


async def test_zombies_are_the_supervisors(desk: Desk, clock: FakeClock) -> None:
    lies, waits = await desk.served("v1"), await desk.served("v2")
    at = (clock.now() + timedelta(days=5)).isoformat()
    await desk.browser.put(f"/api/v1/tickets/{waits.ticket_id}/wait",
                           json={"reason": "internal", "text": "等工厂", "next_follow_up": at})  # fmt: skip
    await desk.refused(403, "forbidden", "GET", "/tickets/idle")
    await desk.as_("admin")
    assert (await desk.get("/tickets/idle"))["items"] == []
    clock.advance(timedelta(hours=25))
    await desk.as_("admin")
    fresh = await desk.served("v3")
    found = (await desk.get("/tickets/idle"))["items"]
    assert [row["id"] for row in found] == [str(lies.ticket_id)]
    assert str(fresh.ticket_id) not in {row["id"] for row in found}


async def test_progress_is_told_by_the_number_that_customers_know(desk: Desk) -> None:
    done = await desk.served()
    number = await desk.sql("SELECT number FROM ticket WHERE id = $1", done.ticket_id)
    told = await desk.get(f"/tickets/numbered/{number}/progress")
    assert (told["id"], told["number"]) == (str(done.ticket_id), number)
    into = await desk.comes("v2")
    await desk.sql("UPDATE ticket SET merged_into = $2 WHERE id = $1", done.ticket_id, into.ticket_id)
    assert (await desk.get(f"/tickets/numbered/{number}/progress"))["id"] == str(into.ticket_id)
    await desk.refused(404, "not_found", "GET", "/tickets/numbered/999999999/progress")
