"""Who chats from within a mini-program is the customer that follows the 公众号 and writes to 小程序客服."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.channels.standing import ANNA
from tests.serving import served
from tests.web.channels import with_channels
from tests.web.house import House
from tests.web.server import SITE, open_inbox, running
from yizhan.foundation.clock import FakeClock
from yizhan.records import contacts
from yizhan.records.contacts import Identifier
from yizhan.records.inboxes import NewInbox, create_inbox
from yizhan.simulator.people import Person
from yizhan.simulator.wechat import WeChat
from yizhan.simulator.wechat_calls import MINI, MP
from yizhan.web.services import Services


class Page:
    """A page of the mini-program: the protocol without the SDK."""

    def __init__(self, http: httpx.AsyncClient, services: Services, vendor: WeChat) -> None:
        self.http = http
        self.services = services
        self.vendor = vendor
        self.anna: Person = vendor.meet(ANNA)
        self.token = ""
        self.signed: dict[str, Any] = {}

    async def open(self, **wish: Any) -> dict[str, Any]:
        session: dict[str, Any] = (await self.http.post("/session", json=wish)).json()
        self.token = session["token"]
        return session

    async def give(self, **said: str) -> httpx.Response:
        answer = await self.http.post("/wechat", json=said, headers={"Authorization": f"Bearer {self.token}"})
        if answer.status_code == 200:
            self.signed = answer.json()
            self.token = self.signed["token"]
        return answer

    async def sql(self, query: str) -> Any:
        return await self.services.db.pool.fetchval(query)


@pytest.fixture
async def page(services: Services, house: House, clock: FakeClock) -> AsyncIterator[Page]:
    joined = with_channels(services)
    vendor = WeChat(clock)
    async with served(vendor) as vendor.base, running(joined) as live:
        made = {}
        async with services.db.transaction() as tx:
            for channel in (MINI, MP):
                new = NewInbox(channel=channel, name=channel, brand_id=house.brand, team_id=house.care,
                               settings=vendor.settings(channel), secrets=vendor.secrets(channel))  # fmt: skip
                made[channel] = str(await create_inbox(tx, services.vault, new, clock.now(), "system"))
        key = await open_inbox(
            services, house.brand, house.care, **made, wechat_phone=True, allowed_origins=["shop.example.com"]
        )
        async with httpx.AsyncClient(base_url=f"{live.base}/widget/{key}", headers={"Origin": SITE}) as http:
            yield Page(http, services, vendor)


async def test_a_follower_who_chats_in_the_mini_program_is_one_customer(page: Page, clock: FakeClock) -> None:
    now, vendor, anna = clock.now(), page.vendor, page.anna
    openids = [f"{vendor.sites[each].appid}:{vendor.openid(each, anna)}" for each in (MP, MINI)]
    async with page.services.db.transaction() as tx:
        follower = [Identifier("openid", openids[0], now), Identifier("unionid", anna.human.unionid, now)]
        await contacts.find_or_create(
            tx, page.services.vault, [follower, [Identifier("openid", openids[1], now)]], now=now, by="test"
        )
    await page.open()
    code = vendor.login(anna)
    assert (await page.give(code=code)).status_code == 200
    assert await page.sql("SELECT count(DISTINCT person_id) FROM contact") == 1
    assert await page.sql("SELECT count(*) FROM contact") == 3

    session = await page.open(identity={"id": page.signed["id"], "pass": page.signed["token"]})
    assert (await page.give(code=code)).json()["code"] == "wechat_code_refused", "good once"
    page.token = session["token"]

    handed = vendor.handed_over(anna)
    given = {"raw_data": handed["rawData"], "signature": handed["signature"], "iv": handed["iv"]}
    whole = await page.give(**given, encrypted_data=handed["encryptedData"], phone_code=vendor.number_code(anna))
    assert whole.json()["name"] == anna.name
    assert whole.json()["phone"] == "199****0001"
    assert await page.sql("SELECT verified_at FROM identity WHERE kind = 'phone'") == now
    forged = await page.give(raw_data=handed["rawData"].replace("王", "黄"), signature=handed["signature"])
    assert (forged.status_code, forged.json()["code"]) == (403, "signature_refused")
    key = vendor.session_keys[anna.id]
    assert key not in whole.text
    kept = await page.sql("SELECT token FROM vendor_token WHERE name LIKE 'session:%'")
    assert key.encode() not in kept


async def test_without_account_or_code_he_is_told_what_to_do(page: Page) -> None:
    await page.open()
    assert (await page.give(phone_code="x")).json()["detail"] == "sign in with a code of wx.login first"
    page.vendor.sites[MINI].secret = "changed"
    refused = await page.give(code=page.vendor.login(page.anna))
    assert (refused.status_code, refused.json()["code"]) == (409, "wechat_unready")
    assert "secret" not in refused.text, "that is the administrator's to know"
    assert (await page.http.post("/session", json={"identity": {"id": "wechat:a:b", "pass": "x.y"}})).status_code == 403


async def test_a_page_of_the_house_is_signed_and_no_other(page: Page) -> None:
    url = f"{SITE}/h5?order=7"
    config = (await page.http.get("/wechat/page", params={"url": f"{url}#scan"})).json()
    assert page.vendor.takes_page(url, config)
    for other in ("https://evil.example.com/h5", "javascript:alert(1)", "https://[bad"):
        assert (await page.http.get("/wechat/page", params={"url": other})).status_code == 403
