"""Views over HTTP: kept, shared, ordered, read page by page, and counted in one pass."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from tests.web.desk import Desk, open_desk
from tests.web.house import House
from yizhan.desk.saved_views import VIEW_FIELDS
from yizhan.foundation.conditions import FieldType, Op
from yizhan.web.services import Services

URGENT = {"all": [{"field": "priority", "op": "gte", "value": 3}]}
SAMPLES: dict[FieldType, object] = {
    FieldType.TEXT: "a", FieldType.NUMBER: 1, FieldType.BOOL: True, FieldType.LIST: "a",
    FieldType.TIME: "2026-01-01T00:00:00+08:00", FieldType.ID: "00000000-0000-7000-8000-000000000000",
}  # fmt: skip


@pytest.fixture
async def desk(services: Services, house: House, browser: httpx.AsyncClient) -> Desk:
    return await open_desk(services, house, browser)


def asked() -> list[dict[str, Any]]:
    """Each field of a view once, by what it is compared with first."""
    first = {FieldType.LIST: Op.CONTAINS, FieldType.TIME: Op.GT}
    named = {field.name: field.choices[0] for field in VIEW_FIELDS if field.closed and field.type is FieldType.TEXT}
    return [
        {"field": field.name, "op": first.get(field.type, Op.EQ), "value": named.get(field.name, SAMPLES[field.type])}
        for field in VIEW_FIELDS
    ]


async def test_every_field_of_a_view_can_be_read_and_counted(desk: Desk) -> None:
    await desk.as_("su")
    made = await desk.comes("v1", "退款到哪了")
    either = {"any": [*asked(), {"field": "text", "op": "contains", "value": "退款"}]}
    page = await desk.get("/tickets", view="all", when=json.dumps(either))
    assert [row["id"] for row in page["items"]] == [str(made.ticket_id)]
    kept = await desk.post("/views", {"name": "全问", "base": "all", "when": either})
    assert (await desk.get("/views/numbers"))["items"] == [{"id": kept["id"], "number": 1}]


async def test_a_view_is_shared_ordered_and_changed_by_who_made_it(desk: Desk, house: House) -> None:
    await desk.as_("su")
    team = {"name": "高优先级", "base": "all", "when": URGENT, "team_id": str(house.care)}
    shared, own = await desk.post("/views", team), await desk.post("/views", {**team, "name": "自己", "team_id": None})
    assert (shared["owner_name"], shared["zh"]) == ("苏瑾", "优先级 不小于 3")
    ordered = await desk.call("PUT", "/views/order", {"ids": [own["id"], shared["id"]], "opens": shared["id"]})
    assert [each["name"] for each in ordered["items"]] == ["自己", "高优先级"]
    assert ordered["opens"] == shared["id"]
    await desk.as_("lin")
    assert [each["name"] for each in (await desk.get("/views"))["items"]] == ["高优先级"]
    await desk.refused(403, "forbidden", "PUT", f"/views/{shared['id']}", {**team, "version": 1})
    await desk.refused(404, "not_found", "DELETE", f"/views/{own['id']}")
    await desk.as_("gao")  # of no team
    assert (await desk.get("/views"))["items"] == []
    await desk.as_("su")
    changed = await desk.call("PUT", f"/views/{shared['id']}", {**team, "name": "急件", "version": 1})
    assert (changed["name"], changed["version"]) == ("急件", 2)
    await desk.refused(409, "conflict", "PUT", f"/views/{shared['id']}", {**team, "version": 1})
    assert [each["name"] for each in (await desk.call("DELETE", f"/views/{own['id']}"))["items"]] == ["急件"]


async def test_pages_numbers_and_what_is_refused(desk: Desk) -> None:
    await desk.as_("su")
    made = [(await desk.comes(f"v{n}")).ticket_id for n in range(5)]
    await desk.sql("UPDATE ticket SET priority = 4 WHERE id = ANY ($1)", made[:4])
    urgent = await desk.post("/views", {"name": "急", "base": "all", "when": URGENT})
    finished = {"all": [{"field": "status", "op": "eq", "value": "done"}]}
    done = await desk.post("/views", {"name": "完", "base": "all", "when": finished})
    first = await desk.get("/tickets", saved=urgent["id"], limit=3)
    rest = await desk.get("/tickets", saved=urgent["id"], limit=3, cursor=first["next"])
    assert [row["id"] for row in [*first["items"], *rest["items"]]] == [str(ticket) for ticket in reversed(made[:4])]
    numbers = {each["id"]: each["number"] for each in (await desk.get("/views/numbers"))["items"]}
    assert numbers == {urgent["id"]: 4, done["id"]: None}
    never = {"all": [{"field": "status", "op": "eq", "value": "done"}, {"field": "status", "op": "eq", "value": "new"}]}
    told = await desk.refused(422, "invalid", "POST", "/views", {"name": "空", "base": "all", "when": never})
    assert told["field"] == "when"
