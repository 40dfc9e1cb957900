"""How much an account may send: decided purely, kept by the dispatcher, told to who waits long."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.desk.outbound.office import Office, Vendor, open_office, turns
from yizhan.desk.outbound import Allowance, ErrorClass, Limit, SendFailed
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MINUTE = Limit(3, timedelta(minutes=1))
DAY = Limit(5, timedelta(days=1))


class Account(Vendor):
    """A vendor that counts."""

    limits: Sequence[Limit] = (MINUTE, DAY)


def test_the_narrowest_limit_counts_and_windows_slide() -> None:
    allowance = Allowance([MINUTE, DAY])
    for second in (0, 10, 20):
        assert allowance.room(NOW + timedelta(seconds=second)) == 3 - second // 10
        allowance.take(NOW + timedelta(seconds=second))
    at = NOW + timedelta(seconds=30)
    assert (allowance.room(at), allowance.free_at(at)) == (0, NOW + timedelta(minutes=1))
    assert allowance.room(NOW + timedelta(minutes=1)) == 1
    assert allowance.room(NOW + timedelta(minutes=5)) == 2
    assert Allowance([]).room(NOW) is None


@given(st.lists(st.integers(0, 400), max_size=60))
def test_no_window_ever_holds_more_than_allowed(seconds: list[int]) -> None:
    limit = Limit(3, timedelta(minutes=1))
    allowance, begun = Allowance([limit]), list[datetime]()
    for second in sorted(seconds):
        now = NOW + timedelta(seconds=second)
        room = allowance.room(now)
        assert room is not None
        if room:
            allowance.take(now)
            begun.append(now)
        else:
            assert allowance.free_at(now) > now
            assert Allowance([limit], begun).room(allowance.free_at(now))
    for at in begun:
        assert sum(at <= other < at + limit.span for other in begun) <= limit.most


async def account_office(db: Database, clock: FakeClock) -> Office:
    office = await open_office(db, clock)
    office.vendor = Account()
    return office


async def test_what_an_account_has_no_room_for_waits_and_a_long_wait_is_told(db: Database, clock: FakeClock) -> None:
    office = await account_office(db, clock)
    sent = [await office.reply(await office.asked(f"{n}@customer.test"), f"第{n}") for n in range(7)]
    await office.send_all()
    assert len(office.vendor.letters) == 3
    assert [(await office.state(one))["delivery_error"] for one in sent[3:]] == [None] * 4
    clock.advance(timedelta(minutes=1, seconds=1))
    await office.send_all()
    assert len(office.vendor.letters) == 5
    waiting = await office.state(sent[5])
    assert (waiting["state"], waiting["delivery"], waiting["error_class"]) == ("queued", "queued", "quota_exhausted")
    assert waiting["next_at"] > clock.now() + timedelta(hours=23)
    clock.advance(timedelta(days=1))
    await office.send_all()
    assert sorted(office.vendor.texts) == [f"第{n}" for n in range(7)]


async def test_a_heir_knows_what_was_sent_before_him(db: Database, clock: FakeClock) -> None:
    office = await account_office(db, clock)
    for n in range(4):
        await office.reply(await office.asked(f"{n}@customer.test"), "好")
    await office.send_all()
    clock.advance(timedelta(seconds=20))
    heir, lease = office.dispatcher("heir")
    async with lease:
        await turns(heir)
    assert len(office.vendor.letters) == 3


@pytest.mark.parametrize(("cause", "minutes", "told"), [(ErrorClass.AUTH, 5, "auth"), (ErrorClass.THROTTLE, 1, None)])
async def test_a_refusal_of_the_account_holds_back_every_reply(
    db: Database, clock: FakeClock, cause: ErrorClass, minutes: int, told: str | None
) -> None:
    refused = SendFailed(cause, "535", retry_after=timedelta(minutes=minutes))
    office = await open_office(db, clock, refused)
    dispatcher, lease = office.dispatcher()
    async with lease:
        first = await office.reply(await office.asked("one@customer.test"), "一")
        await turns(dispatcher)
        other = await office.reply(await office.asked("other@customer.test"), "二")
        await turns(dispatcher)
        assert len(office.vendor.letters) == 1
        waiting = await office.state(other)
        assert (waiting["state"], waiting["attempt"], waiting["error_class"]) == ("queued", 0, told)
        clock.advance(timedelta(minutes=minutes, seconds=1))
        await turns(dispatcher)
    assert (await office.state(first))["state"] == (await office.state(other))["state"] == "sent"
    noted = await db.pool.fetch("SELECT kind FROM event_new WHERE kind LIKE 'inbox.%' ORDER BY seq")
    assert [row["kind"] for row in noted] == (["inbox.failed", "inbox.reached"] if cause is ErrorClass.AUTH else [])
