"""A supervisor at the wallboard: a queue, the list behind it, what is done about it; a whisper; a taken-over chat."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Api, Product, wait_for
from tests.journeys.people import AgentDesk
from tests.journeys.test_twenty_chats import Caller

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_queue_is_seen_opened_and_helped_and_the_agent_is_whispered_to(
    product: Product, new_page: Callable[..., Page]
) -> None:
    admin, agent = product.admin(), Api(product.url, "linyi")
    lin = next(a for a in admin.call("GET", "/agents")["items"] if a["login"] == "linyi")
    admin.call("PATCH", f"/agents/{lin['id']}", {"version": lin["version"], "live_cap": 1})
    agent.call("PUT", "/me/presence", {"state": "online"})
    Caller(product.url).says("净化器的灯一直闪")
    (served,) = wait_for(lambda: agent.call("GET", "/conversations/mine")["items"], "the chat comes")
    Caller(product.url).says("滤芯什么时候发货")

    page = AgentDesk(new_page(), product.url, "admin").page
    page.goto(f"{product.url}/app/monitor")
    queue = page.get_by_test_id("figure-queue_length")
    number = queue.locator(".number")
    expect(number).to_have_text("1")
    queue.get_by_role("button").first.click()
    expect(page.get_by_test_id("behind-row")).to_contain_text("滤芯什么时候发货")
    expect(page.get_by_test_id("behind-means")).to_contain_text("正在排队等人工客服的会话")
    page.keyboard.press("Escape")
    page.get_by_test_id("agent-serving").first.click()
    expect(page.get_by_test_id("behind-row")).to_contain_text("净化器的灯一直闪")
    page.keyboard.press("Escape")
    page.get_by_test_id("monitor-team").select_option("channel:webchat")
    expect(number).to_have_text("1")
    expect(page.get_by_test_id("figure-agents_online")).to_have_count(0)  # of a channel there is none
    page.get_by_test_id("monitor-team").select_option("")

    page.get_by_test_id("team-act").first.click()
    page.get_by_text("提高接待上限").first.click()
    page.get_by_test_id("remedy-accept").click()
    expect(page.get_by_test_id("measure")).to_contain_text("接待上限 +1")
    expect(number).to_have_text("0")  # by itself: nobody waits beside a free place
    assert len(agent.call("GET", "/conversations/mine")["items"]) == 2

    desk = AgentDesk(new_page(), product.url)
    desk.page.goto(f"{product.url}/app/desk/c/{served['id']}")
    page.goto(f"{product.url}/app/desk/c/{served['id']}")
    expect(page.get_by_test_id("watch-bar")).to_contain_text("由 林一 接待")
    page.get_by_test_id("whisper").click()
    page.get_by_test_id("watch-text").fill("先道歉,再说换新")
    page.get_by_test_id("watch-accept").click()
    expect(desk.page.get_by_test_id("whisper-line")).to_contain_text("管理员 的悄悄话先道歉,再说换新")
    desk.page.get_by_test_id("whisper-read").click()
    expect(desk.page.get_by_test_id("whisper-line")).to_be_hidden()

    page.get_by_test_id("take-over").click()
    page.get_by_test_id("watch-text").fill("客户要求主管")
    page.get_by_test_id("watch-accept").click()
    expect(page.get_by_test_id("watch-bar")).to_be_hidden()
    assert len(agent.call("GET", "/conversations/mine")["items"]) == 1
    page.goto(f"{product.url}/app/monitor")
    page.get_by_test_id("end-measure").click()
    expect(page.get_by_test_id("measure")).to_be_hidden()
    after = next(a for a in admin.call("GET", "/agents")["items"] if a["login"] == "linyi")
    assert after["live_cap"] == 1
