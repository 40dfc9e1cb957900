"""What the journal is told of complaints: add-only, as recorded once and for all."""

from __future__ import annotations

import json
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from tests.desk.complaints.office import HOUR, MINUTE, Complaints
from tests.desk.complaints.test_stories import office
from yizhan.desk import complaints, routing
from yizhan.desk.complaints import outside, paying
from yizhan.records import cases, tickets
from yizhan.records.cases import NewCase, Source
from yizhan.records.compensations import PayKind, Wish
from yizhan.records.complaints import Change, ClosedBy
from yizhan.records.tickets import Action

SAMPLES: list[dict[str, Any]] = json.loads(Path(__file__).with_name("events.json").read_text("utf-8"))
__all__ = ["office"]


async def test_every_event_still_says_what_its_sample_says(office: Complaints) -> None:
    mail = await office.floor.says("c@example.com", "我要投诉,没人管", mail=True)
    await office.floor.pass_time(MINUTE)
    await office.floor.pass_time(3 * HOUR)
    assert mail.ticket_id is not None
    await _live_through_everything(office, mail.ticket_id)
    await office.floor.settle()
    for sample in SAMPLES:
        told = await office.events(sample["kind"])
        assert told, sample["kind"]
        assert all(sample["data"].keys() <= data.keys() for data in told), sample["kind"]
        assert all(type(data[key]) is type(sample["data"][key]) for data in told for key in sample["data"])


async def _live_through_everything(office: Complaints, ticket_id: Any) -> None:
    lin, su, boss, ruan = (office.by(name) for name in ("林一", "苏瑾", "周主管", "阮清"))
    assign = partial(routing.take_matter, book=routing.routing_book())
    row = await office.db.pool.fetchrow("SELECT id, contact_id FROM complaint")
    assert row is not None
    now, people, book = office.now, office.people, office.book
    async with office.db.transaction() as tx:
        wish = Wish(ticket_id=ticket_id, contact_id=row["contact_id"], kind=PayKind.COUPON, fen=2000, reason="致歉")
        await paying.pay(tx, wish, book, agent_id=people["林一"], by=lin, now=now)
        for approve in (True, False):
            more = Wish(
                ticket_id=ticket_id, contact_id=row["contact_id"], kind=PayKind.REFUND, fen=3000, reason="再次致歉",
                addition=True,
            )  # fmt: skip
            asked = await paying.pay(tx, more, book, agent_id=people["林一"], by=lin, now=now)
            await paying.decide(tx, asked.id, approve, book, text="按规定", agent_id=people["周主管"], by=boss, now=now)
        asked = await paying.pay(tx, more, book, agent_id=people["林一"], by=lin, now=now)
        await paying.withdraw(tx, asked.id, agent_id=people["林一"], by=lin, now=now)
        new = NewCase(source=Source.MIIT, case_no="A1", received_on=date(2026, 3, 2))
        case, _ = await outside.register(tx, ticket_id, new, book, by=su, now=now)
        twin = NewCase(source=Source.HEIMAO, case_no="B2", received_on=date(2026, 3, 2))
        other, _ = await outside.register(tx, ticket_id, twin, book, by=su, now=now)
        await outside.merge(tx, other.id, case.id, book, by=su, now=now)
        for approve in (False, True):
            reply = await outside.write_reply(tx, case.id, "经查属实", agent_id=people["苏瑾"], by=su, now=now)
            await outside.decide_reply(tx, reply.id, approve, text="已阅", agent_id=people["阮清"], by=ruan, now=now)
        await outside.answer(tx, case.id, by=su, now=now)
        await outside.close(tx, case.id, "调解成功", by=su, now=now)
        held, _ = await cases.holds(tx, row["contact_id"])
        await cases.release_hold(tx, held.id, why="已了结", actor=su.actor, now=now)
        await complaints.escalate(tx, row["id"], book, assign, text="客户要求", by=su, now=now)
        ticket, found = await complaints.lock(tx, row["id"])
        await complaints.regrade(tx, ticket, found, Change(remedy="换新机"), book, by=boss, now=now)
        bundle = await complaints.evidence.gather(tx, ticket_id, book, by="agent:x", now=now)
        content = complaints.evidence.packed(bundle, ticket=1, by="x", now=now)
        kept = await complaints.evidence.keep(tx, ticket_id, content, 3, blob="b", by=su, now=now)
        await cases.tell_downloaded(tx, kept, row["contact_id"], actor=su.actor, now=now)
        await complaints.close(
            tx, row["id"], ClosedBy.SUPERVISOR, text="客户失联,按规定结案归档", may_close=True, by=boss, now=now
        )
        ticket = await tickets.lock_ticket(tx, ticket_id)
        await tickets.move_ticket(tx, ticket, Action.REOPEN, text="客户又来", by=boss, now=now, typed=True)
    await office.floor.settle()
    await office.floor.pass_time(MINUTE)
