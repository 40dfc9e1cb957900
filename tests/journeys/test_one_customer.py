"""Nobody with a cart, a mail, a signed-in chat: one customer, and nobody asked him.

What a CRM knows of him stays on the screen while it is away; a wrong merge is taken back.
"""

from __future__ import annotations

import email
import email.policy
import time
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import ROUND_THE_CLOCK, Api, Product, shop, wait_for
from tests.journeys.people import AgentDesk
from tests.journeys.test_chat_and_mail_are_one_story import CUSTOMER, SUPPORT, connect_mailbox
from tests.standins.crm import Crm, crm
from tests.standins.mailserver import MailServer
from tests.standins.signing import signed
from tests.web.widget.test_visitor import jwt

pytestmark = [pytest.mark.browser, pytest.mark.mail]

SECRET = "s3cret-of-the-shop"
MOBILE = "19900001234"
GOODS = {"product_id": "X3", "name": "空气净化器 X3", "price": "1899.00", "quantity": 2}
STRANGER = "lilei@customer.test"


@pytest.fixture
def standin(product: Product) -> Iterator[Crm]:
    with crm() as running:
        running.add(MOBILE, "王晓燕", running.order("SO2026110001"))
        document = running.document()
        document["look_up"]["cache_minutes"] = 0
        admin = product.admin()
        saved = admin.call("PUT", "/config/connector/crm", {"body": document})
        pick = {"kind": "connector", "name": "crm", "version": saved["version"]}
        admin.call("POST", "/config/releases", {"picks": [pick], "note": "会员 CRM"})
        yield running


@pytest.fixture
def member_page(product: Product) -> Iterator[str]:
    """A page of the shop, which signs who is logged in there; what would guard orders has a way out of the house."""
    admin = product.admin()
    team = admin.call("GET", "/reference")["teams"][0]
    admin.call("POST", "/inboxes", {
        "channel": "webchat", "name": "会员商城", "team_id": team["id"], "key": "member",
        "settings": {"calendar": ROUND_THE_CLOCK}, "secrets": {"identity_secret": SECRET},
    })  # fmt: skip
    with shop(product.url, "member") as address:
        yield address


def letter(sender: str, name: str, subject: str) -> bytes:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = f"{name} <{sender}>", SUPPORT, subject
    made["Message-ID"], made["Date"] = f"<{name.encode().hex()}@customer.test>", email.utils.localtime()
    made.set_content("您好,麻烦看一下。")
    return signed(made.as_bytes(policy=email.policy.SMTP))


def known(admin: Api, address: str) -> str:
    """The customer whom a verified address found."""
    found: list[dict[str, Any]] = wait_for(
        lambda: admin.call("GET", f"/customers?q={address}")["items"], f"a mail of {address}", 30
    )
    return str(found[0]["id"])


def test_one_customer_without_being_asked(
    product: Product, standin: Crm, member_page: str, mail_server: MailServer, new_page: Callable[..., Page]
) -> None:
    connect_mailbox(product, mail_server, history_days=1)
    mail_server.deliver(letter(CUSTOMER, "王晓燕", "净化器漏水的照片"), SUPPORT, CUSTOMER)
    mail_server.deliver(letter(STRANGER, "李雷", "发票抬头开错了"), SUPPORT, STRANGER)
    agent = AgentDesk(new_page(), product.url)
    agent.goes_online()
    admin = product.admin()

    browser = new_page(1100, 820)
    browser.goto(member_page)
    browser.wait_for_function("typeof yizhan === 'function' && !!document.querySelector('yizhan-widget')")
    wait_for(lambda: admin.call("GET", "/visitors/online")["items"], "the visit of nobody")
    browser.evaluate("goods => yizhan('track', 'view_cart', {products: [goods], currency: 'CNY'})", GOODS)
    wait_for(lambda: admin.call("GET", "/visitors/online")["items"][0]["cart"], "his cart")
    wang, stranger = known(admin, CUSTOMER), known(admin, STRANGER)

    browser.get_by_role("button", name="打开在线客服").click()
    browser.get_by_label("输入消息").fill("购物车里的净化器还能便宜吗?")
    browser.keyboard.press("Enter")
    agent.opens_chat_with("还能便宜吗")
    pane = agent.page.get_by_test_id("customer-pane")
    expect(pane.get_by_test_id("verify-chip")).to_contain_text("未核身")
    claims = {"user_id": "M7", "name": "王晓燕", "email": CUSTOMER, "phone": MOBILE, "exp": int(time.time()) + 600}
    browser.evaluate("who => yizhan('identify', who)", {"id": "M7", "name": "王晓燕", "jwt": jwt(claims, SECRET)})
    expect(pane.get_by_test_id("trail-cart")).to_contain_text("2 件商品")
    expect(pane).to_contain_text("净化器漏水的照片")
    expect(pane.get_by_test_id("verify-chip")).to_contain_text("已核身")
    order = pane.get_by_test_id("order")
    expect(order).to_contain_text("SO2026110001")
    expect(order).to_contain_text("空气炸锅 A5")

    standin.mood = "down"
    agent.page.reload()
    expect(pane.get_by_test_id("source-stale")).to_contain_text("会员 CRM 暂不可用，显示")
    expect(order).to_contain_text("已付款")
    standin.people[MOBILE]["orders"][0]["state"] = "已发货"
    standin.mood = "ok"
    expect(order).to_contain_text("已发货")
    expect(pane.get_by_test_id("source-stale")).to_have_count(0)

    admin.call("POST", f"/contacts/{wang}/links", {"other": stranger, "reason": "名字相近"})
    wrong = pane.get_by_test_id("member-row").filter(has_text="李雷")
    expect(pane).to_contain_text("发票抬头开错了")
    wrong.get_by_test_id("unlink").click()
    agent.page.get_by_test_id("unlink-reason").fill("不是同一个人")
    agent.page.get_by_test_id("unlink-accept").click()
    expect(wrong).to_have_count(0)
    expect(pane).not_to_contain_text("发票抬头开错了")
    expect(pane).to_contain_text("净化器漏水的照片")
    assert "发票抬头开错了" in str(admin.call("GET", f"/customers/{stranger}/timeline"))
