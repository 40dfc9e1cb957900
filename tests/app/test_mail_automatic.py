"""What our machines say to customers by mail, and when they keep silent."""

from __future__ import annotations

from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.app.test_mailroom import SHOP, settings, spool, spool_is_there
from tests.journeys.post import Office, customer_mail, open_office, read
from tests.standins.scanner import EICAR, scanner
from tests.standins.smtpserver import smtp_with_faults
from yizhan.desk import serving
from yizhan.records.conversations import Draft

ACK = "来信已收到，我们会在一个工作日内答复。"


async def take(office: Office, count: int, *mails: bytes) -> None:
    """Spooled and taken in; `count` is how many messages of customers there are then."""
    await spool_is_there(office)
    for number, mail in enumerate(mails):
        spool(office, mail, f"{count}-{number}")
    await office.wait_for_messages(count)


async def events(office: Office, kind: str) -> int:
    rows = await office.rows(
        "SELECT kind FROM event_new WHERE kind = $1 UNION ALL SELECT kind FROM event WHERE kind = $1", kind
    )
    return len(rows)


async def test_a_customer_is_told_once_that_his_mail_has_come(db_dsn: str, tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        smtp = await stack.enter_async_context(smtp_with_faults())
        own = settings(smtp.port, acknowledge=ACK)
        office = await stack.enter_async_context(open_office(db_dsn, tmp_path, SHOP, own))
        await take(office, 1, customer_mail(SHOP, subject="漏水", text="一"))
        (told,) = await office.wait_for_messages(1, "out")
        assert (told["author"], told["kind"], told["text"]) == ("system", "acknowledgement", ACK)
        sent = await office.wait_for_state(told["id"], "sent")
        assert sent["attempt"] == 1
        answer = smtp.mails[0]
        assert answer["Auto-Submitted"] == "auto-replied"
        assert answer["X-Auto-Response-Suppress"] == "All"
        (row,) = await office.rows("SELECT first_response_at FROM conversation")
        assert row["first_response_at"] is None
        await take(office, 2, customer_mail(SHOP, subject="漏水", text="二"))
        other = customer_mail(SHOP, sender="li@customer.test", subject="发票", text="三")
        await take(office, 3, other)
        await office.wait_for_messages(2, "out")
        assert len(await office.messages("out")) == 2


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto-Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"List-Id": "<x.customer.test>"},
        {"X-Auto-Response-Suppress": "OOF"},
        {"Return-Path": "<>"},
        {"Return-Path": "<bounces@mailer.test>"},  # the answer would go to another house than the reply
        {"X-Yizhan-Loop": "yizhan"},
        {"sender": "noreply@customer.test"},
        {"sender": SHOP},
        {"subject": "自动回复：外出"},
    ],
)
async def test_no_machine_is_answered_by_a_machine(db_dsn: str, tmp_path: Path, headers: dict[str, str]) -> None:
    more = {name.replace("-", "_"): value for name, value in headers.items()}
    subject, sender = more.pop("subject", "漏水"), more.pop("sender", "zhang@customer.test")
    async with open_office(db_dsn, tmp_path, SHOP, settings(acknowledge=ACK)) as office:
        await take(office, 1, customer_mail(SHOP, sender=sender, subject=subject, text="一", **more))
        await take(office, 2, customer_mail(SHOP, sender="li@customer.test", subject="人", text="二"))
        (told,) = await office.wait_for_messages(1, "out")
        (person,) = [row for row in await office.messages() if row["text"] == "二"]
        assert told["conversation_id"] == person["conversation_id"]


async def test_whoever_asks_for_it_an_automatic_mail_to_a_machine_is_refused(db_dsn: str, tmp_path: Path) -> None:
    async with open_office(db_dsn, tmp_path, SHOP, settings()) as office:
        mail = customer_mail(SHOP, sender="shop@list.test", subject="周报", text="一", List_Id="<week.list.test>")
        await take(office, 1, mail)
        (row,) = await office.messages()
        draft = Draft(direction="out", author="system", kind="survey", text="满意吗？", human=False)
        async with office.house.db.transaction() as tx:
            stored = await serving.reply(tx, row["conversation_id"], draft, now=office.house.clock.now())
        refused = await office.wait_for_state(stored.message_id, "failed")
        assert refused["delivery_error"] == "unwanted: the mail came from a machine: list"


async def test_two_machines_that_talk_are_told_of_and_left_alone(db_dsn: str, tmp_path: Path) -> None:
    async with open_office(db_dsn, tmp_path, SHOP, settings(acknowledge=ACK)) as office:
        for number in range(1, 9):
            await take(office, number, customer_mail(SHOP, subject=f"第{number}", text=str(number)))
        assert await events(office, "inbox.loop_suspected") == 1
        assert len(await office.messages("out")) == 1


async def test_outlooks_thread_joins_for_its_sender_alone(db_dsn: str, tmp_path: Path) -> None:
    index = "AdsVJy4sxKmMmKPxTrOw6dHm5p7vPg=="
    async with open_office(db_dsn, tmp_path, SHOP, settings()) as office:
        first = customer_mail(SHOP, subject="漏水", text="订单 2026030211110001 漏水", Thread_Index=index)
        await take(office, 1, first)
        await office.house.db.pool.execute("UPDATE conversation SET phase = 'ended', ended_at = last_message_at")
        await take(office, 2, customer_mail(SHOP, subject="发票", text="订单 2026030222220002 发票"))
        again = customer_mail(SHOP, subject="答复", text="怎么样了", Thread_Index=index)
        without = customer_mail(SHOP, subject="还有", text="还有一件")
        stranger = customer_mail(SHOP, sender="eve@evil.test", subject="答复", text="我的呢", Thread_Index=index)
        await take(office, 3, without)
        await take(office, 5, again, stranger)
        tickets = {str(row["text"])[-2:]: row["ticket_id"] for row in await office.messages()}
        assert tickets["漏水"] != tickets["发票"]
        assert tickets["样了"] == tickets["漏水"]
        assert tickets["一件"] == tickets["发票"]
        assert tickets["的呢"] not in (tickets["漏水"], tickets["发票"])


async def test_programs_and_viruses_are_withheld_and_said_to_be(db_dsn: str, tmp_path: Path) -> None:
    async with scanner() as clamd, open_office(db_dsn, tmp_path, SHOP, settings(scanner=clamd.place)) as office:
        mail = customer_mail(SHOP, subject="发票", text="见附件")
        with_files = _with_files(mail)
        await take(office, 1, with_files)
        (row,) = await office.messages()
        assert [one["name"] for one in row["attachments"]] == ["单据.pdf"]
        withheld = {one["name"]: one["reason"] for one in row["payload"]["blocked"]}
        assert withheld == {"发票.exe": "executable", "照片.jpg": "virus: Eicar-Test-Signature"}
        assert await office.house.blobs.get(row["raw"]) == with_files


def _with_files(raw: bytes) -> bytes:
    mail = read(raw)
    mail.add_attachment(b"MZ", maintype="application", subtype="x-msdownload", filename="发票.exe")
    mail.add_attachment(EICAR, maintype="image", subtype="jpeg", filename="照片.jpg")
    mail.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="单据.pdf")
    return mail.as_bytes()
