"""A message left in the widget is answered by mail, and the answer to that mail joins the same ticket."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import UUID

from tests.desk.intake.samples import says
from tests.journeys.post import Office, customer_mail, open_office, until
from tests.standins.smtpserver import smtp_with_faults
from yizhan.channels.email.spool import Spool
from yizhan.foundation.clock import FakeClock
from yizhan.records import contacts, inboxes
from yizhan.records.inboxes import Channel, NewInbox

SHOP, VISITOR = "service@shop.test", "wang@customer.test"


def settings(port: int) -> dict[str, object]:
    return {"address": SHOP, "protocol": "spool", "outgoing": {"host": "127.0.0.1", "port": port, "security": "none"}}


async def chat_inbox(office: Office) -> UUID:
    house = office.house
    async with house.db.transaction() as tx:
        brand = await tx.fetchval("SELECT brand_id FROM inbox WHERE id = $1", office.inbox)
        made = await inboxes.create_inbox(
            tx, house.vault,
            NewInbox(
                channel=Channel.WEBCHAT, name="官网", brand_id=brand, settings={"answer_by_mail": str(office.inbox)}
            ),
            house.clock.now(), "system",
        )  # fmt: skip
    await house.intake.load_inboxes()
    return made


async def left(office: Office, chat: UUID, text: str) -> tuple[UUID, UUID]:
    house = office.house
    said = await house.intake.accept(says(chat, "visitor-1", text, house.clock.now()))
    assert said.conversation_id
    assert said.ticket_id
    async with house.db.transaction() as tx:
        contact = await tx.fetchval("SELECT contact_id FROM conversation WHERE id = $1", said.conversation_id)
        await contacts.claim(
            tx, house.vault, contact, kind="email", value=VISITOR, masked="w***@customer.test", actor="customer",
            now=house.clock.now(),
        )  # fmt: skip
    return said.conversation_id, said.ticket_id


async def test_an_answer_to_who_is_gone_goes_by_mail_and_his_answer_joins_the_ticket(
    db_dsn: str, tmp_path: Path, clock: FakeClock
) -> None:
    async with (
        smtp_with_faults() as smtp,
        open_office(db_dsn, tmp_path, SHOP, settings(smtp.port), clock=clock) as office,
    ):
        conversation, ticket = await left(office, await chat_inbox(office), "滤芯怎么换")
        await office.reply(conversation, "视频发您邮箱了")

        async def counted() -> bool:
            return bool(await office.rows("SELECT FROM timer WHERE kind = 'outbound.forward'"))

        await until(counted, "the time he has to read")
        clock.advance(timedelta(minutes=4))
        office.house.timers.wake()

        async def mailed() -> bool:
            return bool(smtp.mails)

        await until(mailed, "the mail")
        (ours,) = smtp.mails
        assert VISITOR in str(ours["To"])
        assert "视频发您邮箱了" in ours.get_content()
        # Nobody vouches for his domain: that he knows this very mail says enough.
        answer = customer_mail(
            str(ours["Reply-To"]), sender=VISITOR, subject=f"Re: {ours['Subject']}", text="看到了,还是不会",
            In_Reply_To=str(ours["Message-ID"]),
        )  # fmt: skip
        Spool(office.house.settings.spool, "mail").deliver(answer, "answer")
        (row,) = await office.wait_for_messages(1)
        assert row["ticket_id"] == ticket
        assert row["conversation_id"] != conversation  # the widget never shows a mail
