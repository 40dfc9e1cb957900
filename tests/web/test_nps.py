"""NPS over HTTP: the page behind a link, results by scope, the table, the visitor's window."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.web.built import app_of
from tests.web.desk import Desk, open_desk
from tests.web.house import House
from yizhan.desk import nps
from yizhan.desk.nps import NPS_CAMPAIGN
from yizhan.desk.nps.service import step
from yizhan.foundation.clock import FakeClock
from yizhan.records.config import Configuration, Kinds
from yizhan.web.nps import nps_link
from yizhan.web.services import Services

URL = "http://desk.test"
BODY: dict[str, Any] = {
    "title": {"zh": "季度调查", "en": "Quarterly"}, "enabled": True, "starts": "2030-01-01", "share_percent": 100,
    "ask_on": ["webchat"],
}  # fmt: skip


@pytest.fixture
async def browser(services: Services, house: House) -> AsyncIterator[httpx.AsyncClient]:
    whole = dataclasses.replace(services, configuration=Configuration(Kinds([NPS_CAMPAIGN])))
    transport = httpx.ASGITransport(app=app_of(whole))
    async with httpx.AsyncClient(transport=transport, base_url=URL) as browser:
        yield browser


@pytest.fixture
async def desk(services: Services, house: House, browser: httpx.AsyncClient) -> Desk:
    return await open_desk(services, house, browser)


async def invited(desk: Desk, services: Services, clock: FakeClock) -> tuple[UUID, UUID]:
    """A chat that is over, and its customer in a run of the campaign."""
    done = await desk.served()
    clock.advance(timedelta(seconds=1))
    now = clock.now()
    async with services.db.transaction() as tx:
        await tx.execute("UPDATE ticket SET status = 'done' WHERE id = $1", done.ticket_id)
        document = NPS_CAMPAIGN.decode(BODY)
        run_id = await nps.begin(tx, "default", document, "test", now.date().isoformat(), by="test", now=now)
    assert run_id is not None
    link = nps_link(URL, services.signer)
    more = True
    while more:
        async with services.db.transaction() as tx:
            more = await step(tx, run_id, services.office(), link, services.clock.now())
    return run_id, await desk.sql("SELECT id FROM nps_invitation")


async def test_a_customer_answers_behind_a_link_changes_his_mind_and_wants_no_more(
    desk: Desk, services: Services, browser: httpx.AsyncClient, clock: FakeClock
) -> None:
    run_id, invitation = await invited(desk, services, clock)
    url = nps_link(URL, services.signer)(invitation, clock.now() + timedelta(days=7))
    browser.cookies.clear()
    page = await browser.get(url, params={"score": "9"})
    assert 'id="n9" name="score" value="9" checked' in page.text
    assert "推荐给亲友" in page.text
    assert "recommend" in (await browser.get(url, params={"lang": "en"})).text
    assert await desk.sql("SELECT count(*) FROM nps_invitation WHERE score IS NOT NULL") == 0  # to look is not to say
    assert (await browser.post(url, data={"comment": "?", "score": "11"})).status_code == 400
    assert "感谢您的意见" in (await browser.post(url, data={"score": "3", "comment": "=<b>慢</b>"})).text
    assert "&lt;b&gt;慢" in (await browser.get(url)).text
    assert (await browser.post(url, data={"score": "4", "comment": "=慢"})).status_code == 200
    assert await desk.sql("SELECT score FROM nps_invitation") == 4
    assert "不再收到" in (await browser.get(f"{url}/off")).text
    assert await desk.sql("SELECT count(*) FROM suppressed_address") == 0
    assert (await browser.post(f"{url}/off")).status_code == 200
    assert await desk.sql("SELECT scope FROM suppressed_address") == "notices"
    assert (await browser.get(url[:-2] + "aa")).status_code == 404
    await desk.as_("su")
    table = await browser.get(f"/api/v1/nps/runs/{run_id}/answers.csv")
    head, row = table.content.decode("utf-8-sig").splitlines()
    assert head.startswith("时间,分数,分类")
    assert row.split(",")[1:3] == ["4", "贬损者"]
    assert "'=慢" in row
    assert len(row.split(",")[0]) == len("2026-03-02 12:00:00")
    clock.advance(timedelta(days=30))
    assert (await browser.post(url, data={"score": "10"})).status_code in (404, 410)


async def test_results_are_for_who_supervises_and_of_his_scope(
    desk: Desk, services: Services, house: House, browser: httpx.AsyncClient, clock: FakeClock
) -> None:
    run_id, invitation = await invited(desk, services, clock)
    async with services.db.transaction() as tx:
        await nps.answer(tx, invitation, nps.Answer(10, "很好"), clock.now())
    await desk.refused(403, "forbidden", "GET", "/nps")
    await desk.as_("su")
    (campaign,) = (await desk.get("/nps"))["items"]
    assert (campaign["name"], campaign["runs"][0]["id"]) == ("default", str(run_id))
    found = (await desk.get(f"/nps/runs/{run_id}"))["results"]
    assert (found["standing"]["score"], found["scores"][10], found["response"]["of"]) == (100, 1, 1)
    (said,) = (await desk.get(f"/nps/runs/{run_id}/comments"))["items"]
    assert said["comment"] == "很好"
    assert (await desk.get(f"/nps/runs/{run_id}/comments", most="6"))["items"] == []
    (month,) = (await desk.get("/nps/campaigns/default/months"))["items"]
    assert month["standing"]["answers"] == 1


async def test_a_manager_previews_before_anybody_is_asked(desk: Desk, services: Services, clock: FakeClock) -> None:
    done = await desk.served()
    clock.advance(timedelta(seconds=1))
    await desk.as_("admin")
    reach = await desk.post("/nps/preview", {"body": BODY}, 200)
    assert (reach["considered"], reach["spared"]) == (1, {"open": 1})
    async with services.db.transaction() as tx:
        await tx.execute("UPDATE ticket SET status = 'done' WHERE id = $1", done.ticket_id)
    assert (await desk.post("/nps/preview", {"body": BODY}, 200))["by_channel"] == {"webchat": 1}
    await desk.refused(404, "not_found", "POST", "/nps/campaigns/nothing/runs")
