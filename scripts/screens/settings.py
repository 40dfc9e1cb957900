"""What the pages of the settings look like when somebody works on them: forms open, a draft to release, a refusal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from playwright.sync_api import Page

from scripts.screens.states import Hands, State, at, choosing

Ask = Callable[[str, str, object], Any]
"""Says something to the house's API: method, path, body."""

_HOURS = 6 * 3600
CLOCKS = "settings/config/clocks/default"
_CHANGED: dict[str, dict[str, object]] = {"clocks": {"prompt_s": 240}, "satisfaction": {"editable_hours": 48}}


def filling(mark: str, words: str, then: str = "") -> Hands:
    def hands(page: Page) -> None:
        at(page, mark).fill(words)
        if then:
            at(page, then).wait_for()

    return hands


def within(mark: str, control: str) -> Hands:
    """The first control of that kind in the first place that is marked so."""
    return lambda page: at(page, mark).locator(control).first.click()


def going_below(page: Page) -> None:
    page.locator("form.main input[type=number]").first.fill("-5")
    at(page, "save-document").click()


def trying_a_question(page: Page) -> None:
    at(page, "reception-question").fill("怎么退货")
    at(page, "reception-ask").click()


def as_json(page: Page) -> None:
    page.get_by_role("tab", name="JSON").click()


STATES: dict[str, State] = {
    "setting-found": State("settings", filling("settings-search", "工作时间", "setting-found"), "admin"),
    "setting-lost": State("settings", filling("settings-search", "qqqq"), "admin"),
    "about": State("settings/inboxes", within("settings-help", "summary"), "admin"),
    "edit-agent": State("settings/agents", choosing("edit-agent"), "admin"),
    "no-agent": State("settings/agents", filling("find-agent", "没有这个人"), "admin"),
    "edit-team": State("settings/teams", within("team-row", "button"), "admin"),
    "new-skill": State("settings/skills", choosing("new-skills"), "admin"),
    "new-brand": State("settings/brands", choosing("new-brands"), "admin"),
    "edit-tag": State("settings/tags", choosing("edit-tag"), "admin"),
    "pale": State("settings/look", filling("look-color", "#ffee88"), "admin"),
    "no-color": State("settings/look", filling("look-color", "red"), "admin"),
    "posts": State("settings/outlets", choosing("outlet-posts"), "admin"),
    "runs": State("settings/connectors", choosing("connector-runs"), "admin"),
    "new-document": State("settings/config", within("config-kind", "header button"), "admin"),
    "review": State("settings/config", choosing("review"), "admin"),
    "changes": State("settings/releases", within("release-row", "button"), "admin"),
    "roll-back": State("settings/releases", choosing("roll-back"), "admin"),
    "entry": State("settings/audit", within("audit-row", "button"), "admin"),
    "proved": State("settings/audit", choosing("prove"), "admin"),
    "begin-anew": State("settings/demo", choosing("demo-reset"), "admin"),
    "refused": State(CLOCKS, going_below, "admin"),
    "json": State(CLOCKS, as_json, "admin"),
    "priority-tried": State("settings/config/priority_rules/default", choosing("priority-try"), "admin"),
    "nps-tried": State("settings/config/nps_campaign/default", choosing("nps-try"), "admin"),
    "reception-tried": State("settings/config/reception/default", trying_a_question, "admin"),
}


def prepare(ask: Ask) -> None:
    """A change that waits for its release, so that what differs can be seen; a check that has run. The chats that are
    looked at do not end of silence meanwhile."""
    _patience(ask)
    if not ask("GET", "/config/drafts", None).get("items"):
        for name, change in _CHANGED.items():
            newest = ask("GET", f"/config/{name}/default", None)["items"][0]
            body = {**newest["body"], **change}
            ask("PUT", f"/config/{name}/default", {"body": body, "expected": newest["version"], "note": "双十一"})
    ask("POST", "/conformance", None)


def _patience(ask: Ask) -> None:
    newest = ask("GET", "/config/clocks/default", None)["items"][0]
    if newest["body"].get("end_s", {}).get("default") == _HOURS:
        return
    body = {**newest["body"], "prompt_s": _HOURS, "sleep_s": _HOURS, "end_s": {"default": _HOURS}}
    saved = {"body": body, "expected": newest["version"], "note": "慢慢看"}
    ask("PUT", "/config/clocks/default", saved)
    ask("POST", "/config/releases", {"note": "慢慢看"})


def wizards(channels: list[str]) -> Iterator[str]:
    """The controls that begin an inbox of each channel: ours first, then the adapters'."""
    yield from (f"pick-{name}" for name in ("webchat", "email", *channels))
