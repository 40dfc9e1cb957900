"""The Chromium that figures of the screen are measured in, and what it does with an empty page."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, sync_playwright

FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--force-color-profile=srgb",
)  # fmt: skip
PROBE = Path(__file__).parent / "page" / "probe.js"
_BARE = "data:text/html,<!doctype html><meta charset=utf-8><button>–</button><textarea rows=4></textarea>"
_PRESSES = 60


@contextmanager
def chromium(profile: Path, *more: str) -> Iterator[BrowserContext]:
    """A window of 1440 × 900 as an agent in China has it, with a profile of its own."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        sys.exit("figures of the screen need Chromium (Debian: apt-get install chromium fonts-noto-cjk)")
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            profile, executable_path=path, args=[*FLAGS, *more], viewport={"width": 1440, "height": 900},
            locale="zh-CN", timezone_id="Asia/Shanghai",
        )  # fmt: skip
        yield context
        context.close()


def let_in(context: BrowserContext, url: str, cookie: str) -> None:
    """As if signed in here: the cookie of somebody who is."""
    name, _, value = cookie.partition("=")
    context.add_cookies([{"name": name, "value": value, "url": url}])


class Bare:
    """The same measures on a page that does nothing: how fast this machine can be at all, right now."""

    def __init__(self, page: Page) -> None:
        page.goto(_BARE)
        page.evaluate(PROBE.read_text("utf-8"))
        page.evaluate("addEventListener('click', (e) => { e.target.textContent = performance.now() })")
        self.clicked = [self._click(page) for _ in range(_PRESSES)]
        page.click("textarea")
        for n in range(_PRESSES):
            page.keyboard.press("abcdefgh"[n % 8])
            page.wait_for_timeout(30)
        self.typed: list[float] = page.evaluate("bench.typed")
        self.long: list[float] = page.evaluate("bench.long.map((each) => each[1])")

    def _click(self, page: Page) -> float:
        page.evaluate("void (bench.opened = new Promise((done) => addEventListener('click', "
                      "() => bench.painted((now) => done(now - bench.pressed)), {once: true})))")  # fmt: skip
        page.click("button")
        took: float = page.evaluate("bench.opened")
        return took


def retained(cdp: Any) -> dict[str, int]:
    """What lives after everything that can be let go has been."""
    for _ in range(3):
        cdp.send("HeapProfiler.collectGarbage")
    heap = cdp.send("Runtime.getHeapUsage")
    dom = cdp.send("Memory.getDOMCounters")
    return {"heap": int(heap["usedSize"]), "nodes": dom["nodes"], "listeners": dom["jsEventListeners"],
            "documents": dom["documents"]}  # fmt: skip


def over(values: Sequence[float], limit: float) -> int:
    return sum(value > limit for value in values)
