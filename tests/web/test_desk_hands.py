"""The desk over HTTP: ends, tickets and customers, a repeat and a late hand."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from tests.web.desk import API, NOWHERE, Desk, open_desk
from tests.web.house import House
from yizhan.web.services import Services


@pytest.fixture
async def desk(services: Services, house: House, browser: httpx.AsyncClient) -> Desk:
    return await open_desk(services, house, browser)


async def test_an_ordinary_chat_ends_with_the_proposed_summary(desk: Desk) -> None:
    done = await desk.served(text="请问什么时候发货?")
    await desk.post(f"/conversations/{done.conversation_id}/messages", {"client_id": "c", "text": "今天下午发出"})
    proposed = await desk.get(f"/conversations/{done.conversation_id}/summary")
    assert proposed["text"] == "客户:请问什么时候发货?;处理:今天下午发出"
    summary = {k: proposed[k] for k in ("type", "solved", "text")}
    ended = await desk.post(f"/conversations/{done.conversation_id}/end", {"summary": summary}, 200)
    assert (ended["conversation"]["phase"], ended["ticket"]["status"]) == ("ended", "pending")
    assert not await desk.sql("SELECT typed FROM note WHERE action = 'solve'")
    await desk.refused(409, "conflict", "POST", f"/conversations/{done.conversation_id}/end", {"summary": summary})
    await desk.refused(409, "conflict", "POST", f"/conversations/{done.conversation_id}/messages",
                       {"client_id": "x", "text": "好"})  # fmt: skip


async def test_an_end_asks_for_a_summary_and_for_who_serves(desk: Desk) -> None:
    done = await desk.served(by="su")
    path = f"/conversations/{done.conversation_id}/end"
    good = {"summary": {"type": "consult", "solved": "solved", "text": "已告知"}}
    await desk.refused(403, "forbidden", "POST", path, good)
    await desk.as_("su")
    for text in ("", " "):
        await desk.refused(422, "invalid", "POST", path, {"summary": {**good["summary"], "text": text}})
    await desk.refused(422, "invalid", "POST", path, {"summary": {**good["summary"], "solved": "perhaps"}})
    await desk.refused(422, "invalid", "POST", path, {"summary": {"type": "refund", "solved": "solved", "text": "退"}})
    await desk.post(path, good, 200)


async def test_the_form_of_the_summarys_type_is_filled_in_as_the_chat_ends(desk: Desk) -> None:
    done = await desk.served()
    path = f"/conversations/{done.conversation_id}/end"
    summary = {"type": "aftersale.repair", "solved": "solved", "text": "约好周三上门维修,工程师会先打电话"}
    ended = await desk.post(path, {"summary": summary, "fields": {"fault": ["leak"]}}, 200)
    assert (ended["ticket"]["type"], ended["ticket"]["status"]) == ("aftersale.repair", "pending")
    assert await desk.sql("SELECT fields FROM ticket") == {"fault": ["leak"]}


async def test_a_ticket_is_moved_by_the_table_and_with_a_note(desk: Desk) -> None:
    done = await desk.served()
    path = f"/tickets/{done.ticket_id}/move"
    for text in ("", "\n "):
        await desk.refused(422, "invalid", "POST", path, {"action": "solve", "text": text})
    await desk.refused(409, "illegal_transition", "POST", path, {"action": "reopen", "text": "再来"})
    moved = await desk.post(path, {"action": "solve", "text": "已补发新件"}, 200)
    assert moved["ticket"]["status"] == "pending"
    notes = (await desk.get(f"/tickets/{done.ticket_id}"))["notes"]
    assert [(n["action"], n["text"], n["typed"], n["author"]["name"]) for n in notes] == [
        ("solve", "已补发新件", True, "林一")
    ]
    await desk.refused(422, "invalid", "POST", path, {"action": "explode", "text": "x"})


async def test_two_who_change_a_ticket_at_once(desk: Desk) -> None:
    done = await desk.served()
    path = f"{API}/tickets/{done.ticket_id}"
    version = (await desk.get(f"/tickets/{done.ticket_id}"))["ticket"]["version"]
    bodies = [{"version": version, "text": "改优先级", "priority": p} for p in (3, 4)]
    answers = await asyncio.gather(*(desk.browser.patch(path, json=body) for body in bodies))
    assert sorted(a.status_code for a in answers) == [200, 409]
    winner = next(a for a in answers if a.status_code == 200).json()["ticket"]
    assert await desk.sql("SELECT priority FROM ticket") == winner["priority"]
    for wrong in ({"priority": 5}, {"tags": [""]}, {"order_no": "a\x00"}, {"subject": ""}, {"type": "x"}):
        body = {"version": winner["version"], "text": "改", **wrong}
        await desk.refused(422, "invalid", "PATCH", f"/tickets/{done.ticket_id}", body)
    await desk.refused(422, "invalid", "PATCH", f"/tickets/{done.ticket_id}",
                       {"version": winner["version"], "text": " ", "priority": 1})  # fmt: skip


async def test_a_ticket_is_made_by_hand_once(desk: Desk) -> None:
    await desk.served()
    contact = await desk.sql("SELECT id FROM contact")
    body = {"contact_id": str(contact), "subject": "回访", "text": "三天后回访"}
    made = [await desk.post("/tickets", body, key="t") for _ in range(2)]
    assert made[0]["ticket"]["id"] == made[1]["ticket"]["id"]
    assert await desk.sql("SELECT count(*) FROM ticket") == 2
    await desk.refused(404, "not_found", "POST", "/tickets", {**body, "contact_id": str(NOWHERE)})


async def test_join_unjoin_and_split(desk: Desk) -> None:
    chat = await desk.served("v1")
    mail = await desk.comes("a@example.com", "发票")
    a, b = [r["id"] for r in await desk.services.db.pool.fetch("SELECT id FROM contact ORDER BY id")]
    body = {"into": str(mail.ticket_id), "conversation_id": str(chat.conversation_id)}
    await desk.refused(422, "invalid", "POST", f"/tickets/{chat.ticket_id}/join", body)
    await desk.post(f"/contacts/{a}/links", {"other": str(b), "reason": "同一地址"})
    joined = await desk.post(f"/tickets/{chat.ticket_id}/join", body, 200)
    assert joined["ticket"]["id"] == str(mail.ticket_id)
    whole = await desk.get(f"/tickets/{mail.ticket_id}")
    assert ([m["text"] for m in whole["messages"]], whole["merged"]) == (["灯不亮", "发票"], [str(chat.ticket_id)])
    await desk.post(f"/tickets/{chat.ticket_id}/unjoin", status=200)
    assert (await desk.get(f"/conversations/{chat.conversation_id}"))["ticket"]["id"] == str(chat.ticket_id)
    more = await desk.comes("v1", "还要开发票")
    split = await desk.post(f"/tickets/{chat.ticket_id}/split",
                            {"message_ids": [str(more.message_id)], "subject": "发票"})  # fmt: skip
    assert split["ticket"]["linked_to"] == str(chat.ticket_id)
    assert [m["text"] for m in (await desk.get(f"/tickets/{split['ticket']['id']}"))["messages"]] == ["还要开发票"]


async def test_a_ticket_is_merged_by_hand_into_one_of_the_same_customer(desk: Desk) -> None:
    chat = await desk.served("v1")
    mail = await desk.comes("a@example.com", "发票")
    other = await desk.comes("b@example.com", "别人")
    a, b, _ = [r["id"] for r in await desk.services.db.pool.fetch("SELECT id FROM contact ORDER BY id")]
    await desk.post(f"/contacts/{a}/links", {"other": str(b), "reason": "同一地址"})
    own, into, strange = [
        await desk.sql("SELECT number FROM ticket WHERE id = $1", each.ticket_id) for each in (chat, mail, other)
    ]
    path, body = f"/tickets/{chat.ticket_id}/merge", {"number": into, "text": "同一件事"}
    for wrong in ({"number": own}, {"number": strange}, {"text": " "}):
        await desk.refused(422, "invalid", "POST", path, {**body, **wrong})
    await desk.refused(404, "not_found", "POST", path, {**body, "number": 1})
    assert (await desk.post(path, body, 200))["ticket"]["id"] == str(mail.ticket_id)
    note = await desk.services.db.pool.fetchrow("SELECT action, text, typed FROM note ORDER BY id DESC LIMIT 1")
    assert note is not None
    assert tuple(note.values()) == ("join", f"并入 #{into}:同一件事", True)
    around = await desk.get(f"/tickets/{mail.ticket_id}/around")
    assert [row["id"] for row in around["merged"]] == [str(chat.ticket_id)]
    assert (await desk.get(f"/tickets/{chat.ticket_id}/around"))["into"]["number"] == into
    assert str((await desk.comes("v1", "补充一句")).ticket_id) == str(mail.ticket_id)
    await desk.refused(409, "conflict", "POST", path, body)
    await desk.refused(409, "conflict", "POST", f"/tickets/{mail.ticket_id}/merge", {**body, "number": own})
    await desk.post(f"/tickets/{chat.ticket_id}/unjoin", status=200)
    assert (await desk.get(f"/conversations/{chat.conversation_id}"))["ticket"]["id"] == str(chat.ticket_id)
    await desk.post(f"/tickets/{mail.ticket_id}/move", {"action": "cancel", "text": "重复"}, 200)
    await desk.refused(409, "conflict", "POST", path, body)


async def test_a_customer_from_all_sides(desk: Desk) -> None:
    await desk.served("v1")
    await desk.comes("a@example.com", "发票", name="王芳")
    a, b = [r["id"] for r in await desk.services.db.pool.fetch("SELECT id FROM contact ORDER BY id")]
    made = await desk.post(f"/contacts/{a}/links", {"other": str(b), "reason": "同一地址"})
    seen = await desk.get(f"/contacts/{b}")
    assert seen["contact"]["id"] == str(a)
    assert seen["figures"]["tickets"] == 2
    assert {i["kind"] for i in seen["identities"]} == {"visitor", "email"}
    assert "a@example.com" not in str(seen)
    await desk.refused(409, "conflict", "POST", f"/contacts/{a}/links", {"other": str(b), "reason": "再来"})
    await desk.refused(422, "invalid", "DELETE", f"/links/{made['id']}?reason=%20")
    assert (await desk.browser.delete(f"{API}/links/{made['id']}?reason=误判")).status_code == 204
    assert (await desk.get(f"/contacts/{b}"))["contact"]["id"] == str(b)
    await desk.refused(404, "not_found", "DELETE", f"/links/{made['id']}?reason=误判")


async def test_a_customer_is_changed_by_the_version_that_was_read(desk: Desk) -> None:
    await desk.served()
    contact = await desk.sql("SELECT id FROM contact")
    path = f"{API}/contacts/{contact}"
    changed = await desk.browser.patch(path, json={"version": 1, "name": "王芳", "level": 3})
    assert (changed.json()["name"], changed.json()["version"]) == ("王芳", 2)
    await desk.refused(409, "conflict", "PATCH", f"/contacts/{contact}", {"version": 1, "name": "别人"})
    for wrong in ({"name": ""}, {"level": 12}, {"fields": {"a": "\x00"}}):
        await desk.refused(422, "invalid", "PATCH", f"/contacts/{contact}", {"version": 2, **wrong})


async def test_an_address_is_shown_to_few_and_for_a_reason(desk: Desk) -> None:
    await desk.comes("a@example.com", "发票")
    identity = await desk.sql("SELECT id FROM identity")
    path = f"/identities/{identity}/reveal"
    await desk.refused(403, "forbidden", "POST", path, {"reason": "核对地址"})
    await desk.as_("su")
    await desk.refused(422, "invalid", "POST", path, {"reason": " "})
    assert await desk.post(path, {"reason": "核对地址"}, 200) == {"value": "a@example.com"}
    told = await desk.services.db.pool.fetchrow("SELECT actor, data FROM event_new WHERE kind = 'contact.revealed'")
    assert told is not None
    assert (told["actor"], told["data"]["reason"]) == (f"agent:{desk.house.people['su']}", "核对地址")


async def test_a_reply_overtaken_by_a_colleagues_waits_for_its_writers_yes(desk: Desk) -> None:
    done = await desk.served("v1", by="lin")
    path = f"/conversations/{done.conversation_id}/messages"
    await desk.as_("lin")
    first = (await desk.get(f"/conversations/{done.conversation_id}"))["messages"][-1]["id"]
    seen = {"message_id": first, "agent_id": str(desk.house.people["lin"])}
    await desk.as_("su")
    theirs = (await desk.post(path, {"client_id": "su", "text": "已经退了"}))["message"]["id"]
    await desk.as_("lin")
    written = {"client_id": "lin", "text": "我去看看", "seen": seen}
    told = await desk.refused(409, "answered_meanwhile", "POST", path, written)
    assert "苏瑾" in told["detail"]
    await desk.post(path, {"client_id": "note", "text": "同事已回", "note": True, "seen": seen})
    looked = {"client_id": "lin", "text": "我去看看", "seen": {**seen, "message_id": theirs}}
    own = (await desk.post(path, looked, key="lin"))["message"]["id"]
    assert (await desk.post(path, looked, key="lin"))["message"]["id"] == own, "a repeat is not overtaken by itself"
    await desk.sql("UPDATE conversation SET agent_id = NULL, phase = 'queued' WHERE id = $1", done.conversation_id)
    late = {"client_id": "late", "text": "还在吗", "seen": {**seen, "message_id": own}}
    await desk.refused(409, "moved_meanwhile", "POST", path, late)
