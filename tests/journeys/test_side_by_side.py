"""分屏: several chats side by side, each with its own words, one of them in use; none is lost when there is no room."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Api, Product, wait_for
from tests.journeys.people import AgentDesk
from tests.journeys.test_axe import _SWITCH, Watched
from tests.journeys.test_twenty_chats import Caller

pytestmark = [pytest.mark.browser, pytest.mark.slow]

_OVER = {"type": "consult", "solved": "solved", "text": "已告知客户办理的方法和时间"}
FILTER, INVOICE, PARCEL = "滤芯多久换一次呢", "发票在哪里下载呢", "什么时候发货呢"


class Desk(AgentDesk):
    """林一's, with the panes of it."""

    def pane(self, words: str) -> Locator:
        return self.page.get_by_test_id("thread").filter(has_text=words)

    def row(self, words: str) -> Locator:
        return self.page.get_by_test_id("mine-row").filter(has_text=words)

    def has_in_use(self, words: str) -> None:
        """Who is in use has the colour, and the hands."""
        expect(self.pane(words).locator("[data-test=pane-bar].used")).to_be_visible()
        expect(self.pane(words).get_by_test_id("composer-text")).to_be_focused()

    def writes(self, text: str) -> None:
        self.page.keyboard.insert_text(text)

    def goes_to(self, width: int) -> None:
        self.page.set_viewport_size({"width": width, "height": 900})


@pytest.fixture
def callers(product: Product) -> dict[str, Caller]:
    agent = Api(product.url, "linyi")
    agent.call("PUT", "/me/presence", {"state": "online"})
    for chat in agent.call("GET", "/conversations/mine")["items"]:
        agent.call("POST", f"/conversations/{chat['id']}/end", {"summary": _OVER})
    found = {}
    for words in (FILTER, INVOICE, PARCEL):
        found[words] = Caller(product.url)
        found[words].says(words)
    wait_for(lambda: len(agent.call("GET", "/conversations/mine")["items"]) == 3, "three chats have come")
    return found


def chat_of(product: Product, words: str) -> dict[str, Any]:
    """By its first words: what the row shows are its last."""
    agent = Api(product.url, "linyi")
    for chat in agent.call("GET", "/conversations/mine")["items"]:
        said = agent.call("GET", f"/conversations/{chat['id']}")["messages"]
        if any(words in (each.get("text") or "") for each in said):
            return dict(chat)
    raise AssertionError(words)


def test_two_chats_are_answered_in_turn_by_keys(
    product: Product, callers: dict[str, Caller], new_page: Callable[..., Page]
) -> None:
    desk = Desk(new_page(), product.url)
    page = desk.page
    desk.row(FILTER).click()
    desk.row(INVOICE).click(modifiers=["Control"])
    expect(page.get_by_test_id("thread")).to_have_count(2)
    page.keyboard.press("F6")
    desk.has_in_use(FILTER)
    desk.writes("每半年换一次。")
    page.keyboard.press("Control+Enter")
    page.keyboard.press("F6")
    desk.has_in_use(INVOICE)
    desk.writes("在「我的-订单」里下载。")
    page.keyboard.press("Control+Enter")
    expect(desk.pane(FILTER).get_by_test_id("message-out")).to_contain_text(["每半年换一次。"])
    expect(desk.pane(INVOICE).get_by_test_id("message-out")).to_contain_text(["在「我的-订单」里下载。"])

    # What comes in the other is marked there and said once, in words that name it.
    callers[FILTER].says("那在哪里买?")
    fresh = desk.pane(FILTER).get_by_test_id("pane-fresh")
    expect(fresh).to_have_text("新消息 1")
    expect(page.get_by_test_id("pane-news")).to_contain_text("新消息 1：那在哪里买?")
    expect(desk.pane(FILTER).get_by_test_id("log")).to_have_attribute("aria-live", "off")
    desk.writes("稍等")
    page.keyboard.press("Shift+F6")
    desk.has_in_use(FILTER)
    expect(fresh).to_have_count(0)

    # Second thoughts are of the pane in use, and half a sentence stays where it was written.
    desk.writes("在商城里搜「滤芯」。")
    page.keyboard.press("Control+Enter")
    page.keyboard.press("Control+z")
    expect(desk.pane(FILTER).get_by_test_id("message-waiting")).to_have_count(0)
    expect(desk.pane(FILTER).get_by_test_id("composer-text")).to_have_value("在商城里搜「滤芯」。")
    expect(desk.pane(INVOICE).get_by_test_id("composer-text")).to_have_value("稍等")
    page.reload()
    expect(page.get_by_test_id("thread")).to_have_count(2)
    expect(desk.pane(FILTER).get_by_test_id("composer-text")).to_have_value("在商城里搜「滤芯」。")
    expect(desk.pane(INVOICE).get_by_test_id("composer-text")).to_have_value("稍等")

    # The set is on the device, too: whoever comes back to the desk finds it.
    page.goto(f"{product.url}/app/notices")
    page.goto(f"{product.url}/app/desk")
    expect(page.get_by_test_id("thread")).to_have_count(2)


def test_a_third_is_dragged_in_and_panes_are_closed_again(
    product: Product, callers: dict[str, Caller], new_page: Callable[..., Page]
) -> None:
    desk = Desk(new_page(1920), product.url)
    page = desk.page
    desk.row(FILTER).click()
    expect(desk.pane(FILTER)).to_be_visible()
    desk.row(INVOICE).hover()
    page.locator("li").filter(has=desk.row(INVOICE)).get_by_test_id("open-beside").click()
    expect(page.get_by_test_id("thread")).to_have_count(2)
    box = desk.pane(FILTER).bounding_box()
    assert box is not None
    desk.row(PARCEL).hover()
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 200, steps=4)
    page.get_by_test_id("drop-zone").wait_for()
    page.mouse.move(box["x"] + 40, box["y"] + 220, steps=4)
    page.mouse.up()
    expect(page.get_by_test_id("thread")).to_have_count(3)
    expect(page.get_by_test_id("thread")).to_contain_text([PARCEL, FILTER, INVOICE])
    expect(page.get_by_test_id("drop-zone")).to_have_count(0)

    # Opened once more it is the same pane; a plain click fills the one in use.
    desk.row(INVOICE).click()
    expect(page.get_by_test_id("thread")).to_have_count(3)
    desk.pane(INVOICE).get_by_test_id("log").click()
    page.keyboard.press("z")
    expect(page.get_by_test_id("thread")).to_have_count(2)
    expect(desk.pane(INVOICE)).to_have_count(0)
    desk.pane(PARCEL).get_by_test_id("close-pane").click()
    expect(page.get_by_test_id("thread")).to_have_count(1)
    expect(desk.pane(FILTER)).to_be_visible()
    assert "split" not in page.url
    page.keyboard.press("Control+k")
    page.get_by_test_id("search").fill("并排我的会话")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("thread")).to_have_count(3)


def test_where_there_is_no_room_the_others_are_tabs_and_unread(
    product: Product, callers: dict[str, Caller], new_page: Callable[..., Page]
) -> None:
    desk = Desk(new_page(), product.url)
    page = desk.page
    desk.row(FILTER).click()
    desk.row(INVOICE).click(modifiers=["Control"])
    expect(page.get_by_test_id("thread")).to_have_count(2)
    other = AgentDesk(new_page(), product.url, "admin")
    other.page.goto(f"{product.url}/app/desk/c/{chat_of(product, FILTER)['id']}")
    looked_at = other.page.get_by_text("林一 也在看")
    expect(looked_at).to_be_visible()
    expect(desk.pane(FILTER)).to_contain_text("也在看")
    expect(desk.pane(INVOICE)).not_to_contain_text("也在看")

    desk.goes_to(1024)
    expect(page.get_by_test_id("thread")).to_have_count(1)
    expect(page.get_by_test_id("pane-tab")).to_have_count(2)
    expect(desk.pane(INVOICE)).to_be_visible()
    expect(looked_at).to_have_count(0)
    callers[FILTER].says("还在吗?")
    expect(page.get_by_test_id("pane-tab").first).to_contain_text("1")
    assert chat_of(product, FILTER)["unread"] == 1
    page.get_by_test_id("pane-tab").first.click()
    expect(desk.pane(FILTER)).to_contain_text("还在吗?")
    wait_for(lambda: chat_of(product, FILTER)["unread"] == 0, "what is seen is read")

    desk.goes_to(390)
    expect(page.get_by_test_id("pane-tab")).to_have_count(0)
    expect(desk.pane(FILTER)).to_be_visible()
    desk.goes_to(1440)
    expect(page.get_by_test_id("thread")).to_have_count(2)


def test_axe_finds_nothing_in_panes_and_tabs(
    product: Product, callers: dict[str, Caller], new_page: Callable[..., Page]
) -> None:
    watched = Watched(new_page(1920))
    desk = Desk(watched.page, product.url)
    desk.row(FILTER).click()
    for words in (INVOICE, PARCEL):
        desk.row(words).click(modifiers=["Control"])
        expect(desk.pane(words)).to_be_visible()
    callers[FILTER].says("在吗?")
    expect(desk.pane(FILTER).get_by_test_id("pane-fresh")).to_be_visible()
    found = watched.find_both()
    for language in ("en", "zh-CN"):
        desk.page.evaluate(_SWITCH, [language, "light"])
        expect(desk.page.locator(f"html[lang={language}]")).to_have_count(1)
        for width in (1440, 1920):
            desk.goes_to(width)
            for pane in desk.page.get_by_test_id("thread").all():
                around, button = pane.bounding_box(), pane.get_by_test_id("send").bounding_box()
                assert around is not None
                assert button is not None
                assert button["x"] + button["width"] < around["x"] + around["width"]
    desk.goes_to(1024)
    expect(desk.page.get_by_test_id("pane-tab")).to_have_count(3)
    found += watched.find_both()
    assert found == []
    assert watched.errors == []
