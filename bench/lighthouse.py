"""`lighthouse`: what Google's Lighthouse says of the inbox of the demo, signed in, in a browser that has seen nothing.

Lighthouse is a tool of this figure alone: `make bench` installs it beside (`bench/npm`), the product never knows it. It
drives a Chromium whose profile is already signed in, and empties its caches before each run, not its cookies. Its
performance is a model of a machine and a line, fed with what this machine did: `benchmark_index` says how fast that was
(Lighthouse itself warns below 1,000), and each kind of run is made several times, the middle one counting.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench import places
from bench.browser import chromium
from bench.house import load_average
from bench.report import figure
from scripts import frontend

HOME = Path(__file__).parent / "npm"
_CLI = HOME / "node_modules" / "lighthouse" / "cli" / "index.js"
_PORT = places.PORT + 1
_RUNS = 3
_GOAL = 95
_LOGIN = "linyi"
_CATEGORIES = ("performance", "accessibility", "best-practices")
_TIMES = {"fcp_ms": "first-contentful-paint", "lcp_ms": "largest-contentful-paint", "tbt_ms": "total-blocking-time",
          "speed_index_ms": "speed-index", "cls": "cumulative-layout-shift"}  # fmt: skip


def run() -> None:
    install()
    with places.folder() as data, places.product(data) as product, _signed_in(product.url):
        desktop = _middle([_asked(product.url, "--preset=desktop") for _ in range(_RUNS)])
        mobile = _middle([_asked(product.url) for _ in range(_RUNS)])
    score = desktop["performance"]
    figure("lighthouse", score, "points", goal=f"desktop: performance >= {_GOAL}, the others 100", limit=_GOAL,
           ratio=score / _GOAL, detail={
        "desktop": desktop, "mobile": mobile, "runs": _RUNS, "load_average": load_average(),
        "value_is": "performance on the desktop preset, the middle one of the runs", "limit_is": "the goal",
    })  # fmt: skip


@contextmanager
def _signed_in(url: str) -> Iterator[None]:
    """A Chromium that Lighthouse can drive, in which the agent of the demo is at work."""
    door = f"--remote-debugging-port={_PORT}"
    with tempfile.TemporaryDirectory() as profile, chromium(Path(profile), door) as context:
        entered = context.request.post(f"{url}/api/v1/auth/demo", data={"login": _LOGIN}, headers={"Origin": url})
        if not entered.ok:
            sys.exit(f"nobody could sign in to the demo: {entered.status} {entered.text()}")
        yield


def install() -> None:
    """Exactly what the lock says, once; it has no address in it, so any mirror will do."""
    stamp = HOME / "node_modules" / ".lock"
    wanted = (HOME / "package-lock.json").read_text("utf-8")
    if stamp.is_file() and stamp.read_text("utf-8") == wanted:
        return
    if frontend.npm("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent", folder=HOME):
        sys.exit("lighthouse could not be installed: its package is asked for from the npm registry of this machine")
    stamp.write_text(wanted, "utf-8")


def _asked(url: str, *more: str) -> dict[str, Any]:
    """One run: the scores of 0 to 100, the times behind them, and what falls short elsewhere than in performance."""
    command = [str(frontend.node_home() / "bin" / "node"), str(_CLI), f"{url}/app/", f"--port={_PORT}", "--quiet",
               "--output=json", f"--only-categories={','.join(_CATEGORIES)}", *more]  # fmt: skip
    said = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    audits = said["audits"]
    if said.get("runtimeError") or not said["finalDisplayedUrl"].startswith(f"{url}/app/desk"):
        sys.exit(f"Lighthouse did not see the inbox: {said.get('runtimeError')} {said['finalDisplayedUrl']}")
    scores = {name: round(said["categories"][name]["score"] * 100) for name in _CATEGORIES}
    short = [ref["id"] for name in _CATEGORIES[1:] for ref in said["categories"][name]["auditRefs"]
             if ref["weight"] and audits[ref["id"]]["score"] not in (None, 1)]  # fmt: skip
    times = {name: round(audits[id]["numericValue"], 3 if name == "cls" else None) for name, id in _TIMES.items()}
    return {**scores, **times, "short": short, "benchmark_index": round(said["environment"]["benchmarkIndex"])}


def _middle(runs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    ordered = sorted(runs, key=lambda each: each["performance"])
    return {**ordered[len(ordered) // 2], "performances": [each["performance"] for each in ordered]}
