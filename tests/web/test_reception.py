"""The assistant over HTTP: tried without a customer, taught from a file, and what it was asked in vain."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from tests.desk.reception.counter import book_of
from tests.web.desk import Desk, open_desk
from tests.web.house import House
from yizhan.desk.reception import Desk as Reception
from yizhan.desk.reception import serve
from yizhan.records import conversations
from yizhan.web.services import Services


@pytest.fixture
async def desk(services: Services, house: House, browser: httpx.AsyncClient) -> Desk:
    services.reception.book.take(book_of({"begins": "always"})._published)  # type: ignore[arg-type]
    return await open_desk(services, house, browser)


async def asks(desk: Desk, who: str, text: str) -> str:
    """A customer who is with the assistant; the conversation's id."""
    done = await desk.comes(who, text)
    now = desk.services.clock.now()
    async with desk.services.db.transaction() as tx:
        assert done.conversation_id is not None
        await conversations.receive(tx, {done.conversation_id: {"why": "always", "messages": []}}, actor="bot", now=now)
        reception: Reception = desk.services.reception
        await serve(tx, [done.message_id], reception, now)
    return str(done.conversation_id)


async def test_what_was_tried_is_seen_by_who_may_see_the_customer(desk: Desk) -> None:
    chat = await asks(desk, "v1", "退款多久到账")
    (turn,) = (await desk.get(f"/conversations/{chat}/reception"))["turns"]
    assert (turn["outcome"], turn["entry"], turn["title"], turn["sure"]) == ("answered", "refund", "退款多久到账?", 1.0)


async def test_questions_in_vain_come_together_without_personal_numbers(desk: Desk) -> None:
    for n, text in enumerate(("会员等级为什么掉了", "我的会员等级为什么掉了 13800138000", "退款多久到账")):
        await asks(desk, f"v{n}", text)
    await desk.refused(403, "forbidden", "GET", "/reception/coverage")
    await desk.as_("admin")
    told = await desk.get("/reception/coverage", days=1)
    (gap,) = told["gaps"]
    assert (gap["count"], gap["text"]) == (2, "会员等级为什么掉了")
    assert "13800138000" not in str(told)
    assert [(e["entry"], e["given"]) for e in told["entries"]] == [("refund", 1)]
    desk.services.clock.advance(timedelta(days=2))  # type: ignore[attr-defined]
    await desk.as_("admin")
    assert (await desk.get("/reception/coverage", days=1))["gaps"] == []


async def test_it_is_tried_by_the_rules_in_force_and_by_a_draft(desk: Desk) -> None:
    await desk.as_("admin")
    by_rules = await desk.post("/reception/try", {"text": "退款多久到账"}, 200)
    assert (by_rules["outcome"], by_rules["entry"], by_rules["bar"]) == ("answered", "refund", 0.86)
    draft = {"entries": [{"key": "x", "questions": ["怎么换滤芯"], "answer": "拧下来。"}]}
    by_draft = await desk.post("/reception/try", {"text": "怎么换滤芯", "body": draft}, 200)
    assert (by_draft["outcome"], by_draft["text"]) == ("answered", "拧下来。")
    person = await desk.post("/reception/try", {"text": "转人工"}, 200)
    assert (person["outcome"], person["why"]) == ("handed", "asked")


async def test_a_file_is_read_whole_or_not_at_all(desk: Desk) -> None:
    await desk.as_("admin")
    told = await desk.post(
        "/reception/import", {"csv": "key,questions,answer\nrefund,退款多久|钱何时退,三天内\n,怎么开发票,详情页\n"}, 200
    )
    assert [(e["key"], e["questions"]) for e in told["entries"]] == [
        ("refund", ["退款多久", "钱何时退"]), ("q3", ["怎么开发票"]),
    ]  # fmt: skip
    for csv, words in (("a,b\n1,2\n", "no column a"), ("questions\n怎么\n", "answer is missing"),
                       ("questions,answer\n|,x\n", "line 2")):  # fmt: skip
        wrong = await desk.refused(422, "invalid", "POST", "/reception/import", {"csv": csv})
        assert words in wrong["detail"]
    await desk.as_("lin")
    await desk.refused(403, "forbidden", "POST", "/reception/import", {"csv": "x"})


async def test_the_assistant_first_needs_an_assistant(desk: Desk) -> None:
    await desk.as_("admin")
    team = str(desk.house.care)
    steps = await desk.post("/monitor/bot-first", {"team_id": team, "minutes": 30})
    (measure,) = steps["measures"]
    assert (measure["kind"], measure["team_id"]) == ("bot_first", team)
    await desk.refused(409, "conflict", "POST", "/monitor/bot-first", {"team_id": team, "minutes": 30})
    desk.services.reception.book.take(book_of({"begins": "never"})._published)  # type: ignore[arg-type]
    await desk.refused(409, "conflict", "POST", "/monitor/bot-first", {"team_id": team, "minutes": 30})
