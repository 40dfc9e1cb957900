"""What vendors report of messages of ours: by their id, by ours said back, late and early."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from tests.desk.outbound.office import Office, open_office
from yizhan.desk.outbound import ErrorClass, Receipt, SendFailed, note_vendor
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database

LOST = SendFailed(ErrorClass.UNKNOWN, "no answer within 10 s", ambiguous=True)


async def tell(office: Office, vendor_id: str, state: str, ours: UUID | None = None) -> None:
    async with office.db.transaction() as tx:
        await note_vendor(
            tx, office.shop.mail, vendor_id, state, ours=ours, cause=ErrorClass.RECIPIENT, words="停机",
            now=office.clock.now(),
        )  # fmt: skip


@pytest.mark.parametrize(("said", "state"), [("delivered", "sent"), ("failed", "failed")])
async def test_a_time_out_waits_for_the_report_that_says_our_id_back(
    db: Database, clock: FakeClock, said: str, state: str
) -> None:
    office = await open_office(db, clock, LOST)
    sent = await office.reply(await office.asked(), "明天到")
    await office.send_all()
    assert (await office.state(sent))["state"] == "unknown"
    await tell(office, "biz-1", said, sent)
    after = await office.state(sent)
    assert (after["state"], after["delivery"], after["vendor_id"]) == (state, said, "biz-1")
    assert (await office.deliveries(sent))[-2:] == ["unknown", said]


async def test_a_report_takes_a_second_attempt_off_the_queue(db: Database, clock: FakeClock) -> None:
    office = await open_office(db, clock, SendFailed(ErrorClass.TRANSIENT, "HTTP 500", retry_after=timedelta(0)))
    office.vendor.answers.append(Receipt("never"))
    sent = await office.reply(await office.asked(), "明天到")
    dispatcher, lease = office.dispatcher()
    async with lease:
        await dispatcher.turn()
        await dispatcher.drain()
        await tell(office, "biz-1", "delivered", sent)
        await dispatcher.turn()
    assert ((await office.state(sent))["delivery"], len(office.vendor.letters)) == ("delivered", 1)


async def test_a_stranger_s_id_and_one_that_is_early(db: Database, clock: FakeClock) -> None:
    office = await open_office(db, clock, Receipt("biz-2", reported=True))
    await tell(office, "biz-2", "delivered", UUID(int=9))
    sent = await office.reply(await office.asked(), "明天到")
    await office.send_all()
    assert (await office.state(sent))["delivery"] == "delivered"
