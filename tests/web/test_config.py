"""A document is saved, compared, released and taken back by HTTP."""

from dataclasses import replace
from datetime import UTC, datetime

import httpx
import msgspec
import pytest

from tests.web.built import app_of
from tests.web.desk import open_desk
from tests.web.house import House, sign_in
from yizhan.app.rules import KINDS
from yizhan.desk.views import places
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database
from yizhan.records.config import Configuration, Kind, Kinds
from yizhan.web.config.shapes import kind_shape
from yizhan.web.services import Services

NOW = datetime(2026, 3, 2, tzinfo=UTC)


class Welcome(msgspec.Struct, forbid_unknown_fields=True):
    text: str


WELCOME = Kind("welcome", Welcome, title=("欢迎语", ""), default=Welcome("您好"))


@pytest.fixture
def services(services: Services) -> Services:
    return replace(services, configuration=Configuration(Kinds([WELCOME])))


CONFIG = "/api/v1/config"


async def test_from_draft_to_release_and_back(browser: httpx.AsyncClient, house: House) -> None:
    await sign_in(browser, "admin")
    saved = await browser.put(f"{CONFIG}/welcome/site", json={"body": {"text": "您好"}, "expected": 0})
    assert (saved.status_code, saved.json()["version"]) == (200, 1)
    assert (await browser.get(CONFIG)).json() == {"kinds": ["welcome"], "release": 0, "items": []}
    [draft] = (await browser.get(f"{CONFIG}/drafts")).json()["items"]
    assert draft["changes"] == [{"path": "text", "before": None, "after": "您好", "added": True, "removed": False}]
    released = await browser.post(f"{CONFIG}/releases", json={"note": "第一版", "expected": 0})
    assert (released.status_code, released.json()["number"]) == (201, 1)
    assert (await browser.get(f"{CONFIG}/welcome")).json()["items"][0]["body"] == {"text": "您好"}

    await browser.put(f"{CONFIG}/welcome/site", json={"body": {"text": "欢迎"}, "expected": 1})
    await browser.post(f"{CONFIG}/releases", json={})
    compared = (await browser.get(f"{CONFIG}/compare?before=1&after=2")).json()["items"]
    assert compared[0]["changes"][0]["after"] == "欢迎"
    back = await browser.post(f"{CONFIG}/releases/1/rollback", json={"note": "写错了"})
    assert back.json()["number"] == 3
    assert (await browser.get(f"{CONFIG}/welcome")).json()["items"][0]["body"] == {"text": "您好"}
    history = (await browser.get(f"{CONFIG}/welcome/site")).json()["items"]
    assert [each["version"] for each in history] == [2, 1]
    assert len((await browser.get(f"{CONFIG}/releases")).json()["items"]) == 3


async def test_a_form_learns_what_a_kind_holds(browser: httpx.AsyncClient, house: House) -> None:
    await sign_in(browser, "admin")
    (kind,) = (await browser.get(f"{CONFIG}/kinds")).json()["items"]
    assert kind["title"] == {"zh": "欢迎语", "en": "welcome"}
    assert (kind["name"], kind["default"]) == ("welcome", {"text": "您好"})
    assert kind["schema"]["$defs"]["Welcome"]["properties"] == {"text": {"type": "string"}}


async def test_wrong_documents_stale_editors_and_removal(browser: httpx.AsyncClient, house: House) -> None:
    await sign_in(browser, "admin")
    path = f"{CONFIG}/welcome/site"
    wrong = await browser.put(path, json={"body": {"text": 7}})
    assert (wrong.status_code, wrong.json()["field"]) == (422, "text")
    assert (await browser.put(f"{CONFIG}/nothing/site", json={"body": {}})).status_code == 422
    await browser.put(path, json={"body": {"text": "a"}})
    assert (await browser.put(path, json={"body": {"text": "b"}, "expected": 0})).status_code == 409
    assert (await browser.post(f"{path}/discard")).json()["body"] is None
    assert (await browser.delete(f"{CONFIG}/welcome/other")).status_code == 404
    assert (await browser.post(f"{CONFIG}/releases", json={})).status_code == 422, "nothing would change"


@pytest.mark.parametrize("kind", [each.name for each in KINDS])
async def test_what_ships_fits_the_schema_and_is_saved(db: Database, kind: str) -> None:
    """Every real kind: the form's schema accepts what the house begins with, and so does the house."""
    known = KINDS[kind]
    shape = kind_shape(known)
    told = shape.schema["$defs"][shape.schema["$ref"].rpartition("/")[2]]
    assert told["additionalProperties"] is False
    assert shape.title.zh
    assert shape.title.en
    if known.default is None:
        return  # a new house begins without one, as with overflow: only its own teams can be named
    body = msgspec.to_builtins(known.default)
    assert set(body) <= set(told["properties"])
    async with db.transaction() as tx:
        await Configuration(KINDS).save(tx, kind, "default", body, by="agent:x", now=NOW)


async def test_a_rule_is_written_tried_and_refused_by_place(
    db: Database, services: Services, house: House, clock: FakeClock
) -> None:
    services = replace(services, configuration=Configuration(KINDS, places))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app_of(services)), base_url="http://desk.test"
    ) as browser:
        await sign_in(browser, "admin")
        [triage] = [k for k in (await browser.get(f"{CONFIG}/kinds")).json()["items"] if k["name"] == "triage"]
        assert {"客户的话", "会员等级"} <= {field["title"]["zh"] for field in triage["fields"]}
        assert triage["by_place"]
        rule = {"key": "vip", "when": {"all": [{"field": "会员等级", "op": "gte", "value": 3}]}, "priority": 4}
        body = {"teams": [str(house.care)], "rules": [rule]}
        assert (await browser.put(f"{CONFIG}/triage/care", json={"body": body})).status_code == 200
        wrong = {"teams": [str(house.care)], "rules": [{**rule, "when": {"all": [{"field": "心情", "op": "eq"}]}}]}
        refused = await browser.put(f"{CONFIG}/triage/care", json={"body": wrong})
        assert (refused.status_code, refused.json()["field"]) == (422, "rules[0].when.all[0].field")
        assert refused.json()["detail"] == "unknown field 心情"
        nowhere = {"teams": ["00000000-0000-0000-0000-000000000009"], "rules": [rule]}
        refused = await browser.put(f"{CONFIG}/triage/care", json={"body": nowhere})
        assert (refused.status_code, refused.json()["field"]) == (422, "teams[0]")
        await sign_in(browser, "lin")
        assert (await browser.get(f"{CONFIG}/kinds")).status_code == 403


async def test_a_document_is_checked_without_being_saved(services: Services, house: House) -> None:
    """In both languages, at its place; and a refusal of saving says it in both too."""
    whole = replace(services, configuration=Configuration(KINDS, places))
    door = httpx.ASGITransport(app_of(whole))
    async with httpx.AsyncClient(transport=door, base_url="http://desk.test") as browser:
        await sign_in(browser, "admin")
        empty = {"body": {"name": {"zh": "甲", "en": "A"}, "targets": {}}}
        said = (await browser.post(f"{CONFIG}/sla_policy/mine/check", json=empty)).json()
        english, chinese = "a policy without targets promises nothing", "请至少填写一个优先级的时效"
        assert said == {"wrong": {"field": "targets", "en": english, "zh": chinese}, "advice": []}
        refused = await browser.put(f"{CONFIG}/sla_policy/mine", json=empty)
        assert (refused.status_code, refused.json()["zh"], refused.json()["field"]) == (422, chinese, "targets")
        team = {"title": "", "team": str(house.sales), "steps": [{"team": str(house.care), "wait_s": 60}]}
        told = (await browser.post(f"{CONFIG}/overflow/night/check", json={"body": team})).json()
        assert told["wrong"] is None
        assert [(each["field"], each["zh"][:9]) for each in told["advice"]] == [("team", "这个客服组没有在职")]
        assert (await browser.get(f"{CONFIG}/overflow/night")).json()["items"] == []


async def test_a_condition_tells_how_many_tickets_it_fits(services: Services, house: House) -> None:
    whole = replace(services, configuration=Configuration(KINDS, places))
    door = httpx.ASGITransport(app_of(whole))
    async with httpx.AsyncClient(transport=door, base_url="http://desk.test") as browser:
        desk = await open_desk(whole, house, browser)
        await desk.comes("v1", "净化器漏水")
        await desk.comes("v2", "发票开错了")
        await sign_in(browser, "admin")
        names = (await browser.get(f"{CONFIG}/choices")).json()["items"]
        assert {"what": "team", "id": str(house.care), "key": "care", "name": "售后", "en": None} in names
        asked = {"when": {"all": [
            {"field": "text", "op": "contains", "value": "漏水"}, {"field": "team", "op": "eq", "value": "care"},
        ]}}  # fmt: skip
        told = (await browser.post(f"{CONFIG}/sla_policy/fitting", json=asked)).json()
        assert told == {"fit": 1, "looked_at": 2, "unknown": []}
        never = {"when": [{"field": "priority", "op": "gt", "value": 3}, {"field": "priority", "op": "lt", "value": 2}]}
        refused = await browser.post(f"{CONFIG}/sla_policy/fitting", json=never)
        assert (refused.status_code, refused.json()["zh"][:8]) == (422, "没有工单能满足这")
        nothing = await browser.post(f"{CONFIG}/routing/fitting", json={"when": {}})
        assert nothing.json()["field"] == "kind"
