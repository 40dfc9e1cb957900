"""Outlets over HTTP: how they do, secrets that are written and never read, a test that says what the vendor said."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from tests.standins.bots import Bots, bots
from tests.web.built import app_of
from tests.web.desk import API
from tests.web.house import House, sign_in
from yizhan.channels.outlets import HttpPoster
from yizhan.desk.outlets import OUTLET, Postman
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.http import Guard, Http
from yizhan.foundation.lease import Lease
from yizhan.records.config import Configuration, Kinds, Published
from yizhan.web.services import Services

WECOM = {"name": {"zh": "主管群", "en": "Supervisors"}, "kind": "wecom", "reasons": ["sla.*"]}


@pytest.fixture
def standin(clock: FakeClock) -> Iterator[Bots]:
    with bots(lambda: clock.now().timestamp()) as running:
        yield running


@pytest.fixture
async def admin(services: Services, house: House) -> AsyncIterator[httpx.AsyncClient]:
    http = Http(Guard(["127.0.0.1"]))
    none = Published(Kinds([OUTLET]), 0, ())
    posters = dict.fromkeys(HttpPoster.KINDS, HttpPoster(http))
    lease = Lease(services.db, "outlets", "here")
    postman = Postman(
        services.db, services.clock, services.vault, lease, lambda: none, posters, "https://kf.example.com"
    )
    whole = dataclasses.replace(services, postman=postman, configuration=Configuration(Kinds([OUTLET])))
    transport = httpx.ASGITransport(app=app_of(whole))
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver.local") as browser:
        await sign_in(browser, "admin")
        yield browser
    await http.close()


async def test_an_outlet_is_written_given_its_secret_and_tried_out(admin: httpx.AsyncClient, standin: Bots) -> None:
    assert (await admin.get(f"{API}/outlets")).json() == {"items": []}
    assert (await admin.post(f"{API}/outlets/group/test")).status_code == 404
    assert (await admin.put(f"{API}/config/outlet/group", json={"body": WECOM})).status_code == 200
    [row] = (await admin.get(f"{API}/outlets")).json()["items"]
    assert (row["name"], row["released"], row["secrets"], row["secrets_set"]) == ("group", False, ["url"], [])
    tried = (await admin.post(f"{API}/outlets/group/test")).json()
    assert tried == {"ok": False, "detail": "this outlet has no address yet"}
    told = await admin.put(f"{API}/outlets/group/secrets", json={"secrets": {"url": standin.wecom}})
    assert told.json() == {"secrets_set": ["url"]}
    assert standin.wecom not in (await admin.get(f"{API}/outlets")).text
    assert (await admin.post(f"{API}/outlets/group/test")).json() == {"ok": True, "detail": ""}
    assert "测试通知" in standin.texts("wecom")[0]
    refused = await admin.put(f"{API}/outlets/group/secrets", json={"secrets": {"secret": "x"}})
    assert (refused.status_code, refused.json()["field"]) == (422, "secret")
    gone = await admin.put(f"{API}/outlets/group/secrets", json={"secrets": {"url": None}})
    assert gone.json() == {"secrets_set": []}
    assert (await admin.get(f"{API}/outlets/group/posts")).json() == {"items": []}


async def test_only_who_manages_configuration_sees_outlets(admin: httpx.AsyncClient) -> None:
    await sign_in(admin, "su")
    assert (await admin.get(f"{API}/outlets")).status_code == 403
