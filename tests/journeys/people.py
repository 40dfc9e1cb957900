"""What people do at their screens, in the field's words."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.journeys.conftest import PASSWORD


class Visitor:
    """Somebody on the shop's page."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        page.goto(address)
        page.get_by_role("button", name="打开在线客服").click()
        expect(page.get_by_label("输入消息")).to_be_visible()

    def says(self, text: str) -> None:
        self.page.get_by_label("输入消息").fill(text)
        self.page.keyboard.press("Enter")
        expect(self.page.locator(".mine .bubble").last).to_have_text(text)

    def hears(self, text: str) -> None:
        expect(self.page.locator(".theirs .bubble").filter(has_text=text).last).to_be_visible()

    def never_saw(self, text: str) -> None:
        expect(self.page.get_by_text(text)).to_have_count(0)


class AgentDesk:
    """An agent at the workbench."""

    def __init__(self, page: Page, url: str, login: str = "linyi") -> None:
        self.page = page
        page.goto(f"{url}/app/")
        page.get_by_test_id("login").fill(login)
        page.get_by_test_id("password").fill(PASSWORD)
        page.get_by_test_id("login-submit").click()
        expect(page.get_by_test_id("presence")).to_be_visible()

    def goes_online(self) -> None:
        self.page.get_by_test_id("presence").click()
        self.page.get_by_test_id("presence-online").click()
        expect(self.page.get_by_test_id("presence")).to_contain_text("在线")

    def opens_chat_with(self, words: str) -> None:
        self.page.get_by_test_id("mine-row").filter(has_text=words).click()
        expect(self.page.get_by_test_id("thread")).to_contain_text(words)

    def answers(self, text: str) -> None:
        self.page.get_by_test_id("composer-text").fill(text)
        self.page.get_by_test_id("send").click()
        expect(self.page.get_by_test_id("message-out").filter(has_text=text)).to_be_visible()

    def chooses_channel(self, channel: str) -> None:
        self.page.get_by_test_id("reply-channel").click()
        self.page.get_by_test_id(f"channel-{channel}").first.click()

    def transfers_to(self, name: str, note: str) -> None:
        self.page.get_by_test_id("transfer").click()
        self.page.get_by_role("option").filter(has_text=name).click()
        self.page.get_by_test_id("transfer-note").fill(note)
        self.page.get_by_test_id("transfer-accept").click()
        expect(self.page.get_by_test_id("transfer-note")).to_have_count(0)

    def ends_with_enter(self) -> None:
        """结束会话: the 小结 is already written, Enter accepts."""
        self.page.get_by_test_id("end").click()
        expect(self.page.get_by_test_id("summary-text")).not_to_have_value("")
        self.page.keyboard.press("Enter")
        expect(self.page.get_by_test_id("summary-text")).to_have_count(0)
