"""The built widget in a real browser, on a page that is not kind to it, against a server that speaks its protocol."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, FilePayload, Page, expect, sync_playwright

from tests.channels.webchat.standin import Standin

pytestmark = pytest.mark.browser

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip
AXE = Path(__file__).parents[3] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
UNKIND = """
<style>button{background:red!important;font-size:40px!important} div,section{display:none!important}</style>
<style>*{color:lime!important}</style>
<script>window.shortcuts=[];addEventListener('keydown',e=>shortcuts.push(e.key))</script>
"""
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360f8cf500f0003860180a5f2d8d40000000049454e44ae426082"
)
Open = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def server() -> Iterator[Standin]:
    standin = Standin()
    standin.address = standin.start()
    yield standin
    standin.stop()


@pytest.fixture
def open_page(browser: Browser, server: Standin) -> Iterator[Open]:
    """A page of the shop with the widget on it. Any error on the page's console fails the test."""
    contexts: list[BrowserContext] = []
    troubles: list[str] = []

    def open_one(path: str = "/", script: str = "", **options: Any) -> Page:
        context = browser.new_context(**({"locale": "zh-CN", "viewport": {"width": 1100, "height": 820}} | options))
        contexts.append(context)
        context.add_init_script(script)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda line: troubles.append(line.text) if line.type == "error" else None)
        page.goto(server.address + path)
        return page

    yield open_one
    for context in contexts:
        context.close()
    known = ("WebSocket connection", "ERR_INTERNET_DISCONNECTED", "status of 503")
    assert not [trouble for trouble in troubles if not any(each in trouble for each in known)]


def open_window(page: Page) -> None:
    page.get_by_role("button", name="打开在线客服").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(page.get_by_role("log")).to_be_visible()


def write(page: Page, text: str) -> None:
    page.get_by_label("输入消息").fill(text)
    page.keyboard.press("Enter")


def bubbles(page: Page) -> list[str]:
    return page.locator(".row .bubble").all_inner_texts()


def heard(server: Standin, kind: str) -> list[dict[str, Any]]:
    return [frame for frame in server.heard if frame["t"] == kind]


def violations(page: Page) -> list[str]:
    """What axe finds on the widget; the host page's own faults are not ours. Movement is over first."""
    page.wait_for_timeout(400)
    page.add_script_tag(path=str(AXE))
    found = page.evaluate("axe.run('yizhan-widget', {resultTypes: ['violations']})")
    return [f"{each['id']}: {[node['html'][:120] for node in each['nodes']]}" for each in found["violations"]]


def test_both_sides_are_heard_once_through_cuts_and_a_reload(server: Standin, open_page: Open) -> None:
    page = open_page()
    open_window(page)
    write(page, "净水器什么时候到?")
    expect(page.locator(".mine .bubble")).to_have_text(["净水器什么时候到?"])
    server.say("我看一下")
    expect(page.locator(".theirs .bubble").last).to_have_text("我看一下")
    page.context.set_offline(True)
    server.cut()
    expect(page.get_by_text("正在重连")).to_be_visible()
    write(page, "断线时写的")
    server.say("断线时到的")
    expect(page.get_by_text("发送中", exact=True)).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator(".theirs .bubble").last).to_have_text("断线时到的", timeout=15_000)
    expect(page.get_by_text("发送中", exact=True)).to_have_count(0)
    before = sorted(bubbles(page))
    assert [message["text"] for message in server.messages].count("断线时写的") == 1
    page.reload()
    open_window(page)
    expect(page.locator(".mine .bubble")).to_have_count(2)
    after = bubbles(page)
    assert sorted(after) == [text for text in before if not text.startswith("您好,我是山雀生活")]


def test_words_written_before_the_page_was_left_arrive_after_it(server: Standin, open_page: Open) -> None:
    page = open_page()
    open_window(page)
    expect(page.get_by_text("大家都在问")).to_be_visible()
    page.context.set_offline(True)
    server.cut()
    expect(page.get_by_text("正在重连")).to_be_visible()
    write(page, "写完就关了")
    page.context.set_offline(False)
    page.goto(server.address)
    open_window(page)
    expect(page.locator(".mine .bubble")).to_have_text(["写完就关了"])
    page.wait_for_timeout(300)
    assert [message["text"] for message in server.messages] == ["写完就关了"]


def test_where_sockets_are_blocked_the_chat_goes_on_by_polling(server: Standin, open_page: Open) -> None:
    server.refuse_sockets = True
    page = open_page()
    open_window(page)
    write(page, "代理后面")
    expect(page.get_by_text("发送中", exact=True)).to_have_count(0, timeout=15_000)
    server.say("也能收到")
    expect(page.locator(".theirs .bubble").last).to_have_text("也能收到")


def test_the_strictest_page_reports_no_violation(server: Standin, open_page: Open) -> None:
    server.csp = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )
    page = open_page()
    page.evaluate(
        "window.reports=[];document.addEventListener('securitypolicyviolation',"
        "e=>reports.push(e.violatedDirective+' '+e.blockedURI+' '+e.sourceFile))"
    )
    open_window(page)
    write(page, "在吗 https://example.com/a")
    server.say("在的", payload={"options": ["退货"]})
    page.locator("input[type=file]").first.set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": PNG})
    expect(page.locator(".mine .picture img")).to_be_visible()
    page.get_by_role("button", name="转人工").click()
    expect(page.locator(".queue")).to_be_visible()
    assert page.evaluate("reports") == []


def test_an_unkind_page_neither_changes_nor_hears_it(server: Standin, open_page: Open) -> None:
    server.page = UNKIND
    page = open_page()
    open_window(page)
    send = page.get_by_role("button", name="发送", exact=True)
    write(page, "按键")
    style = send.evaluate("button => { const s = getComputedStyle(button); return [s.fontSize, s.backgroundColor] }")
    assert style[0] == "14px"
    assert style[1] != "rgb(255, 0, 0)"
    assert page.evaluate("shortcuts") == []


def test_the_keyboard_reaches_everything_and_gets_out(server: Standin, open_page: Open) -> None:
    page = open_page()
    expect(page.locator(".launcher")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("输入消息")).to_be_focused()
    names = set()
    inside = "document.querySelector('yizhan-widget').shadowRoot.activeElement"
    for _ in range(30):
        page.keyboard.press("Tab")
        assert page.evaluate(f"!!{inside}.closest('.window')")
        names.add(page.evaluate(f"{inside}.getAttribute('aria-label') || {inside}.innerText.trim()"))
    assert {"收起", "转人工", "留言", "表情", "图片", "文件", "发送", "输入消息…", "会话记录"} <= names
    page.get_by_role("button", name="表情").click()
    page.keyboard.press("Escape")
    expect(page.locator(".emoji")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert page.evaluate(f"{inside}.className") == "launcher"


def test_enter_chooses_a_word_while_an_input_method_composes(server: Standin, open_page: Open) -> None:
    page = open_page()
    open_window(page)
    field = page.get_by_label("输入消息")
    field.fill("nihao")
    field.dispatch_event("keydown", {"key": "Enter", "isComposing": True})
    assert field.input_value() == "nihao"
    field.press("Shift+Enter")
    assert field.input_value() == "nihao\n"
    field.press("Enter")
    expect(page.locator(".mine .bubble")).to_have_text(["nihao"])


def test_a_person_is_one_press_away_and_the_wait_offers_choices(server: Standin, open_page: Open) -> None:
    page = open_page()
    open_window(page)
    page.get_by_role("button", name="转人工").click()
    expect(page.locator(".queue")).to_contain_text("前面还有 2 位")
    expect(page.locator(".queue")).to_contain_text("约 2–3 分钟")
    server.push({"t": "queue", "position": 9, "eta_s": 900})
    server.push({"t": "queue", "position": 1, "eta_s": 20})
    expect(page.locator(".queue")).to_contain_text("马上轮到您")
    server.state(phase="queued", queue={"position": 1, "eta_s": 300})
    page.get_by_role("button", name="继续等").click()
    expect(page.get_by_role("button", name="继续等")).to_have_count(0)
    server.state(phase="served", agent_name="林一", queue=None)
    expect(page.get_by_text("林一 正在为您服务")).to_be_visible()
    expect(page.get_by_text("人工服务中")).to_be_visible()


def test_a_call_back_is_asked_for_with_a_phone_number(server: Standin, open_page: Open) -> None:
    page = open_page()
    open_window(page)
    page.get_by_role("button", name="转人工").click()
    page.get_by_role("button", name="回电").click()
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("alert")).to_contain_text("有效")
    page.get_by_label("手机号").fill("19900001234")
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_text("明早 9:30 前回复您")).to_be_visible()
    assert (server.left[0]["contact"], server.left[0]["callback"]) == ("19900001234", True)


def test_with_nobody_on_duty_a_message_is_left(server: Standin, open_page: Open) -> None:
    server.config |= {"online": False, "opens": "明早 9:30"}
    page = open_page()
    page.get_by_role("button", name="打开在线客服").click()
    expect(page.get_by_text("我们将在 明早 9:30 前回复您")).to_be_visible()
    page.get_by_label("您的问题").fill("滤芯漏水")
    page.get_by_label("手机号或邮箱").fill("a@example.com")
    assert violations(page) == []
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_text("已收到您的留言")).to_be_visible()
    assert server.left[0]["text"] == "滤芯漏水"


def test_the_end_asks_two_questions_and_may_be_changed(server: Standin, open_page: Open) -> None:
    page = open_page()
    open_window(page)
    write(page, "谢谢")
    page.get_by_role("button", name="结束咨询").click()
    page.get_by_role("alertdialog").get_by_role("button", name="结束咨询").click()
    page.get_by_role("button", name="未解决").click()
    page.get_by_role("button", name="2 星").click()
    page.get_by_role("button", name="等待时间长").click()
    assert violations(page) == []
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_text("感谢您的评价")).to_be_visible()
    page.get_by_role("button", name="修改").click()
    page.get_by_role("button", name="4 星").click()
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_text("感谢您的评价")).to_be_visible()
    first, second = heard(server, "rate")
    assert (first["solved"], first["stars"], first["tags"]) == (False, 2, ["等待时间长"])
    assert second["stars"] == 4


def test_files_are_chosen_pasted_and_dropped(server: Standin, open_page: Open) -> None:
    server.config["file_limit"] = 2_000_000
    page = open_page()
    open_window(page)
    page.locator("input[type=file]").first.set_input_files({"name": "选.png", "mimeType": "image/png", "buffer": PNG})
    page.evaluate(
        """bytes => {
          const root = document.querySelector('yizhan-widget').shadowRoot
          const carry = name => { const d = new DataTransfer()
            d.items.add(new File([new Uint8Array(bytes)], name, {type: 'image/png'})); return d }
          root.querySelector('textarea').dispatchEvent(
            new ClipboardEvent('paste', {clipboardData: carry('贴.png'), bubbles: true, cancelable: true}))
          root.querySelector('.window').dispatchEvent(
            new DragEvent('drop', {dataTransfer: carry('拖.png'), bubbles: true, cancelable: true}))
        }""",
        list(PNG),
    )
    expect(page.locator(".mine .picture:not(.busy) img")).to_have_count(3)
    big: FilePayload = {"name": "big.bin", "mimeType": "application/octet-stream", "buffer": b"x" * 2_000_001}
    page.locator("input[type=file]").nth(1).set_input_files(big)
    expect(page.get_by_role("alert")).to_have_text("文件不能超过 2 MB")
    names = [each["name"] for message in server.messages for each in message["attachments"]]
    assert sorted(names) == sorted(["选.png", "贴.png", "拖.png"])


def test_the_form_before_the_chat_asks_once(server: Standin, open_page: Open) -> None:
    field = {"name": "name", "label": "怎么称呼您", "type": "text", "required": True}
    server.config["pre_chat"] = {"fields": [field]}
    page = open_page()
    open_window(page)
    expect(page.get_by_label("输入消息")).to_have_count(0)
    expect(page.get_by_role("button", name="转人工")).to_be_visible()
    assert violations(page) == []
    page.get_by_label("怎么称呼您").fill("王晓燕")
    page.get_by_role("button", name="开始咨询").click()
    write(page, "在吗")
    expect(page.locator(".mine .bubble")).to_have_text(["在吗"])
    assert heard(server, "profile")[0]["name"] == "王晓燕"


def test_an_invitation_comes_at_its_moment_once_and_can_be_refused(server: Standin, open_page: Open) -> None:
    server.config["rules"] = [{"id": "r1", "text": "要帮您挑一款吗?", "page_seconds": 1}]
    page = open_page()
    expect(page.get_by_role("status")).to_contain_text("要帮您挑一款吗?")
    assert violations(page) == []
    page.locator(".teaser").get_by_role("button", name="收起").click()
    page.wait_for_timeout(1_500)
    expect(page.locator(".teaser")).to_have_count(0)
    assert [(frame["id"], frame["answer"]) for frame in heard(server, "invite")] == [("r1", "shown"), ("r1", "closed")]
    server.push({"t": "invite", "id": "i2", "text": "您好,我是林一", "name": "林一"})
    page.get_by_role("button", name="回复").click()
    expect(page.locator(".theirs .bubble").last).to_have_text("您好,我是林一")
    assert heard(server, "invite")[-1]["answer"] == "accepted"


def test_a_message_to_a_closed_window_is_shown_and_counted(server: Standin, open_page: Open) -> None:
    page = open_page()
    page.wait_for_function("!!localStorage.getItem('yizhan:demo:token')")
    page.wait_for_timeout(300)
    server.say("您的快递到了")
    expect(page.locator(".teaser")).to_contain_text("您的快递到了")
    expect(page.locator(".badge")).to_have_text("1")
    page.get_by_role("button", name="打开在线客服, 1 条未读消息").click()
    expect(page.locator(".badge")).to_have_count(0)
    page.wait_for_timeout(200)
    assert heard(server, "read")


def test_the_visit_is_told_page_by_page_and_to_the_end(server: Standin, open_page: Open) -> None:
    page = open_page()
    page.wait_for_function("!!localStorage.getItem('yizhan:demo:token')")
    page.evaluate("history.pushState(null, '', '/p/800g?token=secret')")
    page.evaluate("yizhan('track', 'Product Viewed', {name: '净水器', price: '1899.00'})")
    page.wait_for_timeout(200)
    page.goto("about:blank")
    page.wait_for_timeout(300)
    items = [item for frame in heard(server, "trail") for item in frame["items"]]
    assert [item["kind"] for item in items] == ["page", "dwell", "page", "Product Viewed", "dwell"]
    assert items[2]["url"].endswith("/p/800g?token=***")
    assert items[3]["data"]["name"] == "净水器"


def test_who_does_not_want_to_be_tracked_is_not(server: Standin, open_page: Open) -> None:
    page = open_page(script="Object.defineProperty(navigator, 'globalPrivacyControl', {value: true})")
    expect(page.locator(".launcher")).to_be_visible()
    page.evaluate("yizhan('track', 'Product Viewed', {})")
    page.wait_for_timeout(4_500)
    page.goto("about:blank")
    assert heard(server, "trail") == []


def test_the_page_speaks_to_the_widget_before_and_after_it_loads(server: Standin, open_page: Open) -> None:
    server.page = """<script>
      window.yizhan=window.yizhan||function(){(yizhan.q=yizhan.q||[]).push(arguments)}
      window.told=[]
      for(const n of 'ready open close unreadCount message conversation:started conversation:ended'.split(' '))
        addEventListener('yizhan:'+n,e=>told.push(n))
      yizhan('on','open',()=>told.push('listener'));yizhan('open')
    </script>"""
    page = open_page()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.evaluate("yizhan('setProduct', {id:'1', title:'净水器 800G', price:'¥1,899'})")
    page.locator(".offer").get_by_role("button", name="发送").click()
    expect(page.locator(".mine .offer")).to_contain_text("¥1,899")
    page.evaluate("yizhan('sendMessage', '这款有货吗')")
    page.wait_for_function("told.includes('conversation:started')")
    server.say("有货")
    expect(page.locator(".theirs .bubble").last).to_have_text("有货")
    server.state(phase="ended")
    page.evaluate("yizhan('setLocale', 'en')")
    expect(page.get_by_role("button", name="Talk to a person")).to_be_visible()
    page.evaluate("yizhan('close')")
    expect(page.get_by_role("dialog")).to_have_count(0)
    told = page.evaluate("told")
    assert {"ready", "open", "listener", "message", "conversation:started", "conversation:ended", "close"} <= set(told)
    page.evaluate("yizhan('reset')")
    assert json.loads(page.evaluate("JSON.stringify(Object.keys(localStorage).filter(k => k.includes('token')))")) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_stands_in_the_way_of_a_screen_reader(server: Standin, open_page: Open, scheme: str) -> None:
    page = open_page(color_scheme=scheme)
    expect(page.locator(".launcher")).to_be_visible()
    assert violations(page) == []
    open_window(page)
    assert violations(page) == []
    write(page, "在吗")
    server.say("您好", payload={"options": ["退货", "维修"]})
    server.say("接入中", sender="system", name="")
    page.get_by_role("button", name="转人工").click()
    expect(page.locator(".queue")).to_be_visible()
    assert violations(page) == []
    server.state(phase="served", agent_name="林一", queue=None)
    server.push({"t": "typing", "name": "林一"})
    page.get_by_role("button", name="表情").click()
    assert violations(page) == []


def test_reading_further_up_is_not_disturbed(server: Standin, open_page: Open) -> None:
    page = open_page()
    open_window(page)
    write(page, "在吗")
    for number in range(30):
        server.say(f"第 {number} 条")
    log = page.get_by_role("log")
    expect(log.get_by_text("第 29 条")).to_be_in_viewport()
    log.evaluate("log => { log.scrollTop = 0 }")
    back = page.get_by_role("button", name="回到最新消息")
    expect(back).to_be_visible()
    server.say("第 30 条")
    expect(log.get_by_text("第 30 条")).to_be_attached()
    assert log.evaluate("log => log.scrollTop") == 0
    back.click()
    expect(log.get_by_text("第 30 条")).to_be_in_viewport()
    expect(back).to_have_count(0)


def test_scrolling_up_reads_further_back_and_stays_where_it_is(server: Standin, open_page: Open) -> None:
    for number in range(120):
        server.say(f"第 {number} 条")
    page = open_page()
    open_window(page)
    log = page.get_by_role("log")
    expect(log.get_by_text("第 119 条")).to_be_in_viewport()
    assert log.locator(".bubble").count() == 50
    for count, first in ((100, 70), (120, 20)):
        log.evaluate("log => { log.scrollTop = 0 }")
        expect(log.locator(".bubble")).to_have_count(count)
        expect(log.get_by_text(f"第 {first} 条", exact=True)).to_be_in_viewport()
    assert bubbles(page)[0] == "第 0 条"
    log.evaluate("log => { log.scrollTop = 0 }")
    page.wait_for_timeout(300)
    assert log.locator(".bubble").count() == 120
    page.get_by_role("button", name="回到最新消息").click()
    expect(log.get_by_text("第 119 条")).to_be_in_viewport()


def test_where_agreement_is_needed_nothing_is_recorded_before(server: Standin, open_page: Open) -> None:
    server.config["consent"] = True
    page = open_page()
    open_window(page)
    write(page, "在吗")
    page.evaluate("yizhan('track', 'Product Viewed', {})")
    page.wait_for_timeout(4_500)
    assert heard(server, "trail") == []
    page.evaluate("yizhan('consent', true)")
    page.evaluate("yizhan('track', 'Product Viewed', {})")
    page.wait_for_timeout(4_500)
    assert [item["kind"] for frame in heard(server, "trail") for item in frame["items"]] == ["page", "Product Viewed"]
    page.reload()
    expect(page.locator(".launcher")).to_be_visible()
    page.evaluate("yizhan('consent', false)")
    page.evaluate("yizhan('track', 'Product Viewed', {})")
    page.wait_for_timeout(4_500)
    assert [frame["granted"] for frame in heard(server, "consent")] == [True, False]
    told = [item["kind"] for frame in heard(server, "trail") for item in frame["items"]]
    assert told.count("Product Viewed") == 1


def test_the_snippets_of_other_vendors_are_understood(server: Standin, open_page: Open) -> None:
    server.page = "<script>window.yizhan=function(){(yizhan.q=yizhan.q||[]).push(arguments)}</script>"
    page = open_page("/bare")
    page.evaluate("yizhan('setUser', 'u-1', {email: 'a@b.cn', identifier_hash: 'h', phone_number: '19900001234'})")
    page.evaluate(f"yizhan('init', {{websiteToken: 'demo', baseUrl: '{server.address}/'}})")
    open_window(page)
    expect(page.get_by_text("大家都在问")).to_be_visible()
    assert server.wishes[-1]["identity"] == {"id": "u-1", "email": "a@b.cn", "hash": "h"}
    assert heard(server, "profile")[0]["phone"] == "19900001234"


def test_who_the_visitor_is_outlives_a_cleared_storage(server: Standin, open_page: Open) -> None:
    page = open_page()
    page.wait_for_function("document.cookie.includes('visitor')")
    page.evaluate("localStorage.clear()")
    page.reload()
    page.wait_for_function("!!localStorage.getItem('yizhan:demo:token')")
    assert server.wishes[-1]["visitor"] == "visitor"


def test_a_look_that_did_not_load_is_fetched_again(server: Standin, open_page: Open) -> None:
    server.broken = "/widget/look/zh"
    page = open_page()
    page.wait_for_timeout(400)
    expect(page.locator(".launcher")).to_have_count(0)
    server.broken = ""
    open_window(page)


def test_on_a_phone_it_fills_the_screen(server: Standin, open_page: Open) -> None:
    page = open_page(viewport={"width": 390, "height": 780}, is_mobile=True, has_touch=True)
    page.get_by_role("button", name="打开在线客服").tap()
    window = page.get_by_role("dialog")
    expect(window).to_be_visible()
    page.wait_for_timeout(400)
    assert window.bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 780}
    expect(page.locator(".launcher")).to_be_hidden()
    small = page.locator(".window button").evaluate_all(
        "all => all.map(b => [b.innerText || b.ariaLabel, b.getBoundingClientRect().height]).filter(([, h]) => h < 40)"
    )
    assert small == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
