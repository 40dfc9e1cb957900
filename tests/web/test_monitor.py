"""The monitor over HTTP: numbers, the lists behind them, and what supervisors do."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx
import pytest

from tests.web.desk import NOWHERE, Desk, open_desk
from tests.web.house import House
from yizhan.desk.figures import store
from yizhan.desk.figures.model import Change
from yizhan.desk.triage import DeadlineNet
from yizhan.foundation.journal import Sequencer, Wake
from yizhan.foundation.lease import Lease
from yizhan.web.services import Services


@pytest.fixture
async def desk(services: Services, house: House, browser: httpx.AsyncClient) -> Desk:
    made = await open_desk(services, house, browser)
    await made.as_("su")
    return made


async def count(desk: Desk) -> None:
    """As the feed would have told it."""
    metrics = desk.services.the_metrics
    lease = Lease(desk.services.db, "journal", "test")
    await lease.step()
    await Sequencer(desk.services.db, lease, Wake(), lambda pos: None).drain()
    await metrics._feed.start()
    await metrics.step()


async def test_the_board_and_the_list_behind_each_number(desk: Desk) -> None:
    first, second = await desk.comes("v1"), await desk.comes("v2", text="还没到货")
    await DeadlineNet(desk.services.db, desk.services.clock).step(desk.services.clock.now() + timedelta(minutes=1))
    await count(desk)
    board: dict[str, Any] = await desk.get("/monitor")
    team = str(desk.house.care)
    assert board["figures"]["all"]["queue_length"] == 2
    assert board["figures"]["team"][team]["queue_length"] == board["figures"]["channel"]["webchat"]["entered"] == 2
    assert board["targets"]["answer_rate"] == {"amber": 0.9, "red": 0.85}
    assert {p["name"] for p in board["figures"]["people"]} == {"苏瑾", "林一"}
    assert sum(hour["entered"] for hour in board["figures"]["hours"]) == 2
    for where, id, came in (("team", team, 2), ("team", NOWHERE, 0), ("channel", "webchat", 2), ("channel", "sms", 0)):
        part = await desk.get("/monitor/chart", where=where, id=id)
        assert sum(hour["entered"] for hour in part["hours"]) == came
        assert sum(count["entered"] for count in part["channel"].values()) == came
    ids = [str(first.conversation_id), str(second.conversation_id)]
    for metric in ("queue_length", "entered"):
        behind = await desk.get("/monitor/behind", metric=metric, where="team", id=team)
        assert sorted(row["id"] for row in behind["conversations"]) == sorted(ids), metric
        one = await desk.get("/monitor/behind", metric=metric, limit=1)
        rest = await desk.get("/monitor/behind", metric=metric, limit=1, cursor=one["next"])
        assert rest["next"] is None or metric == "entered"  # of a table nobody knows that it ended with the page
        assert sorted(row["id"] for page in (one, rest) for row in page["conversations"]) == sorted(ids), metric
    assert board["figures"]["team"][team]["unassigned"] == 2
    first_page = await desk.get("/monitor/behind", metric="unassigned_longest", where="team", id=team, limit=1)
    assert [row["id"] for row in first_page["tickets"]] == [str(first.ticket_id)]
    last_page = await desk.get("/monitor/behind", metric="unassigned", limit=1, cursor=first_page["next"])
    assert ([row["id"] for row in last_page["tickets"]], last_page["next"]) == ([str(second.ticket_id)], None)
    assert (await desk.get("/monitor/behind", metric="abandon_rate"))["conversations"] == []
    assert (await desk.get("/monitor/behind", metric="sla_breached"))["tickets"] == []
    await desk.refused(422, "invalid", "GET", "/monitor/behind?metric=nonsense")


async def test_an_agents_hour_and_a_channels_letters_open_too(desk: Desk) -> None:
    chat = await desk.served(by="lin")
    await desk.post(f"/conversations/{chat.conversation_id}/take-over", {"note": "我来处理"}, status=204)
    await count(desk)
    su, chat_id = desk.house.people["su"], str(chat.conversation_id)
    (hour,) = [h["at"] for h in (await desk.get("/monitor"))["figures"]["hours"] if h["entered"]]

    async def ids(**asked: str) -> list[str]:
        return [row["id"] for row in (await desk.get("/monitor/behind", **asked))["conversations"]]

    assert await ids(metric="serving", where="agent", id=str(su)) == [chat_id]
    assert await ids(metric="serving", where="agent", id=str(desk.house.people["lin"])) == []
    assert await ids(metric="entered", hour=hour) == [chat_id]
    before = (datetime.fromisoformat(hour) - timedelta(hours=1)).isoformat()
    assert await ids(metric="entered", hour=before) == []
    assert await ids(metric="written", where="channel", id="webchat") == []
    assert await ids(metric="ended", where="agent", id=str(su)) == []
    changes = [Change(UUID(chat_id), su, given_at=desk.services.clock.now(), ended=True,
                      left_at=desk.services.clock.now())]  # fmt: skip
    async with desk.services.db.transaction() as tx:
        await store.keep(tx, changes, [], ZoneInfo("Asia/Shanghai"))
    assert await ids(metric="ended", where="agent", id=str(su)) == [chat_id]


async def test_only_supervisors_and_only_for_their_teams(desk: Desk) -> None:
    sales = str(desk.house.sales)
    await desk.refused(403, "forbidden", "POST", "/monitor/caps", {"team_id": sales, "more": 1, "minutes": 5})
    await desk.refused(403, "forbidden", "POST", f"/agents/{desk.house.people['gao']}/reclaim", {"note": "不在"})
    await desk.refused(404, "not_found", "DELETE", f"/monitor/measures/{NOWHERE}")
    await desk.as_("lin")
    await desk.refused(403, "forbidden", "GET", "/monitor")
    done = await desk.served(by="su")
    await desk.refused(403, "forbidden", "POST", f"/conversations/{done.conversation_id}/whisper", {"text": "x"})


async def test_a_measure_begins_and_ends_by_hand(desk: Desk) -> None:
    await desk.as_("admin")
    gao = str(desk.house.people["gao"])
    body = {"team_id": str(desk.house.care), "agent_ids": [gao], "minutes": 30}
    steps = await desk.post("/monitor/reinforce", body)
    (measure,) = steps["measures"]
    assert (measure["kind"], measure["agent_id"]) == ("reinforce", gao)
    await desk.refused(409, "conflict", "POST", "/monitor/reinforce", body)
    said = await desk.post("/monitor/notice", {"team_id": body["team_id"], "text": "排队较长", "minutes": 10})
    assert [m["kind"] for m in said["measures"]] == ["reinforce", "notice"]
    answer = await desk.browser.request("DELETE", f"/api/v1/monitor/measures/{measure['id']}", json={})
    assert [m["kind"] for m in answer.json()["measures"]] == ["notice"]
    assert (await desk.get("/monitor"))["steps"]["measures"][0]["text"] == "排队较长"


async def test_a_whisper_reaches_the_agent_and_no_customer(desk: Desk) -> None:
    done = await desk.served(by="lin")
    path = f"/conversations/{done.conversation_id}"
    await desk.post(f"{path}/whisper", {"text": "先道歉,再说换货"})
    work = await desk.get(path)
    (note,) = [m for m in work["messages"] if m["direction"] == "note"]
    assert note["payload"]["whisper"] == str(desk.house.people["lin"])
    assert note["author"]["name"] == "苏瑾"
    assert await desk.sql("SELECT count(*) FROM outbound") == 0


async def test_taking_over_and_giving_to_another_at_once(desk: Desk) -> None:
    done = await desk.served(by="lin")
    path = f"/conversations/{done.conversation_id}"
    await desk.refused(422, "invalid", "POST", f"{path}/take-over", {"note": ""})
    await desk.post(f"{path}/take-over", {"note": "客户要求主管"}, 204)
    assert await desk.sql("SELECT agent_id FROM conversation") == desk.house.people["su"]
    await desk.refused(409, "conflict", "POST", f"{path}/take-over", {"note": "再来"})
    await desk.post(f"{path}/take-over", {"note": "请林一继续", "agent_id": str(desk.house.people["lin"])}, 204)
    assert await desk.sql("SELECT agent_id FROM ticket") == desk.house.people["lin"]
    lines = await desk.sql("SELECT count(*) FROM message WHERE direction = 'system'")
    assert lines == 2
