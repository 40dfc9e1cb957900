"""The demo's shop is there in demo mode only, with the widget of its inbox."""

from __future__ import annotations

import dataclasses
import re
import socket
from pathlib import Path

import httpx
import msgspec
import pytest

from tests.web.built import app_of
from yizhan.web.services import Services, WebSettings


@pytest.fixture
def settings(tmp_path: Path) -> WebSettings:
    return WebSettings(demo=True, assets=tmp_path / "assets")


async def test_every_address_is_the_page_and_its_files_are_there(browser: httpx.AsyncClient) -> None:
    for path in ("/demo/shop", "/demo/shop/p/KJ-A3", "/demo/shop/warranty"):
        page = await browser.get(path)
        assert page.status_code == 200
        assert "山雀生活" in page.text
        assert "script-src 'self'" in page.headers["content-security-policy"]
    assert '<script async src="/widget.js" data-inbox="shop">' in page.text
    assert not re.search(r"<script>|\son\w+=|style=", page.text)  # the policy would stop them
    for name, kind in (("shop.js", "application/javascript"), ("shop.css", "text/css")):
        file = await browser.get(f"/demo/assets/{name}")
        assert (file.status_code, file.headers["content-type"].split(";")[0]) == (200, kind)
    assert (await browser.get("/demo/assets/..%2fhandlers.py")).status_code == 404


async def test_without_demo_it_does_not_exist(services: Services) -> None:

    plain = dataclasses.replace(services, settings=msgspec.structs.replace(services.settings, demo=False))
    transport = httpx.ASGITransport(app_of(plain))
    async with httpx.AsyncClient(transport=transport, base_url="http://desk.test") as browser:
        for path in ("/demo/shop", "/demo/shop/warranty", "/demo/assets/shop.js"):
            assert (await browser.get(path)).status_code == 404


async def test_the_phones_of_all_channels_or_how_to_start_them(services: Services) -> None:
    with socket.create_server(("127.0.0.1", 0)) as simulator:
        at = f"127.0.0.1:{simulator.getsockname()[1]}"
        here = dataclasses.replace(
            services, settings=msgspec.structs.replace(services.settings, demo=True, simulator=at)
        )
        transport = httpx.ASGITransport(app_of(here))
        async with httpx.AsyncClient(transport=transport, base_url="http://desk.test") as browser:
            there = await browser.get("/demo/phones")
            simulator.close()
            gone = await browser.get("/demo/phones")
    assert (there.status_code, there.headers["location"]) == (302, f"http://{at}/")
    assert (gone.status_code, "make simulator" in gone.text) == (200, True)
