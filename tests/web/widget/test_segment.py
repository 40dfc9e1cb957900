"""Trackers of shops: Segment's messages and GA4's words become the same trail, each once, on our clock."""

from __future__ import annotations

import base64
import hmac
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.web.house import House
from tests.web.server import SITE, Running, Widget, open_inbox
from yizhan.foundation.clock import FakeClock

SECRET = "the-shops-own-server"
PROOF = "what-the-pages-are-signed-with"
PAGE = {"url": "https://shop.example.com/p/1?token=secret&utm_source=baidu", "title": "净水器", "referrer": ""}


class Tracker:
    """A library of Segment in a page, or with `server` the shop's own backend."""

    def __init__(self, live: Running, key: str, http: httpx.AsyncClient, *, server: bool = False) -> None:
        self.live, self.key, self.http = live, key, http
        word = base64.b64encode(f"{key}:{SECRET if server else ''}".encode()).decode()
        self.headers = {"authorization": f"Basic {word}"} | ({} if server else {"origin": SITE})

    async def send(self, kind: str, **message: Any) -> httpx.Response:
        whole = {"messageId": str(uuid4()), "timestamp": self.live.services.clock.now().isoformat(), **message}
        return await self.http.post(f"{self.live.base}/v1/{kind}", json=whole, headers=self.headers)

    async def stored(self) -> list[dict[str, Any]]:
        assert self.live.services.trail is not None
        await self.live.services.trail.flush()
        query = "SELECT visit_id, kind, url, title, data, at FROM trail ORDER BY at, id"
        rows = await self.live.services.db.pool.fetch(query)
        return [dict(row) for row in rows]


@pytest.fixture
async def key(live: Running, house: House) -> str:
    secrets = {"server_secret": SECRET, "identity_secret": PROOF}
    return await open_inbox(live.services, house.brand, house.care, secrets=secrets)


@pytest.fixture
def page(live: Running, key: str, widget: Widget) -> Tracker:
    return Tracker(live, key, widget.http)


@pytest.fixture
def server(live: Running, key: str, widget: Widget) -> Tracker:
    return Tracker(live, key, widget.http, server=True)


async def test_pages_and_events_of_both_vocabularies(page: Tracker, live: Running) -> None:
    said = {"anonymousId": "anonymous-1", "context": {"page": PAGE, "campaign": {"source": "baidu", "name": "双11"}}}
    assert (await page.send("page", **said)).json() == {"success": True}
    items = [{"item_id": "800G", "item_name": "净水器", "price": "1899.00", "quantity": 1}]
    await page.send("track", event="view_cart", properties={"items": items, "currency": "CNY"}, **said)
    await page.send("track", event="Product Viewed", properties={"product_id": "800G"}, **said)
    rows = await page.stored()
    assert [row["kind"] for row in rows] == ["page", "Cart Viewed", "Product Viewed"]
    assert (rows[0]["url"], rows[0]["title"]) == (PAGE["url"].replace("secret", "***"), "净水器")
    assert rows[1]["data"]["products"][0] == {"product_id": "800G", "name": "净水器", "price": "1899.00", "quantity": 1}
    visit = await live.services.db.pool.fetchrow("SELECT pages, cart, origin FROM visit")
    assert visit is not None
    assert (visit["pages"], visit["cart"]["value"]) == (1, "1899.00")
    assert visit["origin"]["campaign"] == {"source": "baidu", "name": "双11"}


async def test_a_message_counts_once_and_at_the_corrected_time(page: Tracker, clock: FakeClock) -> None:
    wrong = clock.now() + timedelta(days=400)  # the visitor's clock
    message = {
        "messageId": "m-1", "anonymousId": "a", "event": "Cart Viewed",
        "timestamp": (wrong - timedelta(seconds=30)).isoformat(), "sentAt": wrong.isoformat(),
    }  # fmt: skip
    for _ in range(3):
        await page.send("track", **message)
    [row] = await page.stored()
    assert row["at"] == clock.now() - timedelta(seconds=30)


async def test_a_batch_leaves_out_what_is_no_message(page: Tracker, clock: FakeClock) -> None:
    now = clock.now().isoformat()
    good = {"type": "track", "event": "Coupon Applied", "anonymousId": "a", "messageId": "1", "timestamp": now}
    batch = [
        good, good, {**good, "messageId": "2", "properties": {"long": "x" * 33_000}}, 7, {"type": "nothing"},
        {"type": "page", "anonymousId": "a", "messageId": "3", "timestamp": now, "name": "活动"}, {"type": "track"},
    ]  # fmt: skip
    answer = await page.http.post(
        f"{page.live.base}/v1/batch", json={"batch": batch, "writeKey": page.key, "context": {"page": PAGE}},
        headers={"origin": SITE, "content-type": "text/plain"},
    )  # fmt: skip
    assert (answer.status_code, answer.json()) == (200, {"success": True})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert sorted(row["kind"] for row in await page.stored()) == ["Coupon Applied", "page"]


async def test_traits_are_claims_of_the_visitor_until_he_writes(
    page: Tracker, widget: Widget, live: Running, key: str
) -> None:
    visitor = Widget(live, key)
    own = (await visitor.session())["visitor"]
    traits = {"firstName": "晓燕", "lastName": "王", "email": "Wang@Example.com", "phone": "no", "plan": "gold"}
    await page.send("identify", anonymousId=own, userId="u-7", traits=traits)
    await page.send("group", anonymousId=own, groupId="g1", traits={"name": "山雀公司"})
    async with visitor.line() as line:
        await line.say(t="message", client_id="c1", text="在吗")
        await line.next("ack", client_id="c1")
    row = await live.services.db.pool.fetchrow("SELECT c.name, c.fields, i.kind FROM contact c JOIN identity i ON true")
    assert row is not None
    assert (row["name"], row["fields"], row["kind"]) == ("晓燕 王", {"plan": "gold", "group": "山雀公司"}, "visitor")
    claim = await live.services.db.pool.fetchval("SELECT blind FROM claim")
    assert claim == live.services.vault.blind("email", "wang@example.com")


async def test_a_user_id_is_believed_of_the_shops_server_alone(page: Tracker, server: Tracker, live: Running) -> None:
    await page.send("track", event="Order Completed", userId="u-7", properties={"total": "0.01"})
    await server.send("track", event="Order Completed", userId="u-7", properties={"total": "1899.00"})
    rows = await server.stored()
    assert {row["data"].get("source"): row["data"]["total"] for row in rows} == {None: "0.01", "server": "1899.00"}
    assert rows[0]["visit_id"] != rows[1]["visit_id"]


async def test_an_alias_of_the_server_joins_the_visitor_and_the_user(server: Tracker, live: Running, key: str) -> None:
    laptop, phone = Widget(live, key), Widget(live, key)
    own = (await laptop.session())["visitor"]
    proof = hmac.new(PROOF.encode(), b"u-7", "sha256").hexdigest()
    await phone.session(identity={"id": "u-7", "hash": proof})
    for device in (laptop, phone):
        async with device.line() as line:
            await line.say(t="message", client_id="c1", text="在吗")
            await line.next("ack", client_id="c1")
    assert await live.services.db.pool.fetchval("SELECT count(DISTINCT person_id) FROM contact") == 2
    await server.send("alias", userId="u-7", previousId=own)
    assert await live.services.db.pool.fetchval("SELECT count(DISTINCT person_id) FROM contact") == 1


async def test_who_may_not_is_told_so(page: Tracker, server: Tracker, live: Running, house: House) -> None:
    http, base = page.http, live.base
    assert (await http.post(f"{base}/v1/track", json={"event": "x", "anonymousId": "a"})).status_code == 401
    wrong = {"authorization": "Basic " + base64.b64encode(f"{page.key}:guess".encode()).decode()}
    assert (await http.post(f"{base}/v1/track", json={"event": "x"}, headers=wrong)).status_code == 401
    assert (await http.post(f"{base}/v1/nothing", json={"writeKey": page.key})).status_code in (400, 404, 422)
    assert (await http.post(f"{base}/v1/track", json={"writeKey": "no-such"})).status_code == 404
    assert (await http.post(f"{base}/v1/track", content=b"x" * 40_000, headers=page.headers)).status_code == 413
    closed = await open_inbox(live.services, house.brand, allowed_origins=["*.other.cn"])
    assert (await http.post(f"{base}/v1/track", json={"writeKey": closed}, headers={"origin": SITE})).status_code == 403
    quiet = page.headers | {"sec-gpc": "1"}
    await http.post(f"{base}/v1/track", json={"event": "x", "anonymousId": "a", "messageId": "1"}, headers=quiet)
    assert await page.stored() == []
