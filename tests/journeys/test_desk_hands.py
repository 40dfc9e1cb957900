"""What hands do at the desk besides answering: 领取, 转接, 并入, 合并客户, 主动邀请, and the house's own settings."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PASSWORD, Api, Product, wait_for
from tests.journeys.people import AgentDesk, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def second(product: Product) -> dict[str, Any]:
    """陈宇 works in the same team as 林一."""
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


@pytest.fixture(autouse=True)
def _nobody_works(product: Product, second: dict[str, Any]) -> None:
    """Every journey begins with both away and their chats of the last one ended."""
    for login in ("linyi", "chenyu"):
        agent = Api(product.url, login)
        agent.call("PUT", "/me/presence", {"state": "offline"})


def chooses(desk: AgentDesk, state: str, words: str) -> None:
    desk.page.get_by_test_id("presence").click()
    desk.page.get_by_test_id(f"presence-{state}").click()
    expect(desk.page.get_by_test_id("presence")).to_contain_text(words)


def shop_chat(shop: str, page: Page, text: str) -> Visitor:
    visitor = Visitor(page, shop)
    visitor.says(text)
    return visitor


def contact_of(api: Api, words: str) -> str:
    rows = api.call("GET", "/conversations/mine")["items"]
    return str(next(row["contact_id"] for row in rows if words in row["preview"]))


def test_an_agent_who_takes_nothing_by_itself_pulls_a_chat_from_the_queue(
    product: Product, shop_page: str, new_page: Callable[..., Page]
) -> None:
    desk = AgentDesk(new_page(), product.url)
    chooses(desk, "busy", "忙碌")
    visitor = shop_chat(shop_page, new_page(1100, 820), "请问滤芯是通用的吗?")
    row = desk.page.get_by_test_id("queue-row").filter(has_text="滤芯是通用的吗")
    expect(row).to_be_visible()
    row.get_by_test_id("pull").click()
    expect(row).to_have_count(0)
    expect(desk.page.get_by_test_id("mine-row").filter(has_text="滤芯是通用的吗")).to_be_visible()
    expect(desk.page.get_by_test_id("thread")).to_contain_text("滤芯是通用的吗")
    desk.page.get_by_test_id("message-in").filter(has_text="滤芯").get_by_test_id("quote").click()
    expect(desk.page.get_by_test_id("quoting")).to_contain_text("滤芯是通用的吗")
    desk.answers("X3 和 X2 通用。")
    visitor.hears("「请问滤芯是通用的吗?」")
    desk.page.keyboard.press("Control+f")
    desk.page.get_by_test_id("find-field").fill("通用")
    expect(desk.page.get_by_test_id("find-state")).to_have_text("第 2 条，共 2 条")
    desk.page.keyboard.press("Enter")
    expect(desk.page.get_by_test_id("find-state")).to_have_text("第 1 条，共 2 条")
    desk.page.keyboard.press("Escape")
    expect(desk.page.get_by_test_id("find-bar")).to_have_count(0)
    desk.ends_with_enter()


def test_a_chat_is_offered_to_a_colleague_who_accepts_and_the_customer_reads_one_line(
    product: Product, second: dict[str, Any], shop_page: str, new_page: Callable[..., Page]
) -> None:
    giver = AgentDesk(new_page(), product.url)
    giver.goes_online()
    visitor = shop_chat(shop_page, new_page(1100, 820), "机器的滤网装不上,快来人")
    giver.opens_chat_with("滤网装不上")
    giver.answers("我请安装专员帮您看。")
    taker = AgentDesk(new_page(), product.url, "chenyu")
    taker.goes_online()
    page = giver.page
    page.get_by_test_id("transfer").click()
    page.get_by_test_id(f"to-agent-{second['id']}").click()
    page.get_by_test_id("transfer-note").fill("拍了照片,请看卡扣")
    page.get_by_test_id("transfer-accept").click()

    offer = taker.page.get_by_test_id("offer")
    expect(offer).to_contain_text("拍了照片,请看卡扣")
    expect(page.get_by_test_id("mine-row").filter(has_text="安装专员")).to_be_visible()
    offer.get_by_test_id("offer-accept").click()
    expect(offer).to_have_count(0)
    expect(taker.page.get_by_test_id("thread")).to_contain_text("滤网装不上")
    expect(page.get_by_test_id("mine-row").filter(has_text="安装专员")).to_have_count(0)
    line = visitor.page.get_by_text("正在为您转接")
    expect(line).to_have_count(1)
    expect(line).to_contain_text("陈宇")
    visitor.never_saw("请看卡扣")
    taker.answers("您好,卡扣朝上就能装进去。")
    visitor.hears("卡扣朝上")
    taker.ends_with_enter()


def test_a_second_matter_is_joined_with_one_key_and_the_join_taken_back(
    product: Product, shop_page: str, new_page: Callable[..., Page]
) -> None:
    desk = AgentDesk(new_page(), product.url)
    desk.goes_online()
    number = desk.page.get_by_test_id("ticket-number")
    visitor = shop_chat(shop_page, new_page(1100, 820), "订单号 SO20261121-0873 怎么还没发货?")
    desk.opens_chat_with("SO20261121-0873")
    desk.answers("今天发出。")
    visitor.hears("今天发出")
    first = number.inner_text()
    desk.ends_with_enter()
    visitor.says("还有订单号 SO20260930-1120 的发票没收到")
    desk.opens_chat_with("SO20260930-1120")
    bar = desk.page.get_by_test_id("join-bar")
    expect(bar).to_contain_text(first)
    second = number.inner_text()
    assert second != first

    desk.page.get_by_test_id("log").click()
    desk.page.keyboard.press("m")
    expect(number).to_have_text(first)
    expect(desk.page.get_by_test_id("thread")).to_contain_text("SO20261121-0873")
    expect(desk.page.get_by_test_id("thread")).to_contain_text("SO20260930-1120")
    desk.page.get_by_test_id("toast").get_by_role("button", name="撤销并入").click()
    expect(number).to_have_text(second)
    expect(desk.page.get_by_test_id("thread")).not_to_contain_text("SO20261121-0873")
    desk.answers("发票已发到您的邮箱。")
    visitor.hears("发票已发到您的邮箱")
    desk.ends_with_enter()

    visitor.says("另外订单号 SO20260815-2204 想换颜色")
    desk.opens_chat_with("SO20260815-2204")
    bar.get_by_test_id("separate").click()
    expect(bar).to_have_count(0)
    assert number.inner_text() not in (first, second)
    desk.answers("已为您换成白色。")
    desk.ends_with_enter()


def test_two_customers_become_one_and_are_parted_again_exactly(
    product: Product, second: dict[str, Any], shop_page: str, new_page: Callable[..., Page]
) -> None:
    desk = AgentDesk(new_page(), product.url, "chenyu")
    desk.goes_online()
    api = Api(product.url, "chenyu")
    ids = []
    for name, words in (("周明远", "第一台机器不出风"), ("周明远二号", "第二台机器有异味")):
        shop_chat(shop_page, new_page(1100, 820), words)
        expect(desk.page.get_by_test_id("mine-row").filter(has_text=words)).to_be_visible()
        ids.append(contact_of(api, words))
        version = api.call("GET", f"/contacts/{ids[-1]}")["contact"]["version"]
        api.call("PATCH", f"/contacts/{ids[-1]}", {"name": name, "version": version})
    before = [standing(api, contact) for contact in ids]
    desk.opens_chat_with("第一台机器不出风")
    pane = desk.page.get_by_test_id("customer-pane")
    pane.get_by_test_id("link-contact").click()
    pane.get_by_test_id("merge-search").fill("周明远二号")
    pane.locator(".found").filter(has_text="周明远二号").click()
    pane.get_by_label("合并依据").fill("电话里确认是同一个人")
    pane.get_by_role("button", name="合并客户").last.click()
    expect(pane.get_by_test_id("member-row").first).to_be_visible()
    expect(pane).to_contain_text("第二台机器有异味")
    assert len(standing(api, ids[0])["members"]) == 2

    pane.get_by_test_id("unlink").first.click()
    pane.get_by_test_id("unlink-reason").fill("其实是两位同名客户")
    pane.get_by_test_id("unlink-accept").click()
    expect(pane.get_by_test_id("member-row")).to_have_count(0)
    expect(pane).not_to_contain_text("第二台机器有异味")
    assert [standing(api, contact) for contact in ids] == before


def standing(api: Api, contact: str) -> dict[str, Any]:
    """Who somebody is and what is his, without the history of how it came so."""
    told = api.call("GET", f"/contacts/{contact}")
    return {
        "name": told["contact"]["name"], "figures": told["figures"],
        "members": sorted((m["id"], m["name"]) for m in told["members"]),
        "identities": sorted(i["id"] for i in told["identities"]), "tickets": sorted(t["id"] for t in told["tickets"]),
    }  # fmt: skip


def test_a_visitor_who_only_looks_is_invited_and_his_answer_is_a_chat(
    product: Product, shop_page: str, new_page: Callable[..., Page]
) -> None:
    desk = AgentDesk(new_page(), product.url)
    desk.goes_online()
    shopper = new_page(1100, 820)
    shopper.goto(f"{shop_page}/only-looking")
    desk.page.get_by_test_id("nav-visitors").click()
    row = desk.page.get_by_test_id("visitor-row").filter(has_text="only-looking")
    expect(row).to_be_visible()
    row.get_by_test_id("invite").click()
    desk.page.get_by_test_id("invite-text").fill("X3 今天下单送一张滤芯,要看看吗?")
    desk.page.get_by_test_id("invite-send").click()
    teaser = shopper.locator(".teaser")
    expect(teaser).to_contain_text("送一张滤芯")
    expect(teaser).to_contain_text("林一")
    teaser.locator(".chip").click()
    shopper.get_by_label("输入消息").fill("好的,怎么领?")
    shopper.keyboard.press("Enter")
    desk.page.get_by_test_id("nav-desk").click()
    desk.opens_chat_with("怎么领")
    desk.answers("下单后自动放进包裹。")
    expect(shopper.locator(".theirs .bubble").filter(has_text="自动放进包裹")).to_be_visible()
    desk.ends_with_enter()


def test_an_address_is_shown_whole_only_for_a_reason_that_is_kept(
    product: Product, second: dict[str, Any], shop_page: str, new_page: Callable[..., Page]
) -> None:
    desk = AgentDesk(new_page(), product.url, "chenyu")
    desk.goes_online()
    shop_chat(shop_page, new_page(1100, 820), "怎么预约清洗?")
    desk.opens_chat_with("怎么预约清洗")
    row = desk.page.get_by_test_id("identity-row").first
    masked = row.get_by_test_id("identity-value").inner_text()
    row.get_by_test_id("reveal").click()
    expect(row.get_by_test_id("reveal-accept")).to_be_disabled()
    row.get_by_test_id("reveal-reason").fill("核对上门地址")
    row.get_by_test_id("reveal-accept").click()
    expect(row.get_by_test_id("reveal")).to_have_count(0)
    expect(row.get_by_test_id("identity-value")).not_to_have_text(masked)
    kept = wait_for(lambda: "核对上门地址" in str(product.admin().call("GET", "/audit")), "the reason in the audit")
    assert kept
    desk.answers("APP 里就能预约。")
    desk.ends_with_enter()


def test_an_administrator_edits_people_and_teams_and_opens_an_inbox(
    product: Product, second: dict[str, Any], new_page: Callable[..., Page]
) -> None:
    page = AgentDesk(new_page(), product.url, "admin").page
    page.get_by_test_id("nav-settings").click()
    page.get_by_test_id("settings-agents").click()
    page.get_by_test_id("agent-row").filter(has_text="陈宇").get_by_test_id("edit-agent").click()
    page.get_by_test_id("agent-name").fill("陈宇航")
    page.get_by_test_id("save-agent").click()
    expect(page.get_by_test_id("agent-row").filter(has_text="陈宇航")).to_be_visible()

    page.get_by_test_id("settings-teams").click()
    row = page.get_by_test_id("team-row").filter(has_text="售后 L1")
    row.get_by_role("button", name="编辑").click()
    sheet = page.get_by_role("dialog")
    sheet.get_by_label("名称").fill("售后一组")
    sheet.get_by_label("管理员").check()
    sheet.get_by_role("button", name="保存").click()
    row = page.get_by_test_id("team-row").filter(has_text="售后一组")
    expect(row).to_contain_text("管理员")
    expect(row).to_contain_text("陈宇航")

    page.get_by_test_id("settings-inboxes").click()
    page.get_by_test_id("new-inbox").click()
    page.get_by_test_id("pick-generic").click()
    page.get_by_test_id("inbox-name").fill("仓库系统")
    page.get_by_test_id("field-callback_url").fill(f"{product.url}/healthz")
    page.get_by_test_id("field-secret").fill("a-secret-of-the-warehouse")
    page.get_by_test_id("save-inbox").click()
    expect(page.get_by_test_id("checks")).to_contain_text("未通过")  # /healthz takes no letters
    page.get_by_test_id("save-anyway").click()
    expect(page.get_by_test_id("hook")).to_contain_text("/hooks/generic/")
    page.get_by_test_id("settings-inboxes").click()
    inbox = page.get_by_test_id("inbox-row").filter(has_text="仓库系统")
    expect(inbox).to_contain_text("暂无往来")
    inbox.click()
    expect(page.get_by_test_id("field-secret")).to_have_value("")
    expect(page.get_by_test_id("field-callback_url")).to_have_value(f"{product.url}/healthz")


def test_a_night_message_goes_to_who_is_on_call(
    product: Product, second: dict[str, Any], shop_page: str, new_page: Callable[..., Page]
) -> None:
    """Nobody is there; the roster says who is called, the customer reads it, and the shift's end asks what is left."""
    lead = new_page()
    planner = AgentDesk(lead, product.url, "chenyu")
    lead.get_by_test_id("nav-roster").click()
    day = datetime.now(ZoneInfo("Asia/Shanghai")).date().isoformat()
    lead.get_by_test_id(f"cell-林一-{day}").click()
    lead.get_by_test_id("kind-on_call").click()
    lead.get_by_test_id("shift-begin").fill("00:00")
    lead.get_by_test_id("shift-until").fill("00:00")
    lead.get_by_test_id("shift-save").click()
    expect(lead.get_by_test_id("shift-problem")).to_contain_text("没有时长")
    lead.get_by_test_id("shift-until").fill("23:59")
    lead.get_by_test_id("shift-save").click()
    expect(lead.get_by_test_id(f"cell-林一-{day}")).to_contain_text("值班")

    called = AgentDesk(new_page(), product.url)
    calm = shop_chat(shop_page, new_page(1100, 820), "半夜电热毯不热了怎么办")
    expect(calm.page.get_by_role("log").get_by_text("已转为留言")).to_be_visible()
    visitor = shop_chat(shop_page, new_page(1100, 820), "半夜电热毯冒烟了怎么办")
    expect(visitor.page.get_by_text("已通知值班客服")).to_be_visible()
    called.page.get_by_test_id("notices").click()
    expect(called.page.get_by_text("夜间来访,请您上线接待".replace(",", "，")).first).to_be_visible()
    called.page.keyboard.press("Escape")
    called.goes_online()
    called.opens_chat_with("电热毯冒烟")
    called.answers("请先拔掉插头,不要再用。")
    visitor.hears("请先拔掉插头")

    called.page.get_by_test_id("presence").click()
    called.page.get_by_test_id("presence-offline").click()
    sheet = called.page.get_by_test_id("handover-sheet")
    sheet.get_by_test_id("chat-do").select_option("end")
    called.page.get_by_test_id("handover-accept").click()
    expect(called.page.get_by_test_id("presence")).to_contain_text("离线")
    expect(called.page.get_by_test_id("mine-row").filter(has_text="电热毯冒烟")).to_have_count(0)
    planner.page.get_by_test_id(f"cell-林一-{day}").focus()
    planner.page.keyboard.press("Delete")
    expect(lead.get_by_test_id(f"cell-林一-{day}")).not_to_contain_text("值班")


def test_a_promise_waits_for_the_lead_and_abuse_ends_the_chat(
    product: Product, second: dict[str, Any], shop_page: str, new_page: Callable[..., Page]
) -> None:
    desk = AgentDesk(new_page(), product.url)
    desk.goes_online()
    visitor = shop_chat(shop_page, new_page(1100, 820), "破烂机器,你们赔不赔")
    desk.opens_chat_with("赔不赔")
    page = desk.page
    page.get_by_test_id("composer-text").fill("您加我 V❤信 聊")
    expect(page.get_by_test_id("word-hints")).to_contain_text("拦截")
    expect(page.get_by_test_id("send")).to_be_disabled()
    page.get_by_test_id("composer-text").fill("坏了我们保证赔您一台")
    expect(page.get_by_test_id("word-hints")).to_contain_text("送审")
    page.get_by_test_id("send").click()
    expect(page.get_by_test_id("held-reply")).to_contain_text("送审中")

    lead = AgentDesk(new_page(), product.url, "chenyu")
    lead.page.get_by_test_id("nav-review").click()
    lead.page.get_by_test_id("held-row").filter(has_text="赔您一台").get_by_test_id("held-approve").click()
    visitor.hears("坏了我们保证赔您一台")
    expect(page.get_by_test_id("held-reply")).to_have_count(0)

    for words, hears in (("滚,你们都是骗子", "文明沟通"), ("去你的骗子", "本次会话已结束")):
        visitor.says(words)
        insult = page.get_by_test_id("message-in").filter(has_text=words)
        insult.hover()
        insult.get_by_test_id("report").click()
        page.get_by_test_id("report-abuse").click()
        expect(visitor.page.get_by_text(hears)).to_be_visible()
    visitor.says("开门")
    expect(visitor.page.get_by_text("您的留言我们已收到并保存")).to_be_visible()
    lead.page.get_by_test_id("review-blacklist").click()
    expect(lead.page.get_by_test_id("block-row")).to_contain_text("去你的骗子")


_ON_THE_DISK = """since => new Promise((done) => {
  const asked = indexedDB.open('yizhan')
  asked.onsuccess = () => {
    const rows = asked.result.transaction('drafts').objectStore('drafts').getAll()
    rows.onsuccess = () => (asked.result.close(), done(rows.result.some((row) => row.at >= since)))
  }
})"""


def test_nothing_written_is_lost_or_sent_twice_wherever_the_network_is_cut(
    product: Product, second: dict[str, Any], shop_page: str, new_page: Callable[..., Page]
) -> None:
    """Fifty cuts at seeded moments, some with the page closed; then a colleague answers in the meantime."""
    chance = random.Random(20261123)
    desk = AgentDesk(new_page(), product.url)
    desk.goes_online()
    shop_chat(shop_page, new_page(1100, 820), "请记下我的五十个问题")
    desk.opens_chat_with("五十个问题")
    desk.page.evaluate("localStorage.setItem('yizhan.preferences', JSON.stringify({language: 'zh-CN', undo: false}))")
    desk.page.reload()
    desk.page.wait_for_function("navigator.serviceWorker.controller")
    place, network = desk.page.url, desk.page.context
    page, field = desk.page, desk.page.get_by_test_id("composer-text")
    for n in range(50):
        cut = chance.randrange(3)
        if cut == 0:
            network.set_offline(True)
        field.fill(f"第 {n} 条")
        if cut == 1:
            network.set_offline(True)
        field.press("Control+Enter")
        if cut == 2:
            network.set_offline(True)
        if n % 10 == 9:  # in the middle of the next word, without a network, and back from the device alone
            begun = page.evaluate("Date.now()")
            field.fill(f"写到第 {n} 条")
            page.wait_for_function(_ON_THE_DISK, arg=begun)  # a hand that closes a page takes longer than a disk
            page.close()
            page = network.new_page()
            page.goto(place)
            field = page.get_by_test_id("composer-text")
            expect(field).to_have_value(f"写到第 {n} 条")
        network.set_offline(False)
    expect(page.get_by_test_id("message-waiting")).to_have_count(0)

    network.set_offline(True)
    field.fill("我再查一下")
    field.press("Control+Enter")
    lead = Api(product.url, "chenyu")
    conversation = place.rsplit("/", 1)[1]
    lead.call("POST", f"/conversations/{conversation}/messages", {"client_id": "lead", "text": "都查到了"})
    network.set_offline(False)
    expect(page.get_by_test_id("happened")).to_contain_text("陈宇")
    page.get_by_test_id("send-anyway").click()
    expect(page.get_by_test_id("message-waiting")).to_have_count(0)
    said = [m["text"] for m in _all_said(lead, conversation)]
    assert said == [*(f"第 {n} 条" for n in range(50)), "都查到了", "我再查一下"]


def _all_said(api: Api, conversation: str) -> list[dict[str, Any]]:
    told = api.call("GET", f"/conversations/{conversation}")
    messages, before = told["messages"], told["before"]
    while before:
        page = api.call("GET", f"/conversations/{conversation}/messages?before={before}")
        messages, before = [*page["messages"], *messages], page["before"]
    return [m for m in messages if m["direction"] == "out" and m["author"]["kind"] == "agent"]
