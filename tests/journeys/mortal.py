"""A browser of somebody's own: its folder outlives it, and it can be killed in the middle of anything."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from pathlib import Path

from playwright.sync_api import Browser, Page, Playwright

from tests.journeys.conftest import FLAGS, wait_for

_OWN = ["--headless=new", "--remote-debugging-port=0", "--window-size=1440,900", "--lang=zh-CN",
        "--force-prefers-reduced-motion", "--no-default-browser-check"]  # fmt: skip
_NO_SECOND_THOUGHTS = "localStorage.setItem('yizhan.preferences', JSON.stringify({language: 'zh-CN', undo: false}))"


class MortalBrowser:
    def __init__(self, playwright: Playwright, folder: Path) -> None:
        self._playwright = playwright
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._browser: Browser | None = None

    def opens(self, address: str) -> Page:
        """Started anew on its folder, with one page."""
        path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        assert path, "this journey needs Chromium: make test installs it"
        told = self._folder / "DevToolsActivePort"
        told.unlink(missing_ok=True)
        self._process = subprocess.Popen(
            [path, *FLAGS, *_OWN, f"--user-data-dir={self._folder}", "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        wait_for(lambda: told.exists() and told.read_text().count("\n"), "the browser is there", 30)
        port = told.read_text().split("\n")[0]
        self._browser = self._playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}")
        context = self._browser.contexts[0]
        context.set_default_timeout(30_000)
        context.add_init_script(_NO_SECOND_THOUGHTS)
        page = context.pages[0]
        page.goto(address)
        return page

    def is_killed(self) -> None:
        """The whole of it, at once: nothing is asked and nothing said."""
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(10)
        assert self._browser is not None
        self._browser.close()

    def is_closed(self) -> None:
        """As people close it: what it keeps is written."""
        assert self._process is not None
        assert self._browser is not None
        session = self._browser.new_browser_cdp_session()
        session.send("Browser.close")
        self._process.wait(20)
