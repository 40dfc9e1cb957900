"""Complaints from the first word to the end: graded, timed, taken over, closed by consent or with a reason."""

from __future__ import annotations

from functools import partial
from uuid import UUID

import msgspec
import pytest

from tests.desk.complaints.office import HOUR, MINUTE, Complaints, open_complaints
from yizhan.desk import complaints, notices, routing, serving
from yizhan.desk.complaints import SHIPPED, Rulebook, outside
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database
from yizhan.foundation.errors import Conflict, Forbidden, Invalid
from yizhan.foundation.ids import new_id
from yizhan.records import cases, contacts, tickets
from yizhan.records.cases import NewCase, Source
from yizhan.records.complaints import ClosedBy, LadderStep
from yizhan.records.contacts import Strength
from yizhan.records.conversations import Draft
from yizhan.records.tickets import Action, TicketChange

ASSIGN = partial(routing.take_matter, book=routing.routing_book())


@pytest.fixture
async def office(db: Database, clock: FakeClock) -> Complaints:
    return await open_complaints(db, clock)


async def test_fire_is_a_crisis_before_anything_else(office: Complaints) -> None:
    quiet = await office.floor.says("v1", "电热毯没有冒烟,就是不热")
    smoke = await office.floor.says("v2", "我的电热毯冒烟了,孩子的手被烫了")
    await office.floor.pass_time(MINUTE)
    assert await office.row(quiet) == {}
    row = await office.row(smoke)
    assert (row["grade"], row["causes"], row["product"], row["frozen"]) == (
        "crisis", ["fire", "minors"], "blanket", True,
    )  # fmt: skip
    assert (await office.ticket(smoke))["priority"] == 4
    (told,) = [n for n in await office.notices() if n["why"] == "complaint.crisis"]
    assert (told["who"], told["how"]) == (["duty", "role:supervisor"], "call")
    assert told["agents"] == [str(office.people["周主管"])]
    clocks = await office.clocks(smoke)
    spans = {kind: clock["due_at"] - row["opened_at"] for kind, clock in clocks.items()}
    assert spans == {"first_contact": 15 * MINUTE, "plan": 4 * HOUR, "close": 72 * HOUR}


async def test_a_crisis_opens_a_war_room_once_and_with_whom_there_is(office: Complaints) -> None:
    smoke = await office.floor.says("v2", "我的电热毯冒烟了,孩子的手被烫了")
    await office.floor.pass_time(MINUTE)
    rooms = await office.db.pool.fetch("SELECT id, war_room, asked_by, question FROM consultation")
    assert [(r["war_room"], r["question"]) for r in rooms] == [(True, "危机:我的电热毯冒烟了,孩子的手被烫了")]
    asked = await office.db.pool.fetch("SELECT a.name FROM consultation_member m JOIN agent a ON a.id = m.agent_id")
    asker = next(name for name, id in office.people.items() if id == rooms[0]["asked_by"])
    assert {"周主管", "阮清"} <= {row["name"] for row in asked} | {asker}
    told = [n for n in await office.notices() if n["why"] == "consultation.asked"]
    assert [n["how"] for n in told] == ["call"]
    await office.floor.says("v2", "又冒烟了,孩子在哭")
    await office.floor.pass_time(MINUTE)
    assert await office.db.pool.fetchval("SELECT count(*) FROM consultation") == 1
    assert smoke.ticket_id is not None


async def test_what_is_held_by_law_is_neither_taken_back_nor_erased(office: Complaints) -> None:
    mail = await office.floor.says("c@example.com", "我要投诉", mail=True)
    await office.floor.pass_time(MINUTE)
    assert mail.conversation_id is not None
    actor = f"agent:{office.people['林一']}"
    async with office.db.transaction() as tx:
        said = await serving.reply(
            tx, mail.conversation_id, Draft(direction="out", author=actor, text="马上查"), now=office.now
        )
        contact = await tx.fetchval("SELECT contact_id FROM ticket")
        held = await cases.hold(tx, contact, reason="诉讼", actor=actor, now=office.now)
    with pytest.raises(serving.UnderHold):
        async with office.db.transaction() as tx:
            await serving.recall(tx, said.message_id, mail.conversation_id, actor=actor, now=office.now)
    for erased in (
        "DELETE FROM message",
        "UPDATE message SET text = ''",
        "DELETE FROM note",
        "UPDATE note SET text = 'x'",
    ):
        with pytest.raises(Exception, match="under legal hold"):
            await office.db.pool.execute(erased)
    async with office.db.transaction() as tx:
        await cases.release_hold(tx, held.id, why="已了结", actor=actor, now=office.now)
        await serving.recall(tx, said.message_id, mail.conversation_id, actor=actor, now=office.now)


async def test_no_row_of_a_held_person_goes_and_no_link_sets_him_free(office: Complaints) -> None:
    """Every table that has rows of him here, by its own trigger; and whoever was taken for him stays held."""
    smoke = await office.floor.says("v2", "我要投诉,插座冒烟了")
    await office.floor.pass_time(MINUTE)
    other = await office.floor.says("v9", "在吗")
    assert smoke.ticket_id is not None
    async with office.db.transaction() as tx:
        contact = await tx.fetchval("SELECT contact_id FROM ticket WHERE id = $1", smoke.ticket_id)
        stranger = await tx.fetchval("SELECT contact_id FROM conversation WHERE id = $1", other.conversation_id)
        link = await contacts.link_contacts(
            tx, contact, stranger, strength=Strength.JUDGED, evidence={}, actor="agent:x", now=office.now
        )
        new = NewCase(source=Source.MIIT, case_no="M-1", received_on=office.now.date())
        case, _ = await outside.register(tx, smoke.ticket_id, new, office.book, by=office.by("周主管"), now=office.now)
        author = office.people["周主管"]
        await outside.write_reply(tx, case.id, "答复", agent_id=author, by=office.by("周主管"), now=office.now)
    held = ["identity", "conversation", "message", "note", "ticket", "complaint", "complaint_clock", "consultation",
            "external_case", "external_case_ticket", "external_reply", "event", "legal_hold"]  # fmt: skip
    for table in held:
        assert await office.db.pool.fetchval(f"SELECT count(*) FROM {table}"), table
        with pytest.raises(Exception, match="legal hold"):
            await office.db.pool.execute(f"DELETE FROM {table}")
    async with office.db.transaction() as tx:
        await contacts.unlink_contacts(tx, link, reason="两个人", actor="agent:x", now=office.now)
        assert not await tx.fetchval("SELECT bool_or(person_id <> id) FROM contact")
        assert [await cases.is_held(tx, each) for each in (contact, stranger)] == [True, True]


async def test_nothing_automatic_is_said_in_a_crisis(office: Complaints) -> None:
    smoke = await office.floor.says("v2", "插座冒烟了")
    await office.floor.pass_time(MINUTE)
    assert smoke.conversation_id is not None
    async with office.db.transaction() as tx:
        automatic = Draft(direction="out", author="system", text="请问还在吗", human=False)
        with pytest.raises(serving.KeptSilent):
            await serving.reply(tx, smoke.conversation_id, automatic, now=office.now)
        draft = Draft(direction="out", author=f"agent:{office.people['林一']}", text="您人有没有受伤?")
        await serving.reply(tx, smoke.conversation_id, draft, now=office.now)


async def test_an_overdue_clock_climbs_and_each_step_takes_over(office: Complaints) -> None:
    mail = await office.floor.says("c@example.com", "我要投诉你们的客服", mail=True)
    await office.floor.pass_time(MINUTE)
    assert (await office.row(mail))["grade"] == "ordinary"
    assert (await office.ticket(mail))["agent_id"] == office.people["林一"]
    await office.floor.pass_time(90 * MINUTE)
    assert [n["why"] for n in await office.notices()] == ["complaint.clock_warned"]
    await office.floor.pass_time(30 * MINUTE)
    row, ticket = await office.row(mail), await office.ticket(mail)
    assert (row["step"], row["holder_id"], ticket["agent_id"]) == ("lead", office.people["苏瑾"], office.people["苏瑾"])
    await office.floor.pass_time(4 * HOUR)
    assert (await office.ticket(mail))["agent_id"] == office.people["周主管"]
    async with office.db.transaction() as tx:
        draft = Draft(direction="out", author=f"agent:{office.people['周主管']}", text="您好,我来处理")
        assert mail.conversation_id is not None
        await serving.reply(tx, mail.conversation_id, draft, now=office.now)
        await complaints.contacted(
            tx, (await office.row(mail))["id"], text="电话已联系上", by=office.by("周主管"), now=office.now
        )
    await office.floor.pass_time(5 * HOUR)
    assert (await office.row(mail))["step"] == "supervisor", "the first contact is made"
    steps = await office.db.pool.fetch("SELECT step, actor FROM complaint_step ORDER BY id")
    assert [tuple(s) for s in steps] == [("lead", "timer:complaints.climb"), ("supervisor", "timer:complaints.climb")]
    assert len([e for e in await office.events("complaint.clock_breached") if e["clock"] == "first_contact"]) == 1


async def test_an_answer_is_the_first_contact(office: Complaints) -> None:
    mail = await office.floor.says("c@example.com", "投诉:没人管", mail=True)
    await office.floor.pass_time(MINUTE)
    assert mail.conversation_id is not None
    async with office.db.transaction() as tx:
        draft = Draft(direction="out", author=f"agent:{office.people['林一']}", text="马上查")
        await serving.reply(tx, mail.conversation_id, draft, now=office.now)
    answered = office.now
    await office.floor.pass_time(3 * HOUR)
    clock = (await office.clocks(mail))["first_contact"]
    assert (clock["met_at"], clock["breached_at"]) == (answered, None)


async def test_a_live_customer_stays_until_the_taker_is_there(office: Complaints) -> None:
    chat = await office.floor.says("v1", "我要投诉")
    await office.floor.pass_time(MINUTE)
    complaint: UUID = (await office.row(chat))["id"]
    await office.floor.is_now(office.people["苏瑾"], "break")
    async with office.db.transaction() as tx:
        await complaints.escalate(
            tx, complaint, office.book, ASSIGN, text="客户要求组长处理", by=office.by("林一"), now=office.now
        )
    assert (await office.row(chat))["holder_id"] == office.people["苏瑾"]
    assert await office.floor.agent_of(chat) == office.people["林一"]
    await office.floor.is_now(office.people["苏瑾"], "online")
    await office.floor.pass_time(5 * MINUTE)
    assert await office.floor.agent_of(chat) == office.people["苏瑾"]
    assert (await office.ticket(chat))["agent_id"] == office.people["苏瑾"]


async def test_it_ends_by_consent_or_by_a_supervisor_with_a_reason(office: Complaints) -> None:
    chat = await office.floor.says("v1", "我要投诉,态度差")
    await office.floor.pass_time(MINUTE)
    complaint: UUID = (await office.row(chat))["id"]
    assert chat.ticket_id is not None
    words, by = "已致歉并补偿,客户接受", office.by("林一")
    async with office.db.transaction() as tx:
        await serving.move(tx, chat.ticket_id, Action.SOLVE, text=words, by=by, now=office.now)
        for action in (Action.CONFIRM, Action.CANCEL):
            with pytest.raises(Conflict, match="open complaint"):
                await serving.move(tx, chat.ticket_id, action, text=words, by=by, now=office.now)
        with pytest.raises(Forbidden):
            await complaints.close(
                tx, complaint, ClosedBy.SUPERVISOR, text=words, may_close=False, by=by, now=office.now
            )
        with pytest.raises(Invalid, match="own words"):
            await complaints.close(tx, complaint, ClosedBy.CUSTOMER, text=words, may_close=False, by=by, now=office.now)
    said = await office.floor.says("v1", "我同意你们的方案,按这个办吧")
    async with office.db.transaction() as tx:
        await complaints.close(
            tx, complaint, ClosedBy.CUSTOMER, text=words, may_close=False, by=by, now=office.now,
            message_id=said.message_id,
        )  # fmt: skip
    row, ticket = await office.row(chat), await office.ticket(chat)
    assert (row["state"], row["closed_by"], row["closed_message"]) == ("closed", "customer", said.message_id)
    assert ticket["status"] == "done"
    assert all(clock["met_at"] for clock in (await office.clocks(chat)).values())
    async with office.db.transaction() as tx:
        await serving.move(tx, chat.ticket_id, Action.REOPEN, text="客户又来了", by=by, now=office.now)
    await office.floor.settle()
    await office.floor.pass_time(MINUTE)
    assert (await office.row(chat))["state"] == "open"
    assert (await office.clocks(chat))["close"]["met_at"] is None


async def test_the_customers_thanks_are_his_consent(office: Complaints) -> None:
    chat = await office.floor.says("v1", "我要投诉,态度差")
    await office.floor.pass_time(MINUTE)
    assert chat.ticket_id is not None
    async with office.db.transaction() as tx:
        await serving.move(
            tx, chat.ticket_id, Action.SOLVE, text="已致歉并补偿,请客户确认", by=office.by("林一"), now=office.now
        )
    await office.floor.settle()
    await office.floor.says("v1", "好的谢谢")
    await office.floor.pass_time(MINUTE)
    assert (await office.ticket(chat))["status"] == "done"
    assert ((await office.row(chat))["closed_by"], (await office.row(chat))["state"]) == ("customer", "closed")


_ORDERED = r"""
INSERT INTO customer_order (id, source, number, identity_id, contact_id, status, total_fen, currency, placed_at,
  changed_at, document, digest, version)
SELECT $1, 'shop', $2, i.id, t.contact_id, 'paid', 100, 'CNY', $4, $4,
  '{"lines": [{"sku": "H1", "title": "加湿器 H1", "count": 1, "price_fen": 100}]}'::jsonb, '\x00', 1
FROM ticket t JOIN identity i ON i.contact_id = t.contact_id WHERE t.id = $3 LIMIT 1
"""


async def test_three_people_with_one_product_in_a_day_are_a_crisis(office: Complaints) -> None:
    first = [await office.floor.says(f"v{n}", "投诉:电热毯不热") for n in (1, 2)]
    await office.floor.says("v1", "还是投诉,电热毯")
    await office.floor.pass_time(MINUTE)
    assert {(await office.row(done))["grade"] for done in first} == {"ordinary"}
    await office.floor.says("v3", "投诉 blanket 不热")
    await office.floor.pass_time(MINUTE)
    rows = [await office.row(done) for done in first]
    assert [(row["grade"], row["causes"]) for row in rows] == [("crisis", ["group"])] * 2
    assert (await office.ticket(first[0]))["priority"] == 4


async def test_a_house_that_names_no_product_knows_it_by_what_was_ordered(office: Complaints) -> None:
    office.rules.now = Rulebook(msgspec.structs.replace(SHIPPED, products=()))
    done = [await office.floor.says(f"v{n}", "我要投诉") for n in (1, 2, 3)]
    for n, each in enumerate(done):
        await office.db.pool.execute(_ORDERED, new_id(office.now), f"SO{n}", each.ticket_id, office.now)
    await office.floor.pass_time(MINUTE)
    assert {(await office.row(each))["product"] for each in done} == {None}
    for n, each in enumerate(done):  # an agent asks for it, and writes it down
        assert each.ticket_id is not None
        async with office.db.transaction() as tx:
            ticket = await tickets.lock_ticket(tx, each.ticket_id)
            await tickets.change_ticket(
                tx, ticket, TicketChange(order_no=f"SO{n}"), expected=ticket.version, text="补充订单号",
                by=office.by("林一"), now=office.now,
            )  # fmt: skip
    await office.floor.settle()
    await office.floor.pass_time(MINUTE)
    rows = [await office.row(each) for each in done]
    assert [(r["product"], r["grade"], r["causes"]) for r in rows] == [("加湿器 H1", "crisis", ["group"])] * 3


async def test_a_crisis_rings_up_the_ladder_until_somebody_has_it(office: Complaints) -> None:
    office.floor.readers.append(notices.notice_reader(office.db, office.floor.clock))
    notices.register_timers(office.floor.timers)
    await office.floor.says("v1", "插座冒烟了")
    await office.floor.pass_time(MINUTE)

    async def called() -> list[list[str]]:
        return [n["agents"] for n in await office.notices() if n["why"] == "complaint.crisis"]

    boss, su = str(office.people["周主管"]), str(office.people["苏瑾"])
    assert await called() == [[boss]]
    await office.floor.pass_time(3 * MINUTE)
    assert (await called())[1] == [boss, su]
    async with office.db.transaction() as tx:
        mine = [each for each in await notices.calls(tx, office.people["苏瑾"], office.now)
                if each.why == "complaint.crisis"]  # fmt: skip
        await notices.acknowledge(tx, office.people["苏瑾"], mine[0].id, now=office.now)
    await office.floor.pass_time(10 * MINUTE)
    assert len(await called()) == 2


async def test_a_rule_that_breaks_holds_nothing_up(office: Complaints) -> None:
    def breaks(facts: object) -> bool:
        raise ZeroDivisionError

    office.book._grading.insert(0, (office.book.rules.grading[0], breaks))
    chat = await office.floor.says("v1", "我要投诉到12315")
    await office.floor.pass_time(MINUTE)
    assert (await office.row(chat))["grade"] == "major"
    (failed,) = await office.events("rule.failed")
    assert (failed["kind"], failed["rule"]) == ("complaints", "fire")


async def test_a_step_on_which_nobody_else_stands_is_passed_over(office: Complaints) -> None:
    """苏瑾 leads the team and handles it herself; nobody is 客诉专员 or 法务 any more."""
    chat = await office.floor.says("v1", "我要投诉", mail=True)
    await office.floor.pass_time(MINUTE)
    await office.db.pool.execute("UPDATE ticket SET agent_id = $1", office.people["苏瑾"])
    await office.db.pool.execute("UPDATE agent SET active = false WHERE id = $1", office.people["阮清"])
    complaint: UUID = (await office.row(chat))["id"]
    for step, holder in (("supervisor", "周主管"), ("specialist", None)):
        async with office.db.transaction() as tx:
            after = await complaints.escalate(
                tx, complaint, office.book, ASSIGN, text="升级处理", by=office.by("苏瑾"), now=office.now
            )
        assert (after.step, after.holder_id) == (step, office.people[holder] if holder else None)
    told = [n for n in await office.notices() if n["why"] == "complaint.escalated"]
    assert [n["agents"] for n in told] == [[str(office.people["周主管"])]] * 2


async def test_an_outside_case_takes_up_what_was_over(office: Complaints) -> None:
    mail = await office.floor.says("c@example.com", "我要投诉", mail=True)
    await office.floor.pass_time(MINUTE)
    complaint: UUID = (await office.row(mail))["id"]
    assert mail.ticket_id is not None
    async with office.db.transaction() as tx:
        await complaints.close(
            tx, complaint, ClosedBy.SUPERVISOR, text="客户不再回复,按规定结案", may_close=True, by=office.by("周主管"),
            now=office.now,
        )  # fmt: skip
    assert (await office.ticket(mail))["status"] in ("done", "new")
    async with office.db.transaction() as tx:
        new = NewCase(source=Source.HOTLINE_12345, case_no="S-9", received_on=office.now.date())
        await outside.register(tx, mail.ticket_id, new, office.book, by=office.by("周主管"), now=office.now)
    row = await office.row(mail)
    assert (row["state"], row["grade"], row["causes"]) == ("open", "major", ["external"])
    assert (await office.ticket(mail))["status"] in ("open", "new")


async def test_the_top_of_the_ladder(office: Complaints) -> None:
    lin = office.by("林一")
    chat = await office.floor.says("v1", "我要投诉")
    await office.floor.pass_time(MINUTE)
    complaint: UUID = (await office.row(chat))["id"]
    async with office.db.transaction() as tx:
        with pytest.raises(Invalid):
            await complaints.escalate(
                tx, complaint, office.book, ASSIGN, text="?", by=lin, now=office.now, step=LadderStep.HANDLER
            )
        await complaints.escalate(
            tx, complaint, office.book, ASSIGN, text="法律问题", by=lin, now=office.now, step=LadderStep.LEGAL
        )
        with pytest.raises(Conflict, match="top"):
            await complaints.escalate(
                tx, complaint, office.book, ASSIGN, text="再升", by=office.by("林一"), now=office.now
            )
