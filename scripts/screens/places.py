"""Which pages there are: read from the router and its neighbours, so that a new one cannot be forgotten."""

from __future__ import annotations

import re
import urllib.parse
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.screens import settings, states
from scripts.screens.states import CHAT, DESK

SOURCES = Path(__file__).resolve().parents[2] / "frontend" / "workbench" / "src"
STATES = {**states.STATES, **settings.STATES}
Read = Callable[[str], Any]
"""Asks the house's API for the JSON under a path."""

# The parts of a page that its address names; where they stand in its file.
_PARTS = {
    "roster": ("roster/RosterPage.vue", r"const PARTS = \{(.*)\}"),
    "promises": ("promises/PromisesPage.vue", r"const PARTS = \[(.*)\]"),
    "ratings": ("ratings/RatingsPage.vue", r"const parts = computed\(\(\) => (\[.*\])\)"),
    "review": ("review/ReviewPage.vue", r"const parts = computed\(\(\) => (\[[\s\S]*?\n\]\))"),
    "settings": ("settings/parts.ts", r"export const VIEWS[^{]*\{([\s\S]*)\n\}"),
}
_WORD = {"roster": r"(\w+):", "settings": r"(?m)^  (\w+):"}
# Whose page it is: an agent's own figures are empty for whoever serves nobody.
_LOOKS = {"desk": "linyi", "promises": "zhuguan", "ratings": "zhuguan", "roster": "zhuguan", "counter": "mendian"}
_DESK_SHEETS = r"export type DialogName =([\s\S]*?)\n\n"


@dataclass(frozen=True)
class Place:
    """A page by its address after /app/, who looks at it, and the control that opens the sheet on it."""

    path: str
    login: str = "admin"
    sheet: str = ""

    @property
    def name(self) -> str:
        plain = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "one", urllib.parse.unquote(self.path))
        return re.sub(r"[^\w]+", "-", f"{plain} {self.sheet}".strip())


def routes() -> dict[str, str]:
    """The named pages of the router and the pattern of each one's address."""
    found = re.findall(r"path: '([^']+)', name: '(\w+)'", (SOURCES / "router.ts").read_text(encoding="utf-8"))
    return {name: path for path, name in found}


def parts(page: str) -> list[str]:
    if page not in _PARTS:
        return []
    file, pattern = _PARTS[page]
    found = re.search(pattern, (SOURCES / file).read_text(encoding="utf-8"))
    assert found, f"{file} names its parts in another way now"
    words = re.findall(_WORD.get(page, r"'([a-z]+)'"), found[1])
    return list(dict.fromkeys(word for word in words if word != "supervise"))


def desk_sheets() -> list[str]:
    """The sheets that lie over a conversation, as their store names them."""
    found = re.search(_DESK_SHEETS, (SOURCES / "stores" / "dialogs.ts").read_text(encoding="utf-8"))
    assert found
    return re.findall(r"'(\w+)'", found[1])


# Sheets elsewhere, by the page and the control that opens them.
_SHEETS = {
    "desk": ("open-search", "me", "notices", "presence"), "customers": ("customers-export",),
    "roster/week": ("add-leave", "import-roster"), "settings/tokens": ("new-token",), "settings/agents": ("new-agent",),
    "settings/teams": ("new-team",), "settings/tags": ("new-tag",), "settings/outlets": ("outlet-add",),
    "settings/imports": ("new-import",), "settings/connectors": ("connector-add",),
}  # fmt: skip


def plain_places() -> Iterator[Place]:
    """The pages that every house has, whatever lies in it."""
    for name, pattern in routes().items():
        if name == "login" or re.search(r":\w+$", pattern):
            continue
        bare = re.sub(r"/?:.*", "", pattern).strip("/")
        login = _LOOKS.get(name, "admin")
        yield Place(bare, login)
        for part in parts(name):
            yield Place(f"{bare}/{part}", login)
    for path, controls in _SHEETS.items():
        yield from (Place(path, _LOOKS.get(path, "admin"), each) for each in controls)


def states_within(chat: str | None) -> Iterator[Place]:
    """Pages in the middle of something; those of a chat only while one is served."""
    for name, state in STATES.items():
        path = {CHAT: f"desk/c/{chat}", DESK: "desk"}.get(state.where, state.where)
        if chat or state.where != CHAT:
            yield Place(path, state.login, f"state:{name}")


def places_within(read: Read) -> Iterator[Place]:
    """A chat and its sheets, tickets of every status, a customer, each kind of document and of inbox, as they stand."""
    for status in ("new", "open", "pending", "done", "cancelled"):
        for row in read(f"/tickets?status={status}&limit=1").get("items", []):
            yield Place(f"desk/t/{row['id']}")
            if status == "open":
                yield from (Place(f"desk/t/{row['id']}", sheet=f"sheet:{each}") for each in desk_sheets())
    customers = read("/customers?limit=50").get("items", [])
    for row in sorted(customers, key=lambda each: -each.get("orders", 0))[:1]:  # whoever has most to show
        yield Place(f"customers/{row['id']}")
    for row in read("/segments").get("items", [])[:1]:
        yield Place(f"segments/{row['key']}")
        yield Place(f"segments/{row['key']}/edit")
    kinds: dict[str, str] = {}
    for each in read("/config").get("items", []):
        kinds.setdefault(each["kind"], each["name"])
    yield from (Place(f"settings/config/{kind}/{urllib.parse.quote(name)}") for kind, name in kinds.items())
    inboxes = {each["channel"]: each["id"] for each in read("/inboxes").get("items", [])}
    yield Place("settings/inboxes/new")
    channels = [each["name"] for each in read("/channels").get("items", [])]
    yield from (Place("settings/inboxes/new", sheet=control) for control in settings.wizards(channels))
    yield from (Place(f"settings/inboxes/{each}") for each in inboxes.values())
