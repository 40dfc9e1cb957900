"""Connectors over HTTP: written, given secrets that are never read, tried with a preview, and a customer is opened."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from tests.standins.crm import KEY, Crm, crm
from tests.web.built import app_of
from tests.web.desk import API
from tests.web.house import House, sign_in
from yizhan.desk.connectors import CONNECTOR, Caller, Lookups
from yizhan.desk.sources import ProfileBook
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.http import Guard, Http
from yizhan.foundation.ids import new_id
from yizhan.foundation.tokens import Tokens
from yizhan.records import contacts
from yizhan.records.config import Configuration, Document, Kinds, Published
from yizhan.records.contacts import Identifier
from yizhan.web.services import Services

MOBILE = "13800000042"


@pytest.fixture
def standin() -> Iterator[Crm]:
    with crm() as running:
        yield running


@pytest.fixture
async def admin(services: Services, house: House, standin: Crm, clock: FakeClock) -> AsyncIterator[httpx.AsyncClient]:
    http = Http(Guard(["127.0.0.1"]))
    caller = Caller(http, clock, Tokens(services.db, services.vault, clock))
    book, kinds = ProfileBook(), Kinds([CONNECTOR])
    document = Document(new_id(clock.now()), "connector", "live", 1, standin.document(), clock.now(), "test", "")
    published = Published(kinds, 1, (document,))
    lookups = Lookups(services.db, clock, services.vault, caller, lambda: published, lambda: book.now)
    whole = dataclasses.replace(services, configuration=Configuration(kinds), caller=caller, lookups=lookups)
    transport = httpx.ASGITransport(app=app_of(whole))
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver.local") as browser:
        await sign_in(browser, "admin")
        yield browser
    await http.close()


async def test_a_connector_is_written_given_its_key_and_tried_out(admin: httpx.AsyncClient, standin: Crm) -> None:
    standin.auth = "api_key"
    body = standin.document(auth={"kind": "api_key"})
    body["profile"]["fields"]["address"] = "home"
    assert (await admin.put(f"{API}/config/connector/crm", json={"body": body})).status_code == 200
    [row] = (await admin.get(f"{API}/connectors")).json()["items"]
    assert (row["released"], row["secrets"], row["secrets_set"], row["asks_by"]) == (False, ["key"], [], "phone")
    tried = (await admin.post(f"{API}/connectors/crm/test", json={"value": MOBILE})).json()
    assert (tried["cause"], tried["detail_zh"]) == ("setup", "密钥 key 还没有设置")
    kept = await admin.put(f"{API}/connectors/crm/secrets", json={"secrets": {"key": KEY}})
    assert kept.json() == {"secrets_set": ["key"]}
    assert KEY not in (await admin.get(f"{API}/connectors")).text
    standin.add(MOBILE, "王芳", standin.order("SO1"), city="杭州", home="文三路 2 号")
    tried = (await admin.post(f"{API}/connectors/crm/test", json={"value": "138 0000 0042"})).json()
    assert (tried["cause"], tried["rows"]) == (None, 2)
    assert (tried["profiles"][0]["name"], tried["profiles"][0]["fields"]) == (
        "王芳",
        {"city": "杭州", "address": "文三***"},
    )
    assert (tried["orders"][0]["number"], tried["orders"][0]["total_fen"]) == ("SO1", 39900)
    assert MOBILE not in str(tried)
    standin.mood = "shapeless"
    tried = (await admin.post(f"{API}/connectors/crm/test", json={"value": MOBILE})).json()
    assert (tried["cause"], tried["detail_zh"]) == ("shape", "profile.rows：应当是列表，实际是文字")
    refused = await admin.post(f"{API}/connectors/crm/test", json={"value": "12"})
    assert refused.status_code == 422
    assert (await admin.post(f"{API}/connectors/crm/pull")).status_code == 404
    assert (await admin.get(f"{API}/connectors/crm/runs")).json() == {"items": []}


async def test_opening_a_customer_shows_his_orders_and_says_when_they_are_old(
    admin: httpx.AsyncClient, services: Services, standin: Crm, clock: FakeClock
) -> None:
    standin.add(MOBILE, "王芳", standin.order("SO2026030001"))
    async with services.db.transaction() as tx:
        [him] = await contacts.find_or_create(
            tx, services.vault, [[Identifier("phone", f"+86{MOBILE}", clock.now())]], now=clock.now(), by="test"
        )
    await services.db.pool.execute(
        "INSERT INTO ticket (id, brand_id, contact_id, subject, type, status, priority, channel, last_message_at,"
        " created_at)"
        " SELECT gen_random_uuid(), id, $1, '发货', 'consult', 'new', 2, 'webchat', $2, $2 FROM brand LIMIT 1",
        him, clock.now(),
    )  # fmt: skip
    await sign_in(admin, "su")
    before = (await admin.get(f"{API}/contacts/{him}/sources")).json()
    assert (before["orders"], before["sources"][0]["state"]) == ([], "looking")
    opened = (await admin.post(f"{API}/contacts/{him}/look-up")).json()
    assert opened["sources"][0]["state"] == "fresh"
    [order] = opened["orders"]
    assert (order["number"], order["status"], order["total_fen"]) == ("SO2026030001", "paid", 39900)


async def test_only_who_keeps_connectors_sees_them(admin: httpx.AsyncClient) -> None:
    await sign_in(admin, "lin")
    assert (await admin.get(f"{API}/connectors")).status_code == 403
