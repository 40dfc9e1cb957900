"""Every page in light and in dark, in both languages: axe finds nothing, however small, the console has no error."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import ConsoleMessage, Page, expect

from scripts.screens.places import plain_places
from tests.journeys.conftest import Api, Product, wait_for
from tests.journeys.people import AgentDesk
from tests.journeys.test_twenty_chats import Caller

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AXE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
# What the router alone does not name: one of the forms behind it each.
MORE = ("settings/inboxes/new", "settings/config/calendar/default", "settings/config/clocks/default")
PAGES = [place.path for place in plain_places() if not place.sheet and place.path != "desk"]
_SWITCH = """([language, theme]) => {
  const stores = document.querySelector('#app').__vue_app__.config.globalProperties.$pinia._s
  Object.assign(stores.get('preferences'), {language, theme})
}"""
_STILL = "*, *::before, *::after { animation: none !important; transition: none !important; }"
_RUN = """() => axe.run({resultTypes: ['violations']}).then((found) => [found.passes.length, found.violations
  .flatMap((each) => each.nodes.map((node) => `${each.id}: ${node.target.join(' ')} ${node.failureSummary}`))])"""


class Watched:
    """A page whose console is heard from the beginning."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.errors: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.errors.append(f"{page.url}: {error}"))

    def _hear(self, line: ConsoleMessage) -> None:
        before_signing_in = "401" in line.text and "/auth/me" in str(line.location.get("url", ""))
        if line.type == "error" and not before_signing_in:
            self.errors.append(f"{self.page.url}: {line.text} {line.location.get('url', '')}")

    def find(self) -> list[str]:
        """What axe finds; movement is over first, since a fading text has no colour of its own."""
        self.page.add_style_tag(content=_STILL)
        if not self.page.evaluate("() => 'axe' in window"):
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
        passed, found = self.page.evaluate(_RUN)
        assert passed > 10, "axe looked at an empty page"
        return [f"{self.page.url} {each}" for each in found]

    def find_both(self) -> list[str]:
        """In English and dark, then as the house is used: loaded once, switched in the page."""
        found = []
        for language, theme in (("en", "dark"), ("zh-CN", "light")):
            self.page.evaluate(_SWITCH, [language, theme])
            dark = ".dark" if theme == "dark" else ":not(.dark)"
            expect(self.page.locator(f"html[lang={language}]{dark}")).to_have_count(1)
            self.page.wait_for_load_state("networkidle")
            found += [f"{theme} {each}" for each in self.find()]
        return found


def test_nothing_is_found_on_any_page(product: Product, new_page: Callable[..., Page]) -> None:
    watched = Watched(new_page())
    page = watched.page
    page.goto(f"{product.url}/app/login")
    expect(page.get_by_test_id("login-submit")).to_be_visible()
    found = watched.find_both()
    desk = AgentDesk(page, product.url, "admin")
    found += _open_chat(watched, product, desk)
    for path in (*PAGES, *MORE):
        page.goto(f"{product.url}/app/{path}")
        expect(page.get_by_test_id(f"{path.partition('/')[0]}-page")).to_be_visible()
        page.wait_for_load_state("networkidle")
        found += watched.find_both()
        if path == "monitor":
            page.get_by_test_id("figure-first_response").get_by_role("button").first.click()
            expect(page.get_by_test_id("behind-means")).to_be_visible()
            found += watched.find_both()
            page.get_by_test_id("behind-close").click()
    assert found == []
    assert watched.errors == []


def _open_chat(watched: Watched, product: Product, desk: AgentDesk) -> list[str]:
    """A chat with a question and an answer, its customer beside it, then the sheet that ends it."""
    agent = Api(product.url, "linyi")
    agent.call("PUT", "/me/presence", {"state": "online"})
    words = "净化器的指示灯一直闪,请问怎么处理?"
    Caller(product.url).says(words)
    chat = wait_for(lambda: agent.call("GET", "/conversations/mine")["items"], "the chat comes")[0]
    agent.call("POST", f"/conversations/{chat['id']}/messages", {"client_id": "a-1", "text": "您好,请长按电源键五秒。"})
    desk.page.goto(f"{product.url}/app/desk/c/{chat['id']}")
    expect(desk.page.get_by_test_id("message-out").first).to_be_visible()
    expect(desk.page.get_by_test_id("identity-row").first).to_be_visible()
    found = watched.find_both()
    desk.page.get_by_test_id("end").click()
    expect(desk.page.get_by_test_id("summary-text")).to_be_visible()
    found += watched.find_both()
    desk.page.keyboard.press("Enter")
    expect(desk.page.get_by_test_id("summary-text")).to_have_count(0)
    return found
