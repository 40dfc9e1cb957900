"""Whoever has a customer on the screen hears of every change of him, whoever made it and wherever it came from."""

from __future__ import annotations

from uuid import UUID

import httpx

from tests.web.house import sign_in
from tests.web.live.conftest import Desk
from tests.web.live.test_rows import write
from tests.web.server import Running, Widget
from yizhan.desk.sources import OrderIn, ProfileIn, put_orders, put_profiles
from yizhan.records.contacts import Identifier

WHO = (Identifier("external", "crm:7"),)


async def test_a_change_anywhere_comes_to_who_looks(live: Running, widget: Widget, desk: Desk) -> None:
    await write(widget, "滤芯漏水")
    services = live.services
    contact = str(await services.db.pool.fetchval("SELECT id FROM contact"))
    now = services.clock.now()
    async with services.db.transaction() as tx:
        (told,) = await put_profiles(
            tx, services.vault, [ProfileIn(identifiers=WHO, name="王晓燕")], source="crm", now=now, by="system",
            rules=services.profile_book.now,
        )  # fmt: skip
    known = str(told.contact_id)
    async with desk("lin", contacts=[contact, known]) as lin, httpx.AsyncClient(base_url=live.base) as browser:
        await sign_in(browser, "su")

        async def hears(why: str, of: str) -> None:
            row = (await lin.next("put", e="customer", id=of))["row"]
            assert (row["contact_id"], row["why"]) == (of, why)

        async def does(method: str, path: str, body: object = None) -> httpx.Response:
            answer = await browser.request(method, f"/api/v1{path}", json=body)
            assert answer.is_success, answer.text
            return answer

        await does("POST", f"/customers/{contact}/tags", {"add": ["高价值"]})
        await hears("contact.tagged", contact)
        await does("POST", f"/customers/{contact}/remarks", {"text": "听力不好"})
        await hears("contact.remarked", contact)
        link = (await does("POST", f"/contacts/{contact}/links", {"other": known, "reason": "同一人"})).json()["id"]
        await hears("contact.linked", contact)
        await hears("contact.linked", known)
        async with services.db.transaction() as tx:
            order = OrderIn(number="SO1", identifiers=WHO, status="paid", total_fen=1, placed_at=now)
            await put_orders(tx, services.vault, [order], source="crm", now=now, by="system")
        await hears("order.changed", known)
        await does("DELETE", f"/links/{link}?reason=不是同一人")
        await hears("contact.unlinked", known)


async def test_who_has_the_list_open_hears_that_somebody_may_belong_on_it(
    live: Running, widget: Widget, desk: Desk
) -> None:
    async with desk("lin", customers=True) as lin, desk("su") as su:
        await write(widget, "滤芯漏水")
        heard = await lin.next("put", e="customers")
        assert (heard["id"], heard["row"]["why"]) == (str(UUID(int=0)), "contact.created"), "who it was is not said"
        contact = await live.services.db.pool.fetchval("SELECT id FROM contact")
        async with httpx.AsyncClient(base_url=live.base) as browser:
            await sign_in(browser, "su")
            (await browser.post(f"/api/v1/customers/{contact}/tags", json={"add": ["老客户"]})).raise_for_status()
            assert (await lin.next("put", e="customers"))["row"]["why"] == "contact.tagged"
            (row,) = (await browser.get("/api/v1/customers/rows", params={"ids": str(contact)})).json()["items"]
        assert (row["tags"], row["contacts"]) == (["老客户"], [str(contact)])
        assert [f for f in await su.quiet(0.1) if f.get("e") == "customers"] == [], "without the list nothing of it"
