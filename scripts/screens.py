"""Pictures of every page of the workbench in both languages, light and dark, wide and on a phone; and what a program
can see is wrong with them.

    python -m scripts.screens http://127.0.0.1:8000 FOLDER [page …]

The demo's administrator looks. A line is printed for each page that is wider than its window, whose words are cut off,
or that shows a word of the other language or the name of a word instead of the word.
"""

from __future__ import annotations

import json
import re
import sys
import urllib.parse
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, BrowserContext, Page, StorageState, sync_playwright

LOCALES = Path(__file__).resolve().parent.parent / "frontend" / "workbench" / "src" / "locales"
PAGES = (
    "desk", "counter", "customers", "segments", "segments/-", "visitors", "monitor", "notices", "complaints",
    "promises/mine", "promises/team", "promises/consult", "promises/report",
    *(f"review/{part}" for part in ("replies", "persons", "runs", "weights", "blacklist")),
    *(f"ratings/{part}" for part in ("figures", "mine", "low", "appeals", "tickets", "nps")),
    *(f"roster/{part}" for part in ("week", "mine", "received", "worktime")),
    *(f"settings/{part}" for part in (
        "inboxes", "inboxes/new", "suppressions", "brands", "agents", "teams", "skills", "roles", "reception", "config",
        "imports", "releases", "simulation", "tags", "outlets", "operations", "audit", "tokens", "demo",
    )),
)  # fmt: skip
Theme = Literal["light", "dark"]
THEMES: tuple[Theme, Theme] = ("light", "dark")
_STILL = "*, *::before, *::after { animation: none !important; transition: none !important; caret-color: transparent; }"
_SEE = Path(__file__).with_name("screens_seen.js").read_text(encoding="utf-8").partition("*/")[2].strip()


def _leaves(tree: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from _leaves(value, f"{path}.{key}" if path else str(key))
    else:
        yield path, str(tree)


def _book(language: str) -> dict[str, str]:
    return {
        path: words
        for file in sorted((LOCALES / language).glob("*.json"))
        for path, words in _leaves(json.loads(file.read_text(encoding="utf-8")))
    }


class Words:
    """What must not stand on a page: names of words, and words that only the other language has."""

    def __init__(self) -> None:
        books = {language: _book(language) for language in ("zh-CN", "en")}
        self._names = set(books["en"])
        self._foreign = {
            "en": set(books["zh-CN"].values()) - set(books["en"].values()) - {"驿站"},
            "zh-CN": {words for words in set(books["en"].values()) - set(books["zh-CN"].values()) if len(words) > 2},
        }

    def wrong(self, language: str, shown: list[str]) -> list[str]:
        found = [f"name of a word: {each}" for each in shown if each in self._names]
        return found + [f"other language: {each}" for each in shown if each in self._foreign[language]]


def _sign_in(browser: Browser, url: str) -> StorageState:
    """Once for all pictures: whoever signs in eight times in a row is asked to wait."""
    context = browser.new_context()
    context.new_page().goto(f"{url}/")
    answer = context.request.post(f"{url}/api/v1/auth/demo", data={"login": "admin"}, headers={"Origin": url})
    assert answer.ok, answer.text()
    state = context.storage_state()
    context.close()
    return state


def _as_seen(
    browser: Browser, signed_in: StorageState, language: str, theme: Theme, size: tuple[int, int]
) -> BrowserContext:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, locale=language, color_scheme=theme, storage_state=signed_in
    )
    kept = {"theme": theme, "language": language, "sound": False, "desktop": False, "undo": True, "customer": True}
    slot, value = "'yizhan.preferences'", json.dumps(json.dumps(kept))
    context.add_init_script(f"localStorage.getItem({slot}) ?? localStorage.setItem({slot}, {value})")
    return context


def _more_pages(context: BrowserContext, url: str) -> list[str]:
    """A chat, tickets of every status, each kind of document and of inbox: as they stand in this house."""

    def read(path: str) -> Any:
        return context.request.get(f"{url}/api/v1{path}").json()

    found = []
    for status in ("new", "open", "pending", "done", "cancelled"):
        rows = read(f"/tickets?status={status}&limit=1").get("items", [])
        found += [f"desk/t/{row['id']}" for row in rows[:1]]
    found += [f"desk/c/{row['id']}" for row in read("/conversations/waiting").get("items", [])[:1]]
    found += [f"customers/{row['id']}" for row in read("/customers?limit=1").get("items", [])[:1]]
    kinds: dict[str, str] = {}
    for each in read("/config").get("items", []):
        kinds.setdefault(each["kind"], each["name"])
    found += [f"settings/config/{kind}/{urllib.parse.quote(name)}" for kind, name in kinds.items()]
    inboxes = {each["channel"]: each["id"] for each in read("/inboxes").get("items", [])}
    return found + [f"settings/inboxes/{each}" for each in inboxes.values()]


def _shoot(page: Page, url: str, path: str, file: Path) -> dict[str, list[str]]:
    page.goto(f"{url}/app/{path}")
    page.wait_for_load_state("networkidle")
    page.add_style_tag(content=_STILL)
    page.wait_for_timeout(250)
    page.screenshot(path=file)
    seen: dict[str, list[str]] = page.evaluate(_SEE)
    return seen


def main(url: str, folder: Path, only: list[str]) -> None:
    words = Words()
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        signed_in = _sign_in(browser, url)
        for language in ("zh-CN", "en"):
            for theme in THEMES:
                for size in ((1440, 900), (390, 844)):
                    context = _as_seen(browser, signed_in, language, theme, size)
                    pages = only or [*PAGES, *_more_pages(context, url)]
                    page = context.new_page()
                    page.on("pageerror", lambda error: print(f"  error {error}"))
                    for n, path in enumerate(pages):
                        name = f"{n:02}-{re.sub(r'[^a-z0-9]+', '-', re.sub(r'[0-9a-f]{8}-.*', 'one', path))}"
                        seen = _shoot(page, url, path, folder / f"{name}.{language[:2]}.{theme}.{size[0]}.png")
                        for each in (*seen["wide"], *seen["cut"], *words.wrong(language, seen["words"])):
                            print(f"{path} [{language} {theme} {size[0]}] {each}", flush=True)
                    context.close()
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), Path(sys.argv[2]), sys.argv[3:])
