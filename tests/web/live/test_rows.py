"""Rows come to the screens of those who may see them: put, patched, gone; resumed after a cut."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from tests.web.house import House, sign_in
from tests.web.live.conftest import Desk
from tests.web.server import Line, Running, Widget
from yizhan.desk import routing, serving
from yizhan.desk.satisfaction import satisfaction_reader
from yizhan.records import agents, conversations
from yizhan.records.agents import AgentChange, PresenceState
from yizhan.records.conversations import Draft, Handing, Solved, Summary
from yizhan.records.tickets import By


async def write(widget: Widget, text: str, client_id: str = "c1") -> dict[str, Any]:
    async with widget.line() as line:
        await line.say(t="message", client_id=client_id, text=text)
        said: dict[str, Any] = (await line.next("message"))["message"]
    return said


async def hand(live: Running, conversation: str, agent: UUID) -> None:
    async with live.services.db.transaction() as tx:
        c = await conversations.lock_conversation(tx, UUID(conversation))
        await conversations.hand_to(tx, [Handing(c, agent)], actor="router", now=live.services.clock.now())


def rows(frames: list[dict[str, Any]], entity: str) -> list[dict[str, Any]]:
    return [f for f in frames if f.get("e") == entity]


async def test_own_work_comes_whole_then_in_patches(live: Running, widget: Widget, house: House, desk: Desk) -> None:
    async with desk("lin") as lin, desk("gao") as gao:
        said = await write(widget, "滤芯漏水")
        await hand(live, said["conversation_id"], house.people["lin"])
        put = await lin.next("put", e="conversation")
        assert (put["row"]["agent_id"], put["row"]["preview"], put["row"]["phase"]) == (
            str(house.people["lin"]), "滤芯漏水", "served",
        )  # fmt: skip
        alert = await lin.next("alert")
        assert (alert["kind"], alert["conversation_id"]) == ("new_chat", said["conversation_id"])
        await write(widget, "急", "c2")
        patch = await lin.next("patch", e="conversation")
        assert patch["id"] == put["id"]
        assert patch["v"] == put["v"] + 1
        assert (patch["row"]["preview"], patch["row"]["unread"]) == ("急", 2)
        assert "contact_name" not in patch["row"]
        message = await lin.next("put", e="message")
        assert (message["row"]["text"], message["row"]["author"]["kind"]) == ("急", "customer")
        assert rows(await gao.quiet(), "conversation") == []


async def test_who_gives_a_conversation_away_loses_its_row(
    live: Running, widget: Widget, house: House, desk: Desk
) -> None:
    said = await write(widget, "转给谁?")
    async with desk("lin") as lin, desk("gao") as gao:
        await hand(live, said["conversation_id"], house.people["lin"])
        await lin.next("put", e="conversation")
        await hand(live, said["conversation_id"], house.people["gao"])
        gone = await lin.next("gone", e="conversation")
        assert gone["id"] == said["conversation_id"]
        assert (await gao.next("put", e="conversation"))["row"]["agent_id"] == str(house.people["gao"])


async def test_the_queue_is_seen_within_scope_and_left(live: Running, widget: Widget, house: House, desk: Desk) -> None:
    async with desk("su") as su, desk("lin", queue=True) as lin, desk("gao", queue=True) as gao, desk("lin") as idle:
        said = await write(widget, "有人吗")
        for line in (su, lin):
            assert (await line.next("put", e="conversation"))["row"]["phase"] == "queued"
        await hand(live, said["conversation_id"], house.people["su"])
        assert (await lin.next("gone", e="conversation"))["id"] == said["conversation_id"]
        assert rows(await gao.quiet(), "conversation") == []  # not a member of the team
        assert rows(await idle.quiet(0.1), "conversation") == []  # did not ask for the queue


@pytest.mark.parametrize(("wanted", "comes"), [("unassigned", True), ("team", True), ("mine", False), ("none", False)])
async def test_a_ticket_comes_to_the_list_that_is_shown(
    widget: Widget, desk: Desk, wanted: str, *, comes: bool
) -> None:
    async with desk("lin", list=wanted) as lin:
        await write(widget, "新工单")
        assert bool(rows(await lin.quiet(0.6), "ticket")) is comes


async def test_a_watched_ticket_brings_its_messages_and_notes(
    live: Running, widget: Widget, house: House, desk: Desk
) -> None:
    said = await write(widget, "看这个")
    ticket = str(await live.services.db.pool.fetchval("SELECT id FROM ticket"))
    async with desk("lin") as lin, desk("gao", tickets=[ticket]) as gao:
        await lin.say(t="watch", tickets=[ticket], contacts=[], conversations=[], list="none")
        viewing = await lin.next("viewing")
        assert {a["name"] for a in viewing["agents"]} <= {"林一", "高远"}
        draft = Draft(direction="note", author=f"agent:{house.people['su']}", text="先别回",
                      payload={"mentions": [str(house.people["lin"])]})  # fmt: skip
        async with live.services.db.transaction() as tx:
            await serving.reply(tx, UUID(said["conversation_id"]), draft, now=live.services.clock.now())
        message = await lin.next("put", e="message")
        assert (message["row"]["direction"], message["row"]["text"]) == ("note", "先别回")
        assert (await lin.next("alert"))["kind"] == "mention"
        assert rows(await gao.quiet(), "message") == []  # watching does not widen what may be seen


async def test_after_a_cut_each_changed_row_comes_once_in_its_latest_form(
    live: Running, widget: Widget, house: House, desk: Desk
) -> None:
    said = await write(widget, "一")
    async with desk("lin") as lin:
        await hand(live, said["conversation_id"], house.people["lin"])
        pos = (await lin.next("put", e="conversation"))["pos"]
    for n in range(2, 5):
        await write(widget, f"第{n}句", f"c{n}")
    await asyncio.sleep(0.2)
    async with desk("lin", after=pos) as lin:
        missed = await lin.quiet(0.5)
    conversation = [f for f in rows(missed, "conversation") if f["t"] == "put"]
    assert [f["row"]["preview"] for f in conversation] == ["第4句"]
    assert [f["row"]["text"] for f in rows(missed, "message")] == ["第2句", "第3句", "第4句"]
    async with desk("lin", after="1:999999") as lin:
        assert (await lin.next("resync"))["reason"] == "gap"


async def test_an_ended_conversation_tells_its_agent_and_asks_the_visitor(
    live: Running, widget: Widget, house: House, desk: Desk
) -> None:
    async with widget.line() as visitor, desk("lin") as lin:
        await visitor.say(t="message", client_id="c1", text="怎么开发票")
        said = (await visitor.next("message"))["message"]
        await hand(live, said["conversation_id"], house.people["lin"])
        await lin.next("put", e="conversation")
        me = By(f"agent:{house.people['lin']}", house.people["lin"])
        now = live.services.clock.now()
        async with live.services.db.transaction() as tx:
            draft = Draft(direction="out", author=me.actor, text="在订单页点开发票")
            await serving.reply(tx, UUID(said["conversation_id"]), draft, now=now)
            summary = Summary("consult", Solved.SOLVED, "已告知开发票的地方")
            await serving.end(tx, UUID(said["conversation_id"]), summary, typed=False, by=me, now=now)
        patch = await lin.next("patch", e="conversation")
        while "phase" not in patch["row"]:
            patch = await lin.next("patch", e="conversation")
        assert patch["row"]["phase"] == "ended"
        reader = satisfaction_reader(live.services.db, live.services.clock, live.services.satisfaction_book)
        state = await visitor.next("state")
        while not state["conversation"]["survey"]:
            await reader.step()
            state = await visitor.next("state")
        assert state["conversation"]["phase"] == "ended"
        rating = {"conversation_id": said["conversation_id"], "solved": True, "stars": 5, "tags": [], "comment": "好"}
        await visitor.say(t="rate", client_id="r1", **rating)
        assert (await visitor.next("ack"))["client_id"] == "r1"
        rated = await lin.next("patch", e="conversation")
        assert rated["row"]["rating"]["stars"] == 5


async def test_typing_goes_both_ways_and_never_into_the_journal(
    live: Running, widget: Widget, house: House, desk: Desk
) -> None:
    async with widget.line() as visitor, desk("lin") as lin, desk("gao") as gao:
        await visitor.say(t="message", client_id="c1", text="在吗")
        said = (await visitor.next("message"))["message"]
        await hand(live, said["conversation_id"], house.people["lin"])
        await lin.next("put", e="conversation")
        before = await live.services.db.pool.fetchval("SELECT max(seq) FROM event")
        await visitor.say(t="typing")
        typing = await lin.next("typing")
        assert (typing["who"], typing["conversation_id"]) == ("customer", said["conversation_id"])
        await lin.say(t="typing", conversation_id=said["conversation_id"])
        assert (await visitor.next("typing"))["name"] == "林一"
        await gao.say(t="typing", conversation_id=said["conversation_id"])  # may not see it
        assert not [f for f in await visitor.quiet() if f["t"] == "typing"]
        assert await live.services.db.pool.fetchval("SELECT max(seq) FROM event") == before


@pytest.mark.parametrize("to_team", [False, True])
async def test_an_offer_rings_and_goes_when_it_is_answered(
    live: Running, widget: Widget, house: House, desk: Desk, *, to_team: bool
) -> None:
    said = await write(widget, "转给懂维修的")
    now, conversation = live.services.clock.now(), UUID(said["conversation_id"])
    await hand(live, said["conversation_id"], house.people["su"])
    async with desk("su") as su, desk("lin") as lin, desk("gao") as gao:
        async with live.services.db.transaction() as tx:
            await agents.set_presence(tx, house.people["lin"], PresenceState.ONLINE, None, now, "system")
        team, agent = (house.care, None) if to_team else (None, house.people["lin"])
        async with live.services.db.transaction() as tx:
            giver = By(f"agent:{house.people['su']}", house.people["su"])
            offer = await routing.transfer(
                tx, conversation, to_agent=agent, to_team=team, note="要查保修", by=giver, now=now
            )
        put = await lin.next("put", e="offer")
        assert (put["id"], put["row"]["note"], put["row"]["conversation"]["id"]) == (
            str(offer.id), "要查保修", str(conversation),
        )  # fmt: skip
        assert (await lin.next("alert"))["kind"] == "offer"
        async with live.services.db.transaction() as tx:
            await routing.accept_offer(tx, offer.id, house.people["lin"], now=now)
        assert (await lin.next("gone", e="offer"))["id"] == str(offer.id)
        assert rows(await gao.quiet(0.1) + await su.quiet(0.1), "offer") == []


async def test_changed_grants_close_the_line(live: Running, house: House, desk: Desk) -> None:
    async with desk("gao") as gao, desk("lin") as lin:
        async with live.services.db.transaction() as tx:
            who = await agents.agent(tx, house.people["gao"])
            change = AgentChange(role_id=house.roles["lead"])
            await agents.change_agent(tx, who.id, who.version, change, live.services.clock.now(), "system")
        assert (await gao.next("resync"))["reason"] == "grants"
        await gao.socket.wait_closed()
        assert gao.socket.close_code == 4408
        assert not [f for f in await lin.quiet() if f["t"] == "resync"]


async def test_signing_out_closes_the_line(live: Running, house: House) -> None:
    async with httpx.AsyncClient(base_url=live.base) as browser:
        await sign_in(browser, "lin")
        cookie = {"cookie": f"yizhan_session={browser.cookies['yizhan_session']}"}
        url = f"{live.ws}/api/v1/live"
        async with connect(url, origin=live.base, additional_headers=cookie) as socket:  # type: ignore[arg-type]
            line = Line(socket)
            await line.say(t="hello", after=None, watch=[])
            await line.next("hello")
            assert (await browser.post("/api/v1/auth/logout")).status_code == 204
            await line.next("resync")


async def test_presence_and_load_are_seen(live: Running, house: House, desk: Desk) -> None:
    async with desk("su") as su, desk("gao") as gao:
        now = live.services.clock.now()
        async with live.services.db.transaction() as tx:
            await agents.set_presence(tx, house.people["lin"], PresenceState.ONLINE, None, now, "system")
        for line in (su, gao):
            frame = await line.next("put", e="presence")
            assert (frame["id"], frame["row"]["state"]) == (str(house.people["lin"]), "online")


RUBBISH = ["{", "[]", '{"t":"watch","tickets":["x"]}', '{"t":"nothing"}', "x" * 70_000, "\ud800"]


@pytest.mark.parametrize("garbage", RUBBISH)
async def test_rubbish_closes_only_its_own_line(live: Running, house: House, desk: Desk, garbage: str) -> None:
    async with desk("lin") as lin, desk("gao") as gao:
        payload = garbage.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
        await lin.socket.send(payload)
        await lin.socket.wait_closed()
        assert lin.socket.close_code in (4400, 1009)
        await gao.say(t="ping")
        assert await gao.next("pong")


async def test_strangers_and_other_sites_do_not_get_in(live: Running, house: House) -> None:
    url = f"{live.ws}/api/v1/live"
    for headers, origin in (({}, live.base), ({"cookie": "yizhan_session=x"}, live.base), ({}, "https://evil.test")):
        with pytest.raises(InvalidStatus):
            async with connect(url, origin=origin, additional_headers=headers):  # type: ignore[arg-type]
                pass


async def test_a_lost_line_is_marked_and_found_again(
    live: Running, house: House, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("yizhan.web.live.handlers._GRACE_SECONDS", 0.05)
    now = live.services.clock.now()
    lost = "SELECT max(lost_at) FROM presence"
    async with desk("lin"), live.services.db.transaction() as tx:
        await agents.set_presence(tx, house.people["lin"], PresenceState.ONLINE, None, now, "system")
    for _ in range(50):
        if await live.services.db.pool.fetchval(lost):
            break
        await asyncio.sleep(0.02)
    assert await live.services.db.pool.fetchval(lost) == now
    async with live.services.db.transaction() as tx:
        assert await agents.found_again(tx, house.people["lin"], now)
