"""A supervisor tries a draft on a generated day before anybody meets it, and reads what gets better and worse."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Product
from tests.journeys.people import AgentDesk

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_draft_is_simulated_before_its_release(product: Product, new_page: Callable[..., Page]) -> None:
    admin = product.admin()
    routing = admin.call("GET", "/config/routing")["items"][0]
    admin.call("PUT", "/config/routing/default", {"body": {**routing["body"], "live_cap": 1}, "expected": 1})
    page = AgentDesk(new_page(), product.url, "admin").page
    page.goto(f"{product.url}/app/settings/config")
    page.get_by_test_id("simulate-first").click()
    expect(page.get_by_test_id("sim-rules-drafts")).to_be_checked()
    page.get_by_test_id("sim-day-generated").check()
    page.get_by_test_id("sim-count").fill("400")
    page.get_by_test_id("simulate").click()
    expect(page.get_by_test_id("simulation-progress").or_(page.get_by_test_id("simulation-result"))).to_be_visible()
    expect(page.get_by_test_id("simulation-verdict")).to_contain_text("变差", timeout=40_000)  # the worker starts first
    expect(page.get_by_test_id("simulation-verdict")).to_contain_text("未接待")
    expect(page.get_by_test_id("simulation-speed")).to_contain_text("24 小时用了")
    expect(page.get_by_test_id("simulation-page")).to_contain_text("live_cap – → 1")
    expect(page.get_by_test_id("simulation-run")).to_contain_text("生成的一天 · 400 位来客")
    assert admin.call("GET", "/config")["release"] == 1  # nothing was released by it
