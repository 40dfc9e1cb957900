"""核身: a code or a link during the contact, what is shut until then, and who may be joined by it."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from uuid import UUID

import httpx
import pytest

from tests.web.built import app_of
from tests.web.desk import Desk, open_desk
from tests.web.house import House
from yizhan.desk.outlets import Cause, Dispatch, Outlet, OutletKind, OutletTitle, PostFailed, Postman
from yizhan.desk.sources import OrderIn, put_orders
from yizhan.desk.verification import VerificationBook, VerificationRules
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.journal import Entry
from yizhan.foundation.lease import Lease
from yizhan.records import contacts
from yizhan.records.config import Kinds, Published
from yizhan.records.contacts import Identifier, Strength
from yizhan.records.orders import OrderLine
from yizhan.web.services import Services
from yizhan.web.verification import VerificationPart, hear_words

PHONE = "+8619900001234"


class Gateway:
    """Stands where the vendor's gateway stands: keeps what it is given, or refuses it."""

    def __init__(self) -> None:
        self.sent: list[Dispatch] = []
        self.down = False

    async def warm(self) -> None: ...

    async def post(self, outlet: Outlet, secrets: Mapping[str, str], dispatch: Dispatch) -> None:
        if self.down:
            raise PostFailed(Cause.TRANSPORT, "HTTP 503")
        self.sent.append(dispatch)

    @property
    def code(self) -> str:
        found = re.search(r"\d{6}", self.sent[-1].title)
        assert found is not None
        return found[0]


@pytest.fixture
def gateway() -> Gateway:
    return Gateway()


@pytest.fixture
async def desk(services: Services, house: House, gateway: Gateway) -> AsyncIterator[Desk]:
    sms = Outlet(name=OutletTitle(zh="短信", en="SMS"), kind=OutletKind.SMS, on=False)
    book = VerificationBook(VerificationRules(sms="sms", mail="email"), sms)
    none = Published(Kinds([]), 0, ())
    postman = Postman(
        services.db, services.clock, services.vault, Lease(services.db, "outlets", "here"), lambda: none,
        dict.fromkeys([OutletKind.SMS, OutletKind.EMAIL], gateway), "https://kf.example.com",
    )  # fmt: skip
    whole = dataclasses.replace(services, postman=postman, verification_book=book)
    transport = httpx.ASGITransport(app=app_of(whole))
    async with httpx.AsyncClient(transport=transport, base_url="http://desk.test") as browser:
        yield await open_desk(whole, house, browser)


async def left(desk: Desk, conversation: UUID | None, kind: str = "phone", value: str = PHONE) -> UUID:
    """The visitor says that this is his."""
    contact: UUID = await desk.sql("SELECT contact_id FROM conversation WHERE id = $1", conversation)
    async with desk.services.db.transaction() as tx:
        await contacts.claim(
            tx, desk.services.vault, contact, kind=kind, value=value, masked=contacts.mask(kind, value),
            actor=f"customer:{contact}", now=desk.services.clock.now(),
        )  # fmt: skip
    return contact


async def asked(desk: Desk, conversation: UUID | None, way: str = "sms") -> dict[str, object]:
    path = f"/conversations/{conversation}/verification"
    reach = next(each for each in (await desk.get(path))["reaches"] if each["way"] == way)
    made: dict[str, object] = (await desk.post(path, {"way": way, "address": reach["address"]}))["standing"]
    return made


async def types(desk: Desk, conversation: UUID | None, text: str) -> None:
    await hear_words(desk.services, conversation, text, desk.services.clock.now())


async def standing(desk: Desk, conversation: UUID | None) -> dict[str, object]:
    found: dict[str, object] = (await desk.get(f"/conversations/{conversation}/verification"))["standing"]
    return found


async def events(desk: Desk, like: str) -> list[str]:
    rows = await desk.services.db.pool.fetch("SELECT kind FROM event_new WHERE kind LIKE $1 ORDER BY seq", like)
    return [row["kind"] for row in rows]


async def test_a_code_is_sent_typed_and_turns_the_customer_green(desk: Desk, gateway: Gateway) -> None:
    done = await desk.served()
    contact = await left(desk, done.conversation_id)
    path = f"/conversations/{done.conversation_id}/verification"
    before = await desk.get(path)
    assert before["standing"]["state"] == "none"
    assert before["standing"]["guards"] == {"order_details": "mask", "address_change": "block", "refund": "block"}
    assert [(r["way"], r["masked"], r["own"]) for r in before["reaches"]] == [("sms", "199****1234", False)]
    refund = {"fen": 900, "kind": "refund", "reason": "多付了"}
    pay = f"/tickets/{done.ticket_id}/compensations"
    await desk.refused(403, "not_verified", "POST", pay, refund)
    await desk.refused(403, "not_verified", "PUT", f"/tickets/{done.ticket_id}/fields",
                       {"version": 1, "fields": {"address": "杭州"}})  # fmt: skip

    sent = await asked(desk, done.conversation_id)
    assert (sent["state"], sent["way"], sent["masked"], sent["tries_left"]) == ("sent", "sms", "199****1234", 5)
    assert gateway.sent[-1].to == (PHONE,)
    assert await desk.sql("SELECT count(*) FROM verification WHERE position(convert_to($1, 'UTF8') IN code) > 0",
                          gateway.code) == 0  # fmt: skip
    await types(desk, done.conversation_id, "我的订单号是什么")
    await types(desk, done.conversation_id, f"验证码：{gateway.code} ")

    proved = await standing(desk, done.conversation_id)
    assert (proved["state"], proved["green"], proved["way"]) == ("proved", True, "sms")
    assert (await desk.post(pay, refund))["state"] == "granted"
    (row,) = await desk.services.db.pool.fetch(
        "SELECT kind, rank, verified_at FROM identity WHERE contact_id = $1 AND kind = 'phone'", contact
    )
    assert tuple(row.values()) == ("phone", "primary", desk.services.clock.now())
    assert await events(desk, "verification.%") == ["verification.asked", "verification.sent", "verification.proved"]
    journal = await desk.services.db.pool.fetchval("SELECT string_agg(data::text, ' ') FROM event_new")
    assert gateway.code not in journal
    assert PHONE not in journal
    said = await desk.services.db.pool.fetch("SELECT text FROM message WHERE direction = 'system' ORDER BY id")
    assert [line["text"][:5] for line in said] == ["为保护您的", "核身已完成"]


async def test_a_proof_ends_and_says_nothing_of_another_customer(
    desk: Desk, gateway: Gateway, clock: FakeClock
) -> None:
    done, other = await desk.served(), await desk.served("v2")
    await left(desk, done.conversation_id)
    await asked(desk, done.conversation_id)
    await types(desk, done.conversation_id, gateway.code)
    assert (await standing(desk, other.conversation_id))["green"] is False
    clock.advance(timedelta(hours=2))
    await desk.as_("lin")
    assert (await standing(desk, done.conversation_id))["state"] == "over"


async def test_five_wrong_codes_end_it_and_a_new_code_ends_the_one_before(desk: Desk, gateway: Gateway) -> None:
    done = await desk.served()
    await left(desk, done.conversation_id)
    await asked(desk, done.conversation_id)
    first = gateway.code
    await asked(desk, done.conversation_id)
    right = gateway.code
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    await types(desk, done.conversation_id, first if first != right else wrong)
    for left_over in (3, 2, 1, 0):
        await types(desk, done.conversation_id, wrong)
        assert (await standing(desk, done.conversation_id))["tries_left"] == left_over
    await types(desk, done.conversation_id, right)
    assert (await standing(desk, done.conversation_id))["state"] == "refused"


async def test_a_code_is_good_for_ten_minutes(desk: Desk, gateway: Gateway, clock: FakeClock) -> None:
    done = await desk.served()
    await left(desk, done.conversation_id)
    await asked(desk, done.conversation_id)
    clock.advance(timedelta(minutes=10))
    await types(desk, done.conversation_id, gateway.code)
    assert (await standing(desk, done.conversation_id))["state"] == "over"


async def test_codes_are_rationed_and_a_gateway_that_is_down_is_told(desk: Desk, gateway: Gateway) -> None:
    done = await desk.served()
    await left(desk, done.conversation_id)
    gateway.down = True
    failed = await asked(desk, done.conversation_id)
    assert (failed["state"], failed["error"]) == ("failed", "HTTP 503")
    gateway.down = False
    for _ in range(5):
        await asked(desk, done.conversation_id)
    path = f"/conversations/{done.conversation_id}/verification"
    reach = (await desk.get(path))["reaches"][0]
    await desk.refused(429, "rate_limited", "POST", path, {"way": "sms", "address": reach["address"]})
    await desk.refused(404, "not_found", "POST", path, {"way": "mail", "address": reach["address"]})


async def test_a_mail_has_a_link_with_one_button(desk: Desk, gateway: Gateway) -> None:
    done = await desk.served()
    await left(desk, done.conversation_id, "email", "li@example.com")
    await asked(desk, done.conversation_id, "mail")
    door = "/verify/" + gateway.sent[-1].items[0].link.rpartition("/")[2]
    looked = await desk.browser.get(door)
    assert (looked.status_code, "<form" in looked.text) == (200, True)
    assert (await standing(desk, done.conversation_id))["green"] is False, "looking proves nothing"
    assert (await desk.browser.post(door)).status_code == 200
    assert (await standing(desk, done.conversation_id))["green"] is True
    assert (await desk.browser.post(door)).status_code == 410, "a link counts once"
    assert (await desk.browser.get("/verify/nobody")).status_code == 404


async def test_a_mail_conversation_gets_its_link_as_an_answer(desk: Desk, gateway: Gateway) -> None:
    done = await desk.comes("li@example.com")
    made = await asked(desk, done.conversation_id, "link")
    assert (made["state"], gateway.sent) == ("sent", [])
    text = await desk.sql("SELECT text FROM message WHERE conversation_id = $1 AND direction = 'out'",
                          done.conversation_id)  # fmt: skip
    found = re.search(r"/verify/\w+", text)
    assert found is not None
    assert (await desk.browser.post(found[0])).status_code == 200
    assert (await standing(desk, done.conversation_id))["green"] is True


async def test_the_agents_screen_is_told_at_once(desk: Desk, gateway: Gateway) -> None:
    done = await desk.served()
    await left(desk, done.conversation_id)
    await asked(desk, done.conversation_id)
    await types(desk, done.conversation_id, gateway.code)
    part = VerificationPart(desk.services.verification_book, desk.services.clock)
    (found,) = await desk.services.db.pool.fetch("SELECT 1 AS pos, * FROM event_new WHERE kind = 'verification.proved'")
    entry = Entry(*[found[name] for name in Entry.__struct_fields__])
    assert part.wants(entry)
    async with desk.services.db.read() as tx:
        (row,) = await part.rows(tx, [entry])
    assert row.agents == frozenset([desk.house.people["lin"]])
    assert getattr(row.row, "green", None) is True


async def test_a_number_ends_is_shared_and_may_be_anothers(desk: Desk, gateway: Gateway, house: House) -> None:
    done, other = await desk.served(), await desk.served("v2")
    for each in (done, other):
        await left(desk, each.conversation_id)
    await asked(desk, done.conversation_id)
    await types(desk, done.conversation_id, gateway.code)
    held = await desk.sql("SELECT id FROM identity WHERE kind = 'phone'")
    await desk.refused(422, "invalid", "POST", f"/identities/{held}/end", {"reason": ""})
    await desk.post(f"/identities/{held}/end", {"reason": "客户换号"}, 204)
    await desk.refused(409, "conflict", "POST", f"/identities/{held}/end", {"reason": "客户换号"})
    contact = await desk.sql("SELECT contact_id FROM conversation WHERE id = $1", done.conversation_id)
    rows = (await desk.get(f"/contacts/{contact}"))["identities"]
    assert [(row["kind"], row["valid_to"] is not None) for row in rows if row["kind"] == "phone"] == [("phone", True)]
    await asked(desk, other.conversation_id)
    await types(desk, other.conversation_id, gateway.code)
    (now_held,) = await desk.services.db.pool.fetch(
        "SELECT id, contact_id FROM identity WHERE kind = 'phone' AND valid_to IS NULL"
    )
    assert now_held["contact_id"] != contact
    assert await desk.sql("SELECT count(*) FROM link") == 0
    await desk.post(f"/identities/{now_held['id']}/kind", {"kind": "shared_phone"}, 204)
    assert await desk.sql("SELECT rank FROM identity WHERE kind = 'shared_phone'") == "auxiliary"
    assert await events(desk, "identity.%") == [
        "identity.added", "identity.ended", "identity.added", "identity.shared",
    ]  # fmt: skip


async def orders_seen(desk: Desk, contact: UUID) -> list[tuple[str, str, int | None]]:
    items = (await desk.get(f"/customers/{contact}/timeline", kinds="order"))["items"]
    beside = [each for each in (await desk.get(f"/contacts/{contact}"))["timeline"] if each["kind"] == "order"]
    assert beside == items, "the page and the pane say the same"
    return sorted((each["title"], each["detail"], each["facts"].get("fen")) for each in items)


async def spent_seen(desk: Desk, contact: UUID) -> tuple[list[int], bool]:
    figures = (await desk.get(f"/contacts/{contact}"))["figures"]
    return [each["fen"] for each in figures["spent"]], figures["spent_masked"]


async def test_orders_are_masked_until_then_and_those_of_a_mere_guess_stay_so(
    desk: Desk, gateway: Gateway, clock: FakeClock
) -> None:
    done = await desk.served()
    contact, now = await left(desk, done.conversation_id), clock.now()
    async with desk.services.db.transaction() as tx:
        lines = (OrderLine("A5", "空气炸锅 A5"),)
        told = [
            OrderIn(number=number, identifiers=(Identifier("phone", phone, now),), status="paid", total_fen=39900,
                    placed_at=now, lines=lines)
            for number, phone in (("SO2026030001", PHONE), ("SO2026030002", "+8619900005555"))
        ]  # fmt: skip
        await put_orders(tx, desk.services.vault, told, source="crm", now=now, by="test")
        [other] = await contacts.find_or_create(
            tx, desk.services.vault, [[Identifier("phone", "+8619900005555", now)]], now=now, by="test"
        )
        await contacts.link_contacts(
            tx, contact, other, strength=Strength.JUDGED, evidence={"reason": "同名"}, actor="test", now=now
        )
    await desk.refused(403, "not_verified", "PATCH", f"/contacts/{contact}",
                       {"version": 1, "fields": {"address": "杭州"}})  # fmt: skip
    assert await orders_seen(desk, contact) == [("***0002", "", None)], "linked by hand: it may be somebody else"
    assert await spent_seen(desk, contact) == ([], True)
    await desk.sql("UPDATE contact SET name = '王小明'")
    whose = (await desk.get("/customers", q="SO2026030001"))["items"]
    assert [(row["name"], row["identities"], row["masked"]) for row in whose] == [("王**", [], True)]
    path = f"/conversations/{done.conversation_id}/verification"
    his = next(each for each in (await desk.get(path))["reaches"] if each["masked"].endswith("1234"))
    await desk.post(path, {"way": his["way"], "address": his["address"]})
    await types(desk, done.conversation_id, gateway.code)
    assert await orders_seen(desk, contact) == [("***0002", "", None), ("SO2026030001", "空气炸锅 A5", 39900)]
    assert await spent_seen(desk, contact) == ([39900], True), "of what is proved to be his alone"
    (whose,) = (await desk.get("/customers", q="SO2026030001"))["items"]
    assert (whose["name"], whose["masked"]) == ("王小明", False)
    (whose,) = (await desk.get("/customers", q="SO2026030002"))["items"]
    assert (whose["name"], whose["masked"]) == ("王**", True), "the order of a mere guess"
    clock.advance(timedelta(hours=3))
    await desk.as_("lin")
    assert await orders_seen(desk, contact) == [("***0001", "", None), ("***0002", "", None)]


async def test_no_code_goes_to_who_was_only_taken_for_him(desk: Desk, gateway: Gateway) -> None:
    """Somebody's judgement joined them; whoever has that number is not shown to be whoever writes here."""
    done, other = await desk.served(), await desk.served("v2")
    mine, theirs = (
        await left(desk, done.conversation_id),
        await left(desk, other.conversation_id, value="+8619900009999"),
    )
    async with desk.services.db.transaction() as tx:
        made = await contacts.link_contacts(
            tx, mine, theirs, strength=Strength.JUDGED, evidence={"reason": "名字相近"}, actor="system",
            now=desk.services.clock.now(),
        )  # fmt: skip
    path = f"/conversations/{done.conversation_id}/verification"
    shown = (await desk.get(path))["reaches"]
    assert [(r["masked"], r["guessed"]) for r in shown] == [("199****1234", False), ("199****9999", True)]
    await desk.refused(403, "forbidden", "POST", path, {"way": "sms", "address": shown[1]["address"]})
    assert gateway.sent == []
    await desk.sql("UPDATE link SET strength = 'proved' WHERE id = $1", made)
    assert [r["guessed"] for r in (await desk.get(path))["reaches"]] == [False, False]
