"""What an editor of working time asks: the days ahead, and the public days of a year."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import httpx

from tests.web.house import House, sign_in
from yizhan.foundation.clock import FakeClock

WEEK = {day: ["09:30-12:00", "13:30-18:00"] for day in ("mon", "tue", "wed", "thu", "fri")}


async def ahead(browser: httpx.AsyncClient, body: dict[str, Any], **more: Any) -> dict[str, Any]:
    answer = await browser.post("/api/v1/calendars/ahead", json={"body": body, **more})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_the_table_of_the_house_wins_over_the_country(
    browser: httpx.AsyncClient, house: House, clock: FakeClock
) -> None:
    clock.set(datetime(2026, 9, 27, 16, 30, tzinfo=UTC))  # half past midnight of the 28th in Shanghai
    await sign_in(browser, "admin")
    body = {
        "tz": "Asia/Shanghai", "weekly": {**WEEK, "fri": ["22:00-06:00"]}, "country": "CN",
        "days": {"2026-10-03": ["10:00-16:00"]}, "holidays": ["2026-10-10"],
    }  # fmt: skip
    found = await ahead(browser, body)
    days = {day["day"]: (day["special"], day["spans"]) for day in found["days"]}
    assert (found["wrong"], found["year"], next(iter(days)), len(days)) == (None, 2026, "2026-09-28", 14)
    assert days["2026-09-30"] == (None, ["09:30-12:00", "13:30-18:00"])
    assert days["2026-10-01"] == ("holiday", [])
    assert days["2026-10-03"] == ("makeup", ["10:00-16:00"])
    assert days["2026-10-09"] == (None, ["22:00-06:00"])
    assert days["2026-10-10"] == ("holiday", [])
    assert [run["first"] for run in found["public"] if run["kind"] == "makeup"][-1] == "2026-10-10"
    assert (await ahead(browser, body, year=2025))["public"][-1]["first"] == "2025-10-11"


async def test_what_is_wrong_with_it_is_said_at_its_place(browser: httpx.AsyncClient, house: House) -> None:
    await sign_in(browser, "admin")
    night = {"tz": "Asia/Shanghai", "weekly": {"mon": ["22:00-06:00"], "tue": ["05:00-09:00"]}, "country": "CN"}
    found = await ahead(browser, night)
    assert (found["wrong"]["field"], found["days"]) == ("weekly.tue", [])
    assert "overlap" in found["wrong"]["en"]
    assert "重叠" in found["wrong"]["zh"]
    assert found["public"]
    assert (await ahead(browser, {**night, "weekly": {}}))["wrong"]["field"] == "weekly"
    unknown = await ahead(browser, {"tz": "Asia/Shanghai", "weekly": WEEK, "country": "XX"})
    assert (unknown["wrong"]["field"], unknown["public"]) == ("country", [])
    assert unknown["wrong"]["zh"] != unknown["wrong"]["en"]
    known = (await browser.get("/api/v1/calendars/countries")).json()["items"]
    assert {"CN", "DE", "US"} <= {each["code"] for each in known}
