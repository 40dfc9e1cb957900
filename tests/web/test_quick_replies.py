"""快捷回复 over HTTP: the library, one's own, the gaps of a conversation, and what is sent is counted."""

from __future__ import annotations

from datetime import date

import httpx
import pytest

from tests.web.desk import API, Desk, open_desk
from tests.web.house import House
from yizhan.desk.sources import OrderIn, put_orders
from yizhan.foundation.clock import FakeClock
from yizhan.records.contacts import Identifier
from yizhan.records.orders import OrderLine, Tracking
from yizhan.web.services import Services


@pytest.fixture
async def desk(services: Services, house: House, browser: httpx.AsyncClient) -> Desk:
    return await open_desk(services, house, browser)


async def test_ones_own_are_kept_changed_counted_and_dropped(desk: Desk) -> None:
    done = await desk.served()
    house = (await desk.get("/quick-replies"))["items"]
    assert {"greeting", "refund", "closing"} <= {each["key"] for each in house}
    made = await desk.post("/quick-replies/own", {"title": "我的退款", "text": "单号{{订单号}}", "types": ["refund"]})
    path = f"/quick-replies/own/{made['key']}"
    changed = {"title": "我的退款", "text": "单号{{订单号}}。", "types": [], "version": 1}
    assert (await desk.call("PUT", path, changed))["version"] == 2
    await desk.refused(409, "conflict", "PUT", path, changed)
    await desk.refused(422, "invalid", "POST", "/quick-replies/own", {"title": "a", "text": "{{天气}}"})
    say = f"/conversations/{done.conversation_id}/messages"
    await desk.refused(422, "unfilled", "POST", say, {"client_id": "a", "text": "单号{{订单号}}"})
    sent = {"client_id": "b", "text": "单号 1", "quick_reply": made["key"]}
    for _ in range(2):
        await desk.post(say, sent)
    own = next(each for each in (await desk.get("/quick-replies"))["items"] if each["own"])
    assert (own["used"], own["mine"]) == (1, 1)
    await desk.as_("gao")
    assert not any(each["own"] for each in (await desk.get("/quick-replies"))["items"])
    await desk.refused(404, "not_found", "DELETE", path)
    await desk.as_("lin")
    assert (await desk.browser.delete(f"{API}{path}")).status_code == 204
    assert not any(each["own"] for each in (await desk.get("/quick-replies"))["items"])


async def test_gaps_are_filled_from_the_order_the_ticket_names_else_the_latest(desk: Desk, clock: FakeClock) -> None:
    done = await desk.served()
    path = f"/conversations/{done.conversation_id}/gaps"
    assert set((await desk.get(path))["values"]) >= {"agent", "inbox", "ticket"}
    contact = await desk.sql("SELECT contact_id FROM conversation WHERE id = $1", done.conversation_id)
    row = OrderIn(
        number="SO20261118-2087", identifiers=(Identifier("user", "M1"),), status="shipped", total_fen=100,
        placed_at=clock.now(), lines=(OrderLine("a", "b"),), tracking=Tracking("顺丰速运", "SF1", date(2026, 11, 20)),
    )  # fmt: skip
    async with desk.services.db.transaction() as tx:
        (told,) = await put_orders(tx, desk.services.vault, [row], source="crm", now=clock.now(), by="test")
        await tx.execute("UPDATE customer_order SET contact_id = $1 WHERE number = $2", contact, row.number)
    assert told.contact_id
    values = (await desk.get(path))["values"]
    assert (values["order"], values["arrival"], values["parcel"]) == ("SO20261118-2087", "11月20日", "SF1")
    assert (await desk.get(path, locale="en"))["values"]["arrival"] == "November 20"
    await desk.sql("UPDATE ticket SET order_no = 'SO7' WHERE id = $1", done.ticket_id)
    named = (await desk.get(path))["values"]
    assert named["order"] == "SO7"
    assert "arrival" not in named
