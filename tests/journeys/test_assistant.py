"""The assistant receives first: it answers, or hands on; the agent sees what it tried before he speaks."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Product
from tests.journeys.people import AgentDesk, Visitor

pytestmark = pytest.mark.browser

ENTRIES = [
    {"key": "refund", "questions": ["退款多久到账?"], "answer": "签收退货后 1-3 个工作日原路退回。"},
    {"key": "invoice", "questions": ["怎么申请电子发票?"], "answer": "在订单详情页点「申请发票」。"},
]


@pytest.fixture
def assisted(product: Product) -> None:
    admin = product.admin()
    body = {"title": "常见问题", "begins": "always", "entries": ENTRIES}
    saved = admin.call("PUT", "/config/reception/default", {"body": body})
    pick = {"kind": "reception", "name": "default", "version": saved["version"]}
    admin.call("POST", "/config/releases", {"picks": [pick], "note": "智能助手"})


def test_the_assistant_answers_then_a_person_does(
    product: Product, assisted: None, shop_page: str, new_page: Callable[..., Page]
) -> None:
    desk = AgentDesk(new_page(), product.url)
    desk.goes_online()
    visitor = Visitor(new_page(1100, 820), shop_page)
    visitor.says("退款多久到账")
    visitor.hears("1-3 个工作日原路退回")
    expect(visitor.page.locator(".theirs small").last).to_have_text("智能助手")
    visitor.page.get_by_role("button", name="没解决").click()
    desk.opens_chat_with("没解决")
    tried = desk.page.get_by_test_id("assistant-bar")
    expect(tried).to_contain_text("智能助手已试 1 次")
    expect(tried).to_contain_text("客户表示未解决")
    desk.answers("我看到了,马上为您核实这笔退款")
    visitor.hears("马上为您核实这笔退款")
    expect(visitor.page.get_by_text("人工客服")).to_be_visible()
    solved = Visitor(new_page(1100, 820), shop_page)
    solved.says("怎么申请电子发票")
    solved.hears("申请发票")
    solved.page.get_by_role("button", name="已解决").click()
    solved.hears("很高兴帮到您")
    expect(solved.page.get_by_text("请为本次服务打分")).to_have_count(0)
