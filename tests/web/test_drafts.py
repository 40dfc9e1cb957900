"""Drafts over HTTP: one's own from every device, nothing written over unseen, gone when sent, forgotten or erased."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.web.desk import Desk, open_desk
from tests.web.house import House
from yizhan.foundation.clock import FakeClock
from yizhan.records import drafts
from yizhan.web.services import Services

FILE = {"hash": "a" * 64, "name": "屏幕.png", "type": "image/png", "size": 12}


@pytest.fixture
async def desk(services: Services, house: House, browser: httpx.AsyncClient) -> Desk:
    return await open_desk(services, house, browser)


def wrote(text: str, base: str | None, device: str = "phone", **more: Any) -> dict[str, Any]:
    return {"text": text, "device": device, "base": base, **more}


async def test_nothing_is_written_over_that_a_device_has_not_seen(desk: Desk) -> None:
    path = f"/conversations/{(await desk.served()).conversation_id}/draft"
    assert (await desk.get(path))["draft"] is None
    first = (await desk.call("PUT", path, wrote("在路上写的", None, note=True, attachments=[FILE])))["version"]
    found = (await desk.get(path))["draft"]
    assert (found["text"], found["note"], found["attachments"], found["device"]) == (
        "在路上写的",
        True,
        [FILE],
        "phone",
    )
    await desk.refused(409, "conflict", "PUT", path, wrote("没看过", None, "computer"))
    await desk.refused(409, "conflict", "PUT", path, wrote("", None, "computer"))
    second = (await desk.call("PUT", path, wrote("看过", first, "computer")))["version"]
    await desk.refused(409, "conflict", "PUT", path, wrote("旧的", first))
    assert (await desk.get(path))["draft"]["text"] == "看过"
    lies = await desk.sql("SELECT sealed FROM reply_draft")
    assert "看过".encode() not in lies
    await desk.as_("gao")
    assert (await desk.browser.get(f"/api/v1{path}")).json().get("draft") is None
    await desk.as_("lin")
    assert (await desk.call("PUT", path, wrote(" ", second)))["version"] is None
    assert await desk.sql("SELECT count(*) FROM reply_draft") == 0
    # What was sent or dropped on one device does not refuse what another goes on writing.
    assert (await desk.call("PUT", path, wrote("又写", second)))["version"] not in (first, second)


async def test_it_ends_with_the_right_to_see_with_the_customers_key_and_with_time(desk: Desk, clock: FakeClock) -> None:
    done = await desk.served()
    path = f"/conversations/{done.conversation_id}/draft"
    await desk.call("PUT", path, wrote("在吗", None))
    await desk.as_("gao")
    other = await desk.browser.get(f"/api/v1/conversations/{desk.chat}/draft")
    assert other.status_code == 404
    await desk.as_("lin")
    key = await desk.sql("SELECT data_key FROM contact WHERE id = (SELECT contact_id FROM reply_draft)")
    await desk.sql("UPDATE contact SET data_key = '' WHERE id = (SELECT contact_id FROM reply_draft)")
    assert (await desk.get(path))["draft"] is None
    await desk.sql("UPDATE contact SET data_key = $1 WHERE id = (SELECT contact_id FROM reply_draft)", key)
    assert (await desk.get(path))["draft"]["text"] == "在吗"
    async with desk.services.db.transaction() as tx:
        assert await drafts.forget_old(tx, clock.now() + drafts.KEPT_FOR - timedelta(hours=1)) == 0
        assert await drafts.forget_old(tx, clock.now() + drafts.KEPT_FOR + timedelta(hours=1)) == 1
    assert (await desk.get(path))["draft"] is None


async def test_a_reply_ends_the_draft_that_it_was_and_no_newer_one(desk: Desk) -> None:
    conversation = (await desk.served()).conversation_id
    path = f"/conversations/{conversation}/draft"
    said = f"/conversations/{conversation}/messages"
    first = (await desk.call("PUT", path, wrote("请稍等", None)))["version"]
    second = (await desk.call("PUT", path, wrote("请稍等,我查", first)))["version"]

    async def say(client_id: str, draft: str) -> None:
        body = {"client_id": client_id, "text": "请稍等", "draft": draft}
        assert (await desk.browser.post(f"/api/v1{said}", json=body)).status_code == 201

    await say("a", first)
    assert (await desk.get(path))["draft"]["version"] == second
    await say("b", second)
    assert (await desk.get(path))["draft"] is None
