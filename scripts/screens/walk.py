"""Goes through the places in one language, once for each width, and photographs each in light and in dark."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, BrowserContext, Page, StorageState
from playwright.sync_api import TimeoutError as TookTooLong

from scripts.screens.house import House
from scripts.screens.places import STATES, Place, places_within, plain_places, states_within
from scripts.screens.settings import prepare
from scripts.screens.states import mistaking
from scripts.screens.words import Words

Language = Literal["zh-CN", "en"]
Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")
LANGUAGES: tuple[Language, ...] = ("zh-CN", "en")
# The first two are taken unless others are asked for: a laptop of 1024 and a wide screen take as long again.
SIZES = {1440: 900, 390: 844, 1024: 768, 2560: 1440}
USUAL = (1440, 390)
STILL = "*, *::before, *::after { animation: none !important; transition: none !important; caret-color: transparent; }"
AXE = Path(__file__).resolve().parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
RUN_AXE = """() => axe.run({resultTypes: ['violations']}).then((found) => found.violations
  .flatMap(({id, impact, nodes}) => nodes.map((each) => `${impact} ${id}: ${each.target}
    ${each.failureSummary.replace(/\\s+/g, ' ')}`)))"""
SEE = Path(__file__).with_name("seen.js").read_text(encoding="utf-8").partition("*/")[2].strip()
# What a page of the settings hides below its end, and how tall a picture of all of it may become.
HIDDEN = """() => Math.max(0, ...[...document.querySelectorAll('.settings, .settings > .page, .el-overlay-dialog')]
  .map((each) => each.scrollHeight - each.clientHeight))"""
TALLEST = 4000
_STORES = "document.querySelector('#app').__vue_app__.config.globalProperties.$pinia._s"
_LOADED = "() => !document.querySelector('.loading, [aria-busy=true]')"
_SETTLE_MS = 300
_TRIES = 60
CHAT_SHEETS = ("", "sheet:summary", "sheet:transfer", "sheet:why", "sheet:block", "more")


@dataclass
class Walk:
    """What is asked for; `wrong` counts what was found."""

    browser: Browser
    house: House
    folder: Path
    language: Language = "zh-CN"
    widths: tuple[int, ...] = USUAL
    axe: bool = False
    only: str = ""
    skip: str = ""
    contrast: bool = False
    wrong: int = 0
    words: Words = field(default_factory=Words)
    _kept: dict[str, StorageState] = field(default_factory=dict)
    _csrf: dict[str, str] = field(default_factory=dict)

    def everything(self) -> None:
        places = [place for place in self._places() if self._wanted(f"{place.path} {place.sheet}")]
        for width in self.widths:
            self._workbench(places, self.language, width, SIZES[width])
            self._outside(self.language, width, SIZES[width])

    def _wanted(self, name: str) -> bool:
        skipped = any(word in name for word in self.skip.split(",") if word)
        return not skipped and any(word in name for word in self.only.split(","))

    def _places(self) -> list[Place]:
        """As the house stands once an agent serves somebody and the customers hold still."""
        self._at_work = self._context("linyi", "zh-CN", 1440, 900)
        self._at_work.new_page().goto(f"{self.house.url}/app/visitors")  # whose desk is shut is offline after a while
        self._ask("admin", "PUT", "/demo", {"on": True})
        self._ask("linyi", "PUT", "/me/presence", {"state": "online"})
        served: list[dict[str, str]] = []
        for _ in range(_TRIES):
            served = self._ask("linyi", "GET", "/conversations/mine")["items"]
            if served:
                break
            time.sleep(1)
        self._ask("admin", "PUT", "/demo", {"on": False})
        named = self._ask("admin", "GET", "/reference").values()
        self.words.data |= {each["name"] for rows in named if isinstance(rows, list) for each in rows if "name" in each}
        prepare(lambda method, path, body: self._ask("admin", method, path, body))
        chat = [Place(f"desk/c/{row['id']}", "linyi", sheet) for row in served[:1] for sheet in CHAT_SHEETS]
        states = states_within(served[0]["id"] if served else None)
        found = [*plain_places(), *chat, *states, *places_within(lambda path: self._ask("admin", "GET", path))]
        return list({place.name: place for place in reversed(found)}.values())[::-1]

    def _ask(self, login: str, method: str, path: str, body: object = None) -> Any:
        context = self._context(login, "zh-CN", 1440, 900)
        headers = {"Origin": self.house.url, "X-CSRF-Token": self._csrf[login]}
        answer = context.request.fetch(f"{self.house.url}/api/v1{path}", method=method, data=body, headers=headers)
        found = answer.json() if answer.ok else {}
        context.close()
        return found

    def _context(self, login: str, language: Language, width: int, height: int) -> BrowserContext:
        """Everybody signs in once for all pictures: whoever does it again and again is asked to wait."""
        if login not in self._kept:
            once = self.browser.new_context()
            if login:
                origin = {"Origin": self.house.url}
                answer = once.request.post(f"{self.house.url}/api/v1/auth/demo", data={"login": login}, headers=origin)
                assert answer.ok, answer.text()
                self._csrf[login] = answer.json()["csrf"]
            self._kept[login] = once.storage_state()
            once.close()
        context = self.browser.new_context(
            viewport={"width": width, "height": height}, locale=language, timezone_id="Asia/Shanghai",
            storage_state=self._kept[login], has_touch=width < 760, is_mobile=width < 760, bypass_csp=True,
        )  # fmt: skip
        kept = json.dumps(json.dumps({"theme": "light", "language": language, "sound": False, "desktop": False}))
        context.add_init_script(f"localStorage.setItem('yizhan.preferences', {kept})")
        if self.contrast:
            more = json.dumps(json.dumps({"contrast": "more"}))
            context.add_init_script(f"localStorage.setItem('yizhan.appearance', {more})")
        return context

    def _workbench(self, places: list[Place], language: Language, width: int, height: int) -> None:
        for login in sorted({place.login for place in places}):
            context = self._context(login, language, width, height)
            page = self._page(context)
            theirs = [place for place in places if place.login == login]
            for n, place in enumerate(theirs, 1):
                print(f"[{language} {width} {login} {n}/{len(theirs)}] {place.name}", flush=True)
                try:
                    page.context.set_offline(False)
                    page.unroute_all()
                    if not self._arrive(page, place):
                        continue
                    for theme in THEMES:
                        page.evaluate(f"{_STORES}.get('preferences').theme = '{theme}'")
                        self._shoot(page, place.name, language, theme, width)
                except TookTooLong as late:
                    self._tell(f"{place.name}: {str(late).splitlines()[0]}")
            context.close()

    def _page(self, context: BrowserContext) -> Page:
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: self._tell(f"{page.url}: {error}"))
        return page

    def _arrive(self, page: Page, place: Place) -> bool:
        """False when there is no such control at this width."""
        page.goto(f"{self.house.url}/app/{place.path}")
        page.wait_for_load_state("networkidle")
        page.add_style_tag(content=STILL)
        if place.sheet.startswith("sheet:"):
            page.evaluate(f"{_STORES}.get('dialogs').open('{place.sheet[6:]}')")
        elif place.sheet.startswith("state:"):
            page.locator("[data-test=log]:visible, .page:visible, .column:visible").first.wait_for()
            STATES[place.sheet[6:]].hands(page)
            page.wait_for_timeout(_SETTLE_MS)
        elif place.sheet:
            control = page.locator(f"[data-test='{place.sheet}']").first
            if not control.is_visible():
                return False
            control.click()
        if place.sheet:
            page.wait_for_load_state("networkidle")
        return True

    def _outside(self, language: Language, width: int, height: int) -> None:
        """The log-in, the widget on the shop's page, the vendors' phones: nobody is signed in there."""
        for name, shown in (("login", self._login), ("widget", self._widget), ("simulator", self._simulator)):
            if not self._wanted(name):
                continue
            print(f"[{language} {width}] {name}", flush=True)
            context = self._context("", language, width, height)
            page = self._page(context)
            try:
                for at in shown(page, language):
                    for theme in THEMES:
                        page.emulate_media(color_scheme=theme)
                        if name == "login":
                            page.evaluate(f"{_STORES}.get('preferences').theme = '{theme}'")
                        self._shoot(page, at, language, theme, width)
            except TookTooLong as late:
                self._tell(f"{name}: {str(late).splitlines()[0]}")
            context.close()

    def _login(self, page: Page, _: Language) -> Iterator[str]:
        page.goto(f"{self.house.url}/app/login")
        page.wait_for_load_state("networkidle")
        yield "login"
        mistaking(page)
        page.get_by_test_id("login-problem").wait_for()
        yield "login-mistake"

    def _widget(self, page: Page, language: Language) -> Iterator[str]:
        page.goto(f"{self.house.url}/demo/shop")
        page.get_by_role("button", name={"zh-CN": "打开在线客服", "en": "Open chat"}[language]).last.click()
        said = page.locator("textarea").last
        said.wait_for()
        yield "widget"
        words = {"zh-CN": "净化器的灯一直闪,怎么办?", "en": "The light of my purifier keeps flashing. What can I do?"}
        said.fill(words[language])
        said.press("Enter")
        page.wait_for_load_state("networkidle")
        yield "widget-chat"

    def _simulator(self, page: Page, _: Language) -> Iterator[str]:
        if self.house.simulator:
            page.goto(self.house.simulator)
            page.wait_for_load_state("networkidle")
            yield "simulator"

    def _shoot(self, page: Page, name: str, language: Language, theme: Theme, width: int) -> None:
        page.add_style_tag(content=STILL)
        page.wait_for_function(_LOADED)
        page.wait_for_timeout(_SETTLE_MS)
        page.wait_for_function(_LOADED)
        if "/settings" in page.url:
            tall = min(TALLEST, SIZES[width] + page.evaluate(HIDDEN))
            page.set_viewport_size({"width": width, "height": tall})
        page.screenshot(path=self.folder / f"{name}.{language[:2]}.{theme}.{width}.png")
        seen: dict[str, Any] = page.evaluate(SEE)
        found = (
            []
            if theme == "dark"
            else [*seen["wide"], *seen["cut"], *seen["small"], *self.words.wrong(language, seen["words"])]
        )
        for each in [*found, *(self._axe(page) if self.axe else [])]:
            self._tell(f"{name} [{language} {theme} {width}] {each}")
        page.set_viewport_size({"width": width, "height": SIZES[width]})

    def _axe(self, page: Page) -> list[str]:
        if not page.evaluate("() => 'axe' in window"):
            page.evaluate(AXE.read_text(encoding="utf-8"))
        found: list[str] = page.evaluate(RUN_AXE)
        return found

    def _tell(self, words: str) -> None:
        self.wrong += 1
        print(f"  {words}", flush=True)
