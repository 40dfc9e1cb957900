"""From the settings to the provider's page and back."""

import dataclasses
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.standins.tokenserver import CLIENT, REFRESH, SECRET, token_server
from tests.web.built import app_of
from tests.web.house import House, sign_in
from yizhan.app.checks import authorisations
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.http import Guard, Http
from yizhan.records import inboxes
from yizhan.web.services import Services


async def opened(browser: httpx.AsyncClient, token_url: str, authorize_url: str = "https://login.test/a") -> str:
    made = await browser.post("/api/v1/inboxes", json={
        "channel": "email", "name": "邮箱", "secrets": {"client_secret": SECRET},
        "settings": {"address": "me@shop.test", "auth": "xoauth2", "oauth": {
            "token_url": token_url, "authorize_url": authorize_url, "client_id": CLIENT, "scope": "mail"}},
    })  # fmt: skip
    assert made.status_code == 201, made.text
    inbox: str = made.json()["id"]
    return inbox


@pytest.fixture
async def http() -> object:
    client = Http(Guard(["127.0.0.1"]))
    yield client
    await client.close()


async def test_a_person_lets_us_in(services: Services, house: House, http: Http, clock: FakeClock) -> None:
    able = dataclasses.replace(services, authorisations=authorisations(http))
    transport = httpx.ASGITransport(app_of(able))
    async with httpx.AsyncClient(transport=transport, base_url="http://desk.test") as browser:
        await sign_in(browser, "admin")
        with token_server() as server:
            inbox = await opened(browser, server.url)
            begun = (await browser.post(f"/api/v1/inboxes/{inbox}/authorisation")).json()
            asked = {name: values[0] for name, values in parse_qs(urlsplit(begun["url"]).query).items()}
            assert asked["redirect_uri"] == begun["redirect"] == "http://localhost:8000/authorised"
            server.codes["c"] = asked["code_challenge"]
            back = await browser.get("/authorised", params={"code": "c", "state": asked["state"]})
            assert "授权成功" in back.text
            async with services.db.read() as tx:
                door = await inboxes.inbox(tx, services.vault, (await inboxes.inboxes(tx, services.vault))[0].id)
                kept = await inboxes.secrets_of(tx, services.vault, door.id)
            assert (kept["refresh_token"], kept["client_secret"], door.version) == (REFRESH, SECRET, 2)

            again = await browser.get("/authorised", params={"code": "c", "state": asked["state"]})
            assert "未获授权" in again.text
            refused = await browser.get("/authorised", params={"error": "<b>denied", "state": asked["state"]})
            assert "&lt;b&gt;denied" in refused.text
            assert (await browser.get("/authorised", params={"code": "c", "state": "made-up"})).status_code == 403
            clock.advance(timedelta(hours=1))
            late = await browser.get("/authorised", params={"code": "c", "state": asked["state"]})
            assert late.status_code == 403


async def test_only_who_keeps_the_inboxes_begins_it(
    browser: httpx.AsyncClient, services: Services, house: House
) -> None:
    await sign_in(browser, "admin")
    inbox = await opened(browser, "https://login.test/token")
    assert (await browser.post(f"/api/v1/inboxes/{inbox}/authorisation")).status_code == 422
    await sign_in(browser, "lin")
    assert (await browser.post(f"/api/v1/inboxes/{inbox}/authorisation")).status_code == 403
