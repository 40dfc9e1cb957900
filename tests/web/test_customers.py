"""The list of customers, and finding one by whatever somebody knows of him."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.web.desk import API, Desk, open_desk
from tests.web.house import House
from yizhan.desk.search import search_reader
from yizhan.desk.sources import OrderIn, ProfileIn, put_orders, put_profiles
from yizhan.foundation.journal import Sequencer, Wake
from yizhan.foundation.lease import Lease
from yizhan.records import contacts
from yizhan.records.contacts import Identifier
from yizhan.web.services import Services


@pytest.fixture
async def desk(services: Services, house: House, browser: httpx.AsyncClient) -> Desk:
    """曾晓梅 is known from the CRM and has bought; 王小明 wrote a mail and 陈晨 chats with 林一."""
    desk = await open_desk(services, house, browser)
    now = services.clock.now()
    async with services.db.transaction() as tx:
        who = (Identifier("external", "crm:7"), Identifier("phone", "138 1234 5678"))
        profile = ProfileIn(identifiers=who, name="曾晓梅", fields={"city": "杭州", "address": "杭州市文三路 2 号"})
        await put_profiles(
            tx, services.vault, [profile], source="crm", now=now, by="system", rules=services.profile_book.now
        )
        order = OrderIn(number="SO-1001", identifiers=who, status="paid", total_fen=39900, placed_at=now)
        await put_orders(tx, services.vault, [order], source="crm", now=now, by="system")
    await desk.comes("xiaoming@example.com", "发票呢", name="王小明")
    await desk.served("v9", "lin", "灯不亮")
    await desk.sql("UPDATE contact SET name = '陈晨' WHERE name = 'v9'")
    journal = Lease(services.db, "journal", "test")
    await journal.step()
    await Sequencer(services.db, journal, Wake(), lambda pos: None).drain()
    reader = search_reader(services.db, services.clock, services.vault)
    while await reader.step():
        pass
    await desk.as_("lin")
    return desk


async def found(desk: Desk, q: str) -> list[tuple[str, str]]:
    items = (await desk.get("/customers", q=q))["items"]
    return [(item["name"], item["matched"]) for item in items]


async def test_found_by_whatever_is_known(desk: Desk) -> None:
    for q in ("13812345678", "+86 138-1234-5678", "１３８１２３４５６７８", "crm:7"):
        assert await found(desk, q) == [("曾晓梅", "identity")], q
    assert await found(desk, "SO-1001") == [("曾晓梅", "order")]
    for q in ("曾晓梅", "zengxiaomei", "zeng xiao", "xiaomei", "zxm", "cengx"):
        assert await found(desk, q) == [("曾晓梅", "name")], q
    assert await found(desk, "XiaoMing@Example.com") == [("王小明", "identity")]
    number = await desk.sql(
        "SELECT t.number FROM ticket t JOIN contact c ON c.id = t.contact_id WHERE c.name = '王小明'"
    )
    assert await found(desk, f"#{number}") == [("王小明", "ticket")]
    assert await found(desk, "1381234567") == []
    assert await found(desk, "'; DROP TABLE contact; --") == []


async def test_a_number_somebody_only_claims_says_so(desk: Desk) -> None:
    contact = await desk.sql("SELECT id FROM contact WHERE name = '陈晨'")
    async with desk.services.db.transaction() as tx:
        value = contacts.normalise("phone", "13900001111")
        await contacts.claim(
            tx, desk.services.vault, contact, kind="phone", value=value, masked="139****1111", actor="system",
            now=desk.services.clock.now(),
        )  # fmt: skip
    assert await found(desk, "13900001111") == [("陈晨", "claim")]
    (row,) = (await desk.get("/customers/rows", ids=str(contact)))["items"]
    assert (row["identities"], row["claimed"]) == ([], ["139****1111"]), "shown as what he said, not as what he is"


async def names(desk: Desk, sort: str, limit: int) -> list[str]:
    seen: list[str] = []
    cursor: dict[str, Any] = {}
    while True:
        page = await desk.get("/customers", sort=sort, limit=limit, **cursor)
        seen += [item["name"] for item in page["items"]]
        if page["after"] is None:
            return seen
        cursor = {"cursor": page["after"]}


@pytest.mark.parametrize("limit", [1, 2, 50])
async def test_the_list_goes_page_by_page(desk: Desk, limit: int) -> None:
    assert await names(desk, "recent", limit) == ["陈晨", "王小明"]
    assert await names(desk, "new", limit) == ["陈晨", "王小明", "曾晓梅"]


async def test_the_list_shows_what_the_viewer_may_see(desk: Desk) -> None:
    (row,) = (await desk.get("/customers", q="曾晓梅"))["items"]
    assert (row["identities"][-1], row["orders"], row["open"]) == ("138****5678", 1, 0)
    await desk.sql("UPDATE conversation SET team_id = $1", desk.house.sales)
    await desk.sql("UPDATE ticket SET team_id = $1", desk.house.sales)
    assert await names(desk, "recent", 50) == ["陈晨"], "his own, and none of another team"
    assert await names(desk, "new", 50) == ["陈晨", "曾晓梅"]
    assert await found(desk, "xiaoming@example.com") == []
    contact = await desk.sql("SELECT id FROM contact WHERE name = '王小明'")
    await desk.refused(404, "not_found", "GET", f"/customers/{contact}/timeline")
    await desk.sql("UPDATE role SET scope = 'own' WHERE key = 'agent'")
    await desk.as_("lin")
    assert await names(desk, "new", 50) == ["陈晨"]


async def test_one_customer_whole(desk: Desk) -> None:
    contact = await desk.sql("SELECT id FROM contact WHERE name = '曾晓梅'")
    whole = await desk.get(f"/contacts/{contact}")
    assert whole["figures"]["spent"] == [{"currency": "CNY", "fen": 39900}]
    profile = {field["key"]: field for field in whole["profile"]}
    assert (profile["city"]["value"], profile["city"]["source"]) == ("杭州", "crm")
    assert "文三路" not in str(profile["address"]["value"])
    assert [entry["title"] for entry in whole["timeline"]] == ["SO-1001"]
    page = await desk.get(f"/customers/{contact}/timeline", kinds="order,visit", limit=1)
    assert page["items"][0]["facts"] == {"fen": 39900, "currency": "CNY", "source": "crm"}
    assert (await desk.get(f"/customers/{contact}/timeline", limit=1, cursor=page["next"]))["items"] == []
    await desk.refused(422, "invalid", "GET", f"/customers/{contact}/timeline?kinds=everything")


async def test_rows_are_read_again_for_whoever_their_contacts_belong_to_now(desk: Desk) -> None:
    a, b = await contact_of(desk, "陈晨"), await contact_of(desk, "王小明")
    made = await desk.post(f"/contacts/{a}/links", {"other": b, "reason": "同一人"})
    (merged,) = (await desk.get("/customers/rows", ids=f"{a},{b}"))["items"]
    assert (merged["id"], set(merged["contacts"])) == (min(a, b), {a, b})
    assert (await desk.browser.delete(f"{API}/links/{made['id']}?reason=不是同一人")).status_code == 204
    parted = (await desk.get("/customers/rows", ids=",".join(merged["contacts"])))["items"]
    assert {row["id"] for row in parted} == {a, b}
    await desk.refused(422, "invalid", "GET", "/customers/rows?ids=nobody")
    await desk.sql("UPDATE conversation SET team_id = $1", desk.house.sales)
    await desk.sql("UPDATE ticket SET team_id = $1", desk.house.sales)
    assert [row["name"] for row in (await desk.get("/customers/rows", ids=f"{a},{b}"))["items"]] == ["陈晨"]


async def contact_of(desk: Desk, name: str) -> str:
    return str(await desk.sql("SELECT id FROM contact WHERE name = $1", name))


async def test_tags_are_spelled_once_and_find_their_customers(desk: Desk) -> None:
    zeng, wang = await contact_of(desk, "曾晓梅"), await contact_of(desk, "王小明")
    given = {"add": ["高价值", " VIP  客户 ", "高价值"]}
    assert (await desk.post(f"/customers/{zeng}/tags", given, 200))["items"] == ["VIP 客户", "高价值"]
    assert (await desk.post(f"/customers/{wang}/tags", {"add": ["vip 客户"]}, 200))["items"] == ["VIP 客户"]
    assert (await desk.get("/customer-tags", q="vip"))["items"] == ["VIP 客户"]
    assert [item["name"] for item in (await desk.get("/customers", tag="VIP 客户"))["items"]] == ["王小明", "曾晓梅"]
    assert [item["name"] for item in (await desk.get("/customers", tag="高价值", limit=1))["items"]] == ["曾晓梅"]
    assert await found(desk, "vip 客户") == [("王小明", "tag"), ("曾晓梅", "tag")]
    assert (await desk.get("/customers", q="曾晓梅", tag="高价值"))["items"][0]["tags"] == ["VIP 客户", "高价值"]
    assert (await desk.get("/customers", q="王小明", tag="高价值"))["items"] == []
    await desk.refused(422, "invalid", "POST", f"/customers/{wang}/tags", {"add": ["\u200b" * 21]})
    left = await desk.post(f"/customers/{zeng}/tags", {"remove": ["高价值", "没有的"]}, 200)
    assert left["items"] == (await desk.get(f"/contacts/{zeng}"))["tags"] == ["VIP 客户"]


async def test_a_person_has_the_tags_of_all_his_contacts_and_each_keeps_his_own(desk: Desk) -> None:
    zeng, wang = await contact_of(desk, "曾晓梅"), await contact_of(desk, "王小明")
    await desk.post(f"/customers/{zeng}/tags", {"add": ["高价值", "常退货"]}, 200)
    await desk.post(f"/customers/{wang}/tags", {"add": ["高价值"]}, 200)
    link = (await desk.post(f"/contacts/{zeng}/links", {"other": wang, "reason": "同一人"}))["id"]
    assert (await desk.get(f"/contacts/{wang}"))["tags"] == ["常退货", "高价值"]
    assert len((await desk.get("/customers", tag="高价值"))["items"]) == 1
    await desk.post(f"/customers/{wang}/tags", {"remove": ["常退货"]}, 200)
    assert (await desk.browser.delete(f"/api/v1/links/{link}?reason=不是同一人")).status_code == 204
    assert (await desk.get(f"/contacts/{zeng}"))["tags"] == ["高价值"]


async def test_a_person_is_called_as_somebody_named_him(desk: Desk) -> None:
    visitor, wang = await contact_of(desk, "曾晓梅"), await contact_of(desk, "王小明")
    await desk.sql("UPDATE contact SET name = '访客 7D1C' WHERE name = '曾晓梅'")
    await desk.post(f"/contacts/{visitor}/links", {"other": wang, "reason": "报了会员号"})
    assert (await desk.get(f"/contacts/{wang}"))["contact"]["id"] == visitor, "the oldest of his contacts"
    assert (await desk.get(f"/contacts/{wang}"))["contact"]["name"] == "王小明"
    assert [item["name"] for item in (await desk.get("/customers", q="SO-1001"))["items"]] == ["王小明"]


async def test_the_list_is_narrowed_to_a_level_and_to_open_matters(desk: Desk) -> None:
    await desk.sql("UPDATE contact SET level = 3 WHERE name = '曾晓梅'")
    await desk.sql(
        "UPDATE ticket SET status = 'done' WHERE contact_id <> (SELECT id FROM contact WHERE name = '王小明')"
    )
    asked: list[tuple[dict[str, Any], list[str]]] = [
        ({"level": 3}, ["曾晓梅"]), ({"level": 0, "sort": "new"}, ["陈晨", "王小明"]), ({"open": True}, ["王小明"]),
        ({"level": 3, "open": True}, []),
    ]  # fmt: skip
    for query, wanted in asked:
        assert [item["name"] for item in (await desk.get("/customers", **query))["items"]] == wanted, query


async def test_a_remark_is_read_before_the_first_word_and_taken_back_by_whoever_wrote_it(desk: Desk) -> None:
    zeng = await contact_of(desk, "曾晓梅")
    made = await desk.post(f"/customers/{zeng}/remarks", {"text": " 听力不好,请打字 ", "pinned": True})
    whole = await desk.get(f"/contacts/{zeng}")
    assert [(each["text"], each["name"]) for each in whole["pinned"]] == [("听力不好,请打字", "林一")]
    (entry,) = (await desk.get(f"/customers/{zeng}/timeline", kinds="note"))["items"]
    assert (entry["status"], entry["detail"], entry["facts"]) == ("remark", "听力不好,请打字", {"pinned": True})
    assert (await desk.browser.patch(f"/api/v1/remarks/{made['id']}", json={"pinned": False})).status_code == 204
    assert (await desk.get(f"/contacts/{zeng}"))["pinned"] == []
    await desk.as_("gao")
    await desk.refused(403, "forbidden", "DELETE", f"/remarks/{made['id']}")
    await desk.as_("lin")
    assert (await desk.browser.delete(f"/api/v1/remarks/{made['id']}")).status_code == 204
    assert (await desk.get(f"/customers/{zeng}/timeline", kinds="note"))["items"] == []
    await desk.refused(404, "not_found", "DELETE", f"/remarks/{made['id']}")
    told = await desk.services.db.pool.fetch("SELECT kind FROM event_new WHERE kind LIKE '%remarked' ORDER BY seq")
    assert [row["kind"] for row in told] == ["contact.remarked", "contact.remarked", "contact.unremarked"]


async def test_a_personal_value_is_shown_for_a_reason_that_stays(desk: Desk) -> None:
    zeng = await contact_of(desk, "曾晓梅")
    path = f"/contacts/{zeng}/fields/address/reveal"
    await desk.refused(403, "forbidden", "POST", path, {"reason": "核对收货地址"})
    await desk.as_("su")
    assert (await desk.post(path, {"reason": "核对收货地址"}, 200))["value"] == "杭州市文三路 2 号"
    told = await desk.sql("SELECT data FROM event_new WHERE kind = 'contact.revealed'")
    assert told == {"field": "address", "reason": "核对收货地址"}
    await desk.refused(422, "invalid", "POST", path, {"reason": ""})
    await desk.refused(404, "not_found", "POST", path.replace("address", "city"), {"reason": "核对城市"})


async def test_the_past_is_entered_at_a_day(desk: Desk) -> None:
    contact = await contact_of(desk, "曾晓梅")
    now = desk.services.clock.now()
    for moment, count in ((now - timedelta(seconds=1), 0), (now + timedelta(seconds=1), 1)):
        page = await desk.get(f"/customers/{contact}/timeline", until=moment.isoformat(), kinds="order")
        assert len(page["items"]) == count
    await desk.refused(422, "invalid", "GET", f"/customers/{contact}/timeline?until=2026-01-01T00:00:00")
    await desk.refused(422, "invalid", "GET", f"/customers/{contact}/timeline?until=0001-01-01T00:00:00%2B08:00")
    assert (await desk.get(f"/customers/{contact}/timeline", until="1901-01-01T00:00:00+08:00"))["items"] == []


async def test_not_without_the_permission(desk: Desk) -> None:
    await desk.sql("UPDATE role SET permissions = array_remove(permissions, 'customer.read')")
    await desk.as_("lin")
    await desk.refused(403, "forbidden", "GET", "/customers")


async def test_of_another_teams_work_one_learns_that_it_is_there_and_whom_to_ask(desk: Desk) -> None:
    """Not one word of it leaves the server, on no way; what is his own he reads as before."""
    a, b = await contact_of(desk, "陈晨"), await contact_of(desk, "王小明")
    await desk.post(f"/contacts/{a}/links", {"other": b, "reason": "同一人"})
    mail = await desk.sql("SELECT id FROM ticket WHERE contact_id = $1::uuid", b)
    await desk.sql("UPDATE note SET text = $1, typed = true WHERE ticket_id = $2", "发票要重开", mail)
    await desk.sql("UPDATE conversation SET team_id = $1 WHERE contact_id = $2::uuid", desk.house.sales, b)
    await desk.sql("UPDATE ticket SET team_id = $1, agent_id = NULL WHERE contact_id = $2::uuid", desk.house.sales, b)
    whole = await desk.browser.get(f"{API}/contacts/{a}")
    (line,) = whole.json()["elsewhere"]
    number = await desk.sql("SELECT number FROM ticket WHERE id = $1", mail)
    assert (line["number"], line["status"], line["team_name"]) == (number, "new", "售前")
    assert [row["contact_name"] for row in whole.json()["tickets"]] == ["陈晨"]
    past = await desk.browser.get(f"{API}/customers/{a}/timeline", params={"kinds": "message,conversation,ticket,note"})
    for told in (whole.text, past.text):
        assert "灯不亮" in told
        assert "发票" not in told, "a subject, a preview, a message or a note"
    shut = [each for each in past.json()["items"] if each["facts"].get("elsewhere")]
    assert {each["kind"] for each in shut} == {"ticket", "conversation"}
    assert {(each["facts"]["elsewhere"], each["detail"], each["ticket_id"]) for each in shut} == {("售前", "", None)}
    await desk.sql("UPDATE role SET scope = 'all' WHERE key = 'agent'")
    await desk.as_("lin")
    assert "发票" in (await desk.browser.get(f"{API}/customers/{a}/timeline")).text, "who sees everything reads it"


async def test_each_link_says_what_by_whom_and_when(desk: Desk) -> None:
    a, b = await contact_of(desk, "陈晨"), await contact_of(desk, "王小明")
    c = await contact_of(desk, "曾晓梅")
    await desk.post(f"/contacts/{a}/links", {"other": b, "reason": "同一人"})
    await desk.post(f"/contacts/{a}/links", {"other": c, "reason": "来电确认"})
    links = (await desk.get(f"/contacts/{a}"))["links"]
    assert [(each["evidence"]["reason"], each["strength"], each["by"]) for each in links] == [
        ("来电确认", "judged", "林一"), ("同一人", "judged", "林一")
    ]  # fmt: skip
    assert {each["a_name"] for each in links} | {each["b_name"] for each in links} == {"陈晨", "王小明", "曾晓梅"}
