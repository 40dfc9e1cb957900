"""Nothing written is lost or said twice: the wire cut and the browser killed at any moment, fifty times."""

from __future__ import annotations

import logging
import os
import random
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import FilePayload, Page, expect, sync_playwright

from tests.journeys.conftest import PASSWORD, Api, Product, wait_for
from tests.journeys.mortal import MortalBrowser
from tests.journeys.people import AgentDesk, Visitor
from tests.journeys.wire import Moment, Wire, wire_to

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROUNDS = 50
log = logging.getLogger(__name__)
_PICTURE = Path(__file__).with_name("leak.png")
_KEPT_PICTURES = """new Promise((done) => {
  const asked = indexedDB.open('yizhan')
  asked.onsuccess = () => {
    const count = asked.result.transaction('pictures').objectStore('pictures').count()
    count.onsuccess = () => { asked.result.close(); done(count.result) }
  }
})"""
_WORDS = "您好,您的净化器滤芯已经从杭州仓发出,预计明天下午送到,签收后请告诉我一声"


@pytest.fixture(scope="module")
def lead(product: Product) -> Api:
    """陈宇 may answer in anybody's conversation."""
    admin = product.admin()
    role = next(r for r in admin.call("GET", "/roles")["items"] if r["key"] == "lead")
    made = admin.call("POST", "/agents", {
        "login": "chenyu", "name": "陈宇", "role_id": role["id"], "password": PASSWORD,
    })  # fmt: skip
    team = admin.call("GET", "/teams")["items"][0]
    members = [{"agent_id": m["agent_id"], "lead": m["lead"]} for m in team["members"]]
    admin.call("PUT", f"/teams/{team['id']}/members", {"members": [*members, {"agent_id": made["id"], "lead": True}]})
    return Api(product.url, "chenyu")


@pytest.fixture
def wire(product: Product) -> Iterator[Wire]:
    with wire_to(int(product.url.rsplit(":", 1)[1])) as through:
        yield through


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[MortalBrowser]:
    with sync_playwright() as playwright:
        expect.set_options(timeout=60_000)
        playwright.selectors.set_test_id_attribute("data-test")
        own = MortalBrowser(playwright, tmp_path / "profile")
        yield own
        own.is_killed()


class Evening:
    """One agent who writes, one conversation, and what he has said in it so far."""

    def __init__(self, browser: MortalBrowser, wire: Wire, page: Page, lead: Api, chance: random.Random) -> None:
        self.browser, self.wire, self.page, self.lead, self.chance = browser, wire, page, lead, chance
        self.own = Api(wire.beyond, "linyi")
        self.place = page.url
        self.conversation = page.url.rsplit("/", 1)[1]
        self.said: list[str] = []
        self.missing: list[int] = []  # characters of a draft that the kill was quicker than

    @property
    def field(self) -> Any:
        return self.page.get_by_test_id("composer-text")

    def round(self, n: int) -> None:
        words = f"第 {n} 条," + _WORDS[: self.chance.randrange(6, len(_WORDS))]
        cut = self.chance.choice([*Moment, *Moment, "typing", "typing", "resting"])
        typed = self.types(words, cut)
        sent = typed == words and cut != "resting" and self.chance.random() < 0.85
        if cut is Moment.AT_THE_SOCKET:
            self.wire.cut()
        if sent:
            self.page.keyboard.press("Control+Enter")
        if cut is Moment.AT_THE_SOCKET:
            self.wire.mend()
            self.wire.cut_at(cut)
            self.plugs_in()
        if cut == "resting":
            wait_for(lambda: self.draft_on_the_server() == typed, "the draft is on the server")
        elif self.chance.random() < 0.5:  # what was begun takes its course; else the end is at once
            self.takes_its_course(cut, sent)
        time.sleep(self.chance.random() * 0.1)
        self.browser.is_killed()
        self.wire.cut()
        self.comes_back(words, typed, sent)
        if cut == "resting":
            assert self.missing.pop() == 0

    def types(self, words: str, cut: str | Moment) -> str:
        """All of it, or as far as he got; the wire is cut on the way or waits for its moment."""
        self.field.click()
        if isinstance(cut, Moment) and cut is not Moment.AT_THE_SOCKET:
            self.wire.cut_at(cut)
        if cut is Moment.IN_AN_UPLOAD:
            self.adds_a_file()
        ends = self.chance.randrange(len(words) // 2, len(words) * 3)
        at = self.chance.randrange(len(words))
        for place, letter in enumerate(words[:ends]):
            if cut == "typing" and place == at:
                self.wire.cut()
            self.page.keyboard.insert_text(letter)
            time.sleep(0.01)
        return words[:ends]

    def adds_a_file(self) -> None:
        paper = FilePayload(name="单据.txt", mimeType="text/plain", buffer=self.chance.randbytes(90_000))
        self.page.get_by_test_id("file-input").set_input_files([paper])
        expect(self.page.get_by_test_id("composer").get_by_text("单据.txt")).to_be_visible()
        self.wire.sprung.wait(5)

    def plugs_in(self) -> None:
        """What a browser says when its cable is back."""
        self.page.evaluate("window.dispatchEvent(new Event('online'))")

    def takes_its_course(self, cut: str | Moment, sent: bool) -> None:
        if sent:
            expect(self.field).to_have_value("")
        if cut is Moment.AT_THE_SOCKET or (sent and isinstance(cut, Moment)):
            self.wire.sprung.wait(5)

    def comes_back(self, words: str, typed: str, sent: bool) -> None:
        """Without a network first: the page, the tickets, the draft and the queue are there. Then with it."""
        self.page = page = self.browser.opens(self.place)
        expect(self.field).to_be_visible()
        expect(page.get_by_test_id("as-of")).to_be_visible()
        expect(page.get_by_test_id("mine-row")).to_have_count(1)
        queued = page.get_by_test_id("message-waiting").count()
        draft = self.field.input_value()
        there = words in self.heard()
        if not sent:
            assert (queued, there) == (0, False)
            assert typed.startswith(draft), f"{draft!r} is no beginning of {typed!r}"
            self.missing.append(len(typed) - len(draft))
        else:
            assert bool(draft) + (bool(queued) or there) == 1, f"draft {draft!r}, queued {queued}, there {there}"
            assert words.startswith(draft)
            self.missing += [len(words) - len(draft)] if draft else []
        meanwhile = self.chance.random() < 0.4
        if meanwhile:
            self.colleague_answers()
        self.wire.mend()
        self.plugs_in()
        if meanwhile and queued and not there:
            expect(page.get_by_test_id("happened")).to_contain_text("陈宇")
            assert words not in self.heard()
        elif meanwhile:
            expect(page.get_by_test_id("thread")).to_contain_text(self.said[-1])
        if not queued and not there:
            self.field.fill(words)
            self.field.press("Control+Enter")
        wait_for(self.all_is_sent, "nothing waits any more", 60)
        expect(self.field).to_have_value("")
        self.said.append(words) if not there or not meanwhile else self.said.insert(-1, words)
        assert self.heard() == self.said

    def all_is_sent(self) -> bool:
        """Of a colleague whose answer was not yet on the disk he is told once more."""
        asked = self.page.get_by_test_id("send-anyway")
        if asked.count():
            asked.first.click()
        return self.page.get_by_test_id("message-waiting").count() == 0

    def colleague_answers(self) -> None:
        text = f"陈宇的回复 {len(self.said)}"
        body = {"client_id": text, "text": text}
        self.lead.call("POST", f"/conversations/{self.conversation}/messages", body)
        self.said.append(text)

    def draft_on_the_server(self) -> str:
        found = self.own.call("GET", f"/conversations/{self.conversation}/draft")["draft"]
        return str(found["text"]) if found else ""

    def heard(self) -> list[str]:
        """What the customer was sent by people, as the database has it."""
        told = self.lead.call("GET", f"/conversations/{self.conversation}")
        messages, before = told["messages"], told["before"]
        while before:
            page = self.lead.call("GET", f"/conversations/{self.conversation}/messages?before={before}")
            messages, before = [*page["messages"], *messages], page["before"]
        return [m["text"] for m in messages if m["direction"] == "out" and m["author"]["kind"] == "agent"]


def opens_a_chat(browser: MortalBrowser, wire: Wire, shop_page: str, words: str) -> Page:
    """林一 has it on her screen, and the browser could open it again without a network."""
    desk = AgentDesk(browser.opens(f"{wire.url}/app/"), wire.url)
    desk.goes_online()
    shopper = desk.page.context.new_page()
    Visitor(shopper, shop_page).says(words)
    shopper.close()
    desk.opens_chat_with(words)
    desk.page.wait_for_function("navigator.serviceWorker.controller")
    return desk.page


def writes(page: Page, words: str, *, sends: bool = True) -> None:
    page.get_by_test_id("composer-text").fill(words)
    if sends:
        page.get_by_test_id("composer-text").press("Control+Enter")
        expect(page.get_by_test_id("composer-text")).to_have_value("")


def test_nothing_written_is_lost_or_sent_twice_wherever_wire_and_browser_end(
    product: Product, lead: Api, shop_page: str, wire: Wire, browser: MortalBrowser
) -> None:
    seed = int(os.environ.get("YIZHAN_SEED", random.SystemRandom().randrange(10**6)))
    log.info("YIZHAN_SEED=%s", seed)
    place = opens_a_chat(browser, wire, shop_page, "请记下我的问题").url
    browser.is_closed()  # by now his sign-in is on the disk
    evening = Evening(browser, wire, browser.opens(place), lead, random.Random(seed))
    for n in range(int(os.environ.get("YIZHAN_ROUNDS", ROUNDS))):
        log.info("round %s of seed %s", n, seed)
        evening.round(n)
    log.info("characters of drafts that the kill was quicker than: %s", sorted(evening.missing))


def test_a_sign_in_that_ran_out_keeps_the_words_for_who_wrote_them(
    product: Product, lead: Api, shop_page: str, wire: Wire, browser: MortalBrowser
) -> None:
    """Without a network he writes; back, his sign-in is over, and a colleague uses the browser before him."""
    page = opens_a_chat(browser, wire, shop_page, "滤网怎么洗")
    place = page.url
    wire.cut()
    writes(page, "清水冲洗即可")
    writes(page, "另外三个月", sends=False)
    expect(page.get_by_test_id("message-waiting")).to_have_count(1)
    page.context.clear_cookies()
    wire.mend()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.get_by_test_id("login-submit")).to_be_visible()

    AgentDesk(page, wire.url, "chenyu")
    page.goto(place)
    expect(page.get_by_test_id("thread")).to_contain_text("滤网怎么洗")
    expect(page.get_by_test_id("message-waiting")).to_have_count(0)
    expect(page.get_by_test_id("composer-text")).to_have_value("")
    assert "清水冲洗即可" not in said_in(lead, place)
    page.context.clear_cookies()

    AgentDesk(page, wire.url)
    page.goto(place)
    expect(page.get_by_test_id("composer-text")).to_have_value("另外三个月")
    wait_for(lambda: said_in(lead, place).count("清水冲洗即可") == 1, "what waited is sent")


def test_a_picture_of_open_work_is_seen_without_a_network_after_a_restart(
    product: Product, shop_page: str, wire: Wire, browser: MortalBrowser
) -> None:
    page = opens_a_chat(browser, wire, shop_page, "指示灯是什么颜色")
    place = page.url
    paper = FilePayload(name="指示灯.png", mimeType="image/png", buffer=_PICTURE.read_bytes())
    page.get_by_test_id("file-input").set_input_files([paper])
    expect(page.get_by_test_id("send")).to_be_enabled()  # it is up
    writes(page, "像这样亮就对了")
    expect(page.get_by_test_id("message-out").get_by_test_id("picture")).to_be_visible()
    wait_for(lambda: page.evaluate(_KEPT_PICTURES) == 2, "the picture and its index are on the disk")
    browser.is_killed()
    wire.cut()
    page = browser.opens(place)
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.send("Network.setCacheDisabled", {"cacheDisabled": True})  # no other place to have it from
    page.reload()
    expect(page.get_by_test_id("as-of")).to_be_visible()
    shown = page.get_by_test_id("message-out").get_by_test_id("picture").locator("img")
    expect(shown).to_have_attribute("src", re.compile("^blob:"))
    wait_for(lambda: bool(shown.evaluate("it => it.naturalWidth")), "it is drawn")
    if shots := os.environ.get("YIZHAN_SHOTS"):
        page.screenshot(path=f"{shots}/offline-picture.png")


def test_of_two_windows_one_sends_and_both_catch_up_after_the_server_comes_back(
    product: Product, lead: Api, shop_page: str, wire: Wire, browser: MortalBrowser
) -> None:
    page = opens_a_chat(browser, wire, shop_page, "几年保修")
    place = page.url
    second = page.context.new_page()
    second.goto(place)
    expect(second.get_by_test_id("thread")).to_contain_text("几年保修")
    writes(page, "整机两", sends=False)
    expect(second.get_by_test_id("composer-text")).to_have_value("整机两")  # one device, one draft
    product.stop()
    writes(page, "整机两年保修")
    for each in (page, second):
        expect(each.get_by_test_id("message-waiting")).to_have_count(1)
        expect(each.get_by_test_id("composer-text")).to_have_value("")
    product.start_again()
    for each in (page, second):
        each.evaluate("window.dispatchEvent(new Event('online'))")
    for each in (page, second):
        expect(each.get_by_test_id("message-waiting")).to_have_count(0)
    lead.call("POST", f"/conversations/{place.rsplit('/', 1)[1]}/messages", {"client_id": "l", "text": "滤网一年"})
    for each in (page, second):
        expect(each.get_by_test_id("thread")).to_contain_text("滤网一年")
    assert said_in(lead, place) == ["整机两年保修", "滤网一年"]


def said_in(lead: Api, place: str) -> list[str]:
    messages = lead.call("GET", f"/conversations/{place.rsplit('/', 1)[1]}")["messages"]
    return [m["text"] for m in messages if m["direction"] == "out" and m["author"]["kind"] == "agent"]
