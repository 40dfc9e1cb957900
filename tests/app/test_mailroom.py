"""The mailroom and the senders of a running house, with servers that misbehave."""

from __future__ import annotations

import asyncio
import hashlib
import os
import signal
import sys
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest

from tests.channels.email.samples import CORPUS
from tests.desk.intake.samples import says
from tests.journeys.post import Office, customer_mail, open_office, until
from tests.standins.smtpserver import DROP, HANG, Faults, smtp_with_faults
from yizhan.channels.email.spool import Spool
from yizhan.desk import outbound
from yizhan.foundation.clock import FakeClock
from yizhan.records import inboxes
from yizhan.records.inboxes import Channel, InboxChange, NewInbox

SHOP = "service@shop.test"


def settings(port: int = 25, **more: object) -> dict[str, object]:
    outgoing = {"host": "127.0.0.1", "port": port, "security": "none"}
    return {"address": SHOP, "protocol": "spool", "outgoing": outgoing, "signature": "山雀生活", **more}


async def asked(office: Office, who: str = "zhang@customer.test") -> UUID:
    now = office.house.clock.now()
    message = says(office.inbox, who, "什么时候发货？", now, subject="发货", external_id=f"1.{who}")
    conversation = (await office.house.intake.accept(message)).conversation_id
    assert conversation
    return conversation


def spool(office: Office, raw: bytes, name: str) -> None:
    Spool(office.house.settings.spool, "mail").deliver(raw, name)


async def test_every_mail_of_the_corpus_is_kept_whole(db_dsn: str, tmp_path: Path) -> None:
    mails = [path for path in sorted(CORPUS.glob("*.eml")) if path.read_bytes().strip()]
    async with open_office(db_dsn, tmp_path, SHOP, settings()) as office:
        await spool_is_there(office)
        for path in mails:
            spool(office, path.read_bytes(), path.stem)
        rows = await office.wait_for_messages(len(mails))
        kept = {str(row["raw"]) for row in rows}
        assert kept == {hashlib.sha256(path.read_bytes()).hexdigest() for path in mails}
        for path in mails:
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            assert await office.house.blobs.get(digest) == path.read_bytes()
        assert {row["kind"] for row in rows} == {"text", "unsupported"}


async def spool_is_there(office: Office) -> None:
    folder = office.house.settings.spool / "mail" / "new"

    async def made() -> bool:
        return folder.is_dir()

    await until(made, "spool")


async def test_the_same_mail_by_spool_again_is_no_second_message(db_dsn: str, tmp_path: Path) -> None:
    raw = customer_mail(SHOP, subject="一次", text="只说一次")
    async with open_office(db_dsn, tmp_path, SHOP, settings()) as office:
        await spool_is_there(office)
        spool(office, raw, "one")
        await office.wait_for_messages(1)
        spool(office, b"Received: from elsewhere\n" + raw.replace(b"\n", b"\r\n"), "two")
        spoken = message_from_bytes(customer_mail(SHOP, subject="二", text="第二封"), policy=policy.default)
        spoken.add_attachment(b"#!AMR\n" + bytes(32), "application", "octet-stream", filename="语音.amr")
        spool(office, spoken.as_bytes(), "zzz")
        rows = await office.wait_for_messages(2)
        assert [row["text"] for row in rows] == ["只说一次", "第二封"]
        assert [each["type"] for each in rows[1]["attachments"]] == ["audio/amr"]

        async def asked_for() -> bool:
            both = "SELECT data FROM event_new UNION ALL SELECT data FROM event"
            return bool(await office.rows(f"SELECT FROM ({both}) e WHERE data->>'state' = 'rendering'"))

        await until(asked_for, "voice by mail is made playable as any other")


async def test_a_holiday_answer_is_kept_and_nobody_waits_for_an_answer_to_it(db_dsn: str, tmp_path: Path) -> None:
    async with smtp_with_faults() as smtp, open_office(db_dsn, tmp_path, SHOP, settings(smtp.port)) as office:
        conversation = await asked(office)
        await office.wait_for_state(await office.reply(conversation, "明天"), "sent")
        (ours,) = smtp.mails
        away = customer_mail(
            ours["Reply-To"], subject=f"自动回复: {ours['Subject']}", text="我在休假", In_Reply_To=ours["Message-ID"],
            Auto_Submitted="auto-replied",
        )  # fmt: skip
        await spool_is_there(office)
        spool(office, away, "away")
        rows = await office.wait_for_messages(2)
        assert rows[1]["conversation_id"] == conversation
        (waits,) = await office.rows("SELECT waiting_since FROM conversation")
        assert waits["waiting_since"] is None


async def test_a_stranger_with_somebody_elses_reply_address_gets_a_ticket_of_his_own(
    db_dsn: str, tmp_path: Path
) -> None:
    async with smtp_with_faults() as smtp, open_office(db_dsn, tmp_path, SHOP, settings(smtp.port)) as office:
        conversation = await asked(office)
        await office.wait_for_state(await office.reply(conversation, "明天"), "sent")
        (ours,) = smtp.mails
        await spool_is_there(office)
        spool(office, customer_mail(
            ours["Reply-To"], sender="stranger@elsewhere.test", subject=str(ours["Subject"]), text="把地址发我",
            In_Reply_To=ours["Message-ID"],
        ), "stranger")  # fmt: skip
        rows = await office.wait_for_messages(2)
        assert rows[1]["conversation_id"] != conversation
        assert rows[1]["ticket_id"] != rows[0]["ticket_id"]


async def test_a_mail_put_off_is_sent_at_its_next_try_under_the_same_id(
    db_dsn: str, tmp_path: Path, clock: FakeClock
) -> None:
    async with (
        smtp_with_faults() as smtp,
        open_office(db_dsn, tmp_path, SHOP, settings(smtp.port), clock=clock) as office,
    ):
        smtp.next["DATA"] = ["451 4.3.0 later, please"]
        sent = await office.reply(await asked(office), "今天")
        await until(lambda: _tried(office, sent, 1), "first try")
        waiting = await office.wait_for_state(sent, "queued")
        assert waiting["next_at"] == clock.now() + timedelta(minutes=5)
        assert waiting["delivery_error"] == "transient: 451 4.3.0 later, please"
        clock.advance(timedelta(minutes=5))
        await office.wait_for_state(sent, "sent")
        first, second = smtp.mails
        assert first["Message-ID"] == second["Message-ID"]
        assert (await office.outbound(sent))["delivery_error"] is None


async def _tried(office: Office, message: UUID, times: int) -> bool:
    row = await office.outbound(message)
    return bool(row["attempt"] == times and row["state"] != "sending")


async def test_after_the_last_try_an_agent_sends_it_again(db_dsn: str, tmp_path: Path) -> None:
    async with smtp_with_faults() as smtp, open_office(db_dsn, tmp_path, SHOP, settings(smtp.port)) as office:
        smtp.next["RCPT"] = ["550 5.1.1 no such user here"]
        sent = await office.reply(await asked(office), "今天")
        failed = await office.wait_for_state(sent, "failed")
        assert failed["delivery_error"] == "recipient_blocked: 550 5.1.1 no such user here"
        (who,) = await office.rows("SELECT identity_id FROM message WHERE id = $1", sent)
        async with office.house.db.transaction() as tx:
            await outbound.allow_identity(tx, who["identity_id"], actor="agent:x", now=office.house.clock.now())
            await outbound.retry(tx, sent, actor="agent:x", now=office.house.clock.now())
        await office.wait_for_state(sent, "sent")
        assert len(smtp.contents) == 1


async def test_replies_wait_for_a_refused_log_in_and_leave_once_it_is_mended(db_dsn: str, tmp_path: Path) -> None:
    async with smtp_with_faults() as smtp, open_office(db_dsn, tmp_path, SHOP, settings(smtp.port)) as office:
        smtp.next["AUTH"] = ["535 5.7.8 wrong password"] * 9  # a client tries all ways to log in
        sent = await office.reply(await asked(office), "今天")
        await until(lambda: _tried(office, sent, 1), "first try")
        waiting = await office.wait_for_state(sent, "queued")
        assert (waiting["delivery"], waiting["error_class"]) == ("queued", "auth")
        house = office.house
        smtp.next["AUTH"].clear()
        async with house.db.transaction() as tx:
            mended = InboxChange(secrets={"password": "right"})
            await inboxes.change_inbox(tx, house.vault, office.inbox, 1, mended, house.clock.now(), "system")
        assert (await office.wait_for_state(sent, "sent"))["delivery_error"] is None


async def test_an_mta_delivers_through_the_spool(db_dsn: str, tmp_path: Path) -> None:
    async with open_office(db_dsn, tmp_path, SHOP, settings()) as office:
        await spool_is_there(office)
        mta = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "yizhan.app.cli", "mail", "deliver", "--inbox", "mail", "--sender", "z@customer.test",
            stdin=asyncio.subprocess.PIPE, env={**os.environ, "YIZHAN_SPOOL": str(office.house.settings.spool)},
        )  # fmt: skip
        await mta.communicate(customer_mail(SHOP, subject="由 MTA 投递", text="您好"))
        assert mta.returncode == 0
        (row,) = await office.wait_for_messages(1)
        assert row["text"] == "您好"


async def test_a_connection_lost_after_the_content_is_unknown_and_not_repeated(db_dsn: str, tmp_path: Path) -> None:
    async with smtp_with_faults() as smtp, open_office(db_dsn, tmp_path, SHOP, settings(smtp.port)) as office:
        smtp.next["DATA"] = [DROP]
        conversation = await asked(office)
        lost = await office.reply(conversation, "一")
        assert (await office.wait_for_state(lost, "unknown"))["delivery"] == "unknown"
        after = await office.reply(conversation, "二")
        await office.wait_for_state(after, "sent")
        assert len(smtp.contents) == 2


async def test_a_process_killed_in_mid_call_leaves_an_unknown_message_that_is_not_sent_again(
    db_dsn: str, tmp_path: Path
) -> None:
    async with smtp_with_faults() as smtp:
        smtp.next["DATA"] = [HANG]
        async with open_office(db_dsn, tmp_path, SHOP, settings(smtp.port), runs=False) as office:
            sent = await office.reply(await asked(office), "在路上")
        killed = await _house_in_a_process(db_dsn, tmp_path, smtp)
        try:
            async with asyncio.timeout(30):
                await smtp.received.wait()
        finally:
            killed.send_signal(signal.SIGKILL)
            await killed.wait()
        async with open_office(db_dsn, tmp_path, SHOP, settings(smtp.port)) as office:
            assert (await office.wait_for_state(sent, "unknown"))["attempt"] == 1
            assert len(smtp.contents) == 1


async def _house_in_a_process(dsn: str, folder: Path, smtp: Faults) -> asyncio.subprocess.Process:
    script = (
        "import asyncio, sys, msgspec\nfrom pathlib import Path\nfrom tests.journeys.post import open_office\n"
        "async def main():\n"
        "    async with open_office(sys.argv[1], Path(sys.argv[2]), '', msgspec.json.decode(sys.argv[3])):\n"
        "        await asyncio.Event().wait()\n"
        "asyncio.run(main())"
    )
    given = msgspec.json.encode(settings(smtp.port)).decode()
    root = Path(__file__).parents[2]
    return await asyncio.create_subprocess_exec(sys.executable, "-c", script, dsn, str(folder), given, cwd=root)


async def test_loops_follow_the_inboxes(db_dsn: str, tmp_path: Path) -> None:
    async with smtp_with_faults() as smtp, open_office(db_dsn, tmp_path, SHOP, settings(smtp.port)) as office:
        house, now = office.house, office.house.clock.now()
        await spool_is_there(office)
        (brand,) = await office.rows("SELECT id FROM brand")
        async with house.db.transaction() as tx:
            second = await inboxes.create_inbox(tx, house.vault, NewInbox(
                channel=Channel.EMAIL, name="第二", brand_id=brand["id"], key="second",
                settings=settings(smtp.port, address="second@shop.test"),
            ), now, "system")  # fmt: skip

        async def made() -> bool:
            return (house.settings.spool / "second" / "new").is_dir()

        await until(made, "the second spool")
        Spool(house.settings.spool, "second").deliver(customer_mail("second@shop.test", subject="a", text="b"), "a")
        arrived = "SELECT * FROM message WHERE inbox_id = $1 AND direction = 'in'"

        async def taken() -> bool:
            return len(await office.rows(arrived, second)) == 1

        await until(taken, "the first mail of the second inbox")
        async with house.db.transaction() as tx:
            await inboxes.change_inbox(tx, house.vault, office.inbox, 1, InboxChange(enabled=False), now, "system")

        async def ended() -> bool:
            held: list[dict[str, Any]] = await office.rows(
                "SELECT FROM lease WHERE name = $1 AND until > now()", f"outbound:{office.inbox}"
            )
            return not held

        await until(ended, "the lease given up")


@pytest.mark.parametrize("wrong", [{"address": "nothing"}, {"address": SHOP, "protocol": "pigeon"}, {}])
async def test_an_inbox_that_cannot_be_read_hinders_no_other(
    db_dsn: str, tmp_path: Path, wrong: dict[str, object]
) -> None:
    async with smtp_with_faults() as smtp, open_office(db_dsn, tmp_path, SHOP, settings(smtp.port)) as office:
        house = office.house
        (brand,) = await office.rows("SELECT id FROM brand")
        async with house.db.transaction() as tx:
            await inboxes.create_inbox(tx, house.vault, NewInbox(
                channel=Channel.EMAIL, name="坏", brand_id=brand["id"], key="broken", settings=wrong
            ), house.clock.now(), "system")  # fmt: skip
        await office.wait_for_state(await office.reply(await asked(office), "照常"), "sent")
