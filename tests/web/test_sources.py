"""Programs push customers and orders: an outcome for each row, and the same again changes nothing."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.web.desk import Desk, open_desk
from tests.web.house import House
from yizhan.web.services import Services


@pytest.fixture
async def desk(services: Services, house: House, browser: httpx.AsyncClient) -> Desk:
    made = await open_desk(services, house, browser)
    await made.as_("admin")
    return made


def pushed(told: dict[str, Any]) -> list[tuple[str, list[str]]]:
    return [(row["did"], [problem["field"] for problem in row["problems"]]) for row in told["rows"]]


async def test_a_program_pushes_customers_and_may_push_them_again(desk: Desk) -> None:
    rows = [
        {"id": 42, "name": "王芳", "fields": {"city": "杭州", "registered_at": "2024-05-01 08:00:00"},
         "identifiers": [{"kind": "phone", "value": "138 0013 8000", "verified_at": "2026-02-01T00:00:00Z"}]},
        {"id": 43, "name": ["x"]},
        {"id": 44, "surname": "李"},
        {"identifiers": [{"kind": "phone", "value": "12"}], "fields": {"points": -1, "ghost": 1}},
        {"id": 45, "at": "gestern"},
        "x",
    ]  # fmt: skip
    told = await desk.call("PUT", "/profiles", {"source": "crm", "rows": rows})
    assert pushed(told) == [
        ("created", []), ("refused", ["name"]), ("refused", [""]),
        ("refused", ["identifiers[0].value", "fields.points", "fields.ghost"]), ("refused", ["at"]), ("refused", [""]),
    ]  # fmt: skip
    assert told["counts"] == {"created": 1, "refused": 5}
    assert "没有这个字段" in told["rows"][3]["problems"][2]["zh"]
    again = await desk.call("PUT", "/profiles", {"source": "crm", "rows": rows[:1]})
    assert pushed(again) == [("unchanged", [])]
    assert again["rows"][0]["contact_id"] == told["rows"][0]["contact_id"]
    fields = await desk.sql("SELECT fields FROM contact WHERE name = '王芳'")
    assert fields["registered_at"] == "2024-05-01T00:00:00Z"


async def test_a_program_pushes_the_track_of_a_parcel(desk: Desk) -> None:
    event = {"at": "2026-02-27 08:12:00", "text": "已到达杭州转运中心", "place": "杭州"}
    parcel = {
        "carrier": "顺丰", "number": "SF1", "state": "派件中", "arrives_on": "2026-03-03", "events": [event],
    }  # fmt: skip
    order = {
        "number": "SO1", "customer": 42, "status": "shipped", "total": "9", "placed_at": "2026-02-26 10:00:00",
        "tracking": parcel, "url": "https://shop.example/o/SO1",
    }  # fmt: skip
    rows = [
        order, {**order, "number": "SO2", "tracking": {**parcel, "state": "飞走了"}},
        {**order, "number": "SO3", "tracking": {**parcel, "events": [{**event, "at": "neulich"}]}},
        {**order, "number": "SO4", "tracking": {**parcel, "events": [{**event, "at": "2029-01-01T00:00:00Z"}]}},
        {**order, "number": "SO5", "url": "javascript:alert(1)"},
        {**order, "number": "SO6", "tracking": {**parcel, "events": [event] * 101}},
    ]  # fmt: skip
    told = await desk.call("PUT", "/orders", {"source": "shop", "rows": rows})
    assert pushed(told) == [
        ("created", []), ("refused", ["tracking.state"]), ("refused", ["tracking.events[0].at"]),
        ("refused", ["tracking.events[0].at"]), ("refused", ["url"]), ("refused", ["tracking.events"]),
    ]  # fmt: skip
    assert all(problem["zh"] for row in told["rows"] for problem in row["problems"])
    document = await desk.sql("SELECT document FROM customer_order")
    assert document["url"] == "https://shop.example/o/SO1"
    assert document["tracking"] == {
        "carrier": "顺丰", "number": "SF1", "state": "out_for_delivery", "arrives_on": "2026-03-03",
        "events": [{"at": "2026-02-27T00:12:00Z", "text": "已到达杭州转运中心", "place": "杭州"}],
    }  # fmt: skip
    again = await desk.call("PUT", "/orders", {"source": "shop", "rows": [order]})
    assert pushed(again) == [("unchanged", [])]


async def test_a_program_pushes_orders(desk: Desk) -> None:
    order = {
        "number": "SO1", "customer": 42, "status": "已发货", "total": "1,299.00", "placed_at": "2026-03-01 10:00:00",
        "lines": [{"sku": "X1", "title": "吸尘器 X1", "count": 1, "price_fen": 129900}], "brand": "home",
    }  # fmt: skip
    told = await desk.call("PUT", "/orders", {"source": "shop", "rows": [
        order, {**order, "number": "SO2", "total": "teuer"}, {**order, "number": "SO3", "placed_at": ""},
        {**order, "number": "SO4", "status": "?", "brand": "ghost"},
    ]})  # fmt: skip
    assert pushed(told) == [
        ("created", []), ("refused", ["total"]), ("refused", ["placed_at"]), ("refused", ["status", "brand"]),
    ]  # fmt: skip
    assert await desk.sql("SELECT total_fen FROM customer_order") == 129900
    assert pushed(await desk.call("PUT", "/orders", {"source": "shop", "rows": [order]})) == [("unchanged", [])]


async def test_whoever_may_not_import_pushes_nothing(desk: Desk) -> None:
    await desk.refused(422, "invalid", "PUT", "/profiles", {"source": "crm", "rows": [{}] * 1001})
    await desk.as_("lin")
    await desk.refused(403, "forbidden", "PUT", "/profiles", {"source": "crm", "rows": [{"id": 1}]})
