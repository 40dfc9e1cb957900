"""投诉, 补偿, 外部投诉, 证据包 and 法律保留 over HTTP."""

from __future__ import annotations

import asyncio
import io
import json
import zipfile
from datetime import timedelta
from hashlib import sha256

import asyncpg
import httpx
import pytest

from tests.web.desk import Desk, open_desk
from tests.web.house import House
from yizhan.desk import trail
from yizhan.foundation.clock import FakeClock
from yizhan.web.services import Services

COMPLAINT = {"grade": "major", "text": "客户来电投诉安装人员", "department": "repair", "demands": "退款并道歉"}


@pytest.fixture
async def desk(services: Services, house: House, browser: httpx.AsyncClient) -> Desk:
    made = await open_desk(services, house, browser)
    await made.sql("UPDATE agent SET role_id = $2 WHERE id = $1", house.people["gao"], house.roles["specialist"])
    return made


async def test_a_complaint_is_kept_taken_over_and_closed(desk: Desk, house: House) -> None:
    done = await desk.served()
    path = f"/tickets/{done.ticket_id}"
    assert (await desk.get(f"{path}/complaint"))["complaint"] is None
    told = await desk.refused(422, "invalid", "POST", f"{path}/complaint", {**COMPLAINT, "department": "moon"})
    assert told["field"] == "department"
    made = (await desk.post(f"{path}/complaint", COMPLAINT))["complaint"]
    assert (made["grade"], made["step"], [c["kind"] for c in made["clocks"]]) == (
        "major", "handler", ["first_contact", "plan", "close"],
    )  # fmt: skip
    await desk.refused(409, "conflict", "POST", f"{path}/complaint", COMPLAINT)
    await desk.refused(409, "conflict", "POST", f"{path}/move", {"action": "cancel", "text": "不想管了,取消工单"})
    await desk.post(f"/complaints/{made['id']}/contacted", {"text": "已电话致歉"}, 200)
    await desk.refused(409, "conflict", "POST", f"/complaints/{made['id']}/contacted", {"text": "再联系"})
    body = {"version": made["version"], "remedy": "退一赔一,上门道歉"}
    answer = await desk.browser.patch(f"/api/v1/complaints/{made['id']}", json=body)
    planned = answer.json()["complaint"]
    assert [c["kind"] for c in planned["clocks"] if c["met_at"]] == ["first_contact", "plan"]
    stale = await desk.browser.patch(f"/api/v1/complaints/{made['id']}", json=body)
    assert stale.status_code == 409
    up = (await desk.post(f"/complaints/{made['id']}/escalate", {"text": "客户要求组长"}, 200))["complaint"]
    assert (up["step"], up["holder_name"], up["steps"][0]["reason"]) == ("lead", "苏瑾", "客户要求组长")
    body = {"by": "supervisor", "text": "客户失联,按规定结案归档"}
    await desk.refused(403, "forbidden", "POST", f"/complaints/{made['id']}/close", body)
    await desk.as_("admin")
    rows = (await desk.get("/complaints"))["items"]
    assert [(row["complaint"]["id"], row["ticket"]["id"]) for row in rows] == [(made["id"], str(done.ticket_id))]
    over = (await desk.post(f"/complaints/{made['id']}/close", body, 200))["complaint"]
    assert (over["state"], over["closed_by"]) == ("closed", "supervisor")
    assert await desk.sql("SELECT status FROM ticket WHERE id = $1", done.ticket_id) == "done"
    assert (await desk.get("/complaints"))["items"] == []


async def test_nobody_is_paid_twice_and_limits_ask_for_approval(desk: Desk, house: House) -> None:
    done = await desk.served()
    path = f"/tickets/{done.ticket_id}/compensations"
    wish = {"fen": 2000, "kind": "coupon", "reason": "延误致歉", "order_no": "SO1"}
    paid = await desk.post(path, wish)
    assert (paid["state"], paid["asked_name"], paid["limit_fen"]) == ("granted", "林一", 2000)
    await desk.refused(409, "paid_already", "POST", path, wish)
    asked = await desk.post(path, {**wish, "fen": 5000, "addition": True})
    assert (asked["state"], asked["total_fen"], asked["needs"]) == ("pending", 7000, "lead")
    await desk.refused(409, "conflict", "POST", path, {**wish, "addition": True})
    assert (await desk.get("/approvals"))["compensations"] == []
    decision = {"approve": True, "text": "同意"}
    await desk.refused(403, "forbidden", "POST", f"/compensations/{asked['id']}/decide", decision)
    await desk.as_("su")
    (row,) = (await desk.get("/approvals"))["compensations"]
    assert (row["id"], row["ticket_number"]) == (asked["id"], await desk.sql("SELECT number FROM ticket"))
    await desk.refused(422, "invalid", "POST", f"/compensations/{asked['id']}/decide", {"approve": False})
    granted = await desk.post(f"/compensations/{asked['id']}/decide", decision, 200)
    assert (granted["state"], granted["decided_name"]) == ("granted", "苏瑾")
    await desk.refused(409, "conflict", "POST", f"/compensations/{asked['id']}/decide", decision)
    contact = await desk.sql("SELECT contact_id FROM ticket WHERE id = $1", done.ticket_id)
    ledger = await desk.get(f"/contacts/{contact}/compensations")
    assert (ledger["granted_fen"], ledger["limit_fen"], len(ledger["items"])) == (7000, 10000, 2)
    why = [r["data"]["why"] for r in await desk.services.db.pool.fetch(
        "SELECT data FROM event_new WHERE kind = 'notice.raised' ORDER BY seq")]  # fmt: skip
    assert why == ["compensation.asked", "compensation.granted"]
    told = await desk.refused(409, "paid_already", "POST", path, {**wish, "order_no": "SO2"})
    assert "70.00" in told["detail"]  # another number on the same ticket is the same matter
    much = await desk.post(path, {**wish, "fen": 80_000, "order_no": "SO2", "addition": True})
    assert much["needs"] == "admin"
    await desk.post(f"/compensations/{much['id']}/withdraw", None, 200)
    assert {r["action"] for r in await desk.services.db.pool.fetch("SELECT action FROM note")} >= {"compensation"}


async def test_two_who_pay_at_once_see_each_other(desk: Desk) -> None:
    """Six requests at once, of two tickets and one order, and only one is within the limit."""
    first, second = await desk.served("v1"), await desk.served("w1")
    person = await desk.sql("SELECT contact_id FROM ticket WHERE id = $1", first.ticket_id)
    await desk.sql("UPDATE contact SET person_id = $1", person)
    wish = {"fen": 2000, "kind": "coupon", "reason": "延误致歉", "order_no": "SO1"}
    paths = [f"/api/v1/tickets/{done.ticket_id}/compensations" for done in (first, second)] * 3
    answers = await asyncio.gather(*(desk.browser.post(path, json=wish) for path in paths))
    assert sorted(answer.status_code for answer in answers) == [201, *[409] * 5]
    assert await desk.sql("SELECT sum(fen) FROM compensation WHERE state = 'granted'") == 2000
    more = {**wish, "addition": True, "order_no": " so1"}
    answers = await asyncio.gather(*(desk.browser.post(path, json=more) for path in paths))
    assert sorted(answer.status_code for answer in answers) == [201, *[409] * 5]
    assert await desk.sql("SELECT sum(fen) FROM compensation WHERE state = 'granted'") == 2000
    assert await desk.sql("SELECT needs FROM compensation WHERE state = 'pending'") == "lead"


async def test_an_outside_case_has_a_deadline_and_an_approved_reply(desk: Desk, clock: FakeClock) -> None:
    one, two = await desk.served("v1"), await desk.served("v2")
    path = f"/tickets/{one.ticket_id}/external-cases"
    new = {"source": "12315", "case_no": " abc-1 ", "received_on": "2026-02-27", "demands": "退款"}
    await desk.refused(403, "forbidden", "POST", path, new)
    await desk.as_("su")
    told = await desk.refused(422, "invalid", "POST", path, {**new, "received_on": "2026-03-03"})
    assert told["field"] == "received_on"
    case = await desk.post(path, new)
    assert (case["case_no"], case["deadline_on"], case["working_days"]) == ("ABC-1", "2026-03-09", 7)
    same = await desk.post(f"/tickets/{two.ticket_id}/external-cases", new)
    assert (same["id"], len(same["tickets"])) == (case["id"], 2)
    other = await desk.post(f"/tickets/{two.ticket_id}/external-cases", {**new, "source": "12345", "case_no": "B"})
    merged = await desk.post(f"/external-cases/{case['id']}/merge", {"into": other["id"]}, 200)
    assert (merged["id"], merged["deadline_on"], len(merged["tickets"])) == (other["id"], "2026-03-05", 2)
    panel = await desk.get(f"/tickets/{one.ticket_id}/complaint")
    assert (panel["complaint"]["grade"], panel["complaint"]["causes"]) == ("major", ["external"])
    assert [h["released_at"] for h in panel["holds"]] == [None]
    at = f"/external-cases/{other['id']}"
    await desk.refused(409, "conflict", "POST", f"{at}/answer")
    written = await desk.post(f"{at}/replies", {"text": "经查……"})
    assert [(r["number"], r["state"]) for r in written["replies"]] == [(1, "submitted")]
    await desk.post(f"{at}/replies", {"text": "经查,已退款。"})
    await desk.as_("gao")
    (waiting,) = (await desk.get("/approvals"))["replies"]
    assert (waiting["reply"]["number"], waiting["case"]["id"]) == (2, other["id"])
    decided = await desk.post(f"/external-replies/{waiting['reply']['id']}/decide", {"approve": True}, 200)
    assert [(r["number"], r["state"]) for r in decided["replies"]] == [(2, "approved"), (1, "replaced")]
    assert (await desk.post(f"{at}/answer", None, 200))["state"] == "answered"
    closed = await desk.post(f"{at}/close", {"text": "已调解,双方达成一致"}, 200)
    assert (closed["state"], closed["result"]) == ("closed", "已调解,双方达成一致")
    assert (await desk.get("/external-cases"))["items"] == []


async def test_evidence_is_one_file_that_proves_its_parts(desk: Desk) -> None:
    done = await desk.served(text="插座冒烟,订单 SO9")
    await desk.sql("UPDATE ticket SET order_no = 'SO9' WHERE id = $1", done.ticket_id)
    await desk.as_("su")
    await desk.post(f"/tickets/{done.ticket_id}/complaint", COMPLAINT)
    await desk.sql("SELECT moved FROM journal_sequence(0, 1000)")
    made = await desk.post(f"/tickets/{done.ticket_id}/evidence")
    answer = await desk.browser.get(made["url"])
    assert (answer.status_code, sha256(answer.content).hexdigest()) == (200, made["sha256"])
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        for part in manifest["files"]:
            assert sha256(archive.read(part["path"])).hexdigest() == part["sha256"]
        names = set(archive.namelist())
        said = json.loads(archive.read("messages.json"))
        orders = json.loads(archive.read("orders.json"))
        page = archive.read("index.html").decode()
        journal = json.loads(archive.read("journal.json"))
    assert names >= {
        "index.html",
        "conversations.json",
        "promises.json",
        "consultations.json",
        "notes.csv",
        "journal.json",
        "times.json",
        "complaint.json",
        "manifest.sha256",
    }
    for words in ("插座冒烟,订单 SO9", "2026-03-02", "首次联系", "林一", "外部投诉"):
        assert words in page
    assert "<script" not in page
    for entry in journal:  # each can be checked by itself
        assert sha256(bytes.fromhex(entry["previous"]) + entry["content"].encode()).hexdigest() == entry["hash"]
    assert {"message.received", "complaint.opened"} <= {entry["kind"] for entry in journal}
    assert (said[0]["text"], orders) == ("插座冒烟,订单 SO9", ["SO9"])
    assert (await desk.get(f"/tickets/{done.ticket_id}/complaint"))["packages"][0]["id"] == made["id"]
    taken = "SELECT actor || ' ' || (data->>'sha256') FROM event_new WHERE kind = 'evidence.downloaded'"
    assert await desk.sql(taken) == f"agent:{desk.house.people['su']} {made['sha256']}"
    await desk.as_("lin")
    await desk.refused(403, "forbidden", "GET", f"/evidence/{made['id']}")
    assert await desk.sql("SELECT count(*) FROM event_new WHERE kind = 'evidence.downloaded'") == 1
    await desk.sql("SELECT moved FROM journal_sequence(0, 1000)")
    trace = (await desk.get(f"/tickets/{done.ticket_id}/trace"))["items"]
    assert {"evidence.packed", "evidence.downloaded"} <= {row["action"] for row in trace}


async def test_a_legal_hold_stops_whatever_erases(desk: Desk, clock: FakeClock) -> None:
    done = await desk.served()
    contact = await desk.sql("SELECT contact_id FROM ticket WHERE id = $1", done.ticket_id)
    blind = await desk.sql("SELECT blind FROM identity WHERE contact_id = $1", contact)
    for visitor in (blind, b"somebody else"):
        await desk.sql(
            "INSERT INTO visit (id, inbox_id, visitor, started_at, seen_at, origin)"
            " VALUES (gen_random_uuid(), $1, $2, $3, $3, '{}')", desk.chat, visitor, clock.now(),
        )  # fmt: skip
    await desk.refused(403, "forbidden", "POST", f"/contacts/{contact}/holds", {"reason": "诉讼"})
    await desk.as_("admin")
    held = await desk.post(f"/contacts/{contact}/holds", {"reason": "诉讼"})
    later = clock.now() + timedelta(days=1000)
    async with desk.services.db.transaction() as tx:
        assert await trail.prune(tx, later) == 1
    for statement in ("DELETE FROM contact WHERE id = $1", "UPDATE contact SET data_key = '' WHERE id = $1",
                      "DELETE FROM ticket WHERE contact_id = $1"):  # fmt: skip
        with pytest.raises(asyncpg.IntegrityConstraintViolationError):
            await desk.sql(statement, contact)
    await desk.post(f"/holds/{held['id']}/release", {"text": "诉讼已结束"}, 200)
    async with desk.services.db.transaction() as tx:
        assert await trail.prune(tx, later) == 1
