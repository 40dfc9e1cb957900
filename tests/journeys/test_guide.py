"""The first five minutes, played by somebody who has never seen the workbench: every step is really done."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from scripts.screens.house import House, demo_house

pytestmark = [pytest.mark.browser, pytest.mark.slow]

STEPS = 8


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    """The demo and, beside it, the phones of all channels."""
    with demo_house() as running:
        yield running


@pytest.fixture
def desk(house: House, new_page: Callable[..., Page]) -> Page:
    """林一, by one click."""
    page = new_page()
    page.goto(f"{house.url}/app/login")
    page.get_by_role("button", name=re.compile("林一")).click()
    expect(page.get_by_test_id("guide")).to_contain_text("上线")
    return page


def done(page: Page, steps: int) -> None:
    expect(page.get_by_test_id("guide")).to_contain_text(f"{steps}/{STEPS}", timeout=60_000)


def answers(page: Page) -> None:
    """The quick reply fills the order and the day itself."""
    page.keyboard.press("u")
    composer = page.get_by_test_id("composer-text")
    expect(composer).to_be_visible()
    done(page, 2)
    composer.press_sequentially("/退款")
    expect(page.get_by_test_id("quick-reply").first).to_be_visible()
    composer.press("Enter")
    expect(composer).to_have_value(re.compile(r"您的订单 ?[A-Z]{2}\d+ ?已为您申请退款,商品.*\d+.*到货后"))
    composer.press("Control+Enter")
    done(page, 4)  # what is answered by it counts as sent too


def ends(page: Page) -> None:
    page.get_by_test_id("mine-row").first.click()
    page.get_by_test_id("end").click()
    text = page.get_by_test_id("summary-text")
    expect(text).to_be_visible()
    text.fill("客户要退款,已按订单登记,三天内原路退回")
    text.press("Enter")
    expect(text).to_have_count(0)
    done(page, 5)


def test_a_new_agent_plays_the_guide_up_to_the_written_summary(desk: Page) -> None:
    desk.get_by_test_id("presence").click()
    desk.get_by_test_id("presence-online").click()
    done(desk, 1)
    answers(desk)
    ends(desk)
