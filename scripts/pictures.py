"""The pictures of the README, taken anew: a chat and a mail of one customer at a demo that just began.

    YIZHAN_DATA=FOLDER yizhan serve --demo --port 8000
    python -m scripts.pictures http://127.0.0.1:8000 FOLDER docs/images

FOLDER is the demo's own: the mail is put into its spool, as a mail server would.
"""

from __future__ import annotations

import email.policy
import subprocess
import sys
from email.message import EmailMessage
from email.utils import localtime
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

PHOTO = Path(__file__).resolve().parent.parent / "tests" / "journeys" / "leak.png"
SUPPORT, CUSTOMER = "kefu@shanque.example", "wangxiaoyan@customer.example"
INBOX = "客服邮箱"


def _somebody(
    browser: Browser, url: str, login: str, size: tuple[int, int] = (1440, 900)
) -> tuple[BrowserContext, str]:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="zh-CN")
    answer = context.request.post(f"{url}/api/v1/auth/demo", data={"login": login}, headers={"Origin": url})
    assert answer.ok, answer.text()
    return context, answer.json()["csrf"]


def _alone(browser: Browser, url: str, login: str) -> None:
    """His colleagues are busy, so that the chat comes to him."""
    context, csrf = _somebody(browser, url, "admin")
    for agent in context.request.get(f"{url}/api/v1/agents").json()["items"]:
        if agent["presence"] == "online" and agent["login"] != login:
            context.request.put(
                f"{url}/api/v1/agents/{agent['id']}/presence", data={"state": "busy", "reason": "培训"},
                headers={"Origin": url, "X-CSRF-Token": csrf},
            )  # fmt: skip


def _mailbox(browser: Browser, url: str) -> str:
    """An inbox that is fed by its spool; returns its key."""
    context, csrf = _somebody(browser, url, "admin")
    shop = next(i for i in context.request.get(f"{url}/api/v1/inboxes").json()["items"] if i["key"] == "shop")
    made = context.request.post(
        f"{url}/api/v1/inboxes", headers={"Origin": url, "X-CSRF-Token": csrf},
        data={"channel": "email", "name": INBOX, "brand_id": shop["brand_id"], "team_id": shop["team_id"],
              "settings": {"address": SUPPORT, "protocol": "spool"}},
    )  # fmt: skip
    assert made.ok, made.text()
    return str(made.json()["key"])


def _deliver(data: Path, inbox: str) -> None:
    letter = EmailMessage(policy=email.policy.SMTP)
    letter["From"], letter["To"], letter["Subject"] = f"王晓燕 <{CUSTOMER}>", SUPPORT, "净化器漏水的照片"
    letter["Date"], letter["Message-ID"] = localtime(), "<photo-1@customer.example>"
    letter.set_content("您好,照片在附件里,麻烦看一下。\n\n王晓燕")
    letter.add_attachment(PHOTO.read_bytes(), maintype="image", subtype="png", filename="漏水.png")
    command = [sys.executable, "-m", "yizhan.app.cli", "mail", "deliver", "--inbox", inbox]
    subprocess.run([*command, "--spool", str(data / "spool" / "mail")], input=letter.as_bytes(), check=True)  # noqa: S603


def _chat(visitor: Page, agent: Page, url: str) -> None:
    visitor.goto(f"{url}/demo/shop")
    visitor.get_by_role("button", name="打开在线客服").click()
    _says(visitor, "我买的净化器漏水了,怎么办?")
    agent.get_by_test_id("mine-row").filter(has_text="漏水").click()
    agent.get_by_test_id("composer-text").fill(f"您好,别着急。请把漏水处的照片发到我们的邮箱 {SUPPORT},我马上看。")
    agent.get_by_test_id("send").click()
    expect(visitor.locator(".theirs .bubble").filter(has_text="别着急")).to_be_visible()
    _says(visitor, f"好的,我的邮箱是 {CUSTOMER}")
    expect(agent.get_by_test_id("thread")).to_contain_text(CUSTOMER)


def _says(visitor: Page, text: str) -> None:
    visitor.get_by_label("输入消息").fill(text)
    visitor.keyboard.press("Enter")
    expect(visitor.locator(".mine .bubble").last).to_have_text(text)


def take(browser: Browser, url: str, data: Path, folder: Path) -> None:
    inbox = _mailbox(browser, url)
    served, csrf = _somebody(browser, url, "linyi")
    served.request.put(f"{url}/api/v1/me/presence", data={"state": "online"},
                       headers={"Origin": url, "X-CSRF-Token": csrf})  # fmt: skip
    _alone(browser, url, "linyi")
    agent = served.new_page()
    agent.goto(f"{url}/app/")
    visitor = browser.new_context(viewport={"width": 1280, "height": 820}, locale="zh-CN").new_page()
    _chat(visitor, agent, url)
    expect(agent.get_by_test_id("customer-pane")).to_contain_text("未验证")  # the address he gave is his claim
    _deliver(data, inbox)
    expect(agent.get_by_test_id("picture").first).to_be_visible()
    agent.wait_for_timeout(1_500)  # the timeline of the customer is read anew
    agent.screenshot(path=folder / "workbench.png")
    visitor.screenshot(path=folder / "shop-widget.png")
    agent.get_by_test_id("theme").click()
    agent.mouse.move(700, 400)
    agent.wait_for_timeout(500)
    agent.screenshot(path=folder / "workbench-dark.png")
    agent.get_by_test_id("theme").click()
    agent.set_viewport_size({"width": 390, "height": 844})
    agent.wait_for_timeout(500)
    agent.screenshot(path=folder / "phone.png")
    watched, _ = _somebody(browser, url, "zhuguan")
    floor = watched.new_page()
    floor.goto(f"{url}/app/monitor")
    expect(floor.get_by_test_id("monitor-page")).to_be_visible()
    floor.wait_for_timeout(3_000)
    floor.screenshot(path=folder / "monitor.png")


def main(url: str, data: Path, folder: Path) -> None:
    with sync_playwright() as playwright:
        expect.set_options(timeout=30_000)
        playwright.selectors.set_test_id_attribute("data-test")
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        take(browser, url, data, folder)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), Path(sys.argv[2]), Path(sys.argv[3]))
