"""An administrator at the settings: a new inbox, rules released and taken back, the journal proved, the machines."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Product
from tests.journeys.people import AgentDesk
from tests.standins.tokenserver import CLIENT, SECRET, token_server

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def at(new_page: Callable[..., Page], product: Product, part: str) -> Page:
    page = AgentDesk(new_page(), product.url, "admin").page
    page.goto(f"{product.url}/app/settings/{part}")
    expect(page.get_by_test_id("settings-page")).to_be_visible()
    return page


def test_a_chat_for_a_new_site_in_three_steps(product: Product, new_page: Callable[..., Page]) -> None:
    page = at(new_page, product, "inboxes")
    page.get_by_test_id("new-inbox").click()
    page.get_by_test_id("pick-webchat").click()
    page.get_by_test_id("inbox-name").fill("山雀家纺")
    page.get_by_test_id("save-inbox").click()
    expect(page.get_by_test_id("snippet")).to_contain_text("/widget.js")
    page.get_by_role("link", name="查看接入点").click()
    expect(page.get_by_test_id("health")).to_contain_text("暂无往来")
    page.get_by_test_id("inbox-name").fill("山雀家纺商城")
    page.get_by_test_id("save-inbox").click()
    expect(page.get_by_test_id("toast")).to_contain_text("已保存")
    page.goto(f"{product.url}/app/settings/inboxes")
    expect(page.get_by_test_id("inbox-row").filter(has_text="山雀家纺商城")).to_be_visible()


def test_a_mailbox_that_cannot_be_reached_says_what_to_do(product: Product, new_page: Callable[..., Page]) -> None:
    page = at(new_page, product, "inboxes/new")
    page.get_by_test_id("pick-email").click()
    page.get_by_test_id("inbox-name").fill("客服邮箱")
    page.get_by_test_id("field-address").fill("kefu@qq.com")
    page.get_by_test_id("field-from_name").click()
    expect(page.get_by_test_id("field-incoming.host")).to_have_value("imap.qq.com")
    page.get_by_test_id("field-incoming.host").fill("127.0.0.1")
    page.get_by_test_id("field-incoming.port").fill("1")
    page.get_by_test_id("field-outgoing.host").fill("127.0.0.1")
    page.get_by_test_id("field-outgoing.port").fill("1")
    page.get_by_test_id("save-inbox").click()
    expect(page.get_by_test_id("checks")).to_contain_text("未通过")
    expect(page.get_by_test_id("save-anyway")).to_be_visible()


def test_a_person_lets_us_into_a_mailbox_at_its_provider(product: Product, new_page: Callable[..., Page]) -> None:
    page = at(new_page, product, "inboxes/new")
    with token_server() as provider:
        page.get_by_test_id("pick-email").click()
        fields = {
            "inbox-name": "企业邮箱", "field-address": "kefu@shanque.example", "field-incoming.host": "127.0.0.1",
            "field-outgoing.host": "127.0.0.1", "field-oauth.client_id": CLIENT, "field-oauth.token_url": provider.url,
            "field-oauth.authorize_url": provider.consent_url, "field-oauth.scope": "mail",
            "field-client_secret": SECRET,
        }  # fmt: skip
        page.get_by_test_id("field-auth").select_option("xoauth2")
        for field, words in fields.items():
            page.get_by_test_id(field).fill(words)
        page.get_by_test_id("save-inbox").click()
        state = page.get_by_test_id("authorise-state")
        expect(state).to_have_text("尚未授权")
        for answer, said, after in (("拒绝", "未获授权", "尚未授权"), ("允许", "授权成功", "已授权")):
            with page.expect_popup() as opened:
                page.get_by_test_id("authorise-begin").click()
            there = opened.value
            there.get_by_role("link", name=answer).click()
            expect(there.get_by_role("heading")).to_contain_text(said)
            there.close()
            page.bring_to_front()
            page.evaluate("() => window.dispatchEvent(new Event('focus'))")  # a headless window has none of its own
            expect(state).to_have_text(after)
        expect(page.get_by_test_id("authorise-begin")).to_have_text("重新授权")
    assert [form["grant_type"] for form in provider.asked][:1] == ["authorization_code"]


def test_rules_are_drafted_compared_released_and_taken_back(product: Product, new_page: Callable[..., Page]) -> None:
    page = at(new_page, product, "config/clocks/default")
    silence = page.get_by_label("客户沉默多久后催问")
    expect(silence).to_have_value("180")
    silence.fill("0")
    page.get_by_test_id("save-document").click()
    expect(page.get_by_role("alert").filter(has_text="不能小于 1")).to_be_visible()
    silence.fill("240")
    page.get_by_test_id("save-document").click()
    expect(page.get_by_test_id("difference")).to_contain_text("4 分钟")
    page.get_by_test_id("review").click()
    page.get_by_test_id("release-note").fill("多等一分钟")
    page.get_by_test_id("release").click()
    expect(page.get_by_test_id("toast").last).to_contain_text("已生效")
    expect(page.get_by_test_id("difference")).to_have_count(0)
    page.goto(f"{product.url}/app/settings/releases")
    rows = page.get_by_test_id("release-row")
    expect(rows.first).to_contain_text("多等一分钟")
    rows.nth(1).get_by_test_id("roll-back").click()
    expect(page.get_by_test_id("difference")).to_contain_text("3 分钟")
    page.get_by_test_id("roll-back-accept").click()
    expect(page.get_by_test_id("toast").last).to_contain_text("已生效")
    page.goto(f"{product.url}/app/settings/config/clocks/default")
    expect(page.get_by_test_id("difference")).to_contain_text("4 分钟")  # what was taken back is a draft again
    page.get_by_test_id("discard").click()
    expect(page.get_by_test_id("difference")).to_have_count(0)
    expect(silence).to_have_value("180")


def test_the_journal_is_filtered_and_proved(product: Product, new_page: Callable[..., Page]) -> None:
    page = at(new_page, product, "audit")
    page.get_by_test_id("prove").click()
    expect(page.get_by_test_id("proof")).to_contain_text("都未被改动")
    page.get_by_test_id("audit-kind").select_option("session.")
    expect(page.get_by_test_id("audit-row").first).to_contain_text("登录")
    page.get_by_test_id("audit-actor").select_option("router")
    expect(page.get_by_test_id("empty")).to_contain_text("没有符合的记录")
    page.get_by_role("button", name="清除筛选").click()
    expect(page.get_by_test_id("audit-row").first).to_be_visible()


def test_the_machine_room_is_well(product: Product, new_page: Callable[..., Page]) -> None:
    page = at(new_page, product, "operations")
    expect(page.get_by_test_id("all-well")).to_be_visible()
    expect(page.get_by_role("region", name="值守")).to_contain_text("智能分配")
