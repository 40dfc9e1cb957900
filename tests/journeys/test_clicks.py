"""What is done all day costs few clicks: every press of the pointer and every Enter counts, from the need on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PASSWORD, Api, Product, wait_for
from tests.journeys.people import AgentDesk
from tests.journeys.test_twenty_chats import Caller

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ORDER = {
    "number": "SO20261118-2087", "customer": "M1", "status": "已发货", "total": "1299.00",
    "placed_at": "2026-11-18 10:00:00", "lines": [{"sku": "X3", "title": "空气净化器 X3"}],
    "tracking": {
        "carrier": "顺丰速运", "number": "SF1029384756", "state": "派送中",
        "events": [{"at": "2026-11-19 20:05:00", "text": "已到达上海转运中心"},
                   {"at": "2026-11-20 08:12:00", "text": "快递员小周派送中"}],
    },
}  # fmt: skip
COUNT = """
window.clicks = 0
addEventListener('click', (event) => { window.clicks += event.detail > 0 ? 1 : 0 }, true)
addEventListener('keydown', (event) => { window.clicks += event.key === 'Enter' ? 1 : 0 }, true)
window.Notification = class { static permission = 'granted'; constructor() { window.shown = this } }
"""


@pytest.fixture(scope="module")
def colleague(product: Product) -> dict[str, Any]:
    """陈宇 works in the same team, and is there."""
    admin = product.admin()
    role = next(r for r in admin.call("GET", "/roles")["items"] if r["key"] == "lead")
    made: dict[str, Any] = admin.call("POST", "/agents", {
        "login": "chenyu", "name": "陈宇", "role_id": role["id"], "password": PASSWORD,
    })  # fmt: skip
    team = admin.call("GET", "/teams")["items"][0]
    members = [*({"agent_id": m["agent_id"], "lead": m["lead"]} for m in team["members"]),
               {"agent_id": made["id"], "lead": True}]  # fmt: skip
    admin.call("PUT", f"/teams/{team['id']}/members", {"members": members})
    return made


@pytest.fixture
def desk(product: Product, new_page: Callable[..., Page]) -> Iterator[AgentDesk]:
    """林一 at her desk, her presses counted."""
    api = Api(product.url, "linyi")
    api.call("PUT", "/me/presence", {"state": "online"})
    page = new_page()
    page.add_init_script(COUNT)
    yield AgentDesk(page, product.url)
    for row in api.call("GET", "/conversations/mine")["items"]:
        over = {"type": "consult", "solved": "solved", "text": "已告知客户"}
        api.call("POST", f"/conversations/{row['id']}/end", {"summary": over})
    api.call("PUT", "/me/presence", {"state": "offline"})


@contextmanager
def costs(desk: AgentDesk, budget: int, what: str) -> Iterator[None]:
    desk.page.evaluate("window.clicks = 0")
    yield
    assert desk.page.evaluate("window.clicks") == budget, what


def bought(product: Product, words: str) -> None:
    """The customer who said this has an order in the shop's own system."""
    admin = product.admin()
    told = admin.call("PUT", "/orders", {"source": "shop", "rows": [ORDER]})
    his = next(row["contact_id"] for row in Api(product.url, "linyi").call("GET", "/conversations/mine")["items"]
               if words in row["preview"])  # fmt: skip
    admin.call("POST", f"/contacts/{his}/links", {"other": told["rows"][0]["contact_id"], "reason": "报了会员号"})


def test_to_answer_after_an_alert_costs_nothing(product: Product, desk: AgentDesk) -> None:
    page = desk.page
    page.evaluate("Object.defineProperty(document, 'hidden', { value: true, configurable: true })")
    with costs(desk, 0, "an alert leads into the text field"):
        Caller(product.url).says("第二位客户也在等")
        wait_for(lambda: page.evaluate("() => !!window.shown"), "the alert")
        page.evaluate("delete document.hidden; window.shown.onclick()")
        expect(page.get_by_test_id("composer-text")).to_be_focused()


def test_a_ticket_out_of_a_chat_costs_two_and_is_filled_in(product: Product, desk: AgentDesk) -> None:
    Caller(product.url).says("净化器的灯一直闪,怎么办?")
    desk.opens_chat_with("灯一直闪")
    page = desk.page
    with costs(desk, 2, "a ticket out of a chat"):
        page.get_by_test_id("create-ticket").click()
        sheet = page.get_by_role("dialog")
        expect(sheet.locator("input").first).to_have_value(re.compile("灯一直闪"))
        fields = [each.input_value() for each in sheet.locator("input, select, textarea").all()]
        assert sum(bool(each.strip()) for each in fields) >= 0.8 * len(fields)
        page.get_by_test_id("create-accept").click()
        expect(sheet).to_be_hidden()


def test_to_the_supervisor_costs_one(product: Product, desk: AgentDesk, colleague: dict[str, Any]) -> None:
    Caller(product.url).says("我要找你们组长")
    desk.opens_chat_with("找你们组长")
    with costs(desk, 1, "to the team lead"):
        desk.page.get_by_test_id("raise").click()
        expect(desk.page.get_by_text("已请组长协助")).to_be_visible()


def test_a_transfer_costs_three_and_its_note_is_written(
    product: Product, desk: AgentDesk, colleague: dict[str, Any]
) -> None:
    Caller(product.url).says("滤网卡扣装不进去")
    desk.opens_chat_with("滤网卡扣")
    desk.answers("我请安装专员帮您看。")
    taker = Api(product.url, "chenyu")
    taker.call("PUT", "/me/presence", {"state": "online"})
    page = desk.page
    with costs(desk, 3, "转接, to whom, go"):
        page.get_by_test_id("transfer").click()
        page.get_by_test_id(f"to-agent-{colleague['id']}").click()
        expect(page.get_by_test_id("transfer-note")).to_have_value(re.compile("卡扣"))
        page.get_by_test_id("transfer-accept").click()
        (offer,) = wait_for(lambda: taker.call("GET", "/offers")["items"], "the offer")
    assert "卡扣" in str(offer)
    taker.call("PUT", "/me/presence", {"state": "offline"})


def test_an_order_card_costs_two_and_a_parcel_one(product: Product, desk: AgentDesk) -> None:
    Caller(product.url).says("我的快递到哪了?")
    expect(desk.page.get_by_test_id("mine-row").filter(has_text="快递到哪了")).to_be_visible()
    bought(product, "快递到哪了")
    desk.opens_chat_with("快递到哪了")
    page = desk.page
    expect(page.get_by_test_id("parcel")).to_be_visible()
    with costs(desk, 1, "where the parcel is"):
        page.get_by_test_id("parcel").click()
        expect(page.get_by_test_id("parcel-found").locator("li").first).to_contain_text("快递员小周派送中")
    page.get_by_test_id("parcel-say").click()
    field = page.get_by_test_id("composer-text")
    expect(field).to_have_value(re.compile("顺丰速运 SF1029384756.*派送中"))
    field.fill("")
    with costs(desk, 2, "an order of the customer as a card"):
        page.get_by_test_id("order-card").click()
        expect(page.get_by_test_id("order-chip")).to_contain_text("空气净化器 X3")
        page.get_by_test_id("send").click()
        expect(page.get_by_test_id("message-out").get_by_test_id("rich-order")).to_contain_text("¥1,299.00")
    expect(page.get_by_test_id("order-chip")).to_have_count(0)


def test_to_end_with_its_summary_costs_one(product: Product, desk: AgentDesk) -> None:
    caller = Caller(product.url)
    caller.says("发票在哪里下载?")
    desk.opens_chat_with("发票在哪里下载")
    desk.answers("在「我的-订单」里就能下载。")
    expect(desk.page.get_by_test_id("wrap-bar")).to_have_count(0)
    caller.says("好的,谢谢")
    bar = desk.page.get_by_test_id("wrap-bar")
    expect(bar).to_contain_text("下载")
    with costs(desk, 1, "end, with the 小结"):
        desk.page.get_by_test_id("wrap-end").click()
        expect(desk.page.get_by_test_id("thread")).to_contain_text("待客户确认")
    expect(bar).to_have_count(0)
    (ended,) = [t for t in Api(product.url, "linyi").call("GET", "/tickets?view=mine&limit=100")["items"]
                if "发票在哪里下载" in t["subject"]]  # fmt: skip
    notes = Api(product.url, "linyi").call("GET", f"/tickets/{ended['id']}")["notes"]
    assert any(note["action"] == "solve" and "下载" in note["text"] for note in notes)
