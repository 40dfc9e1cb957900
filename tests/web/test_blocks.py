"""黑名单 over HTTP: one button on a message, the list, and what only a supervisor may."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.web.desk import Desk, open_desk
from tests.web.house import House
from yizhan.foundation.clock import FakeClock
from yizhan.web.services import Services


@pytest.fixture
async def desk(services: Services, house: House, browser: httpx.AsyncClient) -> Desk:
    await services.db.pool.execute("UPDATE role SET permissions = permissions || '{block.keep}'::text[], scope = 'team'"
                                   " WHERE key = 'lead'")  # fmt: skip
    return await open_desk(services, house, browser)


async def phase(desk: Desk, done: Any) -> str:
    return str(await desk.sql("SELECT phase FROM conversation WHERE id = $1", done.conversation_id))


async def test_first_a_warning_then_the_end_and_a_limit(desk: Desk, clock: FakeClock) -> None:
    chat = await desk.served(text="你们就是骗子")
    assert await desk.post(f"/messages/{chat.message_id}/report", {"reason": "abuse"}, 200) == {
        "what": "warned", "until": None, "break_minutes": 0,
    }  # fmt: skip
    assert await phase(desk, chat) == "served"
    assert "文明" in str(await desk.sql("SELECT text FROM message WHERE direction = 'out'"))
    again = await desk.comes("v1", "滚")
    step = await desk.post(f"/messages/{again.message_id}/report", {"reason": "abuse"}, 200)
    assert (step["what"], step["break_minutes"]) == ("blocked", 5)
    assert await phase(desk, chat) == "ended"
    await desk.refused(403, "forbidden", "GET", "/blocks")
    await desk.as_("su")
    (row,) = (await desk.get("/blocks"))["items"]
    assert (row["reason"], row["words"], row["made_by"], row["in_force"]) == ("abuse", "滚", "林一", True)
    clock.advance(timedelta(hours=25))
    await desk.as_("su")
    assert (await desk.get("/blocks"))["items"] == []
    assert len((await desk.get("/blocks", view="over"))["items"]) == 1


async def test_for_good_only_by_who_may_and_looked_at_every_week(desk: Desk, clock: FakeClock) -> None:
    chat = await desk.served(text="加我看片")
    body = {"reason": "advertising", "note": "反复发广告"}
    await desk.refused(403, "forbidden", "POST", f"/messages/{chat.message_id}/block", body)
    await desk.as_("su")
    await desk.refused(422, "invalid", "POST", f"/messages/{chat.message_id}/block", {**body, "scope": "ip"})
    made = await desk.post(f"/messages/{chat.message_id}/block", body)
    assert (made["until"], made["scope"]) == (None, "identity")
    assert (await desk.get("/blocks", view="review"))["items"] == []
    clock.advance(timedelta(days=8))
    await desk.as_("su")
    assert (await desk.get("/blocks", view="review"))["to_review"] == 1
    await desk.post(f"/blocks/{made['id']}/review", status=204)
    assert (await desk.get("/blocks"))["to_review"] == 0
    await desk.post(f"/blocks/{made['id']}/lift", status=204)
    assert (await desk.get("/blocks"))["items"] == []
    await desk.refused(409, "conflict", "POST", f"/blocks/{made['id']}/lift", {})
    contact = await desk.sql("SELECT contact_id FROM conversation WHERE id = $1", chat.conversation_id)
    assert (await desk.get(f"/contacts/{contact}/blocks"))["items"] == []
