"""Against Postfix and Dovecot as Debian ships them."""

import asyncio
import os
import zlib
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime
from email.message import EmailMessage
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest

from tests.channels.email.samples import raw
from tests.standins.mailserver import LATER, REFUSED, MailServer, mail_server, wait_until
from yizhan.channels.email import (
    Address,
    Auth,
    BounceKind,
    File,
    MailSecret,
    MailSettings,
    OutgoingMail,
    Protocol,
    RenderedMail,
    Security,
    Server,
    bounce_address,
    gone,
    own_message_id,
    parse,
    render,
    thread_hint,
)
from yizhan.channels.email.transport import (
    Cursor,
    ErrorClass,
    Fetched,
    MailServerError,
    SendState,
    SmtpSender,
    check_connection,
    receive,
    receive_once,
    send,
)
from yizhan.channels.email.transport import connect as connecting
from yizhan.channels.email.transport.imap import ImapSession
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.crypto import Signer, new_keyring

__all__ = ["mail_server"]
pytestmark = pytest.mark.mail
NOW = datetime(2024, 10, 21, 12, 0, tzinfo=UTC)
SECRET = MailSecret(password="secret")
SIGNER = Signer(new_keyring())
OUTBOUND = UUID("0192a5b0-0000-7000-8000-0000000000b0")


class Desk:
    """The receiver's other side, in memory; `broken` makes a commit fail as a lost database would."""

    def __init__(self, cursor: Cursor | None = Cursor()) -> None:
        self.cursor = cursor
        self.taken: list[Fetched] = []
        self.broken: Callable[[Fetched], bool] = lambda mail: False
        self.woken = asyncio.Event()

    async def take(self, mail: Fetched) -> None:
        await asyncio.sleep(0)
        if self.broken(mail):
            raise ConnectionError("database away")
        self.taken.append(mail)
        self.woken.set()

    async def load_cursor(self) -> Cursor | None:
        return self.cursor

    async def save_cursor(self, cursor: Cursor) -> None:
        self.cursor = cursor

    async def known(self, message_ids: Sequence[str]) -> Collection[str]:
        return {parse(mail.raw).message_id for mail in self.taken} & set(message_ids)

    @property
    def subjects(self) -> list[str]:
        return [parse(mail.raw).subject for mail in self.taken]


@pytest.fixture
def account(mail_server: MailServer, request: pytest.FixtureRequest) -> str:
    address = f"u{zlib.crc32(request.node.nodeid.encode()):08x}@shop.test"
    mail_server.add_user(address)
    return address


@pytest.fixture(autouse=True)
def _trusted(mail_server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(mail_server.ca_file))


def settings_of(server: MailServer, address: str, **changed: Any) -> MailSettings:
    basic = MailSettings(
        address=address,
        from_name="驿站客服",
        incoming=Server(server.host, server.ports["imaps"]),
        outgoing=Server(server.host, server.ports["submissions"]),
    )
    return msgspec.structs.replace(basic, **changed)


def sample(number: int, size: int = 0) -> bytes:
    head = f"From: ann@customer.test\r\nSubject: number {number}\r\nMessage-ID: <{number}.{size}@customer.test>\r\n"
    return f"{head}\r\nhello {number}\r\n".encode() + (b"y" * 70 + b"\r\n") * (size // 72)


def fill(server: MailServer, address: str, count: int, start: int = 1) -> None:
    for number in range(start, start + count):
        server.deliver(sample(number), address)


def outgoing(sender: str, to: str, **changed: Any) -> RenderedMail:
    mail = OutgoingMail(
        from_=Address("驿站客服", sender),
        to=(Address("王晓燕", to),),
        subject="您的退款申请",
        text="已受理。\n.\n..以点开头\n",
        html="<p>已受理。</p>",
        files=(File("发票.pdf", "application/pdf", bytes(range(256)) * 100),),
        message_id=own_message_id(OUTBOUND, b"entropy1", "shop.test"),
        date=NOW,
        envelope_from=bounce_address(sender, OUTBOUND, SIGNER),
    )
    return render(msgspec.structs.replace(mail, **changed))


# receiving -----------------------------------------------------------------------------------------------------------


async def test_new_mail_is_taken_once_and_stays_unread(mail_server: MailServer, account: str) -> None:
    fill(mail_server, account, 3)
    desk = Desk()
    settings = settings_of(mail_server, account)
    assert await receive_once(settings, SECRET, desk, NOW) == 3
    assert desk.subjects == ["number 1", "number 2", "number 3"]
    assert desk.taken[0].arrived is not None
    assert await receive_once(settings, SECRET, desk, NOW) == 0
    fill(mail_server, account, 1, start=4)
    assert await receive_once(settings, SECRET, desk, NOW) == 1
    home = mail_server.home / "mail" / account
    assert not [path for path in home.rglob("*:2,*S*") if path.is_file()]


async def test_a_new_inbox_begins_with_now_or_looks_back(mail_server: MailServer, account: str) -> None:
    fill(mail_server, account, 2)
    fresh = Desk(None)
    assert await receive_once(settings_of(mail_server, account), SECRET, fresh, datetime.now(UTC)) == 0
    fill(mail_server, account, 1, start=3)
    assert await receive_once(settings_of(mail_server, account), SECRET, fresh, datetime.now(UTC)) == 1
    back = Desk(None)
    settings = settings_of(mail_server, account, history_days=2)
    assert await receive_once(settings, SECRET, back, datetime.now(UTC)) == 3


async def test_the_cursor_never_passes_a_mail_that_was_not_committed(mail_server: MailServer, account: str) -> None:
    fill(mail_server, account, 4)
    desk = Desk()
    desk.broken = lambda mail: b"number 3" in mail.raw
    with pytest.raises(ConnectionError):
        await receive_once(settings_of(mail_server, account), SECRET, desk, NOW)
    assert desk.cursor is not None
    assert desk.cursor.last_uid == 2
    desk.broken = lambda mail: False
    await receive_once(settings_of(mail_server, account), SECRET, desk, NOW)
    assert {"number 3", "number 4"} <= set(desk.subjects)


async def test_a_renumbered_mailbox_is_recognised_by_message_ids(mail_server: MailServer, account: str) -> None:
    fill(mail_server, account, 3)
    desk = Desk()
    settings = settings_of(mail_server, account)
    await receive_once(settings, SECRET, desk, NOW)
    before = desk.cursor
    mail_server.renumber(account)
    fill(mail_server, account, 1, start=4)
    assert await receive_once(settings, SECRET, desk, NOW) == 1
    assert desk.subjects == ["number 1", "number 2", "number 3", "number 4"]
    assert before is not None
    assert desk.cursor is not None
    assert desk.cursor.uidvalidity != before.uidvalidity
    assert await receive_once(settings, SECRET, desk, NOW) == 0


async def test_of_an_oversized_mail_comes_what_fits(mail_server: MailServer, account: str) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "ann@customer.test", account, "漏水的视频"
    mail.set_content("视频在附件里。")
    mail.add_attachment(b"%PDF-1.7 invoice", maintype="application", subtype="pdf", filename="发票.pdf")
    mail.add_attachment(os.urandom(600_000), maintype="video", subtype="mp4", filename="漏水.mp4")
    mail_server.deliver(mail.as_bytes(), account)
    desk = Desk()
    await receive_once(settings_of(mail_server, account, max_bytes=400_000), SECRET, desk, NOW)
    (fetched,) = desk.taken
    assert fetched.truncated
    assert len(fetched.raw) < 10_000
    assert fetched.size > 600_000
    parsed = parse(fetched.raw, truncated=True)
    assert (parsed.subject, parsed.visible_text.strip()) == ("漏水的视频", "视频在附件里。")
    assert [(one.name, one.truncated) for one in parsed.attachments] == [("发票.pdf", False), ("漏水.mp4", True)]
    assert parsed.attachments[0].content == b"%PDF-1.7 invoice"
    assert 590_000 < parsed.attachments[1].size < 630_000


async def test_of_one_long_text_the_head_is_fetched(mail_server: MailServer, account: str) -> None:
    mail_server.deliver(sample(1, 600_000), account)
    desk = Desk()
    await receive_once(settings_of(mail_server, account, max_bytes=400_000), SECRET, desk, NOW)
    (mail,) = desk.taken
    assert mail.truncated
    assert len(mail.raw) == 256 * 1024
    assert parse(mail.raw, truncated=True).subject == "number 1"


async def test_a_quiet_folder_is_asked_anew_before_the_line_is_forgotten(
    mail_server: MailServer, account: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_module("yizhan.channels.email.transport.imap"), "IDLE_SECONDS", 0.2)
    renewed: list[bool] = []
    waited = ImapSession.wait

    def counted(session: ImapSession) -> bool:
        renewed.append(waited(session))
        return renewed[-1]

    monkeypatch.setattr(ImapSession, "wait", counted)
    fill(mail_server, account, 1)
    desk, stopped = Desk(), asyncio.Event()

    async def secret() -> MailSecret:
        await asyncio.sleep(0)
        return SECRET

    settings = settings_of(mail_server, account)
    running = asyncio.create_task(receive(settings, secret, desk, FakeClock(NOW), stopped=stopped))
    await asyncio.wait_for(desk.woken.wait(), 15)
    desk.woken.clear()
    await asyncio.to_thread(wait_until, lambda: renewed.count(False) >= 3, "renewals", 15)
    await asyncio.to_thread(fill, mail_server, account, 1, 2)
    await asyncio.wait_for(desk.woken.wait(), 15)
    assert desk.subjects == ["number 1", "number 2"]
    stopped.set()
    await asyncio.wait_for(running, 15)


async def test_fetched_mail_moves_to_the_folder_that_was_asked_for(mail_server: MailServer, account: str) -> None:
    fill(mail_server, account, 2)
    desk = Desk()
    assert await receive_once(settings_of(mail_server, account, done_folder="Done"), SECRET, desk, NOW) == 2
    assert len(mail_server.mailbox(account, "Done")) == 2
    assert mail_server.mailbox(account) == []


async def test_idle_wakes_the_loop_and_a_stop_ends_it(mail_server: MailServer, account: str) -> None:
    fill(mail_server, account, 1)
    desk, stopped = Desk(), asyncio.Event()

    async def secret() -> MailSecret:
        await asyncio.sleep(0)
        return SECRET

    running = asyncio.create_task(
        receive(settings_of(mail_server, account), secret, desk, FakeClock(NOW), stopped=stopped)
    )
    await asyncio.wait_for(desk.woken.wait(), 15)
    desk.woken.clear()
    await asyncio.to_thread(fill, mail_server, account, 1, 2)
    await asyncio.wait_for(desk.woken.wait(), 15)
    assert desk.subjects == ["number 1", "number 2"]
    stopped.set()
    await asyncio.wait_for(running, 15)


async def test_a_mail_that_comes_while_another_is_taken_does_not_wait_for_a_third(
    mail_server: MailServer, account: str
) -> None:
    """The server tells of it in its answer to the command that moves the first: no IDLE says so again."""
    desk, stopped = Desk(), asyncio.Event()

    def then_another(mail: Fetched) -> bool:
        if len(desk.taken) == 0:
            fill(mail_server, account, 1, start=2)
        return False

    desk.broken = then_another
    fill(mail_server, account, 1)
    settings = settings_of(mail_server, account, done_folder="Done")

    async def secret() -> MailSecret:
        return SECRET

    running = asyncio.create_task(receive(settings, secret, desk, FakeClock(NOW), stopped=stopped))
    async with asyncio.timeout(20):
        while len(desk.taken) < 2:
            await desk.woken.wait()
            desk.woken.clear()
    stopped.set()
    await running
    assert desk.subjects == ["number 1", "number 2"]


async def test_a_wrong_password_ends_the_loop_for_a_human(mail_server: MailServer, account: str) -> None:
    async def secret() -> MailSecret:
        await asyncio.sleep(0)
        return MailSecret(password="wrong")

    with pytest.raises(MailServerError) as failure:
        await receive(settings_of(mail_server, account), secret, Desk(), FakeClock(NOW), stopped=asyncio.Event())
    assert failure.value.error_class is ErrorClass.AUTH


async def test_oauth_tokens_open_imap_pop_and_nothing_else_does(mail_server: MailServer, account: str) -> None:
    fill(mail_server, account, 1)
    token = MailSecret(token=mail_server.token(account))
    settings = settings_of(mail_server, account, auth=Auth.XOAUTH2)
    assert await receive_once(settings, token, Desk(), NOW) == 1
    pop = msgspec.structs.replace(
        settings, protocol=Protocol.POP3, incoming=Server(mail_server.host, mail_server.ports["pops"])
    )
    assert await receive_once(pop, token, Desk(), NOW) == 1
    with pytest.raises(MailServerError) as failure:
        await receive_once(settings, MailSecret(token="stale"), Desk(), NOW)
    assert failure.value.error_class is ErrorClass.AUTH


async def test_a_token_sends_too_and_a_stale_one_is_for_a_human(mail_server: MailServer, account: str) -> None:
    mail_server.add_user("token@customer.test")
    settings = settings_of(mail_server, account, auth=Auth.XOAUTH2)
    good = MailSecret(token=mail_server.token(account))
    assert (await send(settings, good, outgoing(account, "token@customer.test"))).state is SendState.ACCEPTED
    stale = await send(settings, MailSecret(token="stale"), outgoing(account, "token@customer.test"))
    assert (stale.state, stale.error_class) == (SendState.FAILED, ErrorClass.AUTH)
    pop = msgspec.structs.replace(
        settings, protocol=Protocol.POP3, incoming=Server(mail_server.host, mail_server.ports["pops"])
    )
    with pytest.raises(MailServerError) as failure:
        await receive_once(pop, MailSecret(token="stale"), Desk(), NOW)
    assert failure.value.error_class is ErrorClass.AUTH


async def test_a_folder_in_which_nothing_changed_is_not_searched(
    mail_server: MailServer, account: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(mail_server, account, 2)
    desk = Desk()
    settings = settings_of(mail_server, account)
    assert await receive_once(settings, SECRET, desk, NOW) == 2
    assert desk.cursor is not None
    assert desk.cursor.modseq > 0
    searched: list[int] = []
    asked = ImapSession.uids_after

    def counted(session: ImapSession, last_uid: int, uidnext: int) -> list[int]:
        searched.append(last_uid)
        return asked(session, last_uid, uidnext)

    monkeypatch.setattr(ImapSession, "uids_after", counted)
    assert await receive_once(settings, SECRET, desk, NOW) == 0
    assert searched == []
    fill(mail_server, account, 1, start=3)
    assert await receive_once(settings, SECRET, desk, NOW) == 1
    assert searched == [2]


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.NONE])
async def test_imap_on_the_open_port(mail_server: MailServer, account: str, security: Security) -> None:
    fill(mail_server, account, 1)
    server = Server(mail_server.host, mail_server.ports["imap"], security)
    assert await receive_once(settings_of(mail_server, account, incoming=server), SECRET, Desk(), NOW) == 1


async def test_pop3_takes_each_mail_once_and_deletes_when_asked(mail_server: MailServer, account: str) -> None:
    fill(mail_server, account, 3)
    desk = Desk()
    settings = settings_of(
        mail_server, account, protocol=Protocol.POP3, incoming=Server(mail_server.host, mail_server.ports["pops"])
    )
    assert await receive_once(settings, SECRET, desk, NOW) == 3
    assert await receive_once(settings, SECRET, desk, NOW) == 0
    fill(mail_server, account, 1, start=4)
    deleting = msgspec.structs.replace(settings, delete_fetched=True)
    assert await receive_once(deleting, SECRET, desk, NOW) == 1
    assert sorted(desk.subjects) == [f"number {number}" for number in (1, 2, 3, 4)]
    assert len(mail_server.mailbox(account)) == 3


async def test_the_corpus_survives_the_way_through_both_servers(mail_server: MailServer, account: str) -> None:
    samples = ("plain_gbk", "raw_8bit_headers", "inline_cid", "file_names", "qq_reply_quoted", "nested_forward")
    for name in samples:
        mail_server.deliver(raw(name), account)
    desk = Desk()
    await receive_once(settings_of(mail_server, account), SECRET, desk, NOW)
    for fetched, name in zip(desk.taken, samples, strict=True):
        here, there = parse(raw(name)), parse(fetched.raw)
        assert (there.subject, there.text, there.message_id) == (here.subject, here.text, here.message_id)
        assert [one.sha256 for one in there.attachments] == [one.sha256 for one in here.attachments]


# sending -------------------------------------------------------------------------------------------------------------


async def test_a_reply_arrives_as_it_was_written(mail_server: MailServer, account: str) -> None:
    mail_server.add_user("wang@customer.test")
    before = len(mail_server.mailbox("wang@customer.test"))
    result = await send(settings_of(mail_server, account), SECRET, outgoing(account, "wang@customer.test"))
    assert result.state is SendState.ACCEPTED
    received = await asyncio.to_thread(mail_server.wait_for, "wang@customer.test", before + 1)
    parsed = parse(received[-1])
    assert parsed.from_ == Address("驿站客服", account)
    assert parsed.subject == "您的退款申请"
    assert parsed.text == "已受理。\n.\n..以点开头"
    assert parsed.attachments[0].content == bytes(range(256)) * 100
    assert parsed.message_id == own_message_id(OUTBOUND, b"entropy1", "shop.test")


async def test_one_connection_sends_many(mail_server: MailServer, account: str) -> None:
    mail_server.add_user("many@customer.test")
    server = Server(mail_server.host, mail_server.ports["submission"], Security.STARTTLS)
    async with SmtpSender(settings_of(mail_server, account, outgoing=server), SECRET) as sender:
        states = [(await sender.send(outgoing(account, "many@customer.test"))).state for _ in range(3)]
    assert states == [SendState.ACCEPTED] * 3
    await asyncio.to_thread(mail_server.wait_for, "many@customer.test", 3)


async def test_refusals_by_recipient(mail_server: MailServer, account: str) -> None:
    mail_server.add_user("good@customer.test")
    settings = settings_of(mail_server, account)
    refused = await send(settings, SECRET, outgoing(account, REFUSED))
    assert (refused.state, refused.error_class, refused.refused[0].status) == (
        SendState.FAILED,
        ErrorClass.RECIPIENT,
        "5.1.1",
    )
    later = await send(settings, SECRET, outgoing(account, LATER))
    assert (later.state, later.refused[0].code) == (SendState.RETRY, 450)
    both = outgoing(account, "good@customer.test", cc=(Address("", REFUSED),))
    mixed = await send(settings, SECRET, both)
    assert (mixed.state, [one.address for one in mixed.refused]) == (SendState.ACCEPTED, [REFUSED])


async def test_a_bounce_comes_back_to_the_mail_it_is_about(mail_server: MailServer, account: str) -> None:
    result = await send(settings_of(mail_server, account), SECRET, outgoing(account, "nobody@customer.test"))
    assert result.state is SendState.ACCEPTED
    (content,) = await asyncio.to_thread(mail_server.wait_for, account, 1)
    parsed = parse(content)
    hint = thread_hint(parsed, ["shop.test"], SIGNER)
    assert hint.outbound_id == OUTBOUND
    assert parsed.bounce is not None
    assert parsed.bounce.kind is BounceKind.HARD
    assert parsed.bounce.original_message_id == own_message_id(OUTBOUND, b"entropy1", "shop.test")
    assert gone(parsed.bounce)


async def test_wrong_password_and_too_large_and_nobody_there(mail_server: MailServer, account: str) -> None:
    settings = settings_of(mail_server, account)
    wrong = await send(settings, MailSecret(password="wrong"), outgoing(account, "x@customer.test"))
    assert (wrong.state, wrong.error_class) == (SendState.FAILED, ErrorClass.AUTH)
    large = outgoing(account, "x@customer.test", files=(File("a", "a/b", bytes(48 * 1024 * 1024)),))
    too_large = await send(settings, SECRET, large)
    assert (too_large.state, too_large.error_class) == (SendState.FAILED, ErrorClass.BAD_REQUEST)
    nobody = msgspec.structs.replace(settings, outgoing=Server(mail_server.host, 1))
    assert (await send(nobody, SECRET, outgoing(account, "x@customer.test"))).state is SendState.RETRY


# the wizard's test button --------------------------------------------------------------------------------------------


def told(results: list[Any]) -> dict[str, bool]:
    return {one.name: one.ok for one in results}


async def test_the_check_passes_step_by_step(mail_server: MailServer, account: str) -> None:
    results = await check_connection(settings_of(mail_server, account), SECRET)
    assert told(results) == {
        "incoming.connect": True,
        "incoming.login": True,
        "incoming.folder": True,
        "incoming.push": True,
        "outgoing.login": True,
    }


async def test_the_check_names_the_step_that_fails_and_what_to_do(mail_server: MailServer, account: str) -> None:
    settings = settings_of(mail_server, account)
    wrong = await check_connection(settings, MailSecret(password="wrong"))
    assert told(wrong) == {"incoming.connect": True, "incoming.login": False, "outgoing.login": False}
    assert all(one.hint_zh and one.hint_en for one in wrong if not one.ok)
    folder = await check_connection(msgspec.structs.replace(settings, folder="Nowhere", outgoing=None), SECRET)
    assert told(folder)["incoming.folder"] is False
    nobody = msgspec.structs.replace(settings, incoming=Server(mail_server.host, 1), outgoing=None)
    assert told(await check_connection(nobody, SECRET)) == {"incoming.connect": False}


async def test_a_certificate_nobody_vouches_for_is_refused(
    mail_server: MailServer, account: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "empty.pem").write_text("")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "empty.pem"))
    settings = settings_of(mail_server, account)
    results = await check_connection(settings, SECRET)
    assert told(results) == {"incoming.connect": False, "outgoing.login": False}
    unverified = msgspec.structs.replace(
        settings, incoming=Server(mail_server.host, mail_server.ports["imaps"], verify=False), outgoing=None
    )
    assert all(told(await check_connection(unverified, SECRET)).values())
    assert connecting.tls_context(Server("x", 1)).check_hostname
