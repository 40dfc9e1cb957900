"""The page and what it asks; only for whoever sits at this machine."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.simulator.test_vendor import Platform, standing
from yizhan.foundation.clock import FakeClock
from yizhan.simulator import Stage, picture, voice

AT = {"vendor": "generic", "channel": "generic", "human": "wang"}


@pytest.fixture
async def page(clock: FakeClock) -> AsyncIterator[httpx.AsyncClient]:
    stage = Stage({"generic": standing(clock, Platform())}, 8010)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(stage), base_url="http://127.0.0.1:8010") as client:
        yield client
    await stage.close()


async def chat(page: httpx.AsyncClient) -> dict[str, Any]:
    found: dict[str, Any] = (await page.get("/api/chat", params=AT)).json()
    return found


async def test_the_page_is_whole(page: httpx.AsyncClient) -> None:
    first = await page.get("/")
    assert first.headers["content-type"].startswith("text/html")
    assert "default-src 'self'" in first.headers["content-security-policy"]
    for name in ("simulator.js", "simulator.css", "words.js"):
        assert (await page.get(f"/static/{name}")).status_code == 200
    assert (await page.get("/static/../stage.py")).status_code == 404
    cast = (await page.get("/api/cast")).json()
    assert ([each["channel"] for each in cast["doors"]], len(cast["cast"])) == (["generic"], 3)


async def test_somebody_speaks(page: httpx.AsyncClient) -> None:
    said = (await page.post("/api/say", json={**AT, "text": "灯不亮"})).json()
    assert (said["state"], said["text"]) == ("accepted", "灯不亮")
    await page.post("/api/say", json={**AT, "kind": "image"})
    own = base64.b64encode(b"hello").decode()
    await page.post("/api/say", json={**AT, "kind": "file", "name": "<a>.svg", "type": "image/svg+xml", "file": own})
    now = await chat(page)
    assert [each["kind"] for each in now["bubbles"]] == ["text", "image", "file"]
    assert (len(now["journal"]), now["counted"], now["lengths"]) == (3, False, {"generic/generic": 3})
    photo = await page.get(f"/api/file/generic/generic/{now['bubbles'][1]['id']}")
    assert (photo.headers["content-type"], photo.content) == ("image/png", picture().content)
    drawn = await page.get(f"/api/file/generic/generic/{now['bubbles'][2]['id']}")
    assert drawn.headers["content-type"] == "application/octet-stream"  # what could run is only downloaded


async def test_faults_by_a_click(page: httpx.AsyncClient) -> None:
    assert (await page.post("/api/control/generic", json={"next": [{"status": 500}]})).json() == {"waiting": 1}
    assert (await chat(page))["waiting"] == {"faults": 1, "mischief": 0}
    assert (await page.post("/api/control/generic", json={"clear": True})).json() == {"waiting": 0}


@pytest.mark.parametrize(("path", "more"), [
    ("/api/chat", {"params": {**AT, "human": "nobody"}}),
    ("/api/chat", {"params": {**AT, "vendor": "nobody"}}),
    ("/api/chat", {}),
])  # fmt: skip
async def test_what_is_not_there(page: httpx.AsyncClient, path: str, more: dict[str, Any]) -> None:
    assert (await page.get(path, **more)).status_code == 400


async def test_strangers_are_refused(page: httpx.AsyncClient) -> None:
    elsewhere = await page.post("/api/say", json={**AT, "text": "x"}, headers={"host": "evil.example:8010"})
    form = await page.post("/api/say", data={"text": "x"})
    assert (elsewhere.status_code, form.status_code) == (403, 415)
    assert (await page.post("/api/say", content=b"{", headers={"content-type": "application/json"})).status_code == 400


def test_samples_are_what_they_say() -> None:
    assert voice("amr").content.startswith(b"#!AMR\n")
    assert len(voice("amr").content) == 6 + 100 * 32
    assert voice("wav").content[8:12] == b"WAVE"
