"""Two at one ticket: whose line breaks is not seen where he is not, and sees who is there as soon as he is back."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Product, wait_for
from tests.journeys.people import AgentDesk
from tests.journeys.test_side_by_side import FILTER, INVOICE, Desk, callers, chat_of
from tests.journeys.test_twenty_chats import Caller
from tests.journeys.wire import Wire, wire_to

pytestmark = [pytest.mark.browser, pytest.mark.slow]
__all__ = ["callers"]


@pytest.fixture
def wire(product: Product) -> Iterator[Wire]:
    with wire_to(int(product.url.rsplit(":", 1)[1])) as through:
        yield through


def test_both_are_right_again_as_soon_as_the_line_is_back(
    product: Product, callers: dict[str, Caller], wire: Wire, new_page: Callable[..., Page]
) -> None:
    desk = Desk(new_page(), wire.url)
    desk.row(FILTER).click()
    expect(desk.pane(FILTER)).to_be_visible()
    other = AgentDesk(new_page(), product.url, "admin").page
    other.goto(f"{product.url}/app/desk/c/{chat_of(product, FILTER)['id']}")
    expect(other.get_by_text("林一 也在看")).to_be_visible()
    expect(desk.page.get_by_test_id("composer")).to_contain_text("也在看")

    # The server does not notice that the line is dead; 林一 has gone on to somebody else meanwhile.
    wire.falls_silent()
    expect(desk.page.get_by_test_id("composer")).not_to_contain_text("也在看")
    expect(other.get_by_text("林一 也在看")).to_be_visible()
    desk.row(INVOICE).click()
    expect(desk.pane(INVOICE)).to_be_visible()
    wire.mend()
    back(desk.page)
    expect(other.get_by_text("林一 也在看")).to_have_count(0)

    # Back at it after another break, each sees the other, though nobody opened anything.
    desk.row(FILTER).click()
    expect(other.get_by_text("林一 也在看")).to_be_visible()
    wire.falls_silent()
    expect(desk.page.get_by_test_id("composer")).not_to_contain_text("也在看")
    wire.mend()
    back(desk.page)
    expect(desk.page.get_by_test_id("composer")).to_contain_text("也在看")
    expect(other.get_by_text("林一 也在看")).to_be_visible()
    other.goto(f"{product.url}/app/notices")
    expect(desk.page.get_by_test_id("composer")).not_to_contain_text("也在看")


def back(page: Page) -> None:
    """What a browser says when its cable is back."""
    page.evaluate("window.dispatchEvent(new Event('online'))")
    wait_for(lambda: page.get_by_test_id("link-lost").count() == 0, "the line stands")
