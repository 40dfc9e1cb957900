"""`wrap_up`: from the customer's thanks to the ended conversation with its 服务小结, in real Chromium.

An agent answers, the customer says thanks at the shop's page, the 小结 stands there written, one press ends. What a
person needs to read it is not in the figure; the same end by the form (结束会话, Enter) is measured beside it.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect

from bench import places
from bench.browser import chromium, let_in
from bench.desk_screen import spread
from bench.house import House, load_average, staffed
from bench.report import figure

_ROUNDS = 24
_DAY = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SHOP = '<!doctype html><meta charset=utf-8><h1>商城</h1><script src="{url}/widget.js" data-inbox="web" async></script>'


def run() -> None:
    with (
        places.folder() as data, staffed(data, 1) as house,
        tempfile.TemporaryDirectory() as profile, chromium(Path(profile)) as context,
    ):  # fmt: skip
        expect.set_options(timeout=30_000)
        context.set_default_timeout(30_000)
        floor = Floor(context, house)
        took: dict[str, list[float]] = {"bar": [], "form": []}
        for n in range(_ROUNDS):
            way = "form" if n % 2 else "bar"
            took[way].append(floor.served(n, way))
    bar, form = statistics.median(took["bar"]), statistics.median(took["form"])
    figure("wrap_up", bar, "s", goal="< 3 at the median", limit=form, ratio=bar / form, detail={
        "bar": spread([s * 1000 for s in took["bar"]]), "form": spread([s * 1000 for s in took["form"]]),
        "chats": _ROUNDS, "load_average": load_average(),
        "value_is": "from the customer's thanks to the ended conversation with its summary, by one press",
        "limit_is": "the same by the form: 结束会话, then Enter",
    })  # fmt: skip


class Floor:
    """A shop's page and the desk, side by side."""

    def __init__(self, context: BrowserContext, house: House) -> None:
        calendar = {"tz": "Asia/Shanghai", "weekly": {day: ["00:00-24:00"] for day in _DAY}}
        house.chief.ask("POST", "/inboxes", {
            "channel": "webchat", "name": "官网", "team_id": house.team, "key": "web",
            "settings": {"calendar": calendar},
        })  # fmt: skip
        shop = _SHOP.format(url=house.url)
        context.route("**/a-shop", lambda route: route.fulfill(body=shop, content_type="text/html"))
        let_in(context, house.url, house.people[0].cookie)
        self.url = house.url
        self.desk, self.shop = context.new_page(), context.new_page()
        self.desk.goto(f"{house.url}/app/desk")

    def served(self, n: int, way: str) -> float:
        """Seconds."""
        self._asks(f"第 {n} 位顾客:发票在哪里下载?")
        rows = self.desk.locator("[data-test=mine-row]")
        rows.filter(has_text=f"第 {n} 位").click()
        self.desk.fill("[data-test=composer-text]", "在「我的-订单」里就能下载。")
        self.desk.press("[data-test=composer-text]", "Enter")
        expect(self.shop.locator(".theirs .bubble").filter(has_text="就能下载").last).to_be_visible()
        began = time.perf_counter()
        self._says("好的,谢谢")
        expect(self.desk.locator("[data-test=wrap-bar]")).to_be_visible()
        if way == "bar":
            self.desk.click("[data-test=wrap-end]")
        else:
            _by_form(self.desk)
        expect(rows).to_have_count(0)
        return time.perf_counter() - began

    def _asks(self, words: str) -> None:
        """Somebody new each time."""
        self.shop.goto(f"{self.url}/a-shop")
        self.shop.evaluate("localStorage.clear()")
        self.shop.reload()
        self.shop.get_by_role("button", name="打开在线客服").click()
        self._says(words)

    def _says(self, words: str) -> None:
        self.shop.get_by_label("输入消息").fill(words)
        self.shop.keyboard.press("Enter")


def _by_form(desk: Page) -> None:
    desk.get_by_role("button", name="结束会话").click()
    expect(desk.locator("[data-test=summary-text]")).not_to_have_value("")
    desk.keyboard.press("Enter")
