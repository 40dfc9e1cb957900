"""A visitor talks: session, socket, message, answer, resumption."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from tests.web.house import House
from tests.web.server import Running, Widget
from yizhan.desk import serving
from yizhan.records import conversations
from yizhan.records.conversations import Draft, Handing


async def hand(live: Running, conversation_id: str, agent: UUID) -> None:
    async with live.services.db.transaction() as tx:
        c = await conversations.lock_conversation(tx, UUID(conversation_id))
        await conversations.hand_to(tx, [Handing(c, agent)], actor="router", now=live.services.clock.now())


async def answer(live: Running, conversation_id: str, agent: UUID, text: str, **more: object) -> UUID:
    draft = Draft(direction="out", author=f"agent:{agent}", text=text, **more)  # type: ignore[arg-type]
    async with live.services.db.transaction() as tx:
        stored = await serving.reply(tx, UUID(conversation_id), draft, now=live.services.clock.now())
    return stored.message_id


async def test_a_first_word_is_acknowledged_stored_and_shown(live: Running, widget: Widget, house: House) -> None:
    said = await widget.session()
    assert (said["conversation"], said["messages"], said["unread"]) == (None, [], 0)
    async with widget.line() as line:
        assert (await line.next("welcome"))["conversation"] is None
        await line.say(t="message", client_id="c1", text="滤芯多久换一次?", attachments=[])
        ack = await line.next("ack")
        assert ack["client_id"] == "c1"
        shown = (await line.next("message"))["message"]
        assert (shown["id"], shown["from"], shown["text"]) == (ack["message_id"], "customer", "滤芯多久换一次?")
        assert shown["client_id"] == "c1"
        state = (await line.next("state"))["conversation"]
        assert (state["phase"], state["queue"]) == ("queued", {"position": 1, "eta_s": None})
    origin = await live.services.db.pool.fetchval("SELECT origin FROM conversation")
    assert origin["page"]["url"].endswith("token=***")


async def test_an_answer_reaches_every_tab_and_only_this_visitor(live: Running, shop: str, house: House) -> None:
    wang, li = Widget(live, shop), Widget(live, shop)
    async with wang.line() as first, wang.line() as second, li.line() as other:
        await first.say(t="message", client_id="c1", text="在吗")
        await other.say(t="message", client_id="c1", text="我也在")
        conversation = (await first.next("message"))["message"]["conversation_id"]
        assert (await second.next("message"))["message"]["text"] == "在吗"
        assert (await other.next("message"))["message"]["text"] == "我也在"
        await hand(live, conversation, house.people["lin"])
        served = await second.next(
            "state",
            conversation={
                "id": conversation,
                "phase": "served",
                "agent_name": "林一",
                "queue": None,
                "survey": False,
                "rating": None,
            },
        )
        assert served["conversation"]["agent_name"] == "林一"
        await answer(live, conversation, house.people["lin"], "在的,请讲")
        for line in (first, second):
            shown = (await line.next("message"))["message"]
            assert (shown["from"], shown["name"], shown["text"]) == ("agent", "林一", "在的,请讲")
        assert not [f for f in await other.quiet() if f["t"] == "message"]


async def test_what_came_while_the_line_was_cut_is_told_once(live: Running, widget: Widget, house: House) -> None:
    async with widget.line() as line:
        await line.say(t="message", client_id="c1", text="第一句")
        first = await line.next("message")
        conversation = first["message"]["conversation_id"]
        await line.next("state")
        pos = first["pos"]
        line.socket.transport.abort()
    await hand(live, conversation, house.people["lin"])
    await answer(live, conversation, house.people["lin"], "断线时说的")
    await live.feed.step()
    async with widget.line(after=pos) as line:
        # Written while away and sent again by the outbox: the first may or may not have arrived.
        await line.say(t="message", client_id="c1", text="第一句")
        await line.say(t="message", client_id="c2", text="第二句")
        frames = await line.quiet(1.0)
    told = [f["message"]["text"] for f in frames if f["t"] == "message"]
    assert told == ["断线时说的", "第二句"]
    acks = {f["client_id"]: f["message_id"] for f in frames if f["t"] == "ack"}
    assert acks["c1"] == first["message"]["id"]
    assert await live.services.db.pool.fetchval("SELECT count(*) FROM message WHERE direction = 'in'") == 2


async def test_three_deliveries_by_three_ways_are_one_message(live: Running, widget: Widget) -> None:
    await widget.session()
    frame = {"t": "message", "client_id": "same", "text": "只说一次"}
    async with widget.line() as one, widget.line() as two:
        await one.say(**frame)
        await two.say(**frame)
        posted = await widget.http.post(f"{widget.root}/frames", json=frame, headers=widget.bearer)
        ids = {(await one.next("ack"))["message_id"], (await two.next("ack"))["message_id"],
               posted.json()["frames"][0]["message_id"]}  # fmt: skip
    assert len(ids) == 1
    assert await live.services.db.pool.fetchval("SELECT count(*) FROM message") == 1


async def test_too_old_a_position_opens_a_new_session(widget: Widget) -> None:
    async with widget.line(after="7:99999") as line:
        assert (await line.next("resync"))["reason"] == "gap"
        await line.socket.wait_closed()
        assert line.socket.close_code == 4408


async def test_a_session_brings_the_visitor_back_to_what_was_said(live: Running, widget: Widget, house: House) -> None:
    async with widget.line() as line:
        await line.say(t="message", client_id="c1", text="你好")
        conversation = (await line.next("message"))["message"]["conversation_id"]
    await hand(live, conversation, house.people["lin"])
    await answer(live, conversation, house.people["lin"], "您好")
    async with live.services.db.transaction() as tx:
        c = await conversations.lock_conversation(tx, UUID(conversation))
        note = Draft(direction="note", author="system", text="内部备注:此人要退款")
        await conversations.say(tx, c, note, now=live.services.clock.now())
    said = await widget.session()
    assert [m["text"] for m in said["messages"]] == ["你好", "您好"]
    assert (said["unread"], said["conversation"]["phase"]) == (1, "served")
    async with widget.line() as line:
        await line.say(t="read", message_id=said["messages"][-1]["id"])
        await line.say(t="ping")
        await line.quiet(0.2)
    assert (await widget.session())["unread"] == 0


async def test_who_wrote_sees_where_his_ticket_is_and_chases_it(live: Running, shop: str, house: House) -> None:
    wang, li = Widget(live, shop), Widget(live, shop)
    async with wang.line() as line, li.line() as other:
        await line.say(t="message", client_id="c1", text="滤芯漏水", attachments=[])
        await line.next("ack")
        await other.say(t="message", client_id="c1", text="在吗", attachments=[])
        await other.next("ack")

    async def asks(who: Widget, method: str = "GET", path: str = "") -> tuple[int, Any]:
        answer = await who.http.request(method, f"{who.root}/progress{path}", headers=who.bearer)
        return answer.status_code, answer.json()

    status, told = await asks(wang)
    (mine,) = told["items"]
    assert (status, mine["subject"], mine["status"], mine["chases"]) == (200, "滤芯漏水", "new", 0)
    chase = f"/{mine['number']}/chase"
    assert (await asks(wang, "POST", chase))[1]["items"][0]["chases"] == 1
    assert (await asks(wang, "POST", chase))[0] == 409
    assert (await asks(li, "POST", chase))[0] == 404
    stranger = Widget(live, shop)
    await stranger.session()
    assert await asks(stranger) == (200, {"items": []})
    for who in (wang, li, stranger):
        await who.close()
