"""An absent visitor's phone rings once for each absence and says nothing of the answer; what is gone is forgotten."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest

from tests.desk.intake.samples import says
from tests.desk.outbound.office import Office, open_office
from yizhan.desk import push
from yizhan.desk.outlets import Quiet
from yizhan.desk.push import Fate, Provider, PushAccount, PushFailed, Ring, push_reader, register_timers, ringing
from yizhan.desk.push.model import Ringable
from yizhan.desk.push.policy import silent_for
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database
from yizhan.foundation.jobs import Job
from yizhan.foundation.journal import Sequencer, Wake
from yizhan.foundation.lease import Lease
from yizhan.foundation.timer import Timers
from yizhan.records import conversations, inboxes
from yizhan.records.inboxes import InboxChange

SETTINGS: dict[str, Any] = {"title": "驿站商城", "push": {"jpush_app_key": "k"}}


class Vendor:
    def __init__(self) -> None:
        self.rung: list[Ring] = []
        self.fate: Fate | PushFailed = Fate.TAKEN

    async def push(self, provider: Provider, account: PushAccount, ring: Ring) -> Fate:
        assert (provider, account.secrets["push_jpush_secret"]) == (Provider.JPUSH, "s")
        self.rung.append(ring)
        if isinstance(self.fate, PushFailed):
            raise self.fate
        return self.fate


async def open_chat(db: Database, clock: FakeClock, **more: object) -> tuple[Office, UUID]:
    office = await open_office(db, clock)
    settings = {**SETTINGS, "push": {**SETTINGS["push"], **more}}
    async with db.transaction() as tx:
        change = InboxChange(settings=settings, secrets={"push_jpush_secret": "s"})
        version = await tx.fetchval("SELECT version FROM inbox WHERE id = $1", office.shop.chat)
        await inboxes.change_inbox(tx, office.shop.vault, office.shop.chat, version, change, clock.now(), "agent:x")
    conversation = await wrote(office, "电饭煲坏了")
    await register(office, "phone")
    return office, conversation


async def wrote(office: Office, text: str) -> UUID:
    office.clock.advance(timedelta(seconds=1))
    (accepted,) = await office.shop.intake.accept_batch([says(office.shop.chat, "v1", text, office.clock.now())])
    assert accepted.conversation_id
    return accepted.conversation_id


async def register(office: Office, token: str, *, blind: bytes | None = None, locale: str = "zh-CN") -> None:
    his: bytes = blind or await office.db.pool.fetchval("SELECT blind FROM identity")
    async with office.db.transaction() as tx:
        await push.register(
            tx, office.shop.vault, office.shop.chat, his, Provider.JPUSH, token, locale, office.clock.now()
        )


async def pass_by(office: Office, vendor: Vendor, seconds: int = 10) -> None:
    async with Lease(office.db, "journal", "t") as lease:
        await lease.acquired()
        await Sequencer(office.db, lease, Wake(), lambda pos: None).drain()
    await push_reader(office.db, office.clock).step()
    office.clock.advance(timedelta(seconds=seconds))
    timers = Timers(office.db, office.clock)
    register_timers(timers)
    await timers.fire_due(office.clock.now())
    ring = ringing(office.db, office.shop.vault, office.clock, vendor)
    for row in await office.db.pool.fetch("DELETE FROM pgqueuer WHERE entrypoint = 'push' RETURNING id, payload"):
        await ring(Job(row["id"], "push", msgspec.json.decode(row["payload"])))


async def devices(office: Office) -> int:
    count: int = await office.db.pool.fetchval("SELECT count(*) FROM push_token")
    return count


async def test_he_is_rung_once_until_he_is_heard_of(db: Database, clock: FakeClock) -> None:
    office, chat = await open_chat(db, clock)
    vendor = Vendor()
    await office.reply(chat, "换一个给您")
    await office.reply(chat, "明天上门")
    await pass_by(office, vendor, 9)
    assert vendor.rung == []
    await pass_by(office, vendor, 2)
    (ring,) = vendor.rung
    assert (ring.token, ring.title, ring.body, ring.badge) == ("phone", "驿站商城", "您有一条新消息", 2)
    await office.reply(chat, "还有一件事")
    await pass_by(office, vendor)
    assert len(vendor.rung) == 1
    await wrote(office, "我回来了")
    await office.reply(chat, "好的,再见")
    await pass_by(office, vendor)
    assert [each.badge for each in vendor.rung] == [2, 1]


async def test_who_reads_it_in_time_is_not_rung(db: Database, clock: FakeClock) -> None:
    office, chat = await open_chat(db, clock)
    vendor = Vendor()
    said = await office.reply(chat, "在的")
    async with db.transaction() as tx:
        c = await conversations.lock_conversation(tx, chat)
        await conversations.mark_read(tx, c, said, reader="customer", serving=False, now=clock.now())
    await pass_by(office, vendor)
    assert vendor.rung == []


async def test_a_phone_is_silent_in_its_hours_and_in_the_houses(db: Database, clock: FakeClock) -> None:
    """His night ends at seven, the house's at eight: it rings then, once, for all he has not read."""
    clock.set(datetime(2026, 3, 2, 15, 0, tzinfo=UTC))  # 23:00 in Shanghai
    office, chat = await open_chat(db, clock, quiet_start="22:00", quiet_end="08:00")
    his = await office.db.pool.fetchval("SELECT blind FROM identity")
    async with db.transaction() as tx:
        await push.register(tx, office.shop.vault, office.shop.chat, his, Provider.JPUSH, "phone", "", clock.now(),
                            Quiet("20:00", "07:00"))  # fmt: skip
    await office.reply(chat, "明天给您答复")
    async with Lease(office.db, "journal", "t") as lease:
        await lease.acquired()
        await Sequencer(office.db, lease, Wake(), lambda pos: None).drain()
    await push_reader(office.db, clock).step()
    clock.advance(timedelta(seconds=10))
    timers = Timers(office.db, clock)
    register_timers(timers)
    await timers.fire_due(clock.now())
    waits = await db.pool.fetchval("SELECT extract(epoch FROM execute_after - created) FROM pgqueuer")
    assert round(float(waits) / 60) == 9 * 60, "until eight in the morning"


@pytest.mark.parametrize(
    ("at", "own", "hours"),
    [(12, None, 0), (15, ("22:00", "06:00"), 7.5), (15, ("06:00", "09:00"), 0), (22, ("05:00", "08:00"), 2)],
)
def test_hours_that_follow_each_other_are_one(at: int, own: tuple[str, str] | None, hours: float) -> None:
    now = datetime(2026, 3, 2, at, tzinfo=UTC)
    device = Ringable(UUID(int=1), Quiet(*own) if own else None, Quiet("01:00", "06:30"))
    assert silent_for(device, now) == timedelta(hours=hours)


async def test_the_words_are_told_only_where_the_house_wants_it(db: Database, clock: FakeClock) -> None:
    office, chat = await open_chat(db, clock, with_text=True)
    vendor = Vendor()
    await office.reply(chat, "您的验证已通过\n" + "很" * 100)
    await pass_by(office, vendor)
    assert vendor.rung[0].body.startswith("您的验证已通过 很")
    assert len(vendor.rung[0].body) == 80


async def test_a_device_is_one_persons_and_forgotten_when_it_is_gone(db: Database, clock: FakeClock) -> None:
    office, chat = await open_chat(db, clock)
    vendor = Vendor()
    await register(office, "phone", blind=b"o" * 16)  # lent to somebody else, who signed in on it
    await office.reply(chat, "好")
    await pass_by(office, vendor)
    assert vendor.rung == []
    await register(office, "phone", locale="en-GB")
    await register(office, "tablet")
    vendor.fate = Fate.GONE
    await wrote(office, "在吗")
    await office.reply(chat, "在")
    await pass_by(office, vendor)
    assert sorted((each.token, each.body) for each in vendor.rung) == [
        ("phone", "You have a new message"), ("tablet", "您有一条新消息"),
    ]  # fmt: skip
    assert await devices(office) == 0


async def test_what_may_pass_is_tried_again_and_what_may_not_is_only_noted(db: Database, clock: FakeClock) -> None:
    office, chat = await open_chat(db, clock)
    vendor = Vendor()
    vendor.fate = PushFailed("basic auth failed", again=False)
    await office.reply(chat, "好")
    await pass_by(office, vendor)
    vendor.fate = PushFailed("busy", again=True)
    await wrote(office, "在吗")
    await office.reply(chat, "在")
    failed = False
    try:
        await pass_by(office, vendor)
    except PushFailed:
        failed = True
    assert failed
    assert await devices(office) == 1
    async with db.transaction() as tx:
        assert await push.forget_old(tx, clock.now() + timedelta(days=300)) > 0
    assert await devices(office) == 0
