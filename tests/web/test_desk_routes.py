"""The desk over HTTP: lists, the screen of one work, and what is said."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.web.desk import API, Desk, cost, open_desk
from tests.web.house import House
from yizhan.foundation.clock import FakeClock
from yizhan.web.services import Services


@pytest.fixture
async def desk(services: Services, house: House, browser: httpx.AsyncClient) -> Desk:
    return await open_desk(services, house, browser)


async def test_my_conversations_and_the_queue(desk: Desk) -> None:
    mine, waits = await desk.served("v1"), await desk.comes("v2", "什么时候发货?")
    body = await desk.get("/conversations/mine")
    assert [row["id"] for row in body["items"]] == [str(mine.conversation_id)]
    assert body["load"]["live_cap"] == 5
    (row,) = (await desk.get("/conversations/queue"))["items"]
    assert (row["id"], row["preview"], row["phase"]) == (str(waits.conversation_id), "什么时候发货?", "queued")


async def test_who_supervises_sees_whose_customers_wait_for_an_answer(desk: Desk, clock: FakeClock) -> None:
    first = await desk.served("v1", by="lin")
    clock.advance(timedelta(seconds=40))
    second = await desk.served("v2", by="su")
    asleep = await desk.served("v3", by="lin")
    await desk.sql("UPDATE conversation SET asleep = true WHERE id = $1", asleep.conversation_id)
    await desk.comes("v4", "还在排队")
    await desk.as_("lin")
    await desk.refused(403, "forbidden", "GET", "/conversations/waiting")
    await desk.as_("su")
    waiting = (await desk.get("/conversations/waiting"))["items"]
    assert [row["id"] for row in waiting] == [str(first.conversation_id), str(second.conversation_id)]
    assert [row["agent_name"] for row in waiting] == ["林一", "苏瑾"]


async def test_pages_of_tickets_have_no_gap_while_new_ones_come(desk: Desk, clock: FakeClock) -> None:
    made = [(await desk.comes(f"v{n}", at=clock.now() + timedelta(seconds=n // 5))).ticket_id for n in range(33)]
    seen: list[str] = []
    cursor = None
    while True:
        page = await desk.get("/tickets", view="all", limit=7, **({"cursor": cursor} if cursor else {}))
        seen += [row["id"] for row in page["items"]]
        await desk.comes(f"late{len(seen)}", at=clock.now() + timedelta(hours=1))
        cursor = page["next"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen))
    assert {str(t) for t in made} <= set(seen)


async def test_views_and_filters_of_tickets(desk: Desk) -> None:
    mine, other = await desk.served("v1"), await desk.comes("a@example.com", "退款")
    await desk.sql("UPDATE ticket SET priority = 4, type = 'refund' WHERE id = $1", other.ticket_id)

    async def found(**wanted: Any) -> list[str]:
        return [row["id"] for row in (await desk.get("/tickets", **wanted))["items"]]

    both = {str(mine.ticket_id), str(other.ticket_id)}
    assert set(await found(view="all")) == set(await found(view="team")) == both
    assert await found(view="mine") == [str(mine.ticket_id)]
    for wanted in (
        {"view": "unassigned"},
        {"priority": 4},
        {"type": "refund"},
        {"channel": "email"},
        {"status": "new"},
    ):
        assert await found(**wanted) == [str(other.ticket_id)], wanted
    counts = await desk.get("/tickets/counts")
    assert counts == {"mine": 1, "pending": 0, "unassigned": 1, "team": 2, "all": 2}


WRONG_QUESTIONS = [
    "cursor=x", "cursor=%F0%9F%92%A9", "cursor=WyJ4IiwxXQ", "cursor=", "view=other", "priority=x", "priority=99999999",
    "limit=x", "status=%00", "type=%00", "channel=a%00",
    "cursor=WyIyMDI2LTAxLTAxVDAwOjAwOjAwIiwiMDAwMDAwMDAtMDAwMC0wMDAwLTAwMDAtMDAwMDAwMDAwMDAwIl0",
]  # fmt: skip


async def test_wrong_questions_are_told_so(desk: Desk) -> None:
    for query in WRONG_QUESTIONS:
        answer = await desk.browser.get(f"{API}/tickets?{query}")
        assert answer.status_code in (400, 422), (query, answer.text)
        assert answer.headers["content-type"].startswith("application/problem+json")


async def test_a_list_costs_the_same_queries_whatever_it_holds(desk: Desk) -> None:
    await desk.served("v0")
    await desk.comes("w0")
    paths = ["/tickets?view=all", "/conversations/mine", "/conversations/queue", "/tickets/counts"]
    for path in paths:
        await desk.browser.get(API + path)
    few = [await cost(desk, path) for path in paths]
    for n in range(1, 30):
        await desk.served(f"v{n}")
        await desk.comes(f"w{n}")
    assert [await cost(desk, path) for path in paths] == few


async def test_a_conversation_opens_with_everything_its_screen_shows(desk: Desk) -> None:
    done = await desk.served()
    body = await desk.get(f"/conversations/{done.conversation_id}")
    assert body["ticket"]["id"] == str(done.ticket_id)
    assert [m["text"] for m in body["messages"]] == ["灯不亮"]
    (reachable,) = body["conversations"]
    can = reachable["capability"]
    assert (can["reply"], can["reason"], can["recall"], can["files"]) == (True, None, True, True)
    assert (can["html"], can["quota"], can["together"], can["receipts"]) == (False, None, True, ["delivered", "read"])
    assert body["pos"] == "1:0"
    assert await desk.get(f"/tickets/{done.ticket_id}") == body


async def test_a_long_thread_is_read_backwards_without_a_gap(desk: Desk, clock: FakeClock) -> None:
    for n in range(120):
        clock.advance(timedelta(seconds=1))
        done = await desk.comes("v1", f"第 {n} 句")
    body = await desk.get(f"/tickets/{done.ticket_id}")
    texts = [m["text"] for m in body["messages"]]
    before = body["before"]
    while before:
        page = await desk.get(f"/tickets/{done.ticket_id}/messages", before=before)
        texts = [m["text"] for m in page["messages"]] + texts
        before = page["before"]
    assert texts == [f"第 {n} 句" for n in range(120)]
    latest = await desk.get(f"/conversations/{done.conversation_id}/messages")
    assert [m["text"] for m in latest["messages"]] == texts[-50:]
    older = await desk.get(f"/conversations/{done.conversation_id}/messages", before=latest["before"])
    assert [m["text"] for m in older["messages"]] == texts[-100:-50]


async def test_a_work_costs_the_same_queries_however_long_it_is(desk: Desk) -> None:
    done = await desk.served()
    path = f"/conversations/{done.conversation_id}"
    await desk.browser.get(API + path)
    short = await cost(desk, path)
    for n in range(30):
        await desk.comes("v1", f"第 {n} 句")
    assert await cost(desk, path) == short <= 14


async def test_of_a_persons_other_conversations_only_those_in_scope_are_shown(desk: Desk) -> None:
    done = await desk.served()
    hidden = await desk.comes("a@example.com", "机密")
    a, b = [r["id"] for r in await desk.services.db.pool.fetch("SELECT id FROM contact ORDER BY id")]
    await desk.post(f"/contacts/{a}/links", {"other": str(b), "reason": "同一地址"})
    assert len((await desk.get(f"/conversations/{done.conversation_id}"))["conversations"]) == 2
    await desk.sql("UPDATE conversation SET team_id = $2 WHERE id = $1", hidden.conversation_id, uuid4())
    shown = await desk.get(f"/conversations/{done.conversation_id}")
    assert [r["conversation"]["id"] for r in shown["conversations"]] == [str(done.conversation_id)]


async def test_a_reply_is_sent_once_however_often_it_is_asked_for(desk: Desk) -> None:
    done = await desk.served()
    path, body = f"/conversations/{done.conversation_id}/messages", {"client_id": "c1", "text": "马上处理"}
    answers = await asyncio.gather(*(desk.post(path, body) for _ in range(3)))
    assert len({a["message"]["id"] for a in answers}) == 1
    assert sorted(a["repeated"] for a in answers) == [False, True, True]
    keyed = [await desk.post(path, {"client_id": "c2", "text": "二"}, key="k") for _ in range(2)]
    assert keyed[0] == keyed[1]
    assert await desk.sql("SELECT count(*) FROM outbound") == 2
    other = await desk.browser.post(
        API + path, json={"client_id": "c3", "text": "三"}, headers={"idempotency-key": "k"}
    )
    assert other.status_code in (409, 422)


async def test_nothing_is_no_reply(desk: Desk) -> None:
    done = await desk.served()
    path = f"/conversations/{done.conversation_id}/messages"
    for text in ("", "  \n"):
        told = await desk.refused(422, "invalid", "POST", path, {"client_id": "c", "text": text})
        assert told["field"] == "text"
    await desk.refused(422, "invalid", "POST", path, {"client_id": "c", "text": "长" * 20_001})
    await desk.refused(422, "invalid", "POST", path, {"client_id": "c", "text": "a\x00b"})
    await desk.refused(422, "invalid", "POST", path, {"client_id": "", "text": "好"})
    assert await desk.sql("SELECT count(*) FROM message WHERE direction = 'out'") == 0


async def test_into_anothers_conversation_one_writes_notes_only(desk: Desk) -> None:
    done = await desk.served(by="su")
    path = f"/conversations/{done.conversation_id}/messages"
    await desk.refused(403, "forbidden", "POST", path, {"client_id": "c", "text": "抢答"})
    note = await desk.post(path, {"client_id": "c", "text": "客户是老客户", "note": True})
    assert note["message"]["direction"] == "note"
    await desk.as_("su")
    assert (await desk.post(path, {"client_id": "d", "text": "您好"}))["message"]["author"]["name"] == "苏瑾"


async def test_a_reply_with_the_ticket_of_a_stranger_is_refused(desk: Desk) -> None:
    mine, stranger = await desk.served("v1"), await desk.served("v2")
    path = f"/conversations/{mine.conversation_id}/messages"
    body = {"client_id": "c", "text": "好", "ticket_id": str(stranger.ticket_id)}
    await desk.refused(422, "invalid", "POST", path, body)
    await desk.sql("UPDATE ticket SET team_id = $2, agent_id = NULL WHERE id = $1", stranger.ticket_id, uuid4())
    await desk.refused(404, "not_found", "POST", path, body)


async def test_reply_and_pending_in_one_step(desk: Desk) -> None:
    done = await desk.served()
    path = f"/conversations/{done.conversation_id}/messages"
    for _ in range(2):
        await desk.post(path, {"client_id": "c", "text": "今天下午发出", "then": "pending"})
    assert await desk.sql("SELECT status FROM ticket") == "pending"
    assert await desk.sql("SELECT count(*) FROM note WHERE action = 'solve'") == 1
    assert not await desk.sql("SELECT typed FROM note WHERE action = 'solve'")


async def test_ones_own_message_is_recalled_within_two_minutes(desk: Desk, clock: FakeClock) -> None:
    done = await desk.served()
    sent = await desk.post(f"/conversations/{done.conversation_id}/messages", {"client_id": "c", "text": "写错了"})
    recall = f"/messages/{sent['message']['id']}/recall"
    await desk.as_("su")
    await desk.refused(403, "forbidden", "POST", recall)
    await desk.as_("lin")
    await desk.post(recall, status=204)
    shown = (await desk.get(f"/conversations/{done.conversation_id}"))["messages"][-1]
    assert (shown["text"], shown["recalled_at"] is not None) == ("", True)
    late = await desk.post(f"/conversations/{done.conversation_id}/messages", {"client_id": "d", "text": "又错"})
    clock.advance(timedelta(minutes=3))
    await desk.refused(409, "conflict", "POST", f"/messages/{late['message']['id']}/recall")


async def test_reading_clears_what_is_unread_for_who_serves(desk: Desk) -> None:
    done = await desk.served()
    await desk.as_("su")
    await desk.post(f"/conversations/{done.conversation_id}/read", {"message_id": str(done.message_id)}, 204)
    assert await desk.sql("SELECT unread FROM conversation") == 1
    await desk.as_("lin")
    await desk.post(f"/conversations/{done.conversation_id}/read", {"message_id": str(done.message_id)}, 204)
    assert await desk.sql("SELECT unread FROM conversation") == 0


async def test_what_was_said_in_a_ticket_is_found_and_quoted(desk: Desk) -> None:
    done = await desk.served(text="Order 88 灯不亮")
    await desk.comes(text="还是不亮")
    found = await desk.get(f"/tickets/{done.ticket_id}/messages/found", q="order 88")
    assert found == {"ids": [str(done.message_id)]}
    at = f"/conversations/{done.conversation_id}/messages"
    assert len((await desk.get(f"{at}/found", q="不亮"))["ids"]) == 2
    answer = await desk.post(at, {"client_id": "q1", "text": "请换灯泡", "quote": str(done.message_id)})
    assert answer["message"]["text"] == "「Order 88 灯不亮」\n请换灯泡"
    note = await desk.post(at, {"client_id": "q2", "text": "同事请看", "note": True})
    strange = await desk.comes("v2", "别人说的")
    for other in (note["message"]["id"], str(strange.message_id)):
        await desk.refused(422, "invalid", "POST", at, {"client_id": other, "text": "好", "quote": other})
