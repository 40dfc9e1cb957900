"""Visitors who wander through the shop; some of them come to ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from yizhan.app.demo.cast import HOME, Customer, Page, a_walk, anybody, day
from yizhan.app.demo.past import sender_for
from yizhan.desk.intake import Sender, scope_of
from yizhan.desk.trail import TrailBuffer, TrailItem, open_visit, origin_of
from yizhan.foundation.crypto import Vault
from yizhan.foundation.db import Database

_TOUCH_EVERY = timedelta(seconds=25)
_FIRST_NUMBER = 10_000
_REGULARS = 4_000  # so many different visitors: some come again
_BROWSER = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1"


@dataclass
class Browser:
    """One open page. `asks` from the moment its visitor writes to us: then it stays until the talk is over."""

    customer: Customer
    inbox: UUID
    sender: Sender
    visit: UUID
    pages: list[Page]
    at: Page
    since: datetime
    next_at: datetime
    touched: datetime
    asks: bool = False


class Browsing:
    def __init__(
        self, db: Database, vault: Vault, trail: TrailBuffer, inboxes: dict[UUID, int], chance: Random
    ) -> None:
        self.open: dict[int, Browser] = {}
        self._db = db
        self._vault = vault
        self._trail = trail
        self._inboxes = inboxes
        self._chance = chance

    async def step(self, now: datetime, speed: float) -> None:
        wanted = round(4 + 6 * min(day.busy(now), 2.0))
        if len(self.open) < wanted and self._chance.random() < 0.5:
            await self.enter(now)
        for browser in list(self.open.values()):
            if now >= browser.next_at and not self._go_on(browser, now, speed):
                del self.open[browser.customer.number]
            elif now - browser.touched >= _TOUCH_EVERY:
                browser.touched = now
                self._trail.touch(browser.visit, now)

    async def enter(self, now: datetime, *, signed: bool = False) -> Browser | None:
        """A new visitor, or one of the regulars; None when that one is here already. `signed`: he is signed in."""
        number = _FIRST_NUMBER + self._chance.randrange(_REGULARS)
        if number in self.open:
            return None
        customer = anybody(Random(number), number, signed=signed)  # noqa: S311 - the same number is the same person
        inbox = self._chance.choices(list(self._inboxes), list(self._inboxes.values()))[0]
        sender = sender_for(self._vault, customer)
        referrer, query, pages = a_walk(self._chance)
        blind = self._vault.blind(sender.kind, scope_of(sender.inbox_scoped, inbox) + sender.value)
        address = f"198.18.{number % 200}.7"  # a range that belongs to nobody
        origin = origin_of(HOME + "/" + query, referrer, ip=address, language="zh-CN", user_agent=_BROWSER)
        async with self._db.transaction() as tx:
            visit = await open_visit(tx, inbox, blind, origin, now)
        first, rest = pages[0], pages[1:]
        browser = Browser(customer, inbox, sender, visit.id, rest, first, now, now, now)
        self._look_at(browser, first, now, 1.0)
        self.open[number] = browser
        return browser

    def somebody(self) -> Browser | None:
        """One who looks around and has not asked yet."""
        free = [b for b in self.open.values() if not b.asks]
        return self._chance.choice(free) if free else None

    def leave(self, number: int) -> None:
        self.open.pop(number, None)

    def clear(self) -> None:
        self.open.clear()

    def _go_on(self, browser: Browser, now: datetime, speed: float) -> bool:
        """To the next page; False when the visitor has seen enough."""
        if not browser.pages:
            browser.next_at = now + timedelta(seconds=60)
            return browser.asks
        self._trail.add(browser.visit, [TrailItem(
            "dwell", browser.at.url, browser.at.title, now, int((now - browser.since).total_seconds() * 1000)
        )])  # fmt: skip
        self._look_at(browser, browser.pages.pop(0), now, speed)
        return True

    def _look_at(self, browser: Browser, page: Page, now: datetime, speed: float) -> None:
        browser.at, browser.since, browser.touched = page, now, now
        browser.next_at = now + timedelta(seconds=self._chance.uniform(12, 70) / speed)
        items = [TrailItem("page", page.url, page.title, now)]
        if page.product:
            product = {"product_id": page.path[3:], "name": page.product, "price": page.price, "quantity": 1}
            items.append(TrailItem("Product Viewed", page.url, page.title, now, data={**product, "currency": "CNY"}))
            if self._chance.random() < 0.35:
                items.append(TrailItem("Product Added", page.url, page.title, now, data={**product, "currency": "CNY"}))
        self._trail.add(browser.visit, items)
