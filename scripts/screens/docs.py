"""The dozen of the pictures that the README shows, made small."""

from __future__ import annotations

import base64
from pathlib import Path

from playwright.sync_api import Browser

DOCS = Path(__file__).resolve().parents[2] / "docs" / "screens"
CHOSEN = {
    "workbench": "desk-c-one.zh.light.1440", "workbench-dark": "desk-c-one.zh.dark.1440",
    "workbench-en": "desk-c-one.en.light.1440", "monitor": "monitor.zh.light.1440",
    "monitor-dark": "monitor.en.dark.1440", "customer": "customers-one.zh.light.1440",
    "why": "desk-c-one-sheet-why.zh.light.1440", "phone-list": "desk.zh.light.390",
    "phone-chat": "desk-c-one.zh.dark.390",
    "widget": "widget-chat.zh.light.1440",
}  # fmt: skip
_QUALITY = 0.82
_SMALLER = """async ([address, quality]) => {
  const picture = new Image()
  picture.src = address
  await picture.decode()
  const sheet = document.createElement('canvas')
  Object.assign(sheet, { width: picture.width, height: picture.height })
  sheet.getContext('2d').drawImage(picture, 0, 0)
  return sheet.toDataURL('image/webp', quality)
}"""


def keep_chosen(browser: Browser, folder: Path) -> None:
    """Chromium writes WebP itself: no library is needed for it."""
    DOCS.mkdir(parents=True, exist_ok=True)
    page = browser.new_page()
    for name, picture in CHOSEN.items():
        source = folder / f"{picture}.png"
        if not source.is_file():
            print(f"  no picture for docs/screens/{name}.webp: {source.name} was not taken")
            continue
        address = "data:image/png;base64," + base64.b64encode(source.read_bytes()).decode()
        small: str = page.evaluate(_SMALLER, [address, _QUALITY])
        (DOCS / f"{name}.webp").write_bytes(base64.b64decode(small.partition(",")[2]))
    page.close()
