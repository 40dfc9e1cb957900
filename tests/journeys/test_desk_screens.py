"""The workbench as a place to work: keys, drafts, a phone, and the supervisor who sees who waits."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from scripts.screens.walk import SEE
from tests.journeys.conftest import PASSWORD, Api, Product, wait_for
from tests.journeys.people import AgentDesk
from tests.journeys.test_twenty_chats import Caller

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WORDS = "净化器的灯一直闪,怎么办?"


@pytest.fixture(scope="module")
def chat(product: Product) -> Iterator[dict[str, str]]:
    """A chat that is with 林一 and waits for her."""
    agent = Api(product.url, "linyi")
    agent.call("PUT", "/me/presence", {"state": "online"})
    Caller(product.url).says(WORDS)
    (row,) = wait_for(lambda: agent.call("GET", "/conversations/mine")["items"], "the chat comes")
    yield row
    agent.call("PUT", "/me/presence", {"state": "offline"})


def test_a_draft_survives_a_reload_and_the_keys_are_written_down(
    product: Product, chat: dict[str, str], new_page: Callable[..., Page]
) -> None:
    desk = AgentDesk(new_page(), product.url)
    desk.page.keyboard.press("?")
    expect(desk.page.get_by_test_id("help")).to_contain_text("等得最久的客户")
    desk.page.keyboard.press("Escape")
    expect(desk.page.get_by_test_id("help")).to_be_hidden()
    desk.page.keyboard.press("u")
    expect(desk.page.get_by_test_id("thread")).to_contain_text(WORDS)
    desk.page.keyboard.press("r")
    desk.page.get_by_test_id("composer-text").fill("请先长按电源键")
    desk.page.reload()
    expect(desk.page.get_by_test_id("composer-text")).to_have_value("请先长按电源键")
    desk.page.get_by_test_id("composer-text").fill("")


def test_on_a_phone_list_conversation_and_customer_are_pages(
    product: Product, chat: dict[str, str], new_page: Callable[..., Page]
) -> None:
    """Going back goes back; whatever a finger is meant for is 48 px; the composer stays above the keyboard."""
    desk = AgentDesk(new_page(390, 844, touch=True), product.url)
    page = desk.page
    rows, thread, pane = (page.get_by_test_id(name) for name in ("mine-row", "thread", "customer-pane"))
    expect(rows.filter(has_text="灯一直闪")).to_be_visible()
    assert _too_small(page) == []
    rows.filter(has_text="灯一直闪").click()
    expect(thread).to_contain_text(WORDS)
    expect(rows.first).to_be_hidden()
    page.get_by_test_id("toggle-customer").click()
    expect(pane).to_be_visible()
    expect(thread).to_be_hidden()
    assert _too_small(page) == []
    page.go_back()
    expect(thread).to_be_visible()
    assert _too_small(page) == []
    page.set_viewport_size({"width": 390, "height": 480})  # as the keyboard leaves it
    expect(page.get_by_test_id("composer-text")).to_be_in_viewport(ratio=1)
    expect(page.get_by_test_id("send")).to_be_in_viewport(ratio=1)
    page.go_back()
    expect(rows.first).to_be_visible()


def _too_small(page: Page) -> list[str]:
    seen: dict[str, list[str]] = page.evaluate(SEE)
    return seen["small"] + seen["wide"]


def test_a_supervisor_sees_who_waits_and_why(
    product: Product, chat: dict[str, str], new_page: Callable[..., Page]
) -> None:
    page = AgentDesk(new_page(), product.url, "admin").page
    page.goto(f"{product.url}/app/monitor")
    row = page.get_by_test_id("served-wait").filter(has_text="灯一直闪")
    expect(row).to_be_visible(timeout=45_000)  # whoever waits less than 30 s is no worry yet
    expect(row).to_contain_text("林一")
    row.get_by_test_id("why-waiting").click()
    expect(page.get_by_test_id("why-panel")).to_contain_text("林一分给了他")
    expect(page.get_by_test_id("team-load").first).to_contain_text("售后 L1")


def test_a_long_story_is_read_backwards_by_scrolling(
    product: Product, chat: dict[str, str], new_page: Callable[..., Page]
) -> None:
    agent = Api(product.url, "linyi")
    for n in range(70):
        words = {"client_id": f"n-{n}", "text": f"第 {n} 句", "note": True}
        agent.call("POST", f"/conversations/{chat['id']}/messages", words)
    desk = AgentDesk(new_page(), product.url)
    desk.opens_chat_with("灯一直闪")
    expect(desk.page.get_by_text("第 69 句", exact=True)).to_be_visible()
    expect(desk.page.get_by_test_id("message-in")).to_have_count(0)
    log = desk.page.get_by_test_id("log")
    log.evaluate("el => el.scrollTo({ top: 0 })")
    expect(desk.page.get_by_test_id("message-in").first).to_contain_text(WORDS)


def test_from_the_log_in_to_the_end_of_a_chat_by_keys_alone(
    product: Product, chat: dict[str, str], new_page: Callable[..., Page]
) -> None:
    """Nothing is clicked: words are found by their sound, a quick reply by its initials, the 小结 is there already."""
    page = new_page()
    page.goto(f"{product.url}/app/")
    keys = page.keyboard
    page.get_by_test_id("login").focus()
    keys.type("linyi")
    keys.press("Tab")
    keys.type(PASSWORD)
    keys.press("Enter")
    expect(page.get_by_test_id("mine-row").first).to_be_visible()
    keys.press("u")
    expect(page.get_by_test_id("thread")).to_contain_text("客户已等")
    keys.press("/")
    expect(page.get_by_test_id("quick-replies")).to_be_visible()
    keys.type("wenh")
    expect(page.get_by_test_id("quick-reply").first).to_contain_text("我是林一")
    keys.press("Enter")
    expect(page.get_by_test_id("composer-text")).to_have_value(re.compile("很高兴为您服务"))
    keys.press("Control+Enter")
    expect(page.get_by_test_id("message-out").last).to_contain_text("很高兴为您服务")
    keys.press("Control+k")
    expect(page.get_by_test_id("search")).to_be_focused()
    keys.type("jieshuhuihua")
    expect(page.get_by_test_id("search-result").first).to_contain_text("结束会话")
    keys.press("Enter")
    expect(page.get_by_test_id("summary-text")).to_be_focused()
    keys.press("Enter")
    expect(page.get_by_test_id("summary-accept")).to_be_hidden()
    expect(page.get_by_test_id("mine-row")).to_have_count(0)
    expect(page.get_by_test_id("thread")).to_contain_text("待客户确认")
