"""The widget on somebody else's pages, against the running product: strict pages, blocked sockets, a restart."""

from __future__ import annotations

import functools
import http.server
import re
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys.camera import hold_up
from tests.journeys.conftest import PASSWORD, ROUND_THE_CLOCK, Api, Product, shop, wait_for
from tests.journeys.people import AgentDesk, Visitor
from tests.web.widget.test_visitor import jwt
from yizhan.records.counter import MARK

pytestmark = pytest.mark.browser

PAGE = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>{title}</title><body><h1>{title}</h1>
<script src="{url}/widget.js" data-inbox="shop" async></script></body></html>"""
SAMPLES = Path(__file__).parents[2] / "docs" / "examples" / "sdk"
SECRET, MOBILE = "s3cret-of-the-shop", "19900001234"
TITLES = {"/purifier": "空气净化器 X3", "/filter": "滤芯套装", "/cart": "购物车", "/repair": "维修预约"}


class Site(http.server.ThreadingHTTPServer):
    """Another company's shop. `policy` is what its pages allow."""

    def __init__(self, product: str) -> None:
        self.policy = ""
        self.product = product
        super().__init__(("127.0.0.1", 0), Answer)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Answer(http.server.BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        title = TITLES.get(self.path.partition("?")[0])
        self.send_response(200 if title else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        if self.server.policy:
            self.send_header("Content-Security-Policy", self.server.policy)
        self.end_headers()
        self.wfile.write(PAGE.format(title=title or "", url=self.server.product).encode())

    def log_message(self, *_: object) -> None:
        return


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def site(product: Product) -> Iterator[Site]:
    shop = Site(product.url)
    threading.Thread(target=shop.serve_forever, daemon=True).start()
    yield shop
    shop.shutdown()


@pytest.fixture
def same_person(chromium: Browser) -> Iterator[BrowserContext]:
    """Pages of one browser."""
    context = chromium.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": 1100, "height": 820})
    context.set_default_timeout(45_000)
    yield context
    context.close()


def strict(product: Product, *, sockets: bool = True) -> str:
    lines = f"{product.url} {product.url.replace('http', 'ws')}" if sockets else product.url
    return (
        f"default-src 'none'; script-src {product.url}; connect-src {lines}; img-src {product.url} blob:; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )


def test_on_a_strict_page_both_sides_talk_and_nothing_is_reported(
    product: Product, site: Site, new_page: Callable[..., Page], same_person: BrowserContext
) -> None:
    site.policy = strict(product)
    agent = AgentDesk(new_page(), product.url)
    agent.goes_online()
    page = same_person.new_page()
    page.add_init_script(
        "window.reports=[];addEventListener('securitypolicyviolation',e=>reports.push(e.violatedDirective))"
    )
    visitor = Visitor(page, f"{site.address}/purifier")
    visitor.says("滤芯多久换一次?")
    agent.opens_chat_with("滤芯多久换")
    agent.answers("半年一次,到期会提醒您。")
    visitor.hears("半年一次")
    look = page.locator(".launcher").evaluate("button => getComputedStyle(button).borderRadius")
    assert look == "50%"
    assert page.evaluate("reports") == []
    agent.ends_with_enter()


def test_where_sockets_are_blocked_both_sides_talk(
    product: Product, site: Site, new_page: Callable[..., Page], same_person: BrowserContext
) -> None:
    site.policy = strict(product, sockets=False)
    agent = AgentDesk(new_page(), product.url)
    agent.goes_online()
    visitor = Visitor(same_person.new_page(), f"{site.address}/purifier")
    visitor.says("公司网络里能用吗?")
    agent.opens_chat_with("公司网络里")
    agent.answers("可以的,请讲。")
    visitor.hears("可以的,请讲。")
    visitor.page.goto(f"{site.address}/purifier?next")
    visitor.page.get_by_role("button", name="打开在线客服").click()
    visitor.hears("可以的,请讲。")
    visitor.says("换了一页")
    expect(agent.page.get_by_test_id("thread")).to_contain_text("换了一页")
    agent.ends_with_enter()


def test_a_visit_is_seen_live_and_an_invitation_reaches_it(
    product: Product, site: Site, new_page: Callable[..., Page], same_person: BrowserContext
) -> None:
    desk = AgentDesk(new_page(), product.url)
    desk.goes_online()
    desk.page.goto(f"{product.url}/app/visitors")
    page = same_person.new_page()
    page.goto(f"{site.address}/filter")
    row = desk.page.get_by_test_id("visitor-row").filter(has_text="滤芯套装")
    expect(row).to_have_count(1)
    page.goto(f"{site.address}/cart")
    goods = {"product_id": "X3", "name": "空气净化器 X3", "price": "1899.00", "quantity": 2}
    page.wait_for_function("typeof yizhan === 'function' && !!document.querySelector('yizhan-widget')")
    page.wait_for_timeout(500)
    page.evaluate("goods => yizhan('track', 'view_cart', {products: [goods], currency: 'CNY'})", goods)
    row = desk.page.get_by_test_id("visitor-row").filter(has_text="购物车")
    expect(row).to_contain_text("2 件商品 ¥3,798")
    row.get_by_test_id("invite").click()
    desk.page.get_by_test_id("invite-text").fill("您好,购物车里的净化器有现货,需要帮忙吗?")
    desk.page.get_by_test_id("invite-send").click()
    expect(page.locator(".teaser")).to_contain_text("有现货")
    page.locator(".teaser").get_by_role("button", name="回复").click()
    visitor = page.get_by_label("输入消息")
    visitor.fill("两台能便宜点吗?")
    visitor.press("Enter")
    desk.page.goto(f"{product.url}/app/desk")
    desk.opens_chat_with("两台能便宜")
    pane = desk.page.get_by_test_id("trail")
    expect(pane.get_by_test_id("trail-page")).to_have_text("购物车")
    expect(pane.get_by_test_id("trail-cart")).to_contain_text("¥3,798")
    page.evaluate("history.pushState(null, '', '/repair'); document.title = '维修预约'")
    expect(pane.get_by_test_id("trail-page")).to_have_text("维修预约")
    desk.ends_with_enter()
    desk.page.goto(f"{product.url}/app/visitors")
    row = desk.page.get_by_test_id("visitor-row").filter(has_text="维修预约")
    expect(row).to_have_count(1)
    page.close()
    expect(row).to_have_count(0, timeout=30_000)


def test_a_restart_of_the_server_loses_and_repeats_nothing(
    product: Product, site: Site, new_page: Callable[..., Page], same_person: BrowserContext
) -> None:
    agent = AgentDesk(new_page(), product.url)
    agent.goes_online()
    visitor = Visitor(same_person.new_page(), f"{site.address}/repair")
    visitor.says("重启前说的")
    agent.opens_chat_with("重启前说的")
    agent.answers("收到。")
    visitor.hears("收到。")
    product.stop()
    expect(visitor.page.get_by_text("正在重连")).to_be_visible()
    visitor.page.get_by_label("输入消息").fill("停机时写的")
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.get_by_text("发送中", exact=True)).to_be_visible()
    product.start_again()
    expect(visitor.page.get_by_text("发送中", exact=True)).to_have_count(0, timeout=60_000)
    expect(agent.page.get_by_test_id("thread")).to_contain_text("停机时写的", timeout=60_000)
    agent.answers("重启后答的。")
    visitor.hears("重启后答的。")
    visitor.page.reload()
    visitor.page.get_by_role("button", name="打开在线客服").click()
    visitor.hears("重启后答的。")
    words: list[Any] = visitor.page.locator(".row .bubble").all_inner_texts()
    assert [each for each in words if each in ("重启前说的", "收到。", "停机时写的", "重启后答的。")] == [
        "重启前说的", "收到。", "停机时写的", "重启后答的。",
    ]  # fmt: skip
    assert len(words) == 4


def open_shop(admin: Api) -> None:
    """A shop with a counter, somebody who stands there, and a page that says who is signed in."""
    saved = admin.call("PUT", "/config/shop/xuhui", {"body": {"name": {"zh": "徐汇店", "en": "Xuhui"}}})
    pick = {"kind": "shop", "name": "xuhui", "version": saved["version"]}
    admin.call("POST", "/config/releases", {"picks": [pick], "note": "门店"})
    role = next(each for each in admin.call("GET", "/roles")["items"] if each["key"] == "shop")
    admin.call("POST", "/agents", {"login": "mendian", "name": "沈小满", "role_id": role["id"], "password": PASSWORD})
    team = admin.call("GET", "/reference")["teams"][0]
    admin.call("POST", "/inboxes", {
        "channel": "webchat", "name": "会员商城", "team_id": team["id"], "key": "member",
        "settings": {"calendar": ROUND_THE_CLOCK}, "secrets": {"identity_secret": SECRET},
    })  # fmt: skip
    wait_for(lambda: admin.call("GET", "/shops")["items"], "the shop is open")


def expected(admin: Api, linyi: Api) -> tuple[str, str]:
    """When he is expected tomorrow, and when else he could come."""
    day = (datetime.now(UTC) + timedelta(hours=32)).date()
    free = [each["at"] for each in admin.call("GET", f"/shops/xuhui/slots?date={day}")["items"]]


    def his() -> list[dict[str, Any]]:  # others may still talk to her
        return [each for each in linyi.call("GET", "/conversations/mine")["items"] if each["inbox_name"] == "会员商城"]

    (talk,) = wait_for(his, "the chat reaches 林一")
    path = f"/conversations/{talk['id']}/appointments"
    linyi.call("POST", path, {"shop": "xuhui", "starts_at": free[0], "purpose": "体验选购"})
    return free[0], free[1]


def test_a_walk_in_is_known_by_his_number_proves_himself_by_a_code_and_comes_another_day(
    product: Product, new_page: Callable[..., Page], camera: Path
) -> None:
    admin = product.admin()
    open_shop(admin)
    AgentDesk(new_page(), product.url).goes_online()
    claims = {"user_id": "M7", "name": "王晓燕", "phone": MOBILE, "exp": int(time.time()) + 600}
    clerk = new_page(390, 844)
    with shop(product.url, "member") as page:
        visitor = Visitor(new_page(390, 844), page)
        visitor.page.evaluate("who => yizhan('identify', who)", {"id": "M7", "jwt": jwt(claims, SECRET)})
        visitor.says("想去店里看看")
        first, other = expected(admin, Api(product.url, "linyi"))
        visitor.page.get_by_role("button", name="会员码·预约").click()

        clerk.goto(f"{product.url}/app/")
        clerk.get_by_test_id("login").fill("mendian")
        clerk.get_by_test_id("password").fill(PASSWORD)
        clerk.get_by_test_id("login-submit").click()
        clerk.get_by_test_id("counter-text").fill(MOBILE)
        clerk.get_by_test_id("counter-find").click()
        expect(clerk.get_by_test_id("glance-state")).to_contain_text("未核身")
        expect(clerk.get_by_test_id("glance-name")).to_contain_text("王**")
        clerk.get_by_test_id("counter-back").click()
        hold_up(MARK + visitor.page.locator(".code b").inner_text().replace(" ", ""), camera)
        clerk.get_by_test_id("counter-scan").click()
        expect(clerk.get_by_test_id("glance-state")).to_contain_text("已核身")
        expect(clerk.get_by_test_id("glance-name")).to_contain_text("王晓燕")
        clerk.get_by_test_id("purpose-Repair").check()
        clerk.get_by_test_id("visit-note").fill("带来了漏水的净化器")
        clerk.get_by_test_id("visit-ticket").click()
        clerk.get_by_test_id("visit-subject").fill("净化器送检")
        clerk.get_by_test_id("visit-log").click()
        expect(clerk.get_by_test_id("visit-row")).to_contain_text("带来了漏水的净化器")
        assert "净化器送检" in str(admin.call("GET", "/tickets")["items"])

        clerk.get_by_role("button", name="后一天").click()
        row = clerk.get_by_test_id("appointment-row")
        expect(row.locator("time")).to_have_attribute("datetime", first)
        visitor.page.get_by_role("button", name="改期").click()
        visitor.page.get_by_label("改期").fill(other[:10])
        visitor.page.locator(".ticket button").nth(3).click()
        expect(row.locator("time")).not_to_have_attribute("datetime", first)
    assert clerk.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("sample", ["browser", "webview"])
def test_a_chat_of_ones_own_by_the_sdk(
    product: Product, sample: str, new_page: Callable[..., Page], same_person: BrowserContext
) -> None:
    """The samples that people copy, opened from another site."""
    handler = functools.partial(Quiet, directory=SAMPLES)
    samples = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=samples.serve_forever, daemon=True).start()
    page = same_person.new_page()
    where = f"http://127.0.0.1:{samples.server_address[1]}/{sample}/index.html"
    page.goto(f"{where}?desk={product.url}&inbox=shop")
    page.locator("#text").fill(f"从{sample}来的")
    page.keyboard.press("Enter")
    expect(page.locator("#lines li").first).to_contain_text(f"从{sample}来的")
    expect(page.locator("#lines li").first).not_to_contain_text(re.compile("sending|…"))
    if sample == "webview":
        page.evaluate("yizhan.registerPush('jpush', 'reg-1')")
        page.evaluate("yizhan.signOut('jpush', 'reg-1')")  # resolves once the server knows
        expect(page.locator("#lines li")).to_have_count(0)
    samples.shutdown()
