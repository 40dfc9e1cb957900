"""敏感词 over HTTP: checked while one types, refused or held when it would leave, decided by whoever may."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.web.desk import Desk, open_desk
from tests.web.house import House
from yizhan.web.services import Services


@pytest.fixture
async def desk(services: Services, house: House, browser: httpx.AsyncClient) -> Desk:
    return await open_desk(services, house, browser)


def reply(text: str, client_id: str = "c1", **more: Any) -> dict[str, Any]:
    return {"client_id": client_id, "text": text, **more}


async def test_what_is_typed_is_checked(desk: Desk) -> None:
    chat = await desk.served()
    found = await desk.post(
        "/words/check", {"text": "绝对好用,加V信", "conversation_id": str(chat.conversation_id)}, 200
    )
    assert found["level"] == "block"
    assert [(hit["word"], hit["level"]) for hit in found["items"]] == [("绝对", "remind"), ("加微信", "block")]
    assert await desk.post("/words/check", {"text": "您好", "files": ["加微信.png"]}, 200) == {
        "level": "block",
        "items": [{"start": 0, "end": 3, "word": "加微信", "level": "block", "title": "引流与私下交易",
                   "hint": "不得引导客户到私人账号或私下付款", "title_en": "Leading customers away",
                   "hint_en": "Never lead customers to private accounts or payments", "file": 0}],
    }  # fmt: skip


@pytest.mark.parametrize("who", ["v1", "c@example.com"])
async def test_blocked_words_do_not_leave_and_a_note_is_nobodys_business(desk: Desk, who: str) -> None:
    chat = await desk.served(who)
    path = f"/conversations/{chat.conversation_id}/messages"
    told = await desk.refused(409, "words_blocked", "POST", path, reply("您加我微信吧"))
    assert "加我微信" in told["detail"]
    sent = await desk.post(path, reply("客户要我加微信,已拒绝", note=True))
    assert (sent["message"]["text"], sent["held"]) == ("客户要我加微信,已拒绝", None)
    assert await desk.sql("SELECT count(*) FROM outbound") == 0


async def test_a_reminder_goes_and_is_told_to_the_journal(desk: Desk) -> None:
    chat = await desk.served()
    sent = await desk.post(f"/conversations/{chat.conversation_id}/messages", reply("这款绝对好用"))
    assert sent["message"]["text"] == "这款绝对好用"
    assert await desk.sql("SELECT data->'groups'->>0 FROM event_new WHERE kind = 'words.passed'") == "absolute"


async def test_a_promise_waits_for_a_yes_and_goes_in_the_writers_name(desk: Desk) -> None:
    chat = await desk.served()
    path = f"/conversations/{chat.conversation_id}/messages"
    held = (await desk.post(path, reply("这台坏了我们保证赔您")))["held"]
    assert (held["state"], held["found"][0]["word"]) == ("waiting", "保证赔")
    assert (await desk.post(path, reply("这台坏了我们保证赔您")))["held"]["id"] == held["id"]
    assert await desk.sql("SELECT count(*) FROM message WHERE direction = 'out'") == 0
    lead = await desk.sql("SELECT data->'agents'->>0 FROM event_new WHERE kind = 'notice.raised'")
    assert lead == str(desk.house.people["su"])
    await desk.refused(403, "forbidden", "POST", f"/words/held/{held['id']}/approve", {})
    await desk.as_("su")
    (row,) = (await desk.get("/words/held"))["items"]
    assert (row["author_name"], row["reply"]["id"]) == ("林一", held["id"])
    assert (await desk.post(f"/words/held/{held['id']}/approve", status=200))["state"] == "sent"
    author = await desk.sql("SELECT author FROM message WHERE direction = 'out' AND text LIKE '%保证赔%'")
    assert author == f"agent:{desk.house.people['lin']}"
    assert await desk.sql("SELECT count(*) FROM outbound") == 1
    await desk.refused(409, "conflict", "POST", f"/words/held/{held['id']}/refuse", {"reason": "晚了"})


async def test_a_refusal_says_why_and_the_writer_may_take_it_back(desk: Desk) -> None:
    chat = await desk.served()
    path = f"/conversations/{chat.conversation_id}/messages"
    first = (await desk.post(path, reply("双倍赔偿给您")))["held"]["id"]
    second = (await desk.post(path, reply("假一赔十", "c2")))["held"]["id"]
    assert (await desk.post(f"/words/held/{second}/withdraw", status=200))["state"] == "withdrawn"
    await desk.as_("su")
    assert (await desk.post(f"/words/held/{first}/refuse", {"reason": "先查订单"}, 200))["reason"] == "先查订单"
    told = await desk.sql("SELECT data->'agents'->>0 FROM event_new WHERE data->>'why' = 'reply.refused'")
    assert told == str(desk.house.people["lin"])
    await desk.as_("lin")
    states = [one["state"] for one in (await desk.get(f"/conversations/{chat.conversation_id}/held"))["items"]]
    assert sorted(states) == ["refused", "withdrawn"]


async def test_who_may_approve_is_not_asked_to_wait(desk: Desk) -> None:
    chat = await desk.served(by="su")
    await desk.as_("su")
    sent = await desk.post(f"/conversations/{chat.conversation_id}/messages", reply("全额赔付给您"))
    assert sent["message"]["text"] == "全额赔付给您"


async def test_what_the_house_writes_for_everybody_is_read_too(desk: Desk) -> None:
    """排队公告 and the greeting of an inbox."""
    await desk.as_("su")
    team = await desk.sql("SELECT team_id FROM inbox WHERE id = $1", desk.chat)
    notice = {"team_id": str(team), "text": "人多,请加V信 abc", "minutes": 10}
    told = await desk.refused(422, "invalid", "POST", "/monitor/notice", notice)
    assert (told["field"], "加微信" in told["detail"]) == ("text", True)
    await desk.as_("admin")
    chat = await desk.get(f"/inboxes/{desk.chat}")
    settings = {**chat["settings"], "welcome": [{"text": "您好,加微信更快"}]}
    body = {"version": chat["version"], "settings": settings}
    told = await desk.refused(422, "invalid", "PATCH", f"/inboxes/{desk.chat}", body)
    assert told["field"] == "settings.welcome[0].text"
