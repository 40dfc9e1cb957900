"""Visitors on the pages come to the screens of agents as they move, and go when they leave."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.web.house import House, sign_in
from tests.web.live.conftest import Desk
from tests.web.live.test_rows import write
from tests.web.server import Line, Running, Widget
from yizhan.foundation.clock import FakeClock
from yizhan.web.widget import presence


async def looks_at(live: Running, line: Line, clock: FakeClock, url: str, *more: dict[str, Any]) -> None:
    at = clock.now().isoformat()
    await line.say(t="trail", items=[{"kind": "page", "url": url, "title": "净水器", "at": at}, *more])
    await line.say(t="profile", client_id=f"done {url}")
    await line.next("ack", client_id=f"done {url}")
    assert live.services.trail is not None
    await live.services.trail.flush()


async def test_pages_and_cart_come_to_who_looks_and_leaving_takes_them_away(
    live: Running, widget: Widget, desk: Desk, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presence, "GRACE_SECONDS", 0.1)
    async with desk("lin", visitors=True) as lin, desk("su") as other:
        async with widget.line() as line:
            await line.next("welcome")
            await looks_at(live, line, clock, "https://shop.example.com/p/1")
            shown = await lin.next("put", e="visitor")
            row = shown["row"]
            assert (row["page"], row["title"], row["pages"], row["name"], row["cart"]) == (
                "https://shop.example.com/p/1", "净水器", 1, None, None,
            )  # fmt: skip
            added = {"product_id": "800G", "name": "净水器", "price": "1899.00", "currency": "CNY"}
            item = {"kind": "add_to_cart", "at": clock.now().isoformat(), "data": added}
            await looks_at(live, line, clock, "https://shop.example.com/cart", item)
            shown = await lin.next("put", e="visitor")
            assert (shown["row"]["pages"], shown["row"]["cart"]["value"]) == (2, "1899.00")
        assert (await lin.next("gone", e="visitor"))["id"] == shown["id"]
        assert not [f for f in await other.quiet() if f.get("e") == "visitor"]


async def test_who_has_the_customer_open_sees_him_move(
    live: Running, widget: Widget, desk: Desk, clock: FakeClock
) -> None:
    await write(widget, "滤芯漏水")
    contact = str(await live.services.db.pool.fetchval("SELECT id FROM contact"))
    watch = {"contacts": [contact]}
    async with desk("lin", **watch) as lin, desk("gao", **watch) as gao, widget.line() as line:
        await looks_at(live, line, clock, "https://shop.example.com/repair")
        row = (await lin.next("put", e="visitor"))["row"]
        assert (row["contact_id"], row["page"]) == (contact, "https://shop.example.com/repair")
        assert not [f for f in await gao.quiet() if f.get("e") == "visitor"], "he may not see this customer"


async def test_another_teams_visitors_are_not_shown_nor_invited(
    live: Running, widget: Widget, house: House, desk: Desk, clock: FakeClock
) -> None:
    async with desk("gao", visitors=True) as gao, desk("lin", visitors=True) as lin, widget.line() as line:
        await looks_at(live, line, clock, "https://shop.example.com/p/1")
        visit = (await lin.next("put", e="visitor"))["id"]
        assert not [f for f in await gao.quiet() if f.get("e") == "visitor"]
        for login, seen in (("lin", 1), ("gao", 0), ("admin", 1)):
            async with httpx.AsyncClient(base_url=f"{live.base}/api/v1") as browser:
                await browser.post("/auth/login", json={"login": login, "password": "山雀-生活-驿站-2026"})
                online = (await browser.get("/visitors/online")).json()["items"]
                assert len(online) == seen
        async with httpx.AsyncClient(base_url=live.base) as browser:
            await sign_in(browser, "gao")
            words = {"text": "您好"}
            assert (await browser.post(f"/api/v1/visitors/{visit}/invite", json=words)).status_code in (403, 404)
            await sign_in(browser, "lin")
            assert (await browser.post(f"/api/v1/visitors/{visit}/invite", json=words)).status_code == 204
            assert (await line.next("invite"))["text"] == "您好"
