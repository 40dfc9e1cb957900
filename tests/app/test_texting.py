"""Codes and notices through the house's own SMS inbox: as approved, once, and told what became of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from tests.app.test_mailroom import settings
from tests.journeys.post import Office, open_office
from tests.serving import served
from yizhan.desk.channels import DeliveryReport
from yizhan.desk.outlets import OUTLET, Dispatch, Item, Outlet, OutletKind, OutletTitle, PostFailed, outlet_reader
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.ids import new_id
from yizhan.foundation.journal import Sequencer, Wake
from yizhan.foundation.lease import Lease
from yizhan.records import inboxes, texts
from yizhan.records.config import Kinds, Published
from yizhan.records.inboxes import InboxChange, NewInbox
from yizhan.records.outbox import ErrorClass
from yizhan.simulator import Fault
from yizhan.simulator.sms import ALIYUN, Sms

PHONE = "+8613800138000"


class Desk:
    def __init__(self, office: Office, vendor: Sms, inbox: UUID, clock: FakeClock) -> None:
        self.office = office
        self.vendor = vendor
        self.inbox = inbox
        self.clock = clock

    def dispatch(self, title: str = "即将超时", **values: str) -> Dispatch:
        now = self.clock.now()
        item = Item(id=new_id(now), why="sla.warning", level="warning", title=title, lines=(), link="",
                    ticket_number=7, raised_at=now, facts={})  # fmt: skip
        return Dispatch(id=item.id, at=now, title=title, items=(item,), level="warning", language="zh-CN", to=(PHONE,),
                        values=values)  # fmt: skip

    async def post(self, dispatch: Dispatch, template: str = "SMS_100002") -> None:
        outlet = Outlet(
            name=OutletTitle("短信", "SMS"), kind=OutletKind.SMS, inbox="sms", template=template, to=(PHONE,)
        )
        await self.office.house.the_postman.hand_over(outlet, None, dispatch)

    async def state(self, dispatch: Dispatch) -> list[tuple[str, str | None]]:
        async with self.office.house.db.read() as tx:
            return [(each.state.value, each.error) for each in await texts.texts_of(tx, [dispatch.items[0].id])]

    async def report(self, state: str, *, vendor: str = "", ours: UUID | None = None, words: str = "") -> None:
        house = self.office.house
        async with house.db.read() as tx:
            inbox = await inboxes.inbox(tx, house.vault, self.inbox)
        account = (await house.the_adapting.line(inbox)).account
        told = DeliveryReport(vendor_id=vendor, state=state, ours=ours, error_class=ErrorClass.RECIPIENT, words=words)  # type: ignore[arg-type]
        await house.the_adapting.taking.take(account, [told], self.clock.now())

    @property
    def heard(self) -> list[str]:
        return [bubble.text for bubble in self.vendor.people.chat(ALIYUN, PHONE)]


@asynccontextmanager
async def open_desk(dsn: str, folder: Path, clock: FakeClock) -> AsyncIterator[Desk]:
    vendor = Sms(clock)
    vendor.report_after = 3_600
    async with served(vendor) as base, open_office(dsn, folder, "a@b.test", settings(), clock=clock, runs=False) as o:
        vendor.base = base
        house = o.house
        async with house.db.transaction() as tx:
            brand = await tx.fetchval("SELECT id FROM brand")
            inbox = await inboxes.create_inbox(tx, house.vault, NewInbox(
                channel=ALIYUN, name="短信", brand_id=brand, key="sms", settings=vendor.settings(ALIYUN),
                secrets=vendor.secrets(ALIYUN),
            ), clock.now(), "system")  # fmt: skip
        yield Desk(o, vendor, inbox, clock)


async def test_a_code_and_a_notice_go_as_approved_and_are_reported(
    db_dsn: str, tmp_path: Path, clock: FakeClock
) -> None:
    async with open_desk(db_dsn, tmp_path, clock) as desk:
        code, notice = desk.dispatch(code="482913", minutes="10"), desk.dispatch()
        await desk.post(code, "SMS_100001")
        await desk.post(notice)
        assert desk.heard == ["【驿站商城】您的验证码为482913,5分钟内有效。", "【驿站商城】客服回复:即将超时"]
        (bubble, _) = desk.vendor.people.chat(ALIYUN, PHONE)
        await desk.report("delivered", vendor=bubble.id)
        assert (await desk.state(code), await desk.state(notice)) == ([("delivered", None)], [("sent", None)])
        kept = await desk.office.rows("SELECT * FROM text_message")
        assert "482913" not in str(kept)
        assert PHONE not in str(kept)
        desk.clock.advance(texts.KEPT + timedelta(seconds=1))
        async with desk.office.house.db.transaction() as tx:
            assert await texts.forget(tx, desk.clock.now()) == 2


async def test_what_may_have_left_never_leaves_again_and_its_report_settles_it(
    db_dsn: str, tmp_path: Path, clock: FakeClock
) -> None:
    async with open_desk(db_dsn, tmp_path, clock) as desk:
        lost = desk.dispatch()
        desk.vendor.faults.add([Fault(lose=True)])
        await desk.post(lost)
        assert [state for state, _ in await desk.state(lost)] == ["unknown"]
        await desk.post(lost)
        assert len(desk.heard) == 1, "no blind resend"
        (row,) = await desk.office.rows("SELECT id FROM text_message")
        await desk.report("failed", vendor="v7", ours=row["id"], words="停机")
        assert await desk.state(lost) == [("failed", "停机")]
        await notes_the_report(desk, lost)
        busy = desk.dispatch("稍后再试")
        desk.vendor.faults.add([Fault(status=503)])
        with pytest.raises(PostFailed):
            await desk.post(busy)
        await desk.post(busy)
        assert (len(desk.heard), [state for state, _ in await desk.state(busy)]) == (2, ["sent"])


async def notes_the_report(desk: Desk, notice: Dispatch) -> None:
    """An outlet's ledger says that it failed after all."""
    db, clock = desk.office.house.db, desk.clock
    await db.pool.execute(
        "INSERT INTO outlet_post (id, outlet, topic, why, level, agents, facts, state, raised_at, due_at, tries, call)"
        " VALUES ($1, 'sms', 't', 'sla.warning', 'warning', '{}', '{}', 'sent', $2, $2, 1, $1)",
        notice.items[0].id, clock.now(),
    )  # fmt: skip
    async with Lease(db, "journal", "t") as lease:
        await lease.acquired()
        await Sequencer(db, lease, Wake(), lambda pos: None).drain()
    await outlet_reader(db, clock, lambda: Published(Kinds([OUTLET]), 0, ())).step()
    (row,) = await desk.office.rows("SELECT state, error FROM outlet_post")
    assert tuple(row.values()) == ("failed", "+86138****8000: 停机")
    assert await db.pool.fetchval("SELECT count(*) FROM event_new WHERE kind = 'outlet.failed'") == 1


async def test_whoever_has_no_inbox_or_template_is_told_what_to_do(
    db_dsn: str, tmp_path: Path, clock: FakeClock
) -> None:
    async with open_desk(db_dsn, tmp_path, clock) as desk:
        with pytest.raises(PostFailed, match="no template SMS_9"):
            await desk.post(desk.dispatch(), "SMS_9")
        house = desk.office.house
        async with house.db.transaction() as tx:
            inbox = await inboxes.inbox(tx, house.vault, desk.inbox)
            change = InboxChange(enabled=False)
            await inboxes.change_inbox(tx, house.vault, inbox.id, inbox.version, change, clock.now(), "system")
        with pytest.raises(PostFailed, match="set one up under inboxes"):
            await desk.post(desk.dispatch())
