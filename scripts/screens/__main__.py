"""The command: see the package."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from contextlib import nullcontext
from pathlib import Path

from playwright.sync_api import sync_playwright

from scripts.screens.docs import keep_chosen
from scripts.screens.house import House, demo_house
from scripts.screens.walk import LANGUAGES, SIZES, USUAL, Walk

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--force-color-profile=srgb"]


def chromium() -> str:
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        raise SystemExit("Chromium is missing: scripts/debian-packages installs it")
    return found


def main() -> int:
    asked = argparse.ArgumentParser(prog="python -m scripts.screens", description="Pictures of every page and sheet.")
    default = Path(os.environ.get("YIZHAN_DATA", ".yizhan"), "screens")
    asked.add_argument("folder", nargs="?", type=Path, default=default, help=f"where they go: {default}")
    asked.add_argument("--url", help="a demo that runs already; without it one is started")
    asked.add_argument("--simulator", help="where the phones of the vendors are, beside --url")
    asked.add_argument("--axe", action="store_true", help="run axe on each")
    asked.add_argument("--docs", action="store_true", help="keep a small chosen dozen in docs/screens")
    asked.add_argument("--only", default="", help="places with one of these words, by commas, in their address")
    asked.add_argument("--skip", default="", help="no places with one of these words, by commas")
    asked.add_argument("--language", choices=LANGUAGES, help="one language only")
    asked.add_argument("--width", type=int, choices=SIZES, action="append", help="this width, or more; 1440 and 390")
    asked.add_argument("--contrast", action="store_true", help="in high contrast")
    given = asked.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    house = nullcontext(House(given.url.rstrip("/"), given.simulator)) if given.url else demo_house()
    wrong = 0
    with house as at, sync_playwright() as playwright:
        playwright.selectors.set_test_id_attribute("data-test")
        languages = (given.language,) if given.language else LANGUAGES
        for language in languages:
            # A date field speaks the browser's language, not the page's, where its words are installed (chromium-l10n).
            browser = playwright.chromium.launch(
                executable_path=chromium(), args=FLAGS, env={**os.environ, "LANGUAGE": language.replace("-", "_")}
            )
            walk = Walk(browser, at, given.folder, language, tuple(given.width or USUAL))
            walk.axe, walk.only, walk.skip, walk.contrast = given.axe, given.only, given.skip, given.contrast
            walk.everything()
            wrong += walk.wrong
            if given.docs and language == languages[-1]:
                keep_chosen(browser, given.folder)
            browser.close()
    print(f"{len(list(given.folder.glob('*.png')))} pictures in {given.folder}, {wrong} findings")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
