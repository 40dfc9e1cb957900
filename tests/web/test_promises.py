"""承诺 over HTTP: recognised, given with the reply, kept, withdrawn, owed and reported."""

from __future__ import annotations

from datetime import datetime, timedelta

import httpx
import pytest

from tests.web.desk import NOWHERE, Desk, open_desk
from tests.web.house import House
from yizhan.foundation.clock import FakeClock
from yizhan.web.services import Services


@pytest.fixture
async def desk(services: Services, house: House, browser: httpx.AsyncClient) -> Desk:
    return await open_desk(services, house, browser)


async def test_words_are_recognised_and_the_reply_gives_the_promise(desk: Desk, clock: FakeClock) -> None:
    done = await desk.served()
    found = (await desk.post("/promises/recognise", {"text": "您好,今晚 8 点前回复您"}, 200))["found"]
    assert found["kind"] == "reply"
    assert datetime.fromisoformat(found["due"]) == clock.now().replace(hour=12, minute=0)
    assert (await desk.post("/promises/recognise", {"text": "马上为您查"}, 200))["found"] is None
    path = f"/conversations/{done.conversation_id}/messages"
    body = {"client_id": "a", "text": "今晚 8 点前回复您", "promise": {"due": found["due"], "kind": "reply"}}
    sent = await desk.post(path, body)
    assert (await desk.post(path, body))["repeated"]
    (row,) = (await desk.get(f"/tickets/{done.ticket_id}/promises"))["items"]
    assert (row["text"], row["state"], row["maker_name"], row["agent_name"]) == (
        "今晚 8 点前回复您", "open", "林一", "林一",
    )  # fmt: skip
    assert await desk.sql("SELECT message_id::text FROM promise") == sent["message"]["id"]
    assert await desk.sql("SELECT count(*) FROM timer WHERE kind LIKE 'promises.%'") == 3
    assert [r["id"] for r in (await desk.get("/promises"))["items"]] == [row["id"]]
    contact = row["contact_id"]
    assert [r["id"] for r in (await desk.get(f"/contacts/{contact}/promises"))["items"]] == [row["id"]]
    past = {"due": (clock.now() - timedelta(minutes=1)).isoformat()}
    await desk.post(path, {"client_id": "b", "text": "来晚了", "promise": past})
    assert await desk.sql("SELECT count(*) FROM promise") == 1


async def test_kept_withdrawn_and_reported(desk: Desk, house: House, clock: FakeClock) -> None:
    done = await desk.served()
    path = f"/tickets/{done.ticket_id}/promises"
    due = (clock.now() + timedelta(hours=2)).isoformat()
    one, two, three = [
        (await desk.post(path, {"text": "寄出新灯座", "due": due, "kind": "act"}))["promise"]["id"] for _ in range(3)
    ]
    assert (await desk.post(f"/promises/{one}/keep", status=200))["promise"]["state"] == "kept"
    await desk.refused(409, "conflict", "POST", f"/promises/{one}/keep")
    await desk.refused(422, "invalid", "POST", f"/promises/{two}/withdraw", {"reason": " "})
    gone = (await desk.post(f"/promises/{two}/withdraw", {"reason": "客户退货了"}, 200))["promise"]
    assert (gone["state"], gone["reason"]) == ("withdrawn", "客户退货了")
    await desk.refused(422, "invalid", "POST", path, {"text": "昨天", "due": clock.now().isoformat()})
    clock.advance(timedelta(hours=3))
    await desk.as_("lin")
    late = (await desk.post(f"/promises/{three}/keep", status=200))["promise"]
    assert late["state"] == "late"
    own = (await desk.get("/promises/report"))["items"]
    assert own == [{
        "agent_id": str(house.people["lin"]), "name": "林一", "made": 3, "kept": 1, "late": 1, "open": 0,
        "withdrawn": 1,
    }]  # fmt: skip
    await desk.as_("su")
    assert (await desk.get("/promises/report"))["items"] == own
    await desk.as_("gao")
    assert (await desk.get("/promises/report"))["items"] == []
    await desk.refused(422, "invalid", "GET", "/promises/report?start=2025-01-01T00:00:00Z")
    await desk.refused(404, "not_found", "GET", path)
    await desk.refused(404, "not_found", "POST", f"/promises/{three}/keep")
    await desk.refused(404, "not_found", "POST", f"/promises/{NOWHERE}/keep")


async def test_the_next_agent_owes_what_the_first_promised(desk: Desk, house: House, clock: FakeClock) -> None:
    done = await desk.served()
    due = (clock.now() + timedelta(hours=2)).isoformat()
    await desk.post(f"/tickets/{done.ticket_id}/promises", {"text": "明早回电", "due": due, "kind": "call"})
    await desk.sql("UPDATE ticket SET agent_id = $1", house.people["su"])
    assert (await desk.get("/promises"))["items"] == []
    assert len((await desk.get("/promises", mine=False))["items"]) == 1
    await desk.as_("su")
    (row,) = (await desk.get("/promises"))["items"]
    assert (row["maker_name"], row["agent_name"]) == ("林一", "苏瑾")
