"""An answer that is not what was agreed is told with the place in the mapping; the other rows are read. Pure."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.standins.crm import Crm
from yizhan.desk.connectors import CONNECTOR, CallFailed, Outage
from yizhan.desk.connectors.mapping import read_answer

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")


def answer(**wrong: Any) -> dict[str, Any]:
    crm = Crm()
    customer = {"id": 1, "mobile": "13800000042", "name": "王芳", "city": "杭州"}
    good, bad = ({**crm.order(no), "mobile": "13800000042", "customer": 1} for no in ("SO1", "SO2"))
    return {"customers": [customer], "orders": [good, {**bad, **wrong}]}


def connector(**more: Any) -> Any:
    crm = Crm()
    crm.url = "https://crm.example"
    return CONNECTOR.decode(crm.document(**more))


LIES: list[tuple[dict[str, Any], str, str]] = [
    ({"no": None}, "order.number", "nothing is there"),
    ({"no": {"value": "SO2"}}, "order.number", "a text was expected, there is an object"),
    ({"state": ["paid"]}, "order.status", "a text was expected, there is a list"),
    ({"amount": "gratis"}, "order.total", "money is written like 1299.00"),
    ({"amount": True}, "order.total", "an amount was expected, there is yes or no"),
    ({"created": "yesterday"}, "order.placed_at", "a date is written YYYY-MM-DD"),
    ({"created": [2026, 3, 2]}, "order.placed_at", "a time was expected, there is a list"),
    ({"created": 10**30}, "order.placed_at", "there is no such time"),
    ({"items": "A5"}, "order.lines", "a list was expected, there is a text"),
    ({"items": [{"code": "A5", "qty": "two"}]}, "order.count", "a whole number was expected"),
    ({"items": [{"code": "A5", "qty": "²"}]}, "order.count", "a whole number was expected"),
    ({"items": [{"code": "A5", "price": -1}]}, "order.price", "money is written like 1299.00"),
    ({"mobile": {"cc": 86}}, "order.identifiers.phone", "a text was expected, there is an object"),
    ({"mobile": None, "customer": None}, "order.identifiers", "nobody is named"),
]


@pytest.mark.parametrize(("wrong", "field", "words"), LIES)
def test_a_wrong_row_is_told_by_its_field_and_the_good_one_is_read(
    wrong: dict[str, Any], field: str, words: str
) -> None:
    mapped = read_answer(answer(**wrong), connector(), ZONE, NOW)
    [problem] = mapped.problems
    assert (problem.what, problem.row, problem.field) == ("order", 1, field)
    assert words in problem.message
    assert [order.number for _, order in mapped.orders] == ["SO1"]
    assert mapped.profiles[0][1].fields == {"city": "杭州"}


@pytest.mark.parametrize("whole", [None, [], "no", {"orders": []}, {"customers": {}, "orders": []}])
def test_rows_that_are_no_list_are_told_as_a_whole(whole: object) -> None:
    with pytest.raises(CallFailed) as failed:
        read_answer(whole, connector(), ZONE, NOW)
    assert (failed.value.cause, failed.value.path) == (Outage.SHAPE, "profile.rows")
    assert "a list was expected" in failed.value.message


def test_the_track_of_a_parcel_is_read_in_the_carriers_words_and_by_its_numbers() -> None:
    document = {
        **Crm().document()["order"], "carrier": "express.company", "tracking": "express.no", "url": "page",
        "parcel_state": "express.state", "parcel_states": {"3": "delivered"}, "parcel_events": "express.track",
    }  # fmt: skip
    made = connector(order=document)
    track = [{"time": "2026-03-01 08:12:00", "text": "派送中"}, {"time": "", "text": "?"}]
    express = {"company": "顺丰", "no": "SF1", "state": 3, "track": track}
    [_, (_, order)] = read_answer(answer(express=express, page="https://shop.example/1"), made, ZONE, NOW).orders
    assert order.tracking is not None
    assert (order.tracking.state, order.url) == ("delivered", "https://shop.example/1")
    assert [(each.at, each.text) for each in order.tracking.events] == [
        (datetime(2026, 3, 1, 0, 12, tzinfo=UTC), "派送中")
    ]  # fmt: skip
    lies: list[tuple[dict[str, Any], str]] = [
        ({"state": "飞走了"}, "parcel_state"), ({"track": "x"}, "parcel_events"),
        ({"track": [{"time": 1, "text": {}}]}, "event_text"), ({"track": [{}] * 101}, "parcel_events"),
    ]  # fmt: skip
    for wrong, field in lies:
        [problem] = read_answer(answer(express={**express, **wrong}), made, ZONE, NOW).problems
        assert problem.field == f"order.{field}"


def test_money_in_fen_and_times_in_milliseconds_are_understood() -> None:
    document = Crm().document()["order"]
    made = connector(order={**document, "unit": "fen", "statuses": {"7": "shipped"}})
    told = answer(amount=39900, created=1772416800000, state=7, items=[])
    told["orders"] = told["orders"][1:]
    [(_, order)] = read_answer(told, made, ZONE, NOW).orders
    assert (order.total_fen, order.status, order.placed_at) == (39900, "shipped", datetime(2026, 3, 2, 2, tzinfo=UTC))
