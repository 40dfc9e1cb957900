"""快捷操作 over HTTP: shown before, done whole or not at all, once."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.web.desk import Desk, open_desk
from tests.web.house import House
from yizhan.desk.macros import MACRO
from yizhan.web.services import Services

TRIAL = {
    "title": "致歉并转售前", "reply": "please_wait", "type": "consult", "priority": 4, "add_tags": ["加急"],
    "wait": {"reason": "internal", "hours": 4},
}  # fmt: skip


@pytest.fixture
async def desk(services: Services, house: House, browser: httpx.AsyncClient) -> Desk:
    opened = await open_desk(services, house, browser)
    marked = MACRO.decode({"title": "加急", "priority": 4})
    services.macro_book.now = {**MACRO.more, "trial": MACRO.decode(TRIAL), "marked": marked}
    return opened


async def test_a_macro_does_all_its_steps_once_or_none_of_them(desk: Desk) -> None:
    done = await desk.served()
    path = f"/tickets/{done.ticket_id}/macros"
    chat = str(done.conversation_id)

    async def offered(key: str) -> dict[str, Any]:
        items: list[dict[str, Any]] = (await desk.get(path, conversation_id=chat))["items"]
        return next(each for each in items if each["key"] == key)

    async def said() -> int:
        return int(await desk.sql("SELECT count(*) FROM message WHERE conversation_id = $1", done.conversation_id))

    trial = await offered("trial")
    assert [step["deed"] for step in trial["steps"]] == ["reply", "change", "tag", "wait"]
    body = {"mark": trial["mark"], "client_id": "m1", "conversation_id": chat}
    before = await said()
    refused = await desk.refused(403, "forbidden", "POST", f"{path}/trial", body)
    assert (refused["field"], refused["detail"][:5], refused["zh"][:5]) == ("steps.tag", "tag: ", "修改标签:")
    assert (await said(), await desk.sql("SELECT priority FROM ticket WHERE id = $1", done.ticket_id)) == (before, 2)

    await desk.as_("admin")
    await desk.post("/tags", {"tag": "加急"})
    await desk.as_("lin")
    await desk.refused(409, "conflict", "POST", f"{path}/trial", body | {"mark": "x"})
    for _ in range(2):
        told = await desk.post(f"{path}/trial", body, 200, key="once")
    ticket = told["ticket"]
    assert (ticket["type"], ticket["priority"], ticket["tags"], ticket["waiting_reason"]) == (
        "consult", 4, ["加急"], "internal",
    )  # fmt: skip
    assert (told["before"], await said()) == (None, before + 1)
    kinds = "SELECT data->'steps' FROM event_new WHERE kind = 'macro.applied' AND ticket_id = $1"
    assert await desk.sql(kinds, done.ticket_id) == ["reply", "change", "tag", "wait"]
    await desk.refused(409, "conflict", "POST", f"{path}/marked", body | {"mark": (await offered("marked"))["mark"]})

    solved = await offered("solved")
    await desk.post(f"{path}/solved", body | {"mark": solved["mark"], "client_id": "m2"}, 200)
    ended = await desk.get(f"/conversations/{chat}")
    assert (ended["ticket"]["status"], ended["conversations"][0]["conversation"]["phase"]) == ("pending", "ended")
