"""A visitor who is gone gets his answers by mail too: once for each absence, to the address he left, never else."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from tests.desk.intake.samples import says
from tests.desk.outbound.office import Office, open_office
from yizhan.desk.outbound import ErrorClass, forwarding_reader, note_bounce
from yizhan.desk.outbound.forwarding import FORWARD, forward
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database
from yizhan.foundation.journal import Sequencer, Wake
from yizhan.foundation.lease import Lease
from yizhan.foundation.timer import Timers
from yizhan.records import contacts, conversations, outbox

ADDRESS = "wang@customer.test"
OTHER = UUID(int=7)


async def open_shop_with_mail(db: Database, clock: FakeClock, *, left: str = ADDRESS) -> tuple[Office, UUID]:
    """A chat whose visitor left an address, in an inbox that mails to the absent."""
    office = await open_office(db, clock)
    await db.pool.execute(
        "UPDATE inbox SET settings = $2 WHERE id = $1", office.shop.chat,
        {"answer_by_mail": str(office.shop.mail), "answer_by_mail_after": 60},
    )  # fmt: skip
    conversation = await wrote(office, "电饭煲坏了")
    if left:
        async with db.transaction() as tx:
            c = await conversations.lock_conversation(tx, conversation)
            await contacts.claim(
                tx, office.shop.vault, c.contact_id, kind="email", value=left, masked="w***@customer.test",
                actor="customer", now=clock.now(),
            )  # fmt: skip
    return office, conversation


async def wrote(office: Office, text: str) -> UUID:
    office.clock.advance(timedelta(seconds=1))
    (accepted,) = await office.shop.intake.accept_batch([says(office.shop.chat, "v1", text, office.clock.now())])
    assert accepted.conversation_id
    return accepted.conversation_id


async def pass_by(office: Office, seconds: int) -> None:
    """The journal is read, time goes by, timers strike, mails leave."""
    async with Lease(office.db, "journal", "t") as lease:
        await lease.acquired()
        await Sequencer(office.db, lease, Wake(), lambda pos: None).drain()
    await forwarding_reader(office.db, office.clock).step()
    office.clock.advance(timedelta(seconds=seconds))
    timers = Timers(office.db, office.clock)
    timers.register(FORWARD, forward)
    await timers.fire_due(office.clock.now())
    await office.send_all()


async def lines(office: Office, conversation: UUID) -> list[UUID]:
    rows = await office.db.pool.fetch(
        "SELECT id FROM message WHERE conversation_id = $1 AND kind = 'mailed' ORDER BY id", conversation
    )
    return [row["id"] for row in rows]


async def test_what_he_did_not_read_goes_by_mail_once(db: Database, clock: FakeClock) -> None:
    office, chat = await open_shop_with_mail(db, clock)
    await office.reply(chat, "换一个给您")
    await office.reply(chat, "明天上门")
    await pass_by(office, 59)
    assert office.vendor.letters == []
    await pass_by(office, 2)
    (letter,) = office.vendor.letters
    assert (letter.to, letter.author, letter.inbox_id) == (ADDRESS, f"agent:{office.agent}", office.shop.mail)
    assert letter.text.startswith("换一个给您\n\n明天上门\n\n直接回复本邮件")
    assert (letter.subject, letter.automatic) == ("电饭煲坏了", False)
    (line,) = await lines(office, chat)
    row = await db.pool.fetchrow("SELECT direction, text, delivery FROM message WHERE id = $1", line)
    assert row is not None
    assert tuple(row) == ("system", "回复已发送到您留下的邮箱 w***@customer.test", "sent")

    await office.reply(chat, "还有一件事")  # he has not been heard of since
    await pass_by(office, 120)
    assert len(office.vendor.letters) == 1

    await wrote(office, "我回来了")
    await office.reply(chat, "好的,再见")
    await pass_by(office, 120)
    assert [one.text.split("\n")[0] for one in office.vendor.letters] == ["换一个给您", "好的,再见"]
    assert office.vendor.letters[1].earlier[0].external_id == f"{line}@shop.test"  # one thread in his mailbox


async def test_who_left_a_number_alone_is_sent_a_text_message(db: Database, clock: FakeClock) -> None:
    """Through the stand-in of both: what matters is which inbox, to what, and in which words."""
    office, chat = await open_shop_with_mail(db, clock, left="")
    await db.pool.execute(
        "UPDATE inbox SET settings = $2 WHERE id = $1", office.shop.chat,
        {"answer_by_text": str(office.shop.mail), "answer_by_mail_after": 60},
    )  # fmt: skip
    await db.pool.execute(
        "UPDATE inbox SET channel = 'sms_aliyun', settings = '{\"most_blank_chars\": 15}' WHERE id = $1",
        office.shop.mail,
    )
    async with db.transaction() as tx:
        c = await conversations.lock_conversation(tx, chat)
        await contacts.claim(
            tx, office.shop.vault, c.contact_id, kind="phone", value="+8619900001234", masked="199****1234", actor="x",
            now=clock.now(),
        )  # fmt: skip
    await office.reply(chat, "换一个给您")
    await office.reply(chat, "明天上午十点以前上门")
    await pass_by(office, 61)
    (letter,) = office.vendor.letters
    assert (letter.to, letter.inbox_id, letter.kind) == ("+8619900001234", office.shop.mail, "text")
    assert letter.text == "换一个给…全文请回到原网页查看"
    (line,) = await lines(office, chat)
    said = await db.pool.fetchval("SELECT text FROM message WHERE id = $1", line)
    assert said == "回复已用短信发送到您留下的手机 199****1234"


async def test_who_reads_it_or_writes_again_gets_no_mail(db: Database, clock: FakeClock) -> None:
    office, chat = await open_shop_with_mail(db, clock)
    said = await office.reply(chat, "在的")
    async with db.transaction() as tx:
        c = await conversations.lock_conversation(tx, chat)
        await conversations.mark_read(tx, c, said, reader="customer", serving=False, now=clock.now())
    await pass_by(office, 120)
    await office.reply(chat, "还在吗")
    await wrote(office, "在")
    await pass_by(office, 120)
    assert await lines(office, chat) == []


async def test_nobody_is_mailed_who_left_no_address_or_whose_inbox_does_not_want_it(
    db: Database, clock: FakeClock
) -> None:
    office, chat = await open_shop_with_mail(db, clock, left="")
    await office.reply(chat, "好")
    await pass_by(office, 120)
    assert await db.pool.fetchval("SELECT count(*) FROM timer") == 0
    async with db.transaction() as tx:
        c = await conversations.lock_conversation(tx, chat)
        await contacts.claim(
            tx, office.shop.vault, c.contact_id, kind="email", value=ADDRESS, masked="w***", actor="x", now=clock.now()
        )
        await tx.execute("UPDATE inbox SET settings = '{}' WHERE id = $1", office.shop.chat)
    await office.reply(chat, "好")
    await pass_by(office, 120)
    assert await lines(office, chat) == []


@pytest.mark.parametrize("change", ["enabled = false", f"brand_id = '{OTHER}'"])
async def test_it_goes_through_a_mailbox_of_the_same_brand_only(db: Database, clock: FakeClock, change: str) -> None:
    office, chat = await open_shop_with_mail(db, clock)
    await db.pool.execute("INSERT INTO brand VALUES ($1, 'other', '家纺')", OTHER)
    await db.pool.execute(f"UPDATE inbox SET {change} WHERE id = $1", office.shop.mail)
    await office.reply(chat, "好")
    await pass_by(office, 120)
    assert await lines(office, chat) == []


async def test_what_was_recalled_stays_home(db: Database, clock: FakeClock) -> None:
    office, chat = await open_shop_with_mail(db, clock)
    said = await office.reply(chat, "写错了")
    office.vendor.answers = []
    async with db.transaction() as tx:
        c = await conversations.lock_conversation(tx, chat)
        await conversations.recall_message(tx, c, said, actor=f"agent:{office.agent}", now=clock.now())
    await pass_by(office, 120)
    assert office.vendor.letters == []


async def test_an_address_that_is_gone_is_not_written_to_again(db: Database, clock: FakeClock) -> None:
    office, chat = await open_shop_with_mail(db, clock)
    await office.reply(chat, "好")
    await pass_by(office, 120)
    (line,) = await lines(office, chat)
    async with db.transaction() as tx:
        await note_bounce(tx, line, cause=ErrorClass.RECIPIENT, words="550", now=clock.now(), gone=True)
        (stop,) = await outbox.suppressions(tx, None, 10)
    assert (stop.kind, stop.masked) == ("email", "w***@customer.test")
    await wrote(office, "收到了吗")
    await office.reply(chat, "再发一次")
    await pass_by(office, 120)
    assert len(office.vendor.letters) == 1
