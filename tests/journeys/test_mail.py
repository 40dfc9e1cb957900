"""A customer writes a mail with a photo, is answered, and answers: one conversation, one ticket, one thread."""

from __future__ import annotations

import hashlib
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest

from tests.journeys.post import customer_mail, open_office, read, settings_for
from tests.standins.mailserver import MailServer
from tests.standins.names import Zone, dns_server
from yizhan.app.checks import MailCheck
from yizhan.channels.email import MailSecret, MailSettings, check, new_keys, records
from yizhan.records import inboxes
from yizhan.records.inboxes import InboxChange

pytestmark = pytest.mark.mail

PHOTO = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40


def addresses(server: MailServer) -> tuple[str, str]:
    """A mailbox of the shop and one of a customer, new for each test."""
    tag = uuid4().hex[:8]
    shop, customer = f"service-{tag}@shop.test", f"zhang-{tag}@customer.test"
    server.add_user(shop)
    server.add_user(customer)
    return shop, customer


def with_photo(raw: bytes) -> bytes:
    mail = read(raw)
    mail.add_attachment(PHOTO, maintype="image", subtype="png", filename="划痕.png")
    return mail.as_bytes()


async def test_a_mail_with_a_photo_becomes_a_ticket_and_the_answers_stay_in_one_thread(
    mail_server: MailServer, db_dsn: str, tmp_path: Path
) -> None:
    shop, customer = addresses(mail_server)
    async with open_office(db_dsn, tmp_path, shop, settings_for(mail_server, shop)) as office:
        first = customer_mail(shop, sender=customer, subject="电饭煲有划痕", text="您好，锅盖有划痕，照片在附件。")
        mail_server.deliver(with_photo(first), shop, sender=customer)
        (asked,) = await office.wait_for_messages(1)
        assert asked["text"] == "您好，锅盖有划痕，照片在附件。"
        (photo,) = asked["attachments"]
        assert photo["name"] == "划痕.png"
        assert photo["hash"] == hashlib.sha256(PHOTO).hexdigest()
        assert await office.house.blobs.get(photo["hash"]) == PHOTO
        (ticket,) = await office.rows("SELECT * FROM ticket")
        assert ticket["subject"] == "电饭煲有划痕"

        label = await office.house.blobs.put(b"%PDF-1.7 label", "application/pdf")
        sent = await office.reply(
            asked["conversation_id"], "很抱歉，今天为您换新。",
            attachments=[{"hash": label.hash, "name": "退货单.pdf", "type": "application/pdf", "size": label.size}],
        )  # fmt: skip
        await office.wait_for_state(sent, "sent")
        (answer,) = map(read, mail_server.wait_for(customer, 1))
        assert answer["In-Reply-To"] == read(first)["Message-ID"]
        assert read(first)["Message-ID"] in answer["References"]
        assert answer["Subject"].startswith("Re: 电饭煲有划痕 [#")
        assert "林一" in answer["From"]
        assert answer["Reply-To"].startswith(shop.split("@")[0] + "+c")
        body = answer.get_body()
        assert body is not None
        assert "今天为您换新" in body.get_content()
        (enclosed,) = answer.iter_attachments()
        assert (enclosed.get_filename(), enclosed.get_content()) == ("退货单.pdf", b"%PDF-1.7 label")

        thanks = customer_mail(
            answer["Reply-To"], sender=customer, subject="答复: 划痕", text="好的，什么时候发货？",
            In_Reply_To=answer["Message-ID"],
        )  # fmt: skip
        mail_server.deliver(thanks, shop, sender=customer)
        again = (await office.wait_for_messages(2))[1]
        assert again["conversation_id"] == asked["conversation_id"]
        assert again["ticket_id"] == ticket["id"]
        assert len(await office.rows("SELECT FROM ticket")) == 1


async def test_what_a_mail_server_refuses_for_good_is_shown_to_the_agent_and_can_be_sent_again(
    mail_server: MailServer, db_dsn: str, tmp_path: Path
) -> None:
    shop, _ = addresses(mail_server)
    async with open_office(db_dsn, tmp_path, shop, settings_for(mail_server, shop)) as office:
        mail_server.deliver(
            customer_mail(shop, sender="refused@customer.test", subject="退款", text="什么时候到账？"), shop
        )
        (asked,) = await office.wait_for_messages(1)
        sent = await office.reply(asked["conversation_id"], "三个工作日内到账。")
        failed = await office.wait_for_state(sent, "failed")
        assert failed["delivery"] == "failed"
        assert str(failed["delivery_error"]).startswith("recipient_blocked: 550")
        told = await office.rows("SELECT data FROM event_new WHERE kind = 'message.delivery' UNION ALL "
                                 "SELECT data FROM event WHERE kind = 'message.delivery'")  # fmt: skip
        assert "failed" in {row["data"]["delivery"] for row in told}


async def test_a_returned_mail_marks_the_message_and_leaves_a_line(
    mail_server: MailServer, db_dsn: str, tmp_path: Path
) -> None:
    shop, _ = addresses(mail_server)
    gone = f"gone-{uuid4().hex[:8]}@customer.test"
    async with open_office(db_dsn, tmp_path, shop, settings_for(mail_server, shop)) as office:
        mail_server.deliver(customer_mail(shop, sender=gone, subject="发票", text="请开发票"), shop, sender=gone)
        (asked,) = await office.wait_for_messages(1)
        sent = await office.reply(asked["conversation_id"], "发票已开。")
        failed = await office.wait_for_state(sent, "failed")
        assert str(failed["delivery_error"]).startswith("recipient_blocked: ")
        (line,) = await office.wait_for_messages(1, "system")
        assert line["conversation_id"] == asked["conversation_id"]
        assert "退信" in str(line["text"])
        assert len(await office.messages()) == 1  # the report is no message of a customer


async def test_our_signature_survives_the_way_and_the_test_of_the_inbox_finds_its_records(
    mail_server: MailServer, db_dsn: str, tmp_path: Path
) -> None:
    shop, customer = addresses(mail_server)
    keys = new_keys()
    settings = settings_for(mail_server, shop, dkim={"selector": "yz", "enabled": True})
    zone = {one.name: one.value for one in records(msgspec.convert(settings, MailSettings), MailSecret(**keys))}
    with dns_server(Zone({f"TXT {name}": [value] for name, value in zone.items()})) as names:
        async with open_office(db_dsn, tmp_path, shop, settings, names=names) as office:
            house = office.house
            async with house.db.transaction() as tx:
                door = await inboxes.inbox(tx, house.vault, office.inbox)
                change = InboxChange(secrets=keys)
                await inboxes.change_inbox(
                    tx, house.vault, door.id, door.version, change, house.clock.now(), "system"
                )
            mail_server.deliver(customer_mail(shop, sender=customer, subject="一", text="在吗"), shop, sender=customer)
            (asked,) = await office.wait_for_messages(1)
            await office.wait_for_state(await office.reply(asked["conversation_id"], "在的。\n.\n"), "sent")
            (answer,) = mail_server.wait_for(customer, 1)
            assert [one.result for one in check(answer, zone).dkim] == ["pass", "pass"]
            tried = await MailCheck(house.http, house.clock, [names]).check(settings, {"password": "secret", **keys})
            assert [(one.name, one.ok) for one in tried][-1] == ("outgoing.dkim", True)
            lost = await MailCheck(house.http, house.clock).check(settings, {"password": "secret", **keys})
            assert [(one.name, one.ok) for one in lost][-1] == ("outgoing.dkim", False)


async def test_one_mail_delivered_three_times_is_one_message(
    mail_server: MailServer, db_dsn: str, tmp_path: Path
) -> None:
    shop, customer = addresses(mail_server)
    async with open_office(db_dsn, tmp_path, shop, settings_for(mail_server, shop)) as office:
        raw = customer_mail(shop, sender=customer, subject="一次", text="只说一次")
        for _ in range(3):
            mail_server.deliver(raw, shop, sender=customer)
        mail_server.deliver(customer_mail(shop, sender=customer, subject="二", text="第二封"), shop, sender=customer)
        await office.wait_for_messages(2)
        assert [row["text"] for row in await office.messages()] == ["只说一次", "第二封"]


async def test_a_place_in_the_mailbox_that_was_lost_brings_nothing_twice(
    mail_server: MailServer, db_dsn: str, tmp_path: Path
) -> None:
    shop, customer = addresses(mail_server)
    settings = settings_for(mail_server, shop)
    async with open_office(db_dsn, tmp_path, shop, settings) as office:
        mail_server.deliver(customer_mail(shop, sender=customer, subject="一", text="第一封"), shop, sender=customer)
        await office.wait_for_messages(1)
        await office.house.db.pool.execute("DELETE FROM inbox_cursor WHERE name = 'mail'")
    mail_server.deliver(customer_mail(shop, sender=customer, subject="二", text="第二封"), shop, sender=customer)
    async with open_office(db_dsn, tmp_path, shop, settings) as office:
        assert [row["text"] for row in await office.wait_for_messages(2)] == ["第一封", "第二封"]
