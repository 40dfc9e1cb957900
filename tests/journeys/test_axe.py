"""Every page in light and in dark: axe finds nothing, however small, and the console has no error."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import ConsoleMessage, Page, expect

from tests.journeys.conftest import Api, Product, wait_for
from tests.journeys.people import AgentDesk
from tests.journeys.test_twenty_chats import Caller

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AXE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
PAGES = (
    ("visitors", "visitors-page"), ("monitor", "monitor-page"), ("roster", "roster-page"),
    ("roster/mine", "roster-page"), ("roster/worktime", "roster-page"), ("promises", "promises-page"),
    ("promises/report", "promises-page"), ("ratings", "ratings-page"), ("ratings/appeals", "ratings-page"),
    ("notices", "notices-page"), ("complaints", "complaints-page"), ("review", "review-page"),
    ("review/blacklist", "review-page"), ("counter", "counter-page"),
    *((f"settings/{part}", "settings-page") for part in (
        "inboxes", "inboxes/new", "suppressions", "brands", "agents", "teams", "skills", "roles", "tags", "outlets",
        "reception", "config",
        "config/calendar/default", "config/clocks/default", "releases", "simulation", "operations", "audit", "tokens",
    )),
)  # fmt: skip
_STILL = "*, *::before, *::after { animation: none !important; transition: none !important; }"
_RUN = """() => axe.run({resultTypes: ['violations']}).then((found) => [found.passes.length, found.violations
  .flatMap((each) => each.nodes.map((node) => `${each.id}: ${node.target.join(' ')} ${node.failureSummary}`))])"""


class Watched:
    """A page whose console is heard from the beginning."""

    def __init__(self, page: Page, theme: str) -> None:
        self.page = page
        self.errors: list[str] = []
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
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


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_is_found_on_any_page(product: Product, new_page: Callable[..., Page], theme: str) -> None:
    watched = Watched(new_page(), theme)
    page = watched.page
    page.goto(f"{product.url}/app/login")
    expect(page.get_by_test_id("login-submit")).to_be_visible()
    found = watched.find()
    desk = AgentDesk(page, product.url, "admin")
    expect(page.locator("html.dark")).to_have_count(1 if theme == "dark" else 0)
    found += _open_chat(watched, product, desk)
    for path, mark in PAGES:
        page.goto(f"{product.url}/app/{path}")
        expect(page.get_by_test_id(mark)).to_be_visible()
        page.wait_for_load_state("networkidle")
        found += watched.find()
        if path == "monitor":
            page.get_by_test_id("figure-first_response").get_by_role("button").first.click()
            expect(page.get_by_test_id("behind-means")).to_be_visible()
            found += watched.find()
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
    found = watched.find()
    desk.page.get_by_test_id("end").click()
    expect(desk.page.get_by_test_id("summary-text")).to_be_visible()
    found += watched.find()
    desk.page.keyboard.press("Enter")
    expect(desk.page.get_by_test_id("summary-text")).to_have_count(0)
    return found
