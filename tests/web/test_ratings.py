"""满意度 over HTTP: the page behind a mail's link, 邀评, 差评申诉 and its decision."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.web.desk import Desk, open_desk
from tests.web.house import House
from yizhan.desk import serving
from yizhan.foundation.clock import FakeClock
from yizhan.records.conversations import Draft, EndReason
from yizhan.web.ratings import rate_link
from yizhan.web.services import Services

URL = "http://desk.test"


@pytest.fixture
async def desk(services: Services, house: House, browser: httpx.AsyncClient) -> Desk:
    return await open_desk(services, house, browser)


async def ended(desk: Desk, house: House, services: Services) -> UUID:
    done = await desk.served()
    assert done.conversation_id is not None
    now = services.clock.now()
    async with services.db.transaction() as tx:
        draft = Draft(direction="out", author=f"agent:{house.people['lin']}", text="换个灯泡试试")
        await serving.reply(tx, done.conversation_id, draft, now=now)
        await serving.end_by_customer(tx, done.conversation_id, reason=EndReason.CUSTOMER, actor="customer:x", now=now)
    return done.conversation_id


async def test_a_customer_rates_behind_a_link_and_changes_his_mind_for_a_day(
    desk: Desk, house: House, services: Services, browser: httpx.AsyncClient, clock: FakeClock
) -> None:
    conversation = await ended(desk, house, services)
    url = rate_link(URL, services.signer)(conversation, clock.now() + timedelta(days=7))
    browser.cookies.clear()
    page = await browser.get(url)
    assert page.status_code == 200
    assert "这次的问题解决了吗" in page.text
    assert "Was your problem solved" in (await browser.get(url, params={"lang": "en"})).text
    assert await desk.sql("SELECT count(*) FROM rating") == 0  # to look is not to rate
    assert (await browser.post(url, data={"comment": "?"})).status_code == 400
    sent: dict[str, Any] = {"solved": "no", "stars": "1", "tags": ["态度", "<script>"], "comment": "<b>没人管</b>"}
    assert "感谢您的评价" in (await browser.post(url, data=sent)).text
    row = await desk.sql("SELECT to_jsonb(r) FROM rating r")
    assert (row["stars"], row["solved"], row["tags"], row["way"]) == (1, False, ["态度"], "mail")
    assert row["agent_id"] == str(house.people["lin"])
    again = (await browser.get(url)).text
    assert "&lt;b&gt;没人管" in again
    assert 'id="s1" name="stars" value="1" checked' in again
    assert (await browser.post(url, data={"solved": "yes", "stars": "5"})).status_code == 200
    clock.advance(timedelta(hours=25))
    assert (await browser.get(url)).status_code == 410
    assert (await browser.post(url, data={"stars": "1"})).status_code == 410
    assert await desk.sql("SELECT stars FROM rating") == 5
    assert (await browser.get(url[:-2] + "aa")).status_code == 404


async def test_invited_appealed_and_decided(
    desk: Desk, house: House, services: Services, browser: httpx.AsyncClient, clock: FakeClock
) -> None:
    conversation = await ended(desk, house, services)
    path = f"/conversations/{conversation}"
    assert (await desk.get(f"{path}/rating"))["may_invite"]
    await desk.post(f"{path}/invite-rating", status=200)
    await desk.refused(409, "conflict", "POST", f"{path}/invite-rating")
    assert await desk.get(f"{path}/rating") == {"rating": None, "may_invite": False}
    url = rate_link(URL, services.signer)(conversation, clock.now() + timedelta(days=7))
    assert (await browser.post(url, data={"solved": "no"})).status_code == 200
    (mine,) = (await desk.get("/ratings"))["items"]
    assert (mine["low"], mine["agent_name"], mine["appeal_state"]) == (True, "林一", None)
    appeal = {"cause": "product", "words": "批次问题"}
    row = (await desk.post(f"{path}/rating/appeal", appeal))["rating"]
    decision = {"accept": True, "words": "确为产品"}
    await desk.refused(403, "forbidden", "POST", f"/ratings/appeals/{row['appeal_id']}/decide", decision)
    await desk.as_("su")
    assert [each["appeal_state"] for each in (await desk.get("/ratings", which="appeals"))["items"]] == ["open"]
    decided = (await desk.post(f"/ratings/appeals/{row['appeal_id']}/decide", decision, 200))["rating"]
    assert (decided["excluded"], decided["appeal_state"], decided["decider_name"]) == (True, "accepted", "苏瑾")
    await desk.as_("gao")
    await desk.refused(404, "not_found", "GET", f"{path}/rating")
    assert (await desk.get("/ratings", which="low"))["items"] == []

async def test_figures_are_for_the_agent_and_who_supervises_him(
    desk: Desk, house: House, services: Services, clock: FakeClock
) -> None:
    today = clock.now().astimezone(services.office().zone).date().isoformat()
    await ended(desk, house, services)
    span = {"start": today, "end": today}
    mine = await desk.get("/figures", **span)
    # Nobody else works here: what is usual is not said. Days before the span show what was, and change nothing in it.
    assert mine["middle"] == {"colleagues": 0, "values": {}}
    earlier = await desk.get("/figures", since="2025-12-20", **span)
    assert (earlier["start"], earlier["states"]) == (mine["start"], mine["states"])
    assert (mine["agent_id"], mine["promises_kept"]) == (str(house.people["lin"]), 0)
    assert (await desk.get("/figures/conversations", figure="csat", **span))["items"] == []
    assert (await desk.get("/figures/promises", **span))["items"] == []
    assert isinstance((await desk.get("/figures/presence", **span))["items"], list)
    for path in ("promises", "presence"):
        hidden = f"/figures/{path}?agent={house.people['su']}&start={today}&end={today}"
        await desk.refused(404, "not_found", "GET", hidden)
    other = f"/figures?agent={house.people['su']}&start={today}&end={today}"
    await desk.refused(404, "not_found", "GET", other)
    await desk.refused(422, "invalid", "GET", "/figures?start=2026-01-01&end=2026-12-31")
    await desk.as_("su")
    assert (await desk.get("/figures", agent=str(house.people["lin"]), **span))["agent_id"] == mine["agent_id"]
