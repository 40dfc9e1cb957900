"""The product as its users have it: `yizhan serve` in a process of its own, a real browser, a shop with the widget."""

from __future__ import annotations

import http.server
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests import memory
from tests.standins.mailserver import free_ports, mail_server
from tests.standins.names import Zone, dns_server
from tests.standins.signing import ZONE

__all__ = ["mail_server"]

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
]  # fmt: skip
_SHOP = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>山雀生活 空气净化器</title>
<body style="font-family:sans-serif;margin:48px;max-width:640px"><h1>山雀 空气净化器 X3</h1>
<p>安静 19 分贝,一张滤芯用半年。现价 ¥1,899。</p>
{more}<script src="{url}/widget.js" data-inbox="{key}" async></script></body></html>"""
_VOUCHED = """<script>window.yizhan = function () { (yizhan.q = yizhan.q || []).push(arguments) };
yizhan('identify', {identity})</script>"""
PASSWORD = "correct-horse-battery"
CLI = [sys.executable, "-m", "yizhan.app.cli"]
ROUND_THE_CLOCK = {
    "tz": "Asia/Shanghai", "weekly": {d: ["00:00-24:00"] for d in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")},
}  # fmt: skip


@dataclass
class Product:
    """A running product with its own folder."""

    url: str
    data: Path
    process: subprocess.Popen[bytes]
    environment: dict[str, str]

    def admin(self) -> Api:
        return Api(self.url, "admin")

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)

    def start_again(self) -> None:
        self.process = subprocess.Popen([*CLI, "serve"], env=self.environment, stdout=subprocess.DEVNULL)
        wait_for(lambda: _ready(self), "the product is back", 120)


class Api:
    """The API as a program would use it, signed in as one of the demo's people."""

    def __init__(self, url: str, login: str) -> None:
        self._url = url
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        self._csrf = ""
        self._csrf = self.call("POST", "/auth/login", {"login": login, "password": PASSWORD})["csrf"]

    def call(self, method: str, path: str, body: object = None) -> Any:
        request = urllib.request.Request(
            f"{self._url}/api/v1{path}", method=method, data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json", "X-CSRF-Token": self._csrf, "Origin": self._url},
        )  # fmt: skip
        try:
            with self._opener.open(request, timeout=20) as answer:
                raw = answer.read()
        except urllib.error.HTTPError as refused:
            raise AssertionError(f"{method} {path}: {refused.code} {refused.read().decode()}") from refused
        return json.loads(raw) if raw else None


def found(data: Path) -> None:
    """A new house as an operator founds it: the first administrator by the command line."""
    founder = ["agent", "add", "--login", "admin", "--name", "管理员", "--password", PASSWORD]
    env = {**_others(), "YIZHAN_DATA": str(data)}
    subprocess.run([*CLI, *founder], env=env, check=True, stdout=subprocess.DEVNULL)


def _others() -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if not k.startswith("YIZHAN_")}


def start_product(data: Path, port: int, names: str) -> Product:
    """In a house that was founded; all else is made by the API."""
    env = {**_others(), "YIZHAN_DATA": str(data), "YIZHAN_PORT": str(port), "YIZHAN_RATE_LIMIT": "0",
           "YIZHAN_LOG_LEVEL": "warning", "YIZHAN_ALLOW_HOSTS": "127.0.0.0/8", "YIZHAN_DNS_SERVERS": names}  # fmt: skip
    process = subprocess.Popen([*CLI, "serve"], env=env, stdout=subprocess.DEVNULL)
    product = Product(f"http://127.0.0.1:{port}", data, process, env)
    wait_for(lambda: _ready(product), "the product is ready", 120)
    _furnish(product)
    return product


def _furnish(product: Product) -> None:
    """One team, one agent, a chat for the shop's pages."""
    admin = product.admin()
    role = next(r for r in admin.call("GET", "/roles")["items"] if r["key"] == "agent")
    team = admin.call("POST", "/teams", {"key": "after", "name": "售后 L1"})
    agent = admin.call("POST", "/agents", {
        "login": "linyi", "name": "林一", "role_id": role["id"], "password": PASSWORD,
    })  # fmt: skip
    admin.call("PUT", f"/teams/{team['id']}/members", {"members": [{"agent_id": agent["id"], "lead": False}]})
    admin.call("POST", "/inboxes", {
        "channel": "webchat", "name": "山雀生活官网", "team_id": team["id"], "key": "shop",
        "settings": {"calendar": ROUND_THE_CLOCK},
    })  # fmt: skip


def _ready(product: Product) -> bool:
    assert product.process.poll() is None, "the product ended by itself"
    try:
        with urllib.request.urlopen(f"{product.url}/readyz", timeout=1) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def wait_for(condition: Callable[[], Any], what: str, seconds: float = 60) -> Any:
    """Looks until it is so; a journey waits for facts, never for a time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        threading.Event().wait(0.05)
    raise AssertionError(f"not within {seconds} s: {what}")


@pytest.fixture(scope="session")
def founded() -> Iterator[Path]:
    """Founded once; every product begins with a copy."""
    with memory.folder() as data:
        found(data)
        yield data


@pytest.fixture(scope="module")
def product(founded: Path) -> Iterator[Product]:
    (port,) = free_ports(1)
    with memory.folder() as data, dns_server(Zone(ZONE)) as names:
        subprocess.run(["cp", "-a", f"{founded}/.", data], check=True)  # whose it is stays: the database asks
        running = start_product(data, port, names)
        yield running
        running.stop()


@pytest.fixture(scope="module")
def shop_page(product: Product) -> Iterator[str]:
    """A page of somebody else's site with the widget's one script tag on it."""
    with shop(product.url, "shop") as address:
        yield address


@contextmanager
def shop(url: str, key: str, sign: Callable[[str], str] | None = None) -> Iterator[str]:
    """The address of a product's page; with `?as=NAME` the shop's server vouches for its customer by `sign`."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            (who,) = parse_qs(urlsplit(self.path).query).get("as", [""])
            vouched = json.dumps({"id": who, "name": who, "hash": sign(who)}) if who and sign else ""
            more = _VOUCHED.replace("{identity}", vouched) if vouched else ""
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(_SHOP.replace("{more}", more).replace("{url}", url).replace("{key}", key).encode())

        def log_message(self, *_: object) -> None:
            return

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/purifier"
    server.shutdown()


@pytest.fixture(scope="module")
def camera(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The film that the browser's camera shows; there is none before somebody makes one."""
    return tmp_path_factory.mktemp("camera") / "film.y4m"


@pytest.fixture(scope="module")
def chromium(camera: Path) -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert path, "these journeys need Chromium: make test installs it"
    with sync_playwright() as playwright:
        expect.set_options(timeout=45_000)  # a loaded machine; a sent answer can be taken back for five seconds
        playwright.selectors.set_test_id_attribute("data-test")
        seen = f"--use-file-for-fake-video-capture={camera}"
        browser = playwright.chromium.launch(executable_path=path, args=[*FLAGS, seen])
        yield browser
        browser.close()


@pytest.fixture
def new_page(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Pages of people who do not know each other: each in a context of its own."""
    contexts: list[BrowserContext] = []

    def make(width: int = 1440, height: int = 900, *, touch: bool = False) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": height}, locale="zh-CN", timezone_id="Asia/Shanghai",
            has_touch=touch, is_mobile=touch,
            reduced_motion="reduce",  # what pulses is drawn sixty times a second, by the processor here
        )  # fmt: skip
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(45_000)
        return page

    yield make
    for context in contexts:
        context.close()
