"""会诊 and 承诺 at the screens: the technical team is asked and concludes, the customer hears none of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PASSWORD, Product
from tests.journeys.people import AgentDesk, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def technical(product: Product) -> dict[str, Any]:
    """技术组 with 高远, who sees nothing of 售后's work."""
    admin = product.admin()
    role = next(r for r in admin.call("GET", "/roles")["items"] if r["key"] == "agent")
    team: dict[str, Any] = admin.call("POST", "/teams", {"key": "tech", "name": "技术组"})
    gao = admin.call("POST", "/agents", {
        "login": "gaoyuan", "name": "高远", "role_id": role["id"], "password": PASSWORD,
    })  # fmt: skip
    admin.call("PUT", f"/teams/{team['id']}/members", {"members": [{"agent_id": gao["id"], "lead": False}]})
    return team


def test_the_technical_team_is_consulted_and_closes_with_a_conclusion(
    product: Product, technical: dict[str, Any], shop_page: str, new_page: Callable[..., Page]
) -> None:
    lin, gao = AgentDesk(new_page(), product.url), AgentDesk(new_page(), product.url, "gaoyuan")
    lin.goes_online()
    visitor = Visitor(new_page(1100, 820), shop_page)
    visitor.says("净化器的灯座冒烟了")
    lin.opens_chat_with("灯座冒烟了")

    page = lin.page
    page.get_by_test_id("composer-text").fill("我去请教技术同事,今晚 23:59 前回复您")
    page.get_by_test_id("promise-chip").click()
    expect(page.get_by_test_id("promise-chip")).to_contain_text("已记为承诺")
    page.get_by_test_id("send").click()
    expect(page.get_by_test_id("promise")).to_contain_text("回复")
    visitor.hears("今晚 23:59 前回复您")

    page.get_by_test_id("more").click()
    page.get_by_test_id("more-consult").click()
    page.get_by_test_id("consult-ask-question").fill("灯座冒烟,是不是 2 月那批的问题?")
    page.get_by_test_id("consult-ask").get_by_text("技术组").click()
    page.get_by_test_id("consult-ask-send").click()
    expect(page.get_by_test_id("consult-question")).to_contain_text("2 月那批")

    invite = gao.page.get_by_test_id("consult-invite")
    expect(invite).to_contain_text("林一 邀请您会诊")
    invite.get_by_test_id("consult-join").click()
    expect(gao.page.get_by_test_id("message-in").filter(has_text="灯座冒烟了")).to_be_visible()
    gao.page.get_by_test_id("consult-text").fill("是那批,灯座都要换,先让客户断电")
    gao.page.keyboard.press("Enter")
    expect(page.get_by_test_id("consult-line").filter(has_text="先让客户断电")).to_be_visible()
    expect(page.get_by_test_id("consult-member").filter(has_text="高远")).to_contain_text("已加入")
    visitor.says("还在吗")
    expect(gao.page.get_by_test_id("message-in").filter(has_text="还在吗")).to_be_visible()

    page.get_by_test_id("consult-close").click()
    expect(page.get_by_test_id("consult-conclude")).to_be_disabled()
    page.get_by_test_id("consult-conclusion").fill("2 月批次灯座,免费换新,客户先断电")
    page.get_by_test_id("consult-conclude").click()
    expect(page.get_by_test_id("note").filter(has_text="免费换新")).to_contain_text("会诊结论")
    expect(gao.page.get_by_test_id("thread")).not_to_contain_text("净化器的灯座冒烟了")
    visitor.never_saw("是那批")
    visitor.never_saw("2 月批次")
