"""会诊 over HTTP: colleagues read along and confer, the customer hears none of it, the conclusion is a note."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.web.desk import NOWHERE, Desk, open_desk
from tests.web.house import House
from yizhan.foundation.clock import FakeClock
from yizhan.records import agents
from yizhan.records.agents import Member
from yizhan.web.services import Services


@pytest.fixture
async def desk(services: Services, house: House, browser: httpx.AsyncClient) -> Desk:
    return await open_desk(services, house, browser)


async def asked(desk: Desk, ticket: object, **more: Any) -> dict[str, Any]:
    made = await desk.post(f"/tickets/{ticket}/consultations", {"question": "灯座会烧,是不是批次问题?", **more})
    row: dict[str, Any] = made["consultation"]
    return row


async def told(desk: Desk) -> list[tuple[str, list[str]]]:
    rows = await desk.services.db.pool.fetch("SELECT data FROM event_new WHERE kind = 'notice.raised' ORDER BY seq")
    return [(row["data"]["why"], row["data"]["agents"]) for row in rows]


async def test_a_colleague_of_another_team_reads_confers_and_the_conclusion_is_a_note(desk: Desk, house: House) -> None:
    done = await desk.served(text="灯座冒烟了")
    ticket, gao = f"/tickets/{done.ticket_id}", str(house.people["gao"])
    await desk.as_("gao")
    await desk.refused(404, "not_found", "GET", ticket)
    await desk.as_("lin")
    row = await asked(desk, done.ticket_id, agents=[gao], conversation_id=str(done.conversation_id))
    path = f"/consultations/{row['id']}"
    assert await told(desk) == [("consultation.asked", [gao])]
    await desk.refused(409, "conflict", "POST", f"{ticket}/consultations", {"question": "再问", "agents": [gao]})

    await desk.as_("gao")
    assert [c["id"] for c in (await desk.get("/consultations"))["items"]] == [row["id"]]
    assert (await desk.get(ticket))["messages"][0]["text"] == "灯座冒烟了"
    await desk.refused(403, "forbidden", "POST", f"{path}/messages", {"text": "我看看"})
    joined = await desk.post(f"{path}/join", status=200)
    assert [m["state"] for m in joined["consultation"]["members"]] == ["joined"]
    assert await desk.sql("SELECT async FROM agent_load WHERE agent_id = $1", house.people["gao"]) == 1
    await desk.refused(409, "conflict", "POST", f"{path}/join")
    said = await desk.post(f"{path}/messages", {"text": "是 2 月那批的灯座", "client_id": "k"})
    again = await desk.post(f"{path}/messages", {"text": "是 2 月那批的灯座", "client_id": "k"})
    assert len(said["lines"]) == len(again["lines"]) == 1
    write = {"client_id": "x", "text": "您好"}
    await desk.refused(404, "not_found", "POST", f"/conversations/{done.conversation_id}/messages", write)
    await desk.refused(404, "not_found", "POST", f"{ticket}/move", {"action": "solve", "text": "已经处理好了没有问题"})
    await desk.refused(403, "forbidden", "POST", f"{path}/close", {"conclusion": "我说了算"})

    await desk.as_("lin")
    await desk.refused(422, "invalid", "POST", f"{path}/close", {"conclusion": "  "})
    closed = await desk.post(f"{path}/close", {"conclusion": "2 月批次灯座,全部换新"}, 200)
    assert (closed["consultation"]["state"], closed["consultation"]["closer_name"]) == ("closed", "林一")
    note = (await desk.get(ticket))["notes"][-1]
    assert (note["action"], note["text"], note["typed"]) == ("consult", "2 月批次灯座,全部换新", True)
    assert await desk.sql("SELECT async FROM agent_load WHERE agent_id = $1", house.people["gao"]) == 0
    assert ("consultation.closed", [gao]) in await told(desk)
    assert await desk.sql("SELECT count(*) FROM message WHERE text LIKE '%批次%'") == 0
    await desk.refused(409, "conflict", "POST", f"{path}/messages", {"text": "还有"})
    await desk.as_("gao")
    await desk.refused(404, "not_found", "GET", ticket)
    await desk.refused(404, "not_found", "GET", path)


async def test_the_first_of_an_invited_team_comes_and_may_leave_again(desk: Desk, house: House) -> None:
    async with desk.services.db.transaction() as tx:
        members = [Member(house.people["gao"], False), Member(house.people["su"], False)]
        await agents.set_members(tx, house.sales, members, desk.services.clock.now(), "test")
    done = await desk.served()
    row = await asked(desk, done.ticket_id, teams=[str(house.sales)])
    path = f"/consultations/{row['id']}"
    assert sorted((await told(desk))[0][1]) == sorted(str(house.people[who]) for who in ("gao", "su"))
    await desk.as_("gao")
    joined = (await desk.post(f"{path}/join", status=200))["consultation"]
    assert [(m["team_name"], m["agent_name"], m["state"]) for m in joined["members"]] == [
        ("售前", None, "joined"), ("售前", "高远", "joined"),
    ]  # fmt: skip
    await desk.post(f"{path}/leave", status=204)
    assert await desk.sql("SELECT async FROM agent_load WHERE agent_id = $1", house.people["gao"]) == 0
    await desk.refused(404, "not_found", "POST", f"{path}/leave")


async def test_who_is_called_by_name_is_asked_into_it(desk: Desk, house: House) -> None:
    done = await desk.served()
    row = await asked(desk, done.ticket_id, agents=[str(house.people["su"])])
    gao = str(house.people["gao"])
    shown = await desk.post(f"/consultations/{row['id']}/messages", {"text": "@高远 请看", "mentions": [gao]})
    assert [(m["agent_name"], m["state"]) for m in shown["consultation"]["members"]] == [
        ("苏瑾", "invited"), ("高远", "invited"),
    ]  # fmt: skip
    assert ("consultation.mentioned", [gao]) in await told(desk)
    await desk.as_("gao")
    await desk.post(f"/consultations/{row['id']}/leave", status=204)
    await desk.refused(404, "not_found", "GET", f"/tickets/{done.ticket_id}")


async def test_a_war_room_reaches_the_lead_and_is_closed_by_a_supervisor(desk: Desk, house: House) -> None:
    done = await desk.served()
    row = await asked(desk, done.ticket_id, agents=[str(house.people["gao"])], war_room=True)
    data = await desk.sql("SELECT data FROM event_new WHERE kind = 'notice.raised'")
    assert (data["how"], data["who"]) == ("call", ["consulted", "lead"])
    assert str(house.people["su"]) in data["agents"]
    body = {"conclusion": "停售该批次"}
    await desk.refused(403, "forbidden", "POST", f"/consultations/{row['id']}/close", body)
    await desk.as_("su")
    assert [c["war_room"] for c in (await desk.get("/consultations", mine=False))["items"]] == [True]
    await desk.post(f"/consultations/{row['id']}/close", body, 200)


async def test_nobody_asks_nobody_or_strangers(desk: Desk, house: House, clock: FakeClock) -> None:
    done = await desk.served()
    path = f"/tickets/{done.ticket_id}/consultations"
    own = str(house.people["lin"])
    for wrong in ({}, {"agents": [own]}, {"agents": [str(NOWHERE)]}, {"teams": [str(NOWHERE)]}):
        await desk.refused(422, "invalid", "POST", path, {"question": "谁懂?", **wrong})
    await desk.post(f"/tickets/{done.ticket_id}/move", {"action": "cancel", "text": "重复"}, 200)
    await desk.refused(409, "conflict", "POST", path, {"question": "谁懂?", "teams": [str(house.sales)]})
    await desk.refused(404, "not_found", "GET", f"/consultations/{NOWHERE}")
