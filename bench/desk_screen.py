"""`desk_screen`, `desk_typing`, `desk_long_tasks`, `desk_memory`: the workbench in real Chromium, as an agent feels it.

A house of 10,000 tickets, an agent whose list shows them all. Every moment is taken in the page itself, from the time
stamp of the pressed key or button to a task posted from the frame that first shows what was asked for, which runs when
that frame has been laid out and painted. Event Timing cannot say that of a thread, which arrives after the frame it
times (the one with the spinner); of a key it can, so its own word stands beside ours.
"""

from __future__ import annotations

import itertools
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from bench import places
from bench.browser import PROBE, Bare, chromium, let_in, over, retained
from bench.desk_house import TICKETS, Customers, full_desk
from bench.house import House, load_average
from bench.report import figure, percentile
from bench.wire import Refused

_WARM = 6
_OPENED = 240
_A_SECOND = 50
_SECONDS = 30
_KEYS = 240
_KEY_MS = 90
_SWITCHES = (100, 1100)
_ROWS = 220
_WORDS = "nin hao, dingdan yijing fachu, yuji mingtian songda. "


def run() -> None:
    with (
        places.folder() as data, full_desk(data) as house,
        tempfile.TemporaryDirectory() as profile, chromium(Path(profile)) as context,
    ):  # fmt: skip
        bare = Bare(context.new_page())
        let_in(context, house.url, house.people[0].cookie)
        context.add_init_script(path=PROBE)
        desk = Desk(context.new_page(), house)
        _openings(desk, bare)
        _typing(desk, bare)
        _memory(desk)


class Desk:
    """The agent at his desk, with the list of his team before him."""

    def __init__(self, page: Page, house: House) -> None:
        self.page, self.house = page, house
        self.cdp: Any = page.context.new_cdp_session(page)
        self.cdp.send("HeapProfiler.enable")
        self.frames = 0
        self.cdp.on("Network.webSocketFrameReceived", self._heard)
        page.goto(f"{house.url}/app/desk")
        page.click("[data-test=view-team]")
        self._fill(_WARM + _OPENED)

    def _heard(self, _: object) -> None:
        self.frames += 1

    def _fill(self, wanted: int) -> None:
        """So many tickets in the list, further pages asked for as scrolling would."""
        deadline = time.monotonic() + 60
        while self.page.evaluate("bench.listed()") < wanted:
            if time.monotonic() > deadline:
                raise Refused("the list has too few tickets")
            self.page.evaluate("bench.more()")

    def open(self, press: str, by: int = 1) -> float:
        """The next ticket of the list, or the one before: milliseconds from the press to the painted thread."""
        id, number = self.page.evaluate(f"bench.beside({by})")
        self.page.evaluate(f"bench.expect({number})")
        if press == "click":
            self.page.click(f"li[data-id='{id}'] [data-test=ticket-row]")
        else:
            self.page.keyboard.press(press)
        took: float = self.page.evaluate("bench.opened")
        return took

    def long_tasks(self, since: float) -> list[float]:
        found: list[list[float]] = self.page.evaluate("bench.long")
        return [took for began, took in found if began >= since]

    @property
    def now(self) -> float:
        now: float = self.page.evaluate("performance.now()")
        return now


def _openings(desk: Desk, bare: Bare) -> None:
    """Each ticket once, by key and by mouse in turns: none was on this screen before."""
    took: dict[str, list[float]] = {"key": [], "click": []}
    # The first of them opens what is loaded once a day.
    for n in range(_WARM + _OPENED):
        waited = desk.open("click" if n % 2 else "j")
        if n >= _WARM:
            took["click" if n % 2 else "key"].append(waited)
    every = [*took["key"], *took["click"]]
    empty = statistics.median(bare.clicked)
    figure("desk_screen", statistics.median(every), "ms", goal="< 100 at the median", limit=empty,
           ratio=statistics.median(every) / empty, detail={
        **spread(every), "by_key": spread(took["key"]), "by_click": spread(took["click"]),
        "server_and_wire": spread(_answers(desk.page)), "openings": len(every), "tickets": TICKETS,
        "messages_a_thread": "3 to 60", "load_average": load_average(),
        "value_is": "from the pressed key or button to the painted frame with the thread",
        "limit_is": "a word changed by a click on an empty page of the same Chromium",
    })  # fmt: skip


def _answers(page: Page) -> list[float]:
    """What each opening waited for its thread, as the browser saw it."""
    found: list[float] = page.evaluate(
        "performance.getEntriesByType('resource').filter((each) => /tickets\\/[0-9a-f-]{36}$/.test(each.name))"
        ".map((each) => each.duration)"
    )
    return found


def _typing(desk: Desk, bare: Bare) -> None:
    """In a ticket that is open, first while nothing happens, then while the shop's customers write."""
    customer = _open_own(desk)
    quiet, _ = _typed(desk, _KEYS * _KEY_MS / 1000)
    desk.frames, since = 0, desk.now
    desk.cdp.send("Network.enable")
    customers = Customers(desk.house, _A_SECOND, often=customer)
    customers.start()
    busy, heard = _typed(desk, _SECONDS)
    customers.stop()
    desk.cdp.send("Network.disable")
    tasks = desk.long_tasks(since)
    empty = statistics.median(bare.typed)
    figure("desk_typing", statistics.median(busy), "ms", goal="< 30 at the median", limit=empty,
           ratio=statistics.median(busy) / empty, detail={
        **spread(busy), "quiet": spread(quiet), "keys": len(busy), "chromium_says_over_32_ms": over(heard, 32),
        "events_a_second": round(customers.said / customers.seconds), "load_average": load_average(),
        "value_is": "from keydown to the next painted frame, while events arrive",
        "limit_is": "a key in the text field of an empty page of the same Chromium",
    })  # fmt: skip
    figure("desk_long_tasks", max(tasks, default=0), "ms", goal="none over 100", limit=max(bare.long, default=0),
           ratio=None, detail={
        "over_100_ms": over(tasks, 100), "over_50_ms": len(tasks), "seconds": round(customers.seconds),
        "events": customers.said, "frames_at_the_page": desk.frames, "load_average": load_average(),
        "value_is": "the longest task while events arrive and somebody types",
        "limit_is": "the longest task of an empty page",
    })  # fmt: skip


def _open_own(desk: Desk) -> int:
    """A ticket dealt to this agent; which customer's it is."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        for row in desk.house.people[0].ask("GET", "/tickets?view=mine&limit=50")["items"]:
            words = row["subject"].split()
            if row["status"] == "open" and len(words) == 3 and words[1].isdigit():
                desk.page.goto(f"{desk.house.url}/app/desk/t/{row['id']}")
                desk.page.click("[data-test=view-team]")
                desk.page.click("[data-test=composer-text]")
                return int(words[1])
        time.sleep(0.5)
    raise Refused("nobody was dealt to the agent")


def _typed(desk: Desk, seconds: float) -> tuple[list[float], list[float]]:
    """A steady hand in the text field; what we measured of each key, and what Chromium says of those over 16 ms."""
    desk.page.evaluate("bench.typed.length = bench.events.length = 0")
    until = time.monotonic() + seconds
    for letter in itertools.cycle(_WORDS):
        if time.monotonic() > until:
            break
        desk.page.keyboard.press(letter if letter != " " else "Space")
        desk.page.wait_for_timeout(_KEY_MS)
    found = desk.page.evaluate("[bench.typed, bench.events]")
    desk.page.evaluate("document.querySelector('[data-test=composer-text]').select()")
    desk.page.keyboard.press("Delete")
    return found[0], found[1]


def _memory(desk: Desk) -> None:
    """Down the list and up again: the same two hundred tickets, a thousand times."""
    desk.page.goto(f"{desk.house.url}/app/desk")
    desk.page.click("[data-test=view-team]")
    marks = []
    for n in range(_SWITCHES[1] + 1):
        if n in _SWITCHES:
            desk.page.wait_for_timeout(1_000)
            marks.append(retained(desk.cdp))
        if n < _SWITCHES[1]:
            down = n == 0 or (n - 1) // (_ROWS - 1) % 2 == 0
            desk.open("j" if down else "k", 1 if down else -1)
    before, after = marks
    grown = (after["heap"] - before["heap"]) / 1e6
    figure("desk_memory", grown, "MB", goal="flat: < 2 over 1,000 switches", limit=None, ratio=None, detail={
        "heap_mb": [round(each["heap"] / 1e6, 2) for each in marks], "nodes": [each["nodes"] for each in marks],
        "listeners": [each["listeners"] for each in marks], "documents": [each["documents"] for each in marks],
        "switches": _SWITCHES[1] - _SWITCHES[0], "load_average": load_average(),
        "value_is": "what the heap of the page grew by, garbage collected, from switch 100 to switch 1,100",
    })  # fmt: skip


def spread(values: Sequence[float]) -> dict[str, object]:
    ordered = sorted(values)
    return {f"p{share}_ms": round(percentile(ordered, share / 100), 1) for share in (50, 90, 99)}
