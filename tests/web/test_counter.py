"""门店: who stands at a counter, what is shown of him, and appointments passed on from a chat."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from uuid import UUID

import httpx
import pytest

from tests.web.built import app_of
from tests.web.desk import Desk, open_desk
from tests.web.house import PASSWORD, House
from yizhan.desk.counter import Shop, ShopBook, ShopWords, StandingShop, new_member_code, register_timers
from yizhan.desk.words import word_book
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.ids import new_id
from yizhan.foundation.timer import Timers
from yizhan.records import agents, contacts
from yizhan.records.agents import NewAgent
from yizhan.records.config import SERVICE_HOURS
from yizhan.records.contacts import Identifier
from yizhan.web.services import Services

XUHUI = "xuhui"
ORDER = "SO2026110100001"


@pytest.fixture
def shops(house: House) -> ShopBook:
    own = Shop(name=ShopWords("徐汇店", "Xuhui"), address="虹桥路 1 号", card_source="crm", at_once=1)
    theirs = Shop(name=ShopWords("静安店", "Jing'an"), team=house.sales)
    calendar = SERVICE_HOURS.calendar
    return ShopBook({XUHUI: StandingShop(XUHUI, own, calendar), "jingan": StandingShop("jingan", theirs, calendar)})


@pytest.fixture
async def desk(services: Services, house: House, shops: ShopBook) -> AsyncIterator[Desk]:
    whole = dataclasses.replace(services, shop_book=shops)
    now = services.clock.now()
    async with services.db.transaction() as tx:
        hashed = await services.passwords.hash(PASSWORD)
        for login in ("xiaoman", "other"):
            clerk = NewAgent(login=login, name="沈小满", role_id=house.roles["shop"], password_hash=hashed)
            house.people[login] = await agents.create_agent(tx, clerk, now, "system")
    transport = httpx.ASGITransport(app=app_of(whole))
    async with httpx.AsyncClient(transport=transport, base_url="http://desk.test") as browser:
        yield await open_desk(whole, house, browser)


async def known(desk: Desk) -> tuple[UUID, UUID, UUID]:
    """(conversation, contact, ticket) of a customer whom the shop's system knows, with an order."""
    done = await desk.served()
    contact: UUID = await desk.sql("SELECT contact_id FROM conversation WHERE id = $1", done.conversation_id)
    now = desk.services.clock.now()
    await desk.sql("UPDATE contact SET name = '王晓燕', level = 2 WHERE id = $1", contact)
    key = contacts.keyed(desk.services.vault, Identifier("external", "crm:10086"))
    card = new_id(now)
    await desk.sql(
        "INSERT INTO identity (id, contact_id, kind, rank, sealed, blind, masked, valid_from)"
        " VALUES ($1, $2, 'external', 'auxiliary', '', $3, $4, $5)", card, contact, key.blind, key.masked, now,
    )  # fmt: skip
    await desk.sql(
        "INSERT INTO customer_order (id, source, number, identity_id, contact_id, status, total_fen, currency,"
        " placed_at, changed_at, document, digest, version)"
        " VALUES ($1, 'crm', $2, $3, $4, 'shipped', 129900, 'CNY', $5, $5, $6, '', 1)",
        new_id(now), ORDER, card, contact, now, {"lines": [{"sku": "V8", "title": "洗地机", "count": 2}]},
    )  # fmt: skip
    assert done.conversation_id is not None
    assert done.ticket_id is not None
    return done.conversation_id, contact, done.ticket_id


async def shown_code(desk: Desk, contact: UUID, *, signed_in: bool) -> str:
    async with desk.services.db.transaction() as tx:
        row = await tx.fetchrow("SELECT i.id FROM identity i WHERE contact_id = $1 AND kind = 'visitor'", contact)
        assert row is not None
        identity = await contacts.identity(tx, row["id"])
        now = desk.services.clock.now()
        return (await new_member_code(tx, desk.services.vault, identity, signed_in=signed_in, now=now)).digits


async def lines(desk: Desk, conversation: UUID) -> list[str]:
    rows = await desk.services.db.pool.fetch(
        "SELECT text FROM message WHERE conversation_id = $1 AND payload->>'code' = 'appointment' ORDER BY id",
        conversation,
    )  # fmt: skip
    return [row["text"] for row in rows]


def tomorrow(desk: Desk, clock: str = "14:30", days: int = 1) -> str:
    there = desk.services.clock.now().astimezone(SERVICE_HOURS.calendar.zone) + timedelta(days=days)
    return f"{there:%Y-%m-%d}T{clock}:00+08:00"


async def test_a_code_of_a_signed_in_telephone_opens_everything_once(desk: Desk, clock: FakeClock) -> None:
    _, contact, _ = await known(desk)
    digits = await shown_code(desk, contact, signed_in=True)
    await desk.as_("xiaoman")
    assert [shop["key"] for shop in (await desk.get("/counter"))["items"]] == [XUHUI]
    met = await desk.post("/counter/meetings", {"shop": XUHUI, "text": f"YZM{digits[:4]} {digits[4:]}"})
    seen = met["customer"]
    assert (met["verified"], met["how"], seen["masked"], seen["name"], seen["level"]) == (
        True, "member_code", False, "王晓燕", 2,
    )  # fmt: skip
    assert seen["orders"][0]["lines"] == ["洗地机 ×2"]
    assert (seen["orders"][0]["number"], seen["open"], seen["tickets"][0]["subject"] is not None) == (ORDER, 1, True)
    again = await desk.post("/counter/meetings", {"shop": XUHUI, "text": digits})
    assert again["id"] == met["id"], "the same hands may scan it twice"
    await desk.as_("other")
    await desk.refused(409, "code_spent", "POST", "/counter/meetings", {"shop": XUHUI, "text": digits})
    await desk.refused(403, "forbidden", "GET", f"/counter/meetings/{met['id']}")
    await desk.as_("xiaoman")
    await desk.refused(404, "not_found", "POST", "/counter/meetings", {"shop": "jingan", "text": digits})
    clock.advance(timedelta(minutes=31))
    await desk.refused(409, "conflict", "GET", f"/counter/meetings/{met['id']}")


async def test_a_card_a_number_and_a_code_that_proves_nothing_show_little(desk: Desk, clock: FakeClock) -> None:
    _, contact, _ = await known(desk)
    digits = await shown_code(desk, contact, signed_in=False)
    late = await shown_code(desk, contact, signed_in=True)
    await desk.as_("xiaoman")
    await desk.refused(404, "code_unknown", "POST", "/counter/meetings", {"shop": XUHUI, "text": digits})
    clock.advance(timedelta(minutes=4))
    await desk.refused(404, "code_unknown", "POST", "/counter/meetings", {"shop": XUHUI, "text": late})
    for text, how in (("10086", "card"), ("crm:10086", "card"), (ORDER, "order")):
        met = await desk.post("/counter/meetings", {"shop": XUHUI, "text": text})
        seen = met["customer"]
        assert (met["how"], met["verified"], seen["masked"], seen["name"]) == (how, False, True, "王**")
        assert [(o["number"], o["lines"], o["total_fen"]) for o in seen["orders"]] == [("***0001", None, None)]
        assert seen["tickets"][0]["subject"] is None
    await desk.refused(404, "not_found", "POST", "/counter/meetings", {"shop": XUHUI, "text": "王晓燕"})
    unproved = await shown_code(desk, contact, signed_in=False)
    met = await desk.post("/counter/meetings", {"shop": XUHUI, "text": unproved})
    assert (met["verified"], met["customer"]["masked"], met["customer"]["name"]) == (False, True, "王晓燕")


async def test_whoever_serves_at_a_counter_sees_nothing_else(desk: Desk) -> None:
    conversation, contact, ticket = await known(desk)
    await desk.refused(403, "forbidden", "GET", "/counter")
    await desk.as_("xiaoman")
    for path in (f"/contacts/{contact}", f"/tickets/{ticket}", f"/conversations/{conversation}", "/shops"):
        await desk.refused(403, "forbidden", "GET", path)


async def test_an_appointment_is_passed_on_kept_and_logged(desk: Desk) -> None:
    conversation, contact, _ = await known(desk)
    assert XUHUI in [shop["key"] for shop in (await desk.get("/shops"))["items"]]
    at = tomorrow(desk)
    slots = (await desk.get(f"/shops/{XUHUI}/slots", date=at[:10]))["items"]
    assert datetime.fromisoformat(at) in {datetime.fromisoformat(s["at"]) for s in slots}
    wish = {"shop": XUHUI, "starts_at": at, "purpose": "到店取货", "note": "滤芯 2 个"}
    path = f"/conversations/{conversation}/appointments"
    await desk.refused(422, "invalid", "POST", path, {**wish, "starts_at": tomorrow(desk, "14:35")})
    await desk.refused(422, "invalid", "POST", path, {**wish, "starts_at": tomorrow(desk, "03:00")})
    made = (await desk.post(path, wish))["appointment"]
    assert (made["state"], made["name"], made["by"]) == ("booked", "王晓燕", "林一")
    said = await lines(desk, conversation)
    assert all(words in said[0] for words in ("徐汇店", "14:30", "虹桥路 1 号"))
    assert "滤芯" not in said[0], "the note is for the shop"
    await desk.refused(409, "conflict", "POST", path, {**wish, "starts_at": tomorrow(desk, "15:00")})
    other = {**wish, "starts_at": tomorrow(desk, "15:00", days=2)}
    next_day = (await desk.post(path, other))["appointment"]["id"]
    to = {"shop": XUHUI, "starts_at": tomorrow(desk, "15:00")}
    await desk.refused(409, "conflict", "POST", f"/appointments/{next_day}/move", to)
    second = await desk.served("v2")
    await desk.refused(409, "slot_full", "POST", f"/conversations/{second.conversation_id}/appointments", wish)

    await desk.as_("xiaoman")
    day = await desk.get("/counter/day", shop=XUHUI, date=at[:10])
    (row,) = day["appointments"]
    assert (row["name"], row["note"], row["state"]) == ("王晓燕", "滤芯 2 个", "booked")
    met = await desk.post("/counter/meetings", {"shop": XUHUI, "appointment_id": made["id"]})
    assert (met["how"], met["verified"], met["customer"]["masked"]) == ("appointment", False, True)
    wish2 = {"purpose": "到店取货", "note": "已取走", "ticket": {"subject": "补开发票", "text": "客户要电子发票"}}
    logged = await desk.post(f"/counter/meetings/{met['id']}/visit", wish2)
    assert logged["visit"]["purpose"] == "到店取货"
    row = await desk.services.db.pool.fetchrow(
        "SELECT channel, status, agent_id, contact_id FROM ticket WHERE id = $1", UUID(logged["visit"]["ticket_id"])
    )
    assert row is not None
    assert list(row.values()) == ["counter", "new", None, contact]
    day = await desk.get("/counter/day", shop=XUHUI, date=at[:10])
    assert [row["state"] for row in day["appointments"]] == ["arrived"]
    today = await desk.get("/counter/day", shop=XUHUI)
    assert [(row["name"], row["note"]) for row in today["visits"]] == [("王晓燕", "已取走")]
    await desk.as_("lin")
    told = (await desk.get(f"/customers/{contact}/timeline", kinds="shop"))["items"]
    assert [each["status"] for each in told] == ["came", "booked", "arrived"]
    assert [told[0]["detail"], told[-1]["detail"]] == ["已取走", "滤芯 2 个"]
    kinds = [r["kind"] for r in await desk.services.db.pool.fetch("SELECT kind FROM event_new ORDER BY seq")]
    assert {"appointment.booked", "counter.met", "appointment.arrived", "visit.logged"} <= set(kinds)


async def told(desk: Desk) -> list[tuple[str, int]]:
    rows = await desk.services.db.pool.fetch("SELECT data FROM event_new WHERE kind = 'notice.raised' ORDER BY seq")
    return [(row["data"]["why"], len(row["data"]["agents"])) for row in rows]


async def test_a_reminder_that_reaches_nobody_is_told_to_who_keeps_him(
    desk: Desk, clock: FakeClock, shops: ShopBook
) -> None:
    conversation, _, _ = await known(desk)
    timers = Timers(desk.services.db, clock)
    register_timers(timers, shops, word_book())
    starts = tomorrow(desk)
    await desk.post(f"/conversations/{conversation}/appointments",
                    {"shop": XUHUI, "starts_at": starts, "purpose": "体验选购"})  # fmt: skip
    await desk.sql("UPDATE conversation SET channel = 'generic', live = true, phase = 'ended' WHERE id = $1",
                   UUID(str(conversation)))  # fmt: skip
    clock.set(datetime.fromisoformat(starts) - timedelta(minutes=100))
    await timers.fire_due(clock.now())
    assert set(await told(desk)) == {("appointment.unreached", 1)}, "of each reminder, to one person"
    row = await desk.sql("SELECT data FROM event_new WHERE kind = 'notice.raised'")
    assert "徐汇" in row["title"]["zh"]


async def test_it_is_changed_cancelled_reminded_of_and_given_up(desk: Desk, clock: FakeClock, shops: ShopBook) -> None:
    conversation, _, _ = await known(desk)
    timers = Timers(desk.services.db, clock)
    register_timers(timers, shops, word_book())
    path = f"/conversations/{conversation}/appointments"
    wish = {"shop": XUHUI, "starts_at": tomorrow(desk), "purpose": "体验选购"}
    made = (await desk.post(path, wish))["appointment"]
    to = {"shop": XUHUI, "starts_at": tomorrow(desk, "16:00")}
    moved = (await desk.post(f"/appointments/{made['id']}/move", to, 200))["appointment"]
    assert datetime.fromisoformat(moved["starts_at"]) == datetime.fromisoformat(to["starts_at"])
    free = {s["at"]: s["free"] for s in (await desk.get(f"/shops/{XUHUI}/slots", date=to["starts_at"][:10]))["items"]}
    assert [free[each] for each in sorted(free) if "06:30" in each or "08:00" in each] == [1, 0]

    clock.set(datetime.fromisoformat(to["starts_at"]) - timedelta(minutes=100))
    await timers.fire_due(clock.now())
    assert "到店提醒" in (await lines(desk, conversation))[-1]
    assert await told(desk) == []
    clock.advance(timedelta(minutes=170))
    await timers.fire_due(clock.now())
    assert "没有到店" in (await lines(desk, conversation))[-1]
    assert await told(desk) == [("appointment.missed", 1)], "who keeps him is told, once"
    await desk.as_("lin")
    later = {**to, "starts_at": tomorrow(desk)}
    again = await desk.post(f"/appointments/{made['id']}/move", later, 200)
    assert again["appointment"]["state"] == "booked"
    ended = (await desk.post(f"/appointments/{made['id']}/cancel", {"reason": "客户出差"}, 200))["appointment"]
    assert (ended["state"], ended["reason"]) == ("cancelled", "客户出差")
    assert "已取消" in (await lines(desk, conversation))[-1]
    await desk.refused(409, "illegal_transition", "POST", f"/appointments/{made['id']}/cancel", {})
