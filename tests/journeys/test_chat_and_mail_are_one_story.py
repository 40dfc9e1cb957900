"""A visitor chats, leaves a mail address, then writes a mail from it with a photo: one customer, one ticket."""

from __future__ import annotations

import email
import email.policy
import os
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Product, wait_for
from tests.journeys.people import AgentDesk, Visitor
from tests.standins.mailserver import MailServer
from tests.standins.signing import signed

pytestmark = [pytest.mark.browser, pytest.mark.mail]

PICTURES = os.environ.get("YIZHAN_TEST_PICTURES")
SUPPORT = "support@shop.test"
CUSTOMER = "wangxiaoyan@customer.test"
PHOTO = (Path(__file__).parent / "leak.png").read_bytes()


def picture(page: Page, name: str) -> None:
    """For the README: `YIZHAN_TEST_PICTURES=folder` keeps them."""
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name}.png")


def picture_all(page: Page) -> None:
    """By day, by night and on a phone; the page is left as it was."""
    if not PICTURES:
        return
    for name, width, height in (("workbench", 1440, 900), ("workbench-dark", 1440, 900), ("phone", 390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(reduced_motion="reduce")
        page.wait_for_timeout(1_500)  # the customer's timeline is read anew
        picture(page, name)
        if name != "phone":
            page.get_by_test_id("theme").click()
    page.set_viewport_size({"width": 1440, "height": 900})


def connect_mailbox(product: Product, mail: MailServer, history_days: int = 0) -> None:
    mail.add_user(SUPPORT)
    mail.add_user(CUSTOMER)
    admin = product.admin()
    team = admin.call("GET", "/reference")["teams"][0]
    settings = {
        "address": SUPPORT, "from_name": "山雀生活", "user": SUPPORT, "history_days": history_days,
        "incoming": {"host": "127.0.0.1", "port": mail.ports["imaps"], "security": "tls", "verify": False},
        "outgoing": {"host": "127.0.0.1", "port": mail.ports["submissions"], "security": "tls", "verify": False},
    }  # fmt: skip
    secrets = {"password": "secret"}
    tried = admin.call("POST", "/inboxes/test", {"channel": "email", "settings": settings, "secrets": secrets})
    assert all(check["ok"] for check in tried["checks"]), tried
    admin.call("POST", "/inboxes", {
        "channel": "email", "name": "客服邮箱", "team_id": team["id"], "settings": settings, "secrets": secrets,
    })  # fmt: skip


def mail_with_photo() -> bytes:
    letter = EmailMessage()
    letter["From"] = f"王晓燕 <{CUSTOMER}>"
    letter["To"] = SUPPORT
    letter["Subject"] = "净化器漏水的照片"
    letter["Message-ID"] = "<photo-1@customer.test>"
    letter["Date"] = email.utils.localtime()
    letter.set_content("您好,照片在附件里,麻烦看一下。\n\n王晓燕")
    letter.add_attachment(PHOTO, maintype="image", subtype="png", filename="漏水.png")
    return signed(letter.as_bytes(policy=email.policy.SMTP))  # as the customer's own server does


def test_one_customer_and_one_ticket_across_chat_and_mail(
    product: Product, shop_page: str, mail_server: MailServer, new_page: Callable[..., Page]
) -> None:
    connect_mailbox(product, mail_server)
    agent = AgentDesk(new_page(), product.url)
    agent.goes_online()
    visitor = Visitor(new_page(1100, 820), shop_page)
    visitor.says("我买的净化器漏水了,怎么办?")

    agent.opens_chat_with("漏水了")
    agent.answers("您好,请把照片发到我们的邮箱,我马上看。")
    visitor.hears("请把照片发到我们的邮箱")
    picture(visitor.page, "widget")

    visitor.says(f"好的,我的邮箱是 {CUSTOMER}")
    expect(agent.page.get_by_test_id("thread")).to_contain_text("我的邮箱是")
    number = agent.page.get_by_test_id("ticket-number").inner_text()

    mail_server.deliver(mail_with_photo(), SUPPORT, CUSTOMER)
    thread = agent.page.get_by_test_id("thread")
    expect(thread).to_contain_text("照片在附件里", timeout=30_000)
    expect(agent.page.get_by_test_id("picture").first).to_be_visible()
    assert agent.page.get_by_test_id("ticket-number").inner_text() == number
    expect(agent.page.get_by_test_id("customer-pane")).to_contain_text("未验证")
    expect(agent.page.get_by_test_id("identity-row")).to_have_count(2)
    visitor.never_saw("照片在附件里")
    picture_all(agent.page)

    agent.chooses_channel("email")
    agent.answers("照片收到了,滤芯座裂了,今天给您寄新的。")
    agent.chooses_channel("webchat")
    agent.answers("新滤芯座今天寄出,明天能到。")
    visitor.hears("新滤芯座今天寄出")
    visitor.never_saw("照片收到了")
    answer = email.message_from_bytes(mail_server.wait_for(CUSTOMER, 1)[0], policy=email.policy.default)
    assert answer["In-Reply-To"] == "<photo-1@customer.test>"
    plain = answer.get_body(("plain",))
    assert plain is not None
    assert "照片收到了" in plain.get_content()
    assert number.lstrip("#") in answer["Subject"]

    agent.ends_with_enter()
    expect(agent.page.get_by_test_id("mine-row").filter(has_text="新滤芯座")).to_have_count(0)
    notes = wait_for(lambda: notes_of(product, number), "the ticket's notes")
    assert sum(note["typed"] for note in notes) == 0
    assert all(note["text"].strip() for note in notes)


def notes_of(product: Product, number: str) -> list[dict[str, object]]:
    admin = product.admin()
    found = admin.call("GET", f"/search?q={number.lstrip('#')}&kind=ticket")["items"]
    if not found:
        return []
    notes: list[dict[str, object]] = admin.call("GET", f"/tickets/{found[0]['ticket_id']}")["notes"]
    return notes
