"""What a page looks like in the middle of something: menus, bars, sheets, nothing found, an error, no network.

Each is a page, who looks at it and the hands that bring it about, with the controls a person uses.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Locator, Page

Hands = Callable[[Page], object]
CHAT, DESK = "chat", "desk"  # a chat that is served, and the desk with nothing open


@dataclass(frozen=True)
class State:
    """`where` is an address after /app/, or CHAT."""

    where: str
    hands: Hands
    login: str = "linyi"


def at(page: Page, mark: str) -> Locator:
    return page.get_by_test_id(mark).first


def pressing(*keys: str) -> Hands:
    def hands(page: Page) -> None:
        for key in keys:
            page.keyboard.press(key)

    return hands


def choosing(*marks: str) -> Hands:
    def hands(page: Page) -> None:
        for mark in marks:
            at(page, mark).click()

    return hands


def writing(mark: str, words: str, *before: str) -> Hands:
    def hands(page: Page) -> None:
        choosing(*before)(page)
        at(page, mark).fill("")  # a draft of the state before
        at(page, mark).press_sequentially(words)

    return hands


def taking_a_reply(page: Page) -> None:
    writing("composer-text", "/退款")(page)
    at(page, "quick-reply").wait_for()
    page.keyboard.press("Enter")


def asking(page: Page) -> None:
    page.keyboard.press("Control+k")
    page.get_by_test_id("search").fill("转")


def looking_for(page: Page) -> None:
    page.keyboard.press("Control+f")
    at(page, "find-field").fill("退")


def ticking(page: Page) -> None:
    choosing("choose-tickets")(page)
    for nth in (0, 1):
        page.get_by_test_id("tick").nth(nth).click()


def cutting_the_network(page: Page) -> None:
    """The reply waits on the device; the next page is opened with the network again."""
    page.context.set_offline(True)
    at(page, "composer-text").fill("好的,我马上为您查询。")
    page.keyboard.press("Control+Enter")
    at(page, "message-waiting").wait_for()


def choosing_a_face(page: Page) -> None:
    at(page, "composer-text").fill("")  # what the state before has left
    at(page, "emoji").click()


def sending(page: Page) -> None:
    """It can be taken back for some seconds."""
    at(page, "composer-text").fill("好的,我马上为您查询。")
    page.keyboard.press("Control+Enter")
    at(page, "undo").wait_for()


def refusing(path: str) -> Hands:
    """The server has a fault where this page asks: what it says then, and that it can be asked again."""

    def hands(page: Page) -> None:
        page.route(f"**/api/v1/{path}*", lambda route: route.fulfill(status=503, json={}))
        page.reload()

    return hands


def mistaking(page: Page) -> None:
    at(page, "login").fill("linyi")
    at(page, "password").fill("not this one")
    at(page, "login-submit").click()


STATES: dict[str, State] = {
    "palette": State(CHAT, asking),
    "help": State(DESK, pressing("?")),
    "find": State(CHAT, looking_for),
    "quick": State(CHAT, writing("composer-text", "/")),
    "gaps": State(CHAT, taking_a_reply),
    "mention": State(CHAT, writing("composer-text", "@", "tab-note")),
    "emoji": State(CHAT, choosing_a_face),
    "quoting": State(CHAT, pressing("q")),
    "report": State(CHAT, choosing("report")),
    "verify": State(CHAT, choosing("verify-chip")),
    "consult": State(CHAT, pressing("b")),
    "macro": State(CHAT, pressing("x")),
    "customer": State(CHAT, choosing("toggle-customer")),
    "sending": State(CHAT, sending),
    "offline": State(CHAT, cutting_the_network),
    "watching": State(CHAT, lambda page: at(page, "message-in").wait_for(), "zhuguan"),
    "filters": State(DESK, choosing("filters")),
    "keep-view": State(DESK, choosing("filters", "keep-view")),
    "ticking": State(DESK, ticking),
    "appearance": State(DESK, choosing("me", "appearance")),
    "password": State(DESK, choosing("me", "password-change")),
    "mute": State("notices", lambda page: page.locator("[data-test^=mute-]").first.click()),
    "behind": State("monitor", choosing("figure-first_response"), "zhuguan"),
    "wall": State("monitor", choosing("wall"), "zhuguan"),
    "cases": State("complaints", choosing("complaints-cases"), "zhuguan"),
    "approvals": State("complaints", choosing("complaints-approvals"), "zhuguan"),
    "reply": State("replies", choosing("reply-row")),
    "new-reply": State("replies", choosing("reply-new")),
    "none": State("customers", lambda page: at(page, "customer-search").fill("没有这个人")),
    "trouble": State("customers", refusing("customers")),
    "desk-trouble": State(CHAT, refusing("conversations/*")),
}
