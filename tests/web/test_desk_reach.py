"""The desk over HTTP: what is out of reach, who has the work, what a search finds."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from tests.web.desk import API, NOWHERE, Desk, open_desk
from tests.web.house import House
from yizhan.desk.search import search_reader
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.journal import Sequencer, Wake
from yizhan.foundation.lease import Lease
from yizhan.records import agents
from yizhan.records.agents import PresenceState
from yizhan.web.services import Services


@pytest.fixture
async def desk(services: Services, house: House, browser: httpx.AsyncClient) -> Desk:
    return await open_desk(services, house, browser)


async def test_what_is_out_of_scope_does_not_exist(desk: Desk) -> None:
    done = await desk.served(by="su")
    contact = await desk.sql("SELECT id FROM contact")
    await desk.as_("gao")
    c, t = done.conversation_id, done.ticket_id
    summary = {"summary": {"type": "consult", "solved": "solved", "text": "已告知"}}
    tries = [
        ("GET", f"/conversations/{c}", None), ("GET", f"/tickets/{t}", None), ("GET", f"/tickets/{t}/messages", None),
        ("GET", f"/contacts/{contact}", None), ("GET", f"/conversations/{c}/summary", None),
        ("POST", f"/conversations/{c}/messages", {"client_id": "c", "text": "好"}),
        ("POST", f"/conversations/{c}/messages", {"client_id": "c", "text": "好", "note": True}),
        ("POST", f"/conversations/{c}/end", summary), ("POST", f"/conversations/{c}/separate", None),
        ("POST", f"/conversations/{c}/read", {"message_id": str(done.message_id)}),
        ("POST", f"/messages/{done.message_id}/recall", None),
        ("POST", f"/tickets/{t}/move", {"action": "solve", "text": "好"}),
        ("PATCH", f"/tickets/{t}", {"version": 1, "text": "好", "priority": 1}),
        ("POST", f"/tickets/{t}/split", {"message_ids": [str(done.message_id)], "subject": "x"}),
        ("POST", f"/tickets/{t}/merge", {"number": 1, "text": "x"}),
        ("POST", f"/tickets/{t}/unjoin", None), ("PATCH", f"/contacts/{contact}", {"version": 1, "name": "x"}),
        ("POST", f"/tickets/{t}/join", {"into": str(NOWHERE), "conversation_id": str(c)}),
        ("POST", "/tickets", {"contact_id": str(contact), "subject": "x", "text": "x"}),
        ("POST", f"/conversations/{c}/pull", None), ("POST", f"/tickets/{t}/pull", None),
        ("POST", f"/conversations/{c}/put-back", {"note": "x"}), ("GET", f"/work/ticket/{t}/why", None),
        ("POST", f"/conversations/{c}/transfer", {"note": "x", "agent_id": str(NOWHERE)}),
        ("POST", f"/tickets/{t}/assign", {"note": "x", "agent_id": str(NOWHERE)}),
    ]  # fmt: skip
    for method, path, body in tries:
        await desk.refused(404, "not_found", method, path, body)
    assert (await desk.get("/tickets", view="all"))["items"] == []
    assert (await desk.get("/conversations/queue"))["items"] == []
    assert await desk.sql("SELECT version FROM ticket") == 1


async def test_without_the_permission_nothing_is_done(desk: Desk) -> None:
    done = await desk.served()
    await desk.sql("UPDATE role SET permissions = '{ticket.read}' WHERE key = 'agent'")
    await desk.as_("lin")
    await desk.get(f"/conversations/{done.conversation_id}")
    for method, path, body in [
        ("POST", f"/conversations/{done.conversation_id}/messages", {"client_id": "c", "text": "好"}),
        ("POST", f"/tickets/{done.ticket_id}/move", {"action": "solve", "text": "好"}),
        ("GET", f"/contacts/{await desk.sql('SELECT id FROM contact')}", None),
    ]:
        await desk.refused(403, "forbidden", method, path, body)


async def is_here(desk: Desk, *logins: str) -> None:
    for login in logins:
        agent = desk.house.people[login]
        async with desk.services.db.transaction() as tx:
            await agents.set_presence(
                tx, agent, PresenceState.ONLINE, None, desk.services.clock.now(), f"agent:{agent}"
            )


async def test_pulled_once_by_whoever_is_first(desk: Desk) -> None:
    done = await desk.comes()
    await desk.sql("UPDATE conversation SET ready = true")
    await is_here(desk, "lin", "su")
    path = f"/conversations/{done.conversation_id}/pull"
    await desk.post(path, status=204)
    assert await desk.sql("SELECT agent_id FROM conversation") == desk.house.people["lin"]
    await desk.as_("su")
    answer = await desk.browser.post(f"{API}{path}", json={})
    assert answer.status_code == 409
    assert await desk.sql("SELECT count(*) FROM assignment WHERE work_id = $1", done.conversation_id) == 1


async def test_a_transfer_is_offered_and_taken(desk: Desk) -> None:
    done = await desk.comes()
    await desk.sql("UPDATE conversation SET ready = true")
    await is_here(desk, "lin", "su")
    await desk.post(f"/conversations/{done.conversation_id}/pull", status=204)
    path = f"/conversations/{done.conversation_id}/transfer"
    await desk.refused(422, "invalid", "POST", path, {"note": "", "agent_id": str(desk.house.people["su"])})
    offer = await desk.post(path, {"note": "请接手", "agent_id": str(desk.house.people["su"])})
    assert offer["state"] == "open"
    assert await desk.sql("SELECT agent_id FROM conversation") == desk.house.people["lin"]
    await desk.as_("su")
    (waiting,) = (await desk.get("/offers"))["items"]
    assert (waiting["id"], waiting["note"]) == (offer["id"], "请接手")
    await desk.post(f"/offers/{offer['id']}/accept", status=204)
    assert await desk.sql("SELECT agent_id FROM conversation") == desk.house.people["su"]
    assert (await desk.browser.post(f"{API}/offers/{offer['id']}/accept", json={})).status_code == 409


async def test_why_it_waits(desk: Desk) -> None:
    done = await desk.comes()
    await desk.sql("UPDATE conversation SET ready = true")
    path = f"/work/conversation/{done.conversation_id}/why"
    told = await desk.get(path)
    assert (told["state"], told["waits_for"], told["team"], told["ahead"]) == ("waiting", "person", "售后", 0)
    standing = {c["name"]: c["excluded"] for c in told["candidates"]}
    assert standing == {"苏瑾": "presence", "林一": "presence", "高远": "team", "管理员": "team"}
    assert {"ageing"} <= {c["what"] for c in told["coming"]}
    assert all(c["at"] for c in told["coming"])
    await desk.refused(404, "not_found", "GET", f"/work/ticket/{NOWHERE}/why")
    assert (await desk.browser.get(f"{API}/work/other/{NOWHERE}/why")).status_code in (400, 404, 422)


async def test_why_he_has_it_as_it_was_decided(desk: Desk) -> None:
    done = await desk.comes()
    await desk.sql("UPDATE conversation SET ready = true")
    await is_here(desk, "lin", "su")
    await desk.post(f"/conversations/{done.conversation_id}/pull", status=204)
    path = f"/work/conversation/{done.conversation_id}/why"
    told = await desk.get(path, locale="en")
    (decided,) = told["decisions"]
    assert (told["state"], decided["agent"], decided["reason"]) == ("assigned", "林一", "pulled")
    assert (decided["carried"], decided["cap"], decided["ended_at"]) == (1, 5, None)
    assert [c["what"] for c in told["coming"] if c["what"] in ("red", "move")] == ["red", "move"]
    await desk.post(f"/conversations/{done.conversation_id}/put-back", {"note": "请别人看"}, status=204)
    told = await desk.get(path)
    assert (told["state"], told["decisions"][0]["ending"]) == ("waiting", "returned")
    rested = next(c for c in told["coming"] if c["what"] == "rested")
    assert rested["agent"] == "林一"


@pytest.fixture
async def indexed(desk: Desk) -> Desk:
    await desk.served("v1", text="我的净化器不出风")
    await desk.comes("a@example.com", "净化器的发票开好了吗")
    lease = Lease(desk.services.db, "journal", "test")
    await lease.step()
    await Sequencer(desk.services.db, lease, Wake(), lambda pos: None).drain()
    await search_reader(desk.services.db, desk.services.clock, desk.services.vault).step()
    return desk


async def test_words_find_messages_newest_first_and_within_scope(indexed: Desk) -> None:
    found = (await indexed.get("/search", q="净化器", kind="message"))["items"]
    assert [f["kind"] for f in found] == ["message", "message"]
    assert all("净化器" in f["snippet"] for f in found)
    assert (await indexed.get("/search", q="洗衣机"))["items"] == []
    await indexed.as_("gao")
    assert (await indexed.get("/search", q="净化器"))["items"] == []


async def test_any_words_may_be_asked_for(indexed: Desk) -> None:
    for asked in ("'", "&|!", "a & !", "\\", "((", ":*", "  ", "🐦", "%"):
        assert (await indexed.browser.get(f"{API}/search", params={"q": asked})).status_code == 200, asked


async def test_a_wrong_search_is_told_so(indexed: Desk) -> None:
    for query in ("", "q=", "q=" + "x" * 201, "q=x&kind=other", "q=x&limit=y"):
        answer = await indexed.browser.get(f"{API}/search?{query}")
        assert answer.status_code in (400, 422), (query, answer.text)
    assert (await indexed.browser.get(f"{API}/search?q=a%00b")).status_code < 500


async def test_a_session_that_is_over_sees_nothing(desk: Desk, clock: FakeClock) -> None:
    done = await desk.served()
    clock.advance(timedelta(days=400))
    for path in (f"/conversations/{done.conversation_id}", "/tickets", "/search?q=x"):
        await desk.refused(401, "not_signed_in", "GET", path)
    await desk.refused(
        401, "not_signed_in", "POST", f"/tickets/{done.ticket_id}/move", {"action": "solve", "text": "x"}
    )


async def test_a_write_without_the_form_token_is_refused(desk: Desk) -> None:
    done = await desk.served()
    del desk.browser.headers["x-csrf-token"]
    answer = await desk.browser.post(
        f"{API}/tickets/{done.ticket_id}/move", json={"action": "solve", "text": "已补发新件"}
    )
    assert answer.status_code == 403
    assert await desk.sql("SELECT status FROM ticket") == "open"
