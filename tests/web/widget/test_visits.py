"""会员码 and 到店预约 by the customer's own hand."""

from __future__ import annotations

import dataclasses
import hmac
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest

from tests.web.house import House
from tests.web.server import Running, Widget, open_inbox
from tests.web.widget.test_visitor import SECRET
from yizhan.desk.counter import Books, Shop, ShopBook, ShopWords, StandingShop, Wanted, book_from_chat, greet
from yizhan.desk.verification import VerificationBook
from yizhan.foundation.clock import FakeClock
from yizhan.records.config import SERVICE_HOURS
from yizhan.web.services import Services


@pytest.fixture
def services(services: Services) -> Services:
    shop = Shop(name=ShopWords("徐汇店", "Xuhui"), address="虹桥路 1 号")
    return dataclasses.replace(
        services, shop_book=ShopBook({"xuhui": StandingShop("xuhui", shop, SERVICE_HOURS.calendar)})
    )


async def asks(who: Widget, method: str, path: str, body: object = None) -> tuple[int, Any]:
    if not who.token:
        await who.session()
    answer = await who.http.request(method, f"{who.root}{path}", headers=who.bearer, json=body)
    return answer.status_code, answer.json()


async def booked(live: Running, house: House, who: Widget) -> str:
    """Tomorrow at half past two, passed on from his chat."""
    async with who.line() as line:
        await line.say(t="message", client_id="c1", text="想去店里看看", attachments=[])
        await line.next("ack")
    services = live.services
    now = services.clock.now()
    there = now.astimezone(SERVICE_HOURS.calendar.zone).replace(hour=14, minute=30, second=0, microsecond=0)
    wanted = Wanted(shop="xuhui", starts_at=there + timedelta(days=1), purpose="体验选购", note="VIP")
    conversation: UUID = await services.db.pool.fetchval("SELECT id FROM conversation ORDER BY id DESC LIMIT 1")
    books = Books(services.shop_book, services.word_book)
    async with services.db.transaction() as tx:
        agreed = await book_from_chat(tx, conversation, wanted, books, by=house.people["lin"], now=now)
    return str(agreed.appointment.id)


async def test_a_signed_in_visitor_shows_a_code_that_proves_who_he_is(live: Running, house: House) -> None:
    key = await open_inbox(live.services, house.brand, house.care, secrets={"identity_secret": SECRET})
    known, stranger = Widget(live, key), Widget(live, key)
    proof = hmac.new(SECRET.encode(), b"u-3", sha256).hexdigest()
    await known.session(identity={"id": "u-3", "name": "王晓燕", "hash": proof})
    assert (await asks(stranger, "POST", "/member-code"))[0] == 409, "nobody knows him yet"
    _, first = await asks(known, "POST", "/member-code")
    _, shown = await asks(known, "POST", "/member-code")
    assert (shown["signed_in"], len(shown["digits"]), shown["path"][:1]) == (True, 10, "M")
    async with stranger.line() as line:
        await line.say(t="message", client_id="c1", text="你好", attachments=[])
        await line.next("ack")
    _, plain = await asks(stranger, "POST", "/member-code")
    assert plain["signed_in"] is False
    services, standing = live.services, live.services.shop_book.of("xuhui")
    found = []
    for digits in (shown["digits"], plain["digits"]):
        async with services.db.transaction() as tx:
            met = await greet(
                tx, services.vault, standing, digits, VerificationBook(), agent_id=house.people["lin"],
                now=services.clock.now(),
            )  # fmt: skip
            found.append(met.verified)
    assert found == [True, False]
    assert first["digits"] != shown["digits"]
    for who in (known, stranger):
        await who.close()


async def test_a_visitor_changes_and_cancels_his_own_appointment(
    live: Running, house: House, shop: str, clock: FakeClock
) -> None:
    wang, li = Widget(live, shop), Widget(live, shop)
    assert (await wang.http.get(f"{wang.root}/config")).json()["visits"] is True
    id = await booked(live, house, wang)
    _, told = await asks(wang, "GET", "/appointments")
    (mine,) = told["items"]
    assert (mine["shop"], mine["state"], mine["open"], "note" in mine) == ("徐汇店", "booked", True, False)
    day = datetime.fromisoformat(mine["starts_at"]).date() + timedelta(days=1)
    _, times = await asks(wang, "GET", f"/appointments/{id}/slots?date={day}")
    at = times["items"][3]["at"]
    for method, path in (("GET", f"/slots?date={day}"), ("POST", "/cancel")):
        assert (await asks(li, method, f"/appointments/{id}{path}"))[0] == 404
    assert (await asks(li, "GET", "/appointments"))[1] == {"items": []}
    _, moved = await asks(wang, "POST", f"/appointments/{id}/move", {"starts_at": at})
    assert datetime.fromisoformat(moved["items"][0]["starts_at"]) == datetime.fromisoformat(at)
    assert "已改为" in (await wang.session())["messages"][-1]["text"]
    status, _ = await asks(wang, "POST", f"/appointments/{id}/move", {"starts_at": at[:-7] + "07:00Z"})
    assert status == 422
    _, gone = await asks(wang, "POST", f"/appointments/{id}/cancel")
    assert (gone["items"][0]["state"], gone["items"][0]["open"]) == ("cancelled", False)
    assert (await asks(wang, "POST", f"/appointments/{id}/cancel"))[0] == 409
    for who in (wang, li):
        await who.close()
