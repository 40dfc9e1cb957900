"""Segments over HTTP: counted while they are written, in force at once, refused while rules ask for them, exported."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import httpx
import pytest

from tests.web.desk import API, Desk, open_desk
from tests.web.house import House
from yizhan.app.rules import KINDS
from yizhan.desk.segments import SegmentWatch, begin_anew
from yizhan.desk.sources import OrderIn, ProfileIn, put_orders, put_profiles
from yizhan.desk.views import places
from yizhan.records.config import Configuration
from yizhan.records.contacts import Identifier
from yizhan.web.services import Services

ZENG = (Identifier("external", "crm:7"), Identifier("phone", "13812345678"))
TOP = {"field": "level", "op": "gte", "value": 3}
RULES = "/config/priority_rules/default"
TITLE = {"zh": "彩羽会员", "en": "Top members"}


@pytest.fixture
def services(services: Services) -> Services:
    return replace(services, configuration=Configuration(KINDS, places))


@pytest.fixture
async def desk(services: Services, house: House, browser: httpx.AsyncClient) -> Desk:
    """曾晓梅 is of the highest level and has bought; =1+1 is called so by a bad joke; 陈晨 chats with 林一."""
    desk = await open_desk(services, house, browser)
    now = services.clock.now()
    async with services.db.transaction() as tx:
        told = [
            ProfileIn(identifiers=ZENG, name="曾晓梅", level=3),
            ProfileIn(identifiers=(Identifier("external", "crm:8"),), name="=1+1", level=3),
            ProfileIn(identifiers=(Identifier("external", "crm:9"),), name="周平", level=0),
        ]  # fmt: skip
        await put_profiles(
            tx, services.vault, told, source="crm", now=now, by="system", rules=services.profile_book.now
        )
        order = OrderIn(number="SO-1001", identifiers=ZENG, status="paid", total_fen=39900, placed_at=now)
        await put_orders(tx, services.vault, [order], source="crm", now=now, by="system")
    await desk.served("v9", "lin", "灯不亮")
    await settle(desk)
    await desk.as_("admin")
    return desk


async def settle(desk: Desk) -> None:
    services = desk.services
    async with services.db.read() as tx:
        services.segment_book.take(await services.configuration.published(tx))
    watch = SegmentWatch(services.db, services.clock, services.segment_book, services.configuration)
    while await watch.look():
        pass


async def made(desk: Desk, key: str = "top", when: Any = None) -> dict[str, Any]:
    body = {"title": TITLE, "when": when or TOP, "note": "再来时优先", "note_en": "served first", "expected": 0}
    told: dict[str, Any] = await desk.call("PUT", f"/segments/{key}", body)
    await settle(desk)
    return told


async def test_counted_while_it_is_written(desk: Desk) -> None:
    fields = await desk.get("/segments/fields")
    assert {"level", "last_order_at", "profile.city"} <= {each["name"] for each in fields["items"]}
    assert {"what": "profile.gender", "key": "female", "zh": "女", "en": "Female"} in fields["choices"]
    fit = await desk.call("POST", "/segments/count", {"when": TOP})
    assert (fit["fit"], fit["known"], {row["name"] for row in fit["some"]}) == (2, 4, {"曾晓梅", "=1+1"})
    assert "138****5678" in {each for row in fit["some"] for each in row["identities"]}
    nonsense = {"when": {"field": "shoe", "op": "is_set"}}
    assert (await desk.refused(422, "invalid", "POST", "/segments/count", nonsense))["field"] == "when.field"


async def test_in_force_at_once_with_its_members(desk: Desk) -> None:
    saved = await made(desk)
    (item,) = saved["items"]
    assert not saved["settled"], "members are still to be found"
    assert (item["note"], item["note_en"]) == ("再来时优先", "served first")
    assert (item["key"], item["en"], item["version"]) == ("top", "membership level is at least 3", 1)
    told = await desk.get("/segments")
    assert (told["items"][0]["members"], told["known"], told["settled"]) == (2, 4, True)
    members = (await desk.get("/segments/top/members"))["items"]
    assert {row["name"] for row in members} == {"=1+1", "曾晓梅"}
    first = await desk.get("/segments/top/members", limit=1)
    second = await desk.get("/segments/top/members", limit=1, cursor=first["after"])
    assert [row["id"] for row in (*first["items"], *second["items"])] == [row["id"] for row in members]
    assert (await desk.get("/customers", segment="top", level=3))["items"] == members
    assert (await desk.get("/customers", segment="top", open=True))["items"] == []
    (mine,) = (await desk.get(f"/customers/{members[0]['id']}/segments"))["items"]
    assert (mine["key"], mine["title"]) == ("top", TITLE)
    report = await desk.get("/segments/top/report")
    assert (report["segment"]["people"], report["segment"]["spent_365d"], report["everybody"]["people"]) == (
        2,
        399.0,
        4,
    )
    assert (report["segment"]["first_reply_s"], report["segment"]["replies_30d"]) == (None, 0)


async def test_how_long_its_members_wait_stands_beside_everybody(desk: Desk) -> None:
    conversation = await desk.sql("SELECT id FROM conversation")
    await desk.sql(
        "INSERT INTO agent_spell (conversation_id, agent_id, day, given_at, first_reply_s)"
        " SELECT $1, gen_random_uuid(), $2, $3, 90",
        conversation, desk.services.clock.now().date(), desk.services.clock.now(),
    )  # fmt: skip
    async with desk.services.db.transaction() as tx:
        await begin_anew(tx, desk.services.clock.now())
    await made(desk, "chats", {"field": "conversations", "op": "gte", "value": 1})
    await made(desk)
    chats = await desk.get("/segments/chats/report")
    assert (chats["segment"]["first_reply_s"], chats["everybody"]["first_reply_s"]) == (90.0, 90.0)
    assert (await desk.get("/segments/top/report"))["segment"]["first_reply_s"] is None


async def test_one_that_rules_ask_for_stays(desk: Desk) -> None:
    await made(desk)
    rule = {"key": "top", "when": {"field": "segment", "op": "contains", "value": "top"}, "raise_by": 1}
    await desk.call("PUT", RULES, {"body": {"title": "会员优先", "rules": [rule]}})
    await desk.post("/config/releases", {})
    (item,) = (await desk.get("/segments"))["items"]
    assert [(use["kind"], use["title"]) for use in item["uses"]] == [("priority_rules", "会员优先")]
    refused = await desk.refused(409, "conflict", "DELETE", "/segments/top")
    assert "会员优先" in refused["detail"]

    await desk.call("DELETE", "/config/segment/top")
    refused = await desk.refused(422, "invalid", "POST", "/config/releases", {})
    assert "priority_rules default refers to segment top" in refused["detail"], "nor by way of the configuration"

    await desk.call("POST", "/config/segment/top/discard", {})
    await desk.call("PUT", RULES, {"body": {"rules": []}})
    await desk.post("/config/releases", {})
    assert (await desk.call("DELETE", "/segments/top"))["items"] == []
    assert [item["key"] for item in (await made(desk))["items"]] == ["top"], "its name is free again"


async def test_a_file_of_members(desk: Desk) -> None:
    await made(desk)
    answer = await desk.browser.get(f"{API}/segments/top/members.csv?lang=en")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert answer.headers["content-disposition"].startswith("attachment")
    assert lines[0].startswith("Customer,Name,Identifiers,membership level,known since")
    assert {line.split(",")[1] for line in lines[1:]} == {"'=1+1", "曾晓梅"}, "a name is no formula"
    assert "138****5678" in answer.text
    assert "13812345678" not in answer.text
    told = await desk.sql("SELECT data FROM event_new WHERE kind = 'segment.exported'")
    assert told == {"segment": "top", "members": 2}
    await desk.as_("lin")
    await desk.refused(403, "forbidden", "GET", "/segments/top/members.csv")
    await desk.refused(403, "forbidden", "PUT", "/segments/top", {"title": TITLE, "when": TOP})
    assert len((await desk.get("/segments"))["items"]) == 1
