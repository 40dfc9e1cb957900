"""A ticket's form over HTTP: typed, shown by condition, required by status, sealed where it is personal."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest

from tests.web.desk import Desk, open_desk
from tests.web.house import House
from yizhan.desk.forms import TICKET_FIELDS, TICKET_FORM
from yizhan.records.config import TICKET_TYPES, Configuration, Kinds
from yizhan.web.services import Services

KINDS = Kinds([TICKET_TYPES, TICKET_FIELDS, TICKET_FORM])
FORM = {
    "types": ["refund"],
    "rows": [
        {"field": "refund_amount", "required": ["pending"]},
        {"field": "call_phone", "when": {"field": "field.refund_amount", "op": "gte", "value": 500}},
    ],
}


@pytest.fixture
def services(services: Services) -> Services:
    return replace(services, configuration=Configuration(KINDS))


@pytest.fixture
async def desk(services: Services, house: House, browser: httpx.AsyncClient) -> Desk:
    desk = await open_desk(services, house, browser)
    configuration = Configuration(KINDS)
    async with services.db.transaction() as tx:
        await configuration.save(tx, "ticket_form", "refund", FORM, by="test", now=services.clock.now())
        await configuration.release(tx, by="test", now=services.clock.now())
        services.form_book.take(await configuration.published(tx))
    return desk


async def test_a_ticket_does_not_enter_a_status_that_asks_for_more(desk: Desk) -> None:
    done = await desk.served(text="我要退款")
    path = f"/tickets/{done.ticket_id}"
    version = (await desk.get(path))["ticket"]["version"]
    await desk.refused(422, "invalid", "PATCH", path, {"version": version, "type": "rant", "text": "改类型"})
    await desk.call("PATCH", path, {"version": version, "type": "refund.only", "text": "客户要退款"})
    solve = {"action": "solve", "text": "已为客户办理退款,三日内到账"}
    refused = await desk.refused(422, "fields_missing", "POST", f"{path}/move", solve)
    assert (refused["field"], refused["detail"]) == ("fields.refund_amount", "fill in first: Refund amount")
    assert refused["zh"] == "请先填写:退款金额"
    summary = {"summary": {"type": "refund.only", "solved": "solved", "text": solve["text"]}}
    await desk.refused(422, "fields_missing", "POST", f"/conversations/{done.conversation_id}/end", summary)
    form = await desk.get(f"{path}/form")
    assert [(f["key"], f["required"]) for f in form["fields"]] == [("refund_amount", ["pending"])]
    tried = await desk.post(f"{path}/form", {"fields": {"refund_amount": "800"}}, 200)
    assert [f["key"] for f in tried["fields"]][-1] == "call_phone"
    fill = {"version": form["version"], "fields": {"refund_amount": "899.9", "call_phone": "199 0000 1234"}}
    await desk.refused(422, "invalid", "PUT", f"{path}/fields", {**fill, "fields": {"refund_amount": "viel"}})
    await desk.refused(422, "invalid", "PUT", f"{path}/fields", {**fill, "fields": {"mood": "好"}})
    filled = await desk.call("PUT", f"{path}/fields", fill)
    assert {f["key"]: f["value"] for f in filled["fields"]}["call_phone"] == "199 **** 1234"
    await desk.refused(409, "conflict", "PUT", f"{path}/fields", {**fill, "fields": {"refund_amount": "1"}})
    notes = (await desk.get(path))["notes"]
    assert (notes[-1]["text"], notes[-1]["typed"]) == ("填写退款金额、联系电话", False)
    moved = await desk.post(f"{path}/move", solve, 200)
    assert moved["ticket"]["status"] == "pending"
    emptied = {"version": moved["ticket"]["version"], "fields": {"refund_amount": None}}
    await desk.refused(422, "fields_missing", "PUT", f"{path}/fields", emptied)


async def test_a_number_is_sealed_and_seen_only_for_a_reason(desk: Desk) -> None:
    done = await desk.served(text="退款")
    path = f"/tickets/{done.ticket_id}"
    version = (await desk.get(path))["ticket"]["version"]
    after = await desk.call("PATCH", path, {"version": version, "type": "refund", "text": "客户要退款"})
    fill = {"refund_amount": "600", "call_phone": "19900001234"}
    saved = await desk.call("PUT", f"{path}/fields", {"version": after["ticket"]["version"], "fields": fill})
    kept = await desk.sql("SELECT fields::text FROM ticket")
    assert "19900001234" not in kept
    again = await desk.call("PUT", f"{path}/fields", {"version": saved["version"], "fields": {
        "call_phone": "199****1234",
    }})  # fmt: skip
    assert again["version"] == saved["version"]
    reveal = f"{path}/fields/call_phone/reveal"
    await desk.refused(403, "forbidden", "POST", reveal, {"reason": "好奇"})
    await desk.as_("su")
    await desk.refused(422, "invalid", "POST", reveal, {"reason": ""})
    shown = await desk.post(reveal, {"reason": "客户要求回电"}, 200)
    assert shown == {"value": "19900001234"}
    told = await desk.sql("SELECT data FROM event_new WHERE kind = 'ticket.revealed'")
    assert told == {"field": "call_phone", "reason": "客户要求回电"}


async def test_tags_are_made_by_a_lead_and_picked_by_everybody(desk: Desk) -> None:
    done = await desk.served()
    path = f"/tickets/{done.ticket_id}"
    version = (await desk.get(path))["ticket"]["version"]
    body = {"version": version, "tags": ["大促", "缺货"], "text": "打标签"}
    await desk.refused(403, "forbidden", "PATCH", path, body)
    await desk.refused(403, "forbidden", "PUT", f"{path}/tags", {"add": ["大促"]})
    await desk.refused(403, "forbidden", "POST", "/tags", {"tag": "大促"})
    await desk.as_("su")
    await desk.post("/tags", {"tag": "缺货", "color": "amber"})
    await desk.call("PATCH", path, body)
    await desk.as_("lin")
    offered = (await desk.get("/tickets/tags"))["items"]
    assert sorted((each["tag"], each["color"]) for each in offered) == [("大促", ""), ("缺货", "amber")]
    after = await desk.call("PUT", f"{path}/tags", {"remove": ["大促"]})
    assert after["ticket"]["tags"] == ["缺货"]
    assert (await desk.get(f"{path}"))["notes"][-1]["text"] == "标签 −大促"
    for tag, found in (("缺货", 1), ("大促", 0)):
        assert len((await desk.get("/tickets", view="mine", tag=tag))["items"]) == found
        assert len((await desk.get("/tickets", view="all", tag=tag, due="any"))["items"]) == 0


async def test_a_tag_is_renamed_coloured_and_retired_by_who_keeps_them(desk: Desk) -> None:
    await desk.as_("su")
    for name in ("漏水", "滤芯漏水"):
        await desk.post("/tags", {"tag": name})
    await desk.refused(422, "invalid", "POST", "/tags", {"tag": " 漏水 "})
    after = await desk.call("PATCH", "/tags", {"tag": "漏水", "to": "滤芯漏水"})
    assert [each["tag"] for each in after["items"]] == ["滤芯漏水"]
    after = await desk.call("PATCH", "/tags", {"tag": "滤芯漏水", "color": "red", "retired": True})
    assert after["items"] == [{"tag": "滤芯漏水", "color": "red", "given": 0, "retired": True, "rules": []}]
    await desk.refused(404, "not_found", "PATCH", "/tags", {"tag": "没有", "retired": True})
    assert (await desk.get("/tickets/tags"))["items"] == []


async def test_rules_that_name_a_tag_are_told_and_follow_its_new_name(desk: Desk) -> None:
    await desk.as_("su")
    await desk.post("/tags", {"tag": "漏水"})
    configuration, now = desk.services.configuration, desk.services.clock.now()
    asks = {"field": "tags", "op": "in", "value": ["漏水"]}
    body = {"title": "漏水登记", "types": ["aftersale"], "rows": [{"field": "product", "when": asks}]}
    async with desk.services.db.transaction() as tx:
        await configuration.save(tx, "ticket_form", "leak", body, by="test", now=now)
        await configuration.release(tx, by="test", now=now)
    (tag,) = (await desk.get("/tags"))["items"]
    rule = {"kind": "ticket_form", "name": "leak", "title": "漏水登记", "zh": "工单表单", "en": "Ticket forms"}
    assert tag["rules"] == [rule]
    after = await desk.call("PATCH", "/tags", {"tag": "漏水", "to": "滤芯漏水"})
    assert [(each["tag"], each["rules"]) for each in after["items"]] == [("滤芯漏水", [rule])]
    async with desk.services.db.read() as tx:
        (latest, *_) = await configuration.releases(tx)
        form = (await configuration.published(tx)).get(TICKET_FORM, "leak")
    assert form.rows[0].when == {**asks, "value": ["滤芯漏水"]}
    assert (latest.note, latest.released_by) == ("标签「漏水」改为「滤芯漏水」", f"agent:{desk.house.people['su']}")
