"""The complaints of the demo: a letter of 消协 on day 8 of 10, a payment that waits for the 主管, one paid before.

The crisis nobody plants: it is recognised when the customer with the smoking blanket writes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from yizhan.app.demo.past import person
from yizhan.app.demo.people import Staff
from yizhan.desk import complaints as desk
from yizhan.desk.complaints import Rulebook, outside, paying
from yizhan.foundation.db import Tx, load_queries
from yizhan.records import complaints, tickets
from yizhan.records.cases import NewCase, Source
from yizhan.records.compensations import PayKind, Wish
from yizhan.records.complaints import Change
from yizhan.records.config import Body, Configuration, Pick
from yizhan.records.tickets import By

SQL = load_queries(__package__)
_PRODUCTS = (
    ("blanket", "电热毯", "Heated blanket", ("电热毯", "heated blanket")),
    ("purifier", "净水器", "Water purifier", ("净水器", "滤芯", "purifier")),
    ("fryer", "空气炸锅", "Air fryer", ("空气炸锅", "air fryer")),
    ("vacuum", "吸尘器", "Vacuum cleaner", ("吸尘器", "扫地机", "vacuum")),
    ("duvet", "羽绒被", "Down duvet", ("羽绒被", "duvet")),
)
_REMEDY = "上门取件换新机,承担往返运费,并由维修网点负责人当面致歉"
_REPLY = """消费者协会:

关于孙国强先生反映空气炸锅 A5 三次维修仍报 E3 一事,经核实:维修网点三次更换风机后故障仍未排除,服务存在不足。
我司处理意见:一、上门取件更换新机,往返运费由我司承担;二、网点当面致歉;三、新机重新计算一年保修。

山雀生活客诉专席"""


async def rule(tx: Tx, configuration: Configuration, now: datetime) -> None:
    """What of the shop's goods customers call by which name: three complaints about one in a day are a crisis."""
    released = await configuration.published(tx)
    body: Body = {**(released.document("complaints", "default").body or {}), "products": [
        {"key": key, "title": {"zh": zh, "en": en}, "words": list(words)} for key, zh, en, words in _PRODUCTS
    ]}  # fmt: skip
    saved = await configuration.save(tx, "complaints", "default", body, by="system", now=now)
    await configuration.release(
        tx, [Pick("complaints", "default", saved.version)], by="system", now=now, note="产品名称"
    )


async def plant(tx: Tx, book: Rulebook, staff: Staff, contacts: Mapping[int, UUID], now: datetime) -> None:
    async def ticket_of(who: str) -> tuple[UUID, UUID]:
        contact = contacts[person(who).number]
        ticket: UUID = await tx.fetchval(SQL.newest_ticket, contact)
        return ticket, contact

    lin, su = staff.people["linyi"], staff.people["sujin"]
    await _pay(tx, book, *await ticket_of("wang_mp"), lin, 20_00, "SO2026112005120", "漏水泡地板,先行致歉", now, 25)
    await _pay(tx, book, *await ticket_of("vip"), lin, 200_00, "SO2026111909926", "彩羽会员,羽绒被钻绒补偿", now, 2)
    ticket, _ = await ticket_of("letter")
    await _letter(tx, book, ticket, su, now)


async def _pay(
    tx: Tx, book: Rulebook, ticket: UUID, contact: UUID, agent: UUID, fen: int, order: str, why: str, now: datetime,
    hours_ago: int,
) -> None:  # fmt: skip
    wish = Wish(ticket_id=ticket, contact_id=contact, kind=PayKind.COUPON, fen=fen, reason=why, order_no=order)
    at = now - timedelta(hours=hours_ago)
    await paying.pay(tx, wish, book, agent_id=agent, by=By(f"agent:{agent}", agent), now=at)


async def _letter(tx: Tx, book: Rulebook, ticket_id: UUID, lead: UUID, now: datetime) -> None:
    """Registered yesterday, planned the same day; the reply waits for somebody else's approval."""
    by, registered = By(f"agent:{lead}", lead), now - timedelta(hours=22)
    new = NewCase(
        source=Source.CONSUMER, case_no=f"XX{now:%Y}0{now:%m}117", received_on=_eight_days_ago(book, now),
        demands="退货退款,维修网点书面致歉",
    )  # fmt: skip
    case, _ = await outside.register(tx, ticket_id, new, book, by=by, now=registered)
    ticket = await tickets.lock_ticket(tx, ticket_id)
    (found,) = await complaints.of_tickets(tx, [ticket_id])
    await desk.contacted(tx, found.id, text="已电话联系客户,核实三次维修记录", by=by, now=registered)
    _, found = await desk.lock(tx, found.id)
    change = Change(department="repair", product=book.product_in("空气炸锅"), remedy=_REMEDY)
    await desk.regrade(tx, ticket, found, change, book, by=by, now=registered + timedelta(hours=3))
    await outside.write_reply(tx, case.id, _REPLY, agent_id=lead, by=by, now=now - timedelta(hours=2))


def _eight_days_ago(book: Rulebook, now: datetime) -> date:
    """Two working days are left."""
    today = book.calendar.local_date(now)
    days = book.rules.working_days[Source.CONSUMER]
    end, day = book.calendar.add_working_days(today, 2), today
    while book.calendar.add_working_days(day, days) > end:
        day -= timedelta(days=1)
    return day
