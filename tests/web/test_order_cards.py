"""订单卡片 over HTTP: an order goes into the chat of whose it is, once he has shown who he is."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import httpx
import pytest

from tests.web.built import app_of
from tests.web.channels import with_channels
from tests.web.desk import Desk, open_desk
from tests.web.house import House
from yizhan.desk.sources import OrderIn, put_orders
from yizhan.desk.verification import VerificationBook, VerificationRules
from yizhan.foundation.ids import new_id
from yizhan.records import contacts
from yizhan.records.contacts import Identifier, Strength
from yizhan.records.orders import OrderLine, Tracking
from yizhan.web.services import Services


@pytest.fixture
def rules() -> VerificationRules:
    return VerificationRules(sms="sms")


@pytest.fixture
async def desk(services: Services, house: House, rules: VerificationRules) -> AsyncIterator[Desk]:
    book = VerificationBook(rules)
    whole = with_channels(dataclasses.replace(services, verification_book=book))
    transport = httpx.ASGITransport(app=app_of(whole))
    async with httpx.AsyncClient(transport=transport, base_url="http://desk.test") as browser:
        yield await open_desk(whole, house, browser)


async def bought(desk: Desk, conversation: UUID | None, *, proved: bool) -> UUID:
    """An order of a record that is his."""
    contact = await desk.sql("SELECT contact_id FROM conversation WHERE id = $1", conversation)
    row = OrderIn(
        number="SO20261118-2087", identifiers=(Identifier("external", "shop:M1"),), status="shipped",
        total_fen=129_900, placed_at=desk.services.clock.now() - timedelta(days=2),
        lines=(OrderLine("X3", "空气净化器 X3"),), tracking=Tracking("顺丰速运", "SF1"),
    )  # fmt: skip
    vault, now = desk.services.vault, desk.services.clock.now()
    async with desk.services.db.transaction() as tx:
        (told,) = await put_orders(tx, vault, [row], source="shop", now=now, by="test")
        assert told.contact_id is not None
        await contacts.link_contacts(
            tx, contact, told.contact_id, strength=Strength.PROVED if proved else Strength.JUDGED,
            evidence={"kind": "user"}, actor="test", now=now,
        )  # fmt: skip
        if proved:
            await tx.execute("UPDATE identity SET kind = 'user', verified_at = $2 WHERE contact_id = $1", contact, now)
    id: UUID = await desk.sql("SELECT id FROM customer_order")
    return id


async def test_an_order_is_sent_as_a_card_once_and_never_into_a_note(desk: Desk) -> None:
    done = await desk.served()
    path, order = (
        f"/conversations/{done.conversation_id}/messages",
        await bought(desk, done.conversation_id, proved=True),
    )
    sent = await desk.post(path, {"client_id": "a", "order": str(order)})
    assert (sent["message"]["kind"], sent["message"]["text"]) == ("order", "订单 SO20261118-2087 · 已发货")
    assert sent["message"]["payload"] == {
        "number": "SO20261118-2087", "title": "空气净化器 X3", "price": "¥1,299.00", "state": "已发货",
    }  # fmt: skip
    again = await desk.post(path, {"client_id": "a", "order": str(order)})
    assert (again["repeated"], again["message"]["id"]) == (True, sent["message"]["id"])
    await desk.refused(422, "invalid", "POST", path, {"client_id": "b", "order": str(order), "note": True})


async def test_the_card_follows_the_words_also_where_they_wait_for_a_yes(desk: Desk) -> None:
    done = await desk.served()
    path, order = (
        f"/conversations/{done.conversation_id}/messages",
        await bought(desk, done.conversation_id, proved=True),
    )
    body = {"client_id": "a", "text": "这是您的订单", "order": str(order)}
    for _ in range(2):
        await desk.post(path, body)
    assert await said(desk, done.conversation_id) == ["这是您的订单", "订单 SO20261118-2087 · 已发货"]
    for _ in range(2):
        held = await desk.post(path, {**body, "client_id": "b", "text": "坏了我们保证赔您一台"})
        assert held["held"]["state"] == "waiting"
    assert len(await said(desk, done.conversation_id)) == 3, "the card alone"


async def said(desk: Desk, conversation: UUID | None) -> list[str]:
    told = await desk.get(f"/conversations/{conversation}")
    return [each["text"] for each in told["messages"] if each["direction"] == "out"]


async def test_an_order_stays_in_the_house_until_its_buyer_has_shown_who_he_is(desk: Desk) -> None:
    done = await desk.served()
    order = await bought(desk, done.conversation_id, proved=False)
    body = {"client_id": "a", "order": str(order)}
    await desk.refused(403, "not_verified", "POST", f"/conversations/{done.conversation_id}/messages", body)
    stranger = await desk.served("v2", text="滤芯在哪买")
    path = f"/conversations/{stranger.conversation_id}/messages"
    await desk.refused(404, "not_found", "POST", path, body)
    nothing = str(new_id(desk.services.clock.now()))
    await desk.refused(404, "not_found", "POST", path, {"client_id": "a", "order": nothing})
    assert await desk.sql("SELECT count(*) FROM message WHERE kind = 'order'") == 0


@pytest.mark.parametrize("rules", [VerificationRules()], ids=["nobody is asked who he is"])
async def test_a_mail_tells_the_order_in_words(desk: Desk) -> None:
    done = await desk.served("a@example.com")
    order = await bought(desk, done.conversation_id, proved=True)
    sent = await desk.post(f"/conversations/{done.conversation_id}/messages", {"client_id": "a", "order": str(order)})
    assert sent["message"]["kind"] == "text"
    assert sent["message"]["text"].splitlines() == [
        "订单 SO20261118-2087 · 已发货", "空气净化器 X3", "¥1,299.00", "顺丰速运 SF1 · 运输中"
    ]  # fmt: skip
